// SPDX-License-Identifier: MIT
// Singular values of W over the iterations against those of the SVM solutions.
#include <algorithm>
#include <cmath>
#include <string>

#include "../style.h"
#include "curves.h"

namespace attention_svm::shell {

namespace {

using plot::Axis;
using plot::Dash;
using plot::Plot;
using plot::Point;
using plot::Scale;
using plot::Style;

void drawSingularValues(const Session& session, ViewState& view, ImVec2 size) {
  const Run& run = session.runs.front();
  if (run.trace.samples.front().singularValues.empty()) {
    drawEmpty("Singular values are followed up to d = 32. Choose a smaller d.", size);
    return;
  }
  const std::size_t count = run.trace.samples.front().singularValues.size();
  const bool figure = session.settings.panel == Panel::Figure;
  Plot plot;
  if (!plot.BeginPlot("Singular values of W", size, view.plot)) return;
  plot.SetupAxes(timeName(session), figure ? "strength of each direction" : "σ / ‖W‖");
  plot.SetupAxisScale(Axis::X, Scale::Linear);
  plot.SetupAxisScale(Axis::Y, Scale::Log10);
  plot.SetupAxisLimits(Axis::X, view.plot.flipX ? 1 : 0, lastIteration(session));
  plot.SetupAxisLimits(Axis::Y, 1e-4, 1.4);
  for (std::size_t k = 0; k < count; ++k) {
    Style style = seriesStyle(0, Dash::Solid);
    if (figure) style.colour = palette().text;  // the colours of its article mean sequences
    style.width = k == 0 ? 2.4f : 1.5f;
    style.colour = withAlpha(style.colour, k < 4 ? 1.0f : 0.6f);
    const auto share = [k](const TraceSample& s) {
      return s.norm > 0 ? std::max(s.singularValues[k] / s.norm, 1e-17) : 1e-17;
    };
    const std::string name = "σ" + std::to_string(k + 1) + " of the trained W";
    const std::vector<Point> points = curve(run.trace, share);
    if (plot.LegendItem("σ of the trained W", style)) plot.PlotLine(name.c_str(), points, style, false);
  }
  const auto levels = [&](const SvmSolution& solution, const char* label, int colour, Dash dash) {
    if (!solution.feasible) return;
    const double norm = solution.W.norm();
    Style style = seriesStyle(colour, dash);
    style.width = 1.4f;
    for (Index k = 0; k < solution.rank; ++k) plot.PlotHLine(label, solution.singularValues(k) / norm, style);
    std::vector<Point> table;
    for (Index k = 0; k < solution.rank; ++k)
      table.push_back({static_cast<double>(k) + 1, solution.singularValues(k) / norm});
    plot.Record(label, table);
  };
  for (const Prediction::Solved& solved : run.prediction.solutions()) {
    if (figure) break;
    if (solved.norm.kind == Norm::Kind::Frobenius) levels(*solved.solution, "Frobenius SVM", 1, Dash::Dashed);
    if (solved.norm.kind == Norm::Kind::Nuclear) levels(*solved.solution, "nuclear SVM", 2, Dash::DashDot);
  }
  plot.EndPlot();
}

}  // namespace

const PlotView kSingularValuesView = {
    .name = "singular-values",
    .title = "Singular values of W",
    .help =
        "Singular values σₖ of the trained W, divided by ‖W‖, over the iterations; dashed, the levels "
        "of the SVM "
        "solutions. A small nuclear norm, the sum of the σₖ, leaves only a few of them: low rank.",
    .draw = [](PlotFrame& f) { drawSingularValues(f.session, f.view, f.size); },
};

}  // namespace attention_svm::shell
