// SPDX-License-Identifier: MIT
#include "curves.h"

#include <algorithm>
#include <cmath>

#include "../style.h"
#include "small_text.h"

namespace attention_svm::shell {

using plot::Dash;
using plot::Point;
using plot::Style;

double lastIteration(const Session& session) {
  double last = 10;
  for (const Run& run : session.runs) last = std::max(last, recordedTo(run));
  return last;
}

const char* timeName(const Session& session) {
  return session.settings.panel == Panel::Figure ? "step of training" : "iteration";
}

void Extent::include(const std::vector<Point>& points) {
  for (const Point& p : points) {
    if (!std::isfinite(p.y)) continue;
    min = std::min(min, p.y);
    max = std::max(max, p.y);
  }
}

Style seriesStyle(int colour, Dash dash) {
  Style style;
  style.colour = seriesColour(colour);
  style.dash = dash;
  style.width = 2.2f;
  return style;
}

void addSeries(std::vector<Series>& all, const std::string& label, std::vector<Point> points, Style style) {
  const bool any =
      std::any_of(points.begin(), points.end(), [](const Point& p) { return std::isfinite(p.y); });
  if (any) all.push_back({label, std::move(points), style});
}

std::vector<Point> listCurve(const Trace& trace, std::vector<double> TraceSample::*list, std::size_t k) {
  return curve(trace,
               [=](const TraceSample& s) { return k < (s.*list).size() ? (s.*list)[k] : std::nan(""); });
}

void plotFalling(const char* title, const char* yName, const std::vector<Series>& all, const Session& session,
                 ViewState& view, ImVec2 size) {
  Extent extent;
  for (const Series& series : all) extent.include(series.points);
  plot::Plot plot;
  if (!plot.BeginPlot(title, size, view.plot)) return;
  plot.SetupAxes(timeName(session), yName);
  plot.SetupAxisScale(plot::Axis::X, plot::Scale::Linear);
  plot.SetupAxisScale(plot::Axis::Y, plot::Scale::Log10);
  plot.SetupAxisLimits(plot::Axis::X, view.plot.flipX ? 1 : 0, lastIteration(session));
  plot.SetupAxisLimits(plot::Axis::Y, std::max(0.5 * extent.min, 1e-16), std::max(1.5, 1.2 * extent.max));
  for (const Series& series : all) plot.PlotLine(series.label.c_str(), series.points, series.style);
  hintAtStart(session, view);
  plot.EndPlot();
}

void hintAtStart(const Session& session, const ViewState& view) {
  if (session.runs.front().trace.samples.size() > 1) return;
  const char* text = "The curves begin when you press play.";
  const ImVec2 extent = smallExtent(text), low = view.plot.areaMin, high = view.plot.areaMax;
  smallText({0.5f * (low.x + high.x - extent.x) + 20, 0.5f * (low.y + high.y - extent.y)}, palette().quiet,
            text);
}

/// Each run has its colour, and a dash pattern so that colour is never alone. Where two curves
/// coincide, the narrower one on top lets the wider one show.
Style runStyle(const Run& run) {
  constexpr Dash kDashes[] = {Dash::Solid, Dash::Dashed, Dash::DashDot, Dash::Dotted};
  Style style = seriesStyle(run.colour, kDashes[run.colour % 4]);
  style.width = run.colour == 0 ? 3.0f : 1.8f;
  return style;
}

}  // namespace attention_svm::shell
