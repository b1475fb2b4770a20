// SPDX-License-Identifier: MIT
// The regularization path against the SVM of the ball's norm.
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

void drawPath(const Session& session, ViewState& view, ImVec2 size) {
  const std::vector<PathPoint>& path = session.path.points;
  if (path.empty()) {
    drawEmpty(
        "The best W inside a ball of radius R, for growing R. Choose one of the two balls under \"Try this\" "
        "to compute the path.",
        size);
    return;
  }
  std::vector<Point> residual;
  for (const PathPoint& point : path) residual.push_back({point.radius, std::max(point.stationarity, 1e-16)});
  Plot plot;
  if (!plot.BeginPlot("Regularization path", size, view.plot)) return;
  plot.SetupAxes("radius R", "1 − correlation");
  plot.SetupAxisScale(Axis::X, Scale::Log10);
  plot.SetupAxisScale(Axis::Y, Scale::Log10);
  plot.SetupAxisLimits(Axis::X, path.front().radius, std::max(path.back().radius, 2 * path.front().radius));
  plot.SetupAxisLimits(Axis::Y, 1e-7, 2.5);
  const auto style = [](int colour, Dash dash) {
    Style s = seriesStyle(colour, dash);
    s.marker = plot::Marker::Circle;
    s.size = 3.5f;
    return s;
  };
  constexpr Dash kDashes[] = {Dash::Solid, Dash::DashDot};
  int k = 0;
  for (const auto& [norm, svm] : session.path.solutions) {
    std::vector<Point> curve;
    for (const PathPoint& point : path)
      if (svm.feasible && svm.trusted()) curve.push_back({point.radius, oneMinusCorrelation(point.W, svm.W)});
    const std::string label = "to the " + std::string(infoOf(norm).name) + " SVM";
    plot.PlotLine(label.c_str(), curve, style(k, kDashes[k % 2]));
    plot.PlotScatter(label.c_str(), curve, style(k, kDashes[k % 2]));
    ++k;
  }
  plot.PlotLine("stationarity residual", residual, style(3, Dash::Dotted));
  plot.EndPlot();
}

}  // namespace

const PlotView kPathView = {
    .name = "path",
    .title = "Regularization path",
    .help =
        "Instead of training: the W of least loss inside a ball of radius R, for growing R. Its "
        "direction tends to "
        "the SVM of the ball's norm. The dotted line says how nearly each point is stationary.",
    .draw = [](PlotFrame& f) { drawPath(f.session, f.view, f.size); },
};

}  // namespace attention_svm::shell
