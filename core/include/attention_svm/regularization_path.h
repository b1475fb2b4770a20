// SPDX-License-Identifier: MIT
// W_R = argmin L(W) over |W| <= R (paper, section 3.1; THEORY section 4).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "attention_svm/attention.h"
#include "attention_svm/svm_solver.h"

namespace attention_svm {

struct PathPoint {
  double radius = 0.0;
  double loss = 0.0;
  Matrix W;                   ///< d x d, |W| <= radius
  double stationarity = 0.0;  ///< relative: <-grad, V - W> at the best V of the ball, over |grad|_dual radius
  int iterations = 0;
  /// Words only, whose loss is convex: L(W) is at most this much above the least loss in the ball.
  std::optional<double> gap;
  bool converged = false;  ///< stationarity, or gap over loss, at most the tolerance
};

struct PathOptions {
  double tolerance = 1e-6;  ///< on the stationarity
  int maxIterations = 2000;
  Loss loss = Loss::Logistic;
  QueryMode queries;
};

/// The path as a state that moves on to the next larger radius, for whoever shows its points as they come.
/// The problem is not convex: each point is the better of two stationary points, found from the point before
/// and from the optimal tokens' SVM; its residual says how nearly it is stationary. For words the problem is
/// convex, and each point carries a duality gap; the second start is the Graph-SVM. Movable.
class RegularizationPath {
 public:
  /// norm: Frobenius or nuclear.
  static Result<RegularizationPath> create(const Dataset& dataset, const Norm& norm,
                                           const PathOptions& options = {});
  ~RegularizationPath();
  RegularizationPath(RegularizationPath&&) noexcept;
  RegularizationPath& operator=(RegularizationPath&&) noexcept;

  /// radius > 0, not smaller than the one before.
  PathPoint next(double radius);

 private:
  class Solver;
  explicit RegularizationPath(std::unique_ptr<Solver> solver);
  std::unique_ptr<Solver> solver_;
};

/// Its points at all radii, > 0 and ascending.
Result<std::vector<PathPoint>> regularizationPath(const Dataset& dataset, const Norm& norm,
                                                  const std::vector<double>& radii,
                                                  const PathOptions& options = {});

std::string toText(const PathPoint& point);

}  // namespace attention_svm
