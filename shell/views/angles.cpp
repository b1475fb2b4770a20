// SPDX-License-Identifier: MIT
// Which way the arrows point, over the iterations: what settles while loss and length do not.
#include <algorithm>
#include <cmath>

#include "../style.h"
#include "curves.h"
#include "geometry_scene.h"

namespace attention_svm::shell {

namespace {

using plot::Axis;
using plot::Dash;
using plot::Plot;
using plot::Point;

constexpr double kDegrees = 57.29577951308232;

/// Continuous: beyond 180° it goes on counting.
void addAngles(std::vector<Point>& points, const std::vector<TraceSample>& samples, std::size_t row) {
  for (const TraceSample& sample : samples) {
    const double x = sample.path[2 * row], y = sample.path[2 * row + 1];
    if (x == 0 && y == 0) continue;
    double angle = kDegrees * std::atan2(y, x);
    if (!points.empty()) angle = points.back().y + std::remainder(angle - points.back().y, 360.0);
    points.push_back({sample.iteration, angle});
  }
}

void drawAngles(const Session& session, ViewState& view, ImVec2 size) {
  const Run& run = session.runs.front();
  const auto& rows = run.trainer.model().rows();
  if (session.dataset.d() < 2)
    return drawEmpty("In one dimension an arrow has no angle. Choose d of at least 2.", size);
  if (rows.size() > static_cast<std::size_t>(kMostSequences))
    return drawEmpty("Too many arrows for one picture; choose n of at most 24.", size);
  Plot plot;
  if (!plot.BeginPlot("Angles", size, view.plot, false)) return;
  std::vector<std::vector<Point>> all(rows.size());
  Extent extent;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    addAngles(all[r], run.trace.samples, r);
    addAngles(all[r], run.trace.later, r);
    extent.include(all[r]);
  }
  const double room = std::max(0.08 * (extent.max - extent.min), 5.0);
  plot.SetupAxes(timeName(session), "angle of the arrow (°)");
  plot.SetupAxisScale(Axis::X, plot::Scale::Linear);
  plot.SetupAxisLimits(Axis::X, 0, 1.02 * lastIteration(session));
  plot.SetupAxisLimits(Axis::Y, extent.min - room, extent.max + room);
  const SvmSolution* svm = shows(session.settings, Layer::Rays) ? namedSolution(run) : nullptr;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    plot::Style style = seriesStyle(static_cast<int>(rows[r].sequence), Dash::Solid);
    if (all[r].empty()) continue;
    plot.PlotLine(("sequence " + std::to_string(rows[r].sequence + 1)).c_str(), all[r], style, false);
    style.marker = sequenceMarker(rows[r].sequence);
    for (const Point& p : all[r])
      if (p.x == run.trace.samples.back().iteration) plot.DrawMarker(p, style);
    if (svm == nullptr) continue;
    const Vector u = arrowOf(session, svm->W, r);
    const double goal = kDegrees * std::atan2(u(1), u(0)), last = all[r].back().y;
    style.marker = plot::Marker::None;
    style.dash = Dash::Dashed;
    style.width = 1.4f;
    plot.PlotHLine("SVM", last + std::remainder(goal - last, 360.0), style);
  }
  plot.EndPlot();
}

}  // namespace

const PlotView kAnglesView = {
    .name = "angles",
    .title = "Which way the arrows point",
    .help =
        "The angle of each arrow W z to the first axis of the picture, in degrees, over the iterations; "
        "dashed, that "
        "of the SVM of the leading tokens. The loss falls and the arrows grow for ever, but their angles "
        "settle.",
    .draw = [](PlotFrame& f) { drawAngles(f.session, f.view, f.size); },
};

}  // namespace attention_svm::shell
