// SPDX-License-Identifier: MIT
#include "geometry_scene.h"

#include <algorithm>
#include <cmath>

namespace attention_svm::shell {

using plot::Point;

Point scaled(Point p, double length) {
  const double size = std::hypot(p.x, p.y);
  return size > 0 ? Point{p.x / size * length, p.y / size * length} : Point{0, 0};
}

Point shownWz(const Scene& scene, double x, double y) {
  return scaled({x, y}, shownLength(scene, std::hypot(x, y)));
}

double shownLength(const Scene& scene, double length) {
  return scene.trueLengths ? length : scene.reach * length / (1.0 + length);
}

Vector behindTip(const Scene& scene, Point tip) {
  const double size = std::hypot(tip.x, tip.y);
  const double shown = std::min(size, 0.97 * scene.reach);
  const double length = scene.trueLengths ? size : shown / (scene.reach - shown);
  const Point p = scaled(tip, length);
  Vector result(2);
  result << p.x, p.y;
  return result;
}

Point project(const Session& session, const Vector& x) {
  const Vector p = session.projection.basis.transpose() * (x - session.projection.origin);
  return {p(0), p(1)};
}

Point guessTip(const Scene& scene, double degrees) {
  const double angle = degrees * 0.017453292519943295;
  return scaled({std::cos(angle), std::sin(angle)}, 1.1 * scene.reach);
}

Point wzTip(const Scene& scene, const Run& run, std::size_t row) {
  const std::vector<double>& path = run.trace.samples.back().path;
  if (path.empty()) {
    const Vector Wz =
        run.trainer.W() * run.trainer.model().queries().row(static_cast<Index>(row)).transpose();
    const Vector p = scene.session.projection.basis.transpose() * Wz;
    return shownWz(scene, p(0), p(1));
  }
  return shownWz(scene, path[2 * row], path[2 * row + 1]);
}

const SvmSolution* namedSolution(const Run& run) {
  if (!run.prediction.ready() || run.prediction.decomposition) return nullptr;
  if (!run.verdict.sharedLeads.empty()) return nullptr;  // where none leads, there is nothing to predict
  const SvmSolution* solution = run.prediction.in(predictedNorm(run.trainer.options()).kind);
  return solution != nullptr && solution->feasible ? solution : nullptr;
}

}  // namespace attention_svm::shell
