// SPDX-License-Identifier: MIT
// The score of every token, a dot each.
#include <algorithm>
#include <cmath>
#include <string>

#include "../style.h"
#include "small_text.h"
#include "views.h"

namespace attention_svm::shell {

namespace {

using plot::Axis;
using plot::Marker;
using plot::Plot;
using plot::Point;
using plot::Style;

void drawScore(Plot& plot, const Session& session, Index i, Index t, double score, bool best,
               Highlight& highlight) {
  const AttentionModel& model = session.runs.front().trainer.model();
  const bool everyToken = session.runs.front().trainer.options().queries.everyToken;
  const double share = everyToken ? 0.3 : model.probabilities(i)(t);
  // Side by side in the order of the tokens, so that equal scores do not hide each other
  const double spread = (static_cast<double>(t) + 0.5) / static_cast<double>(session.dataset.length(i)) - 0.5;
  const Point at{static_cast<double>(i) + 1 + 0.5 * spread, score};
  Style style;
  style.colour = mixed(palette().card, seriesColour(static_cast<int>(i)),
                       best ? 1.0f : 0.35f + 0.65f * static_cast<float>(share));
  style.marker = best ? Marker::Star : sequenceMarker(i);
  style.size = best ? 8.0f : 4.0f;
  plot.DrawMarker(at, style);
  const ImVec2 p = plot.ToPixels(at), mouse = ImGui::GetIO().MousePos;
  if (!everyToken && model.selected(i) == t && plot.Shown("selected"))
    plot.DrawList()->AddCircle(p, 10, palette().text, 0, 2.0f);
  if (highlight.sequence == i && highlight.token == t)
    plot.DrawList()->AddCircle(p, 13, palette().quiet, 0, 1.5f);
  if (!plot.Hovered() || std::hypot(p.x - mouse.x, p.y - mouse.y) > 8) return;
  highlight.pointAt(i, t);
  ImGui::SetTooltip("sequence %d, token %d\nscore γ = %.6g%s", static_cast<int>(i) + 1,
                    static_cast<int>(t) + 1, score, best ? "\nno token of its sequence scores higher" : "");
}

void setupScoreTicks(Plot& plot, Index n, float width) {
  std::vector<double> values;
  std::vector<std::string> labels;
  const auto stride = static_cast<Index>(std::ceil(24.0f * static_cast<float>(n) / std::max(width, 1.0f)));
  for (Index i = 0; i < n; i += std::max<Index>(stride, 1)) {
    values.push_back(static_cast<double>(i) + 1);
    labels.push_back(std::to_string(i + 1));
  }
  plot.SetupAxisTicks(Axis::X, std::move(values), std::move(labels));
}

Style dot(Marker marker, bool filled) {
  Style style;
  style.colour = palette().quiet;
  style.width = 1;
  style.marker = marker;
  style.size = marker == Marker::Star ? 6.0f : 4.0f;
  style.filled = filled;
  return style;
}

void drawScores(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size) {
  const Result<std::vector<Vector>> gamma = scores(session.dataset);
  if (!gamma)
    return drawEmpty("Only a linear head gives each token a score of its own; this head judges the mixture.",
                     size);
  const OptimalTokens optimal = optimalTokens(session.dataset).value();
  double low = 1e300, high = -1e300;
  for (const Vector& g : gamma.value()) {
    low = std::min(low, g.minCoeff());
    high = std::max(high, g.maxCoeff());
  }
  Plot plot;
  if (!plot.BeginPlot("Token scores γ", size, view.plot)) return;
  plot.SetupAxes("sequence", "γ = y vᵀx");
  const double room = 0.1 * (high - low + 0.1);
  plot.SetupAxisLimits(Axis::X, 0.4, static_cast<double>(session.dataset.n()) + 0.6);
  plot.SetupAxisLimits(Axis::Y, low - room, high + room);
  setupScoreTicks(plot, session.dataset.n(), size.x - 70);
  const bool starred = plot.LegendItem("highest score", dot(Marker::Star, true));
  plot.LegendItem("selected", dot(Marker::Circle, false));
  for (Index i = 0; i < session.dataset.n(); ++i) {
    const Vector& g = gamma.value()[static_cast<std::size_t>(i)];
    std::vector<Point> table;
    for (const bool star : {false, true})  // stars last, so that no other token hides them
      for (Index t = 0; t < g.size(); ++t)
        if (optimal.isBest(static_cast<std::size_t>(i), t) == star)
          drawScore(plot, session, i, t, g(t), star && starred, highlight);
    for (Index t = 0; t < g.size(); ++t) table.push_back({static_cast<double>(t) + 1, g(t)});
    plot.Record(("tokens of sequence " + std::to_string(i + 1)).c_str(), table);
  }
  plot.EndPlot();
}

}  // namespace

const PlotView kScoresView = {
    .name = "scores",
    .title = "Token scores γ",
    .help =
        "γ = y vᵀx of every token: what the head gains when attention goes to it. ★ is the best token "
        "of a "
        "sequence, the ring the selected one. The global direction selects all stars.",
    .draw = [](PlotFrame& f) { drawScores(f.session, f.view, f.highlight, f.size); },
};

}  // namespace attention_svm::shell
