// SPDX-License-Identifier: MIT
// Margins of the trained W against their limits, a dot for each token that is not selected.
#include <algorithm>
#include <cmath>
#include <string>

#include "../style.h"
#include "small_text.h"
#include "views.h"

namespace attention_svm::shell {

namespace {

using plot::Axis;
using plot::Dash;
using plot::Marker;
using plot::Plot;
using plot::Point;
using plot::Style;

constexpr double kSupport = 1.0 + 1e-6;

/// Margins of the trained W, scaled to the norm of the SVM, beside those of the SVM; one for each token that
/// is not selected.
struct Margins {
  std::vector<TokenConstraint> name;
  Vector now, limit;
};

std::string named(const TokenConstraint& c, bool everyToken) {
  return "sequence " + std::to_string(c.sequence + 1) +
         (everyToken ? ", query " + std::to_string(c.query + 1) : "") + ", token " +
         std::to_string(c.token + 1);
}

Margins marginsOf(const Session& session) {
  const Run& run = session.runs.front();
  const SvmSolution& svm = run.prediction.optimality.solution;
  const SvmProblem problem =
      svmProblem(session.dataset, run.prediction.selection, run.trainer.options().queries).value();
  const double norm = run.trainer.W().norm();
  return {problem.name, problem.constraintValues(run.trainer.W()) * (norm > 0 ? svm.W.norm() / norm : 0.0),
          problem.constraintValues(svm.W)};
}

/// Ticks: the token numbers while they fit, else one for each sequence, in the middle of its tokens.
void setupMarginTicks(Plot& plot, const Margins& margins, float width) {
  std::vector<double> values;
  std::vector<std::string> labels;
  const auto count = margins.name.size();
  const bool each = width > 22.0f * static_cast<float>(count);
  for (std::size_t k = 0, first = 0; k < count; ++k) {
    const TokenConstraint& c = margins.name[k];
    const bool last = k + 1 == count || margins.name[k + 1].sequence != c.sequence;
    if (each) {
      values.push_back(static_cast<double>(k) + 1);
      labels.push_back(std::to_string(c.token + 1));
    } else if (last) {
      values.push_back(0.5 * static_cast<double>(first + k) + 1);
      labels.push_back(std::to_string(c.sequence + 1));
    }
    if (last) first = k + 1;
  }
  const bool crowded = !each && width < 16.0f * static_cast<float>(values.size());
  if (!crowded) plot.SetupAxisTicks(Axis::X, std::move(values), std::move(labels));
  plot.SetupAxes(each      ? "token (colour: sequence)"
                 : crowded ? "constraint"
                           : "sequence",
                 "margin over token t");
}

void drawMargin(Plot& plot, const Margins& margins, std::size_t k, bool everyToken, Highlight& highlight) {
  const TokenConstraint& name = margins.name[k];
  const auto row = static_cast<Index>(k);
  const double x = static_cast<double>(k) + 1, now = margins.now(row), limit = margins.limit(row);
  Style style;
  style.colour = seriesColour(static_cast<int>(name.sequence));
  style.width = 1.4f;
  plot.PlotLine("##to", {{x, now}, {x, limit}}, style);
  style.marker = sequenceMarker(name.sequence);
  style.size = limit <= kSupport ? 5.0f : 3.5f;
  if (plot.Shown("W now")) plot.DrawMarker({x, now}, style);
  style.filled = false;
  style.size += 2.0f;
  if (plot.Shown("SVM")) plot.DrawMarker({x, limit}, style);
  const ImVec2 p = plot.ToPixels({x, now}), mouse = ImGui::GetIO().MousePos;
  if (highlight.sequence == name.sequence && highlight.token == name.token)
    plot.DrawList()->AddCircle(p, 11, palette().text, 0, 1.5f);
  if (!plot.Hovered() || std::abs(p.x - mouse.x) > 5) return;
  highlight.pointAt(name.sequence, name.token);
  ImGui::SetTooltip("%s\nmargin of W, scaled to the SVM's norm: %.4f\nmargin of the SVM: %.4f%s",
                    named(name, everyToken).c_str(), now, limit,
                    limit <= kSupport ? "\na support token: it holds the SVM in place" : "");
}

void recordMargins(Plot& plot, const Margins& margins) {
  std::vector<Point> now, limit;
  for (Index k = 0; k < margins.now.size(); ++k) {
    now.push_back({static_cast<double>(k) + 1, margins.now(k)});
    limit.push_back({static_cast<double>(k) + 1, margins.limit(k)});
  }
  plot.Record("W now", now);
  plot.Record("SVM", limit);
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

void drawMargins(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size) {
  const Run& run = session.runs.front();
  if (!run.prediction.ready()) return drawEmpty(run.verdict.sentence.c_str(), size);
  if (run.prediction.decomposition)
    return drawEmpty(
        "With this head several tokens of a sequence may win together, so no margin divides one from the "
        "rest. Choose a linear head to compare margins.",
        size);
  if (run.prediction.optimality.solution.status == SvmStatus::Infeasible) {  // the proof instead of margins
    PlotFrame proof{session, view, highlight, size, std::nullopt};
    return kCertificateView.draw(proof);
  }
  if (!run.prediction.optimality.solution.trusted())
    return drawEmpty("The SVM of the tokens selected now was not solved to its tolerance. Train on.", size);
  const Margins margins = marginsOf(session);
  if (margins.name.empty())
    return drawEmpty("Every sequence has one token only: nothing to separate. Choose a larger T.", size);
  Plot plot;
  if (!plot.BeginPlot("Margins", size, view.plot)) return;
  setupMarginTicks(plot, margins, size.x - 70);
  const double lowest = std::min(0.0, margins.now.minCoeff());
  const double highest = std::max(margins.limit.maxCoeff(), margins.now.maxCoeff());
  plot.SetupAxisLimits(Axis::X, 0, static_cast<double>(margins.name.size()) + 1);
  plot.SetupAxisLimits(Axis::Y, std::max(lowest, -3.0) - 0.2, std::min(highest, 12.0) + 0.3);
  Style line;
  line.colour = palette().text;
  line.width = 1.2f;
  line.dash = Dash::Dashed;
  plot.PlotHLine("limit 1", 1.0, line);
  plot.LegendItem("W now", dot(Marker::Circle, true));
  plot.LegendItem("SVM", dot(Marker::Circle, false));
  const bool everyToken = run.trainer.options().queries.everyToken;
  for (std::size_t k = 0; k < margins.name.size(); ++k) drawMargin(plot, margins, k, everyToken, highlight);
  recordMargins(plot, margins);
  plot.EndPlot();
}

}  // namespace

const PlotView kMarginsView = {
    .name = "margins",
    .title = "Margins",
    .help =
        "For each token t that is not selected: (x_selected − x_t)ᵀ W z. The SVM (rings) keeps every "
        "margin at 1 "
        "or more; those at 1 are support tokens, drawn larger. The dots are the trained W, scaled to "
        "the norm "
        "of the SVM: they move into the rings.",
    .draw = [](PlotFrame& f) { drawMargins(f.session, f.view, f.highlight, f.size); },
};

}  // namespace attention_svm::shell
