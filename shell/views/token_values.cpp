// One dot for each token: margins against their limits, and scores.
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

}  // namespace

void drawMargins(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size) {
  const Run& run = session.runs.front();
  if (!run.prediction.ready()) return drawEmpty(run.verdict.sentence.c_str(), size);
  if (run.prediction.decomposition)
    return drawEmpty(
        "With this head several tokens of a sequence may win together, so no margin divides one from the "
        "rest. Choose a linear head to compare margins.",
        size);
  if (run.prediction.optimality.solution.status == SvmStatus::Infeasible)  // the proof instead of margins
    return drawCertificate(session, view, highlight, size);
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

}  // namespace attention_svm::shell
