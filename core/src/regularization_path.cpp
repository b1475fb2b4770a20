// SPDX-License-Identifier: MIT
// Projected gradient and quasi-Newton steps along growing balls. The loss of points is not convex in W: each
// is a stationary one, and its Frank-Wolfe residual says how nearly. Only the direction of the gradient is
// used, in the log domain, because for large radii the gradient itself underflows.
#include "attention_svm/regularization_path.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "attention_svm/priority_graph.h"
#include "quasi_newton.h"
#include "svd.h"

namespace attention_svm {

namespace {

/// Whose solution the direction of the path tends to; a nonlinear head has no optimal tokens.
std::optional<SvmProblem> limitProblem(const Dataset& dataset, QueryMode mode) {
  if (dataset.words) return graphSvmProblem(dataset).value();
  const Result<OptimalTokens> best = optimalTokens(dataset, mode);
  if (!best) return std::nullopt;
  return svmProblem(dataset, best.value().tokens, mode).value();
}

}  // namespace

class RegularizationPath::Solver {
 public:
  Solver(const Dataset& dataset, const Norm& norm, const PathOptions& options)
      : nuclear_(norm.kind == Norm::Kind::Nuclear),
        options_(options),
        model_(dataset, options.queries, options.loss) {
    W_ = Matrix::Zero(dataset.d(), dataset.d());
    convex_ = dataset.words.has_value();
    const std::optional<SvmProblem> problem = limitProblem(dataset, options.queries);
    if (!problem) return;
    const SvmSolution svm = solveSvm(*problem, norm);
    if (svm.feasible && svm.norm > 0.0) svm_ = svm.W / svm.norm;
  }

  /// The best of two stationary points: from the previous point's direction, which is what carries over, and
  /// from the direction of the optimal tokens' SVM. Radii in between lead there: weights of tokens change by
  /// exp(R), so that a point far away is a poor start.
  PathPoint solve(double radius) {
    constexpr double kGrowth = 1.3;
    for (double r = kGrowth * last_; last_ > 0.0 && r < 0.9 * radius; r *= kGrowth)
      W_ = descend(outwards(r), r, options_.maxIterations / 10).W;
    last_ = radius;
    PathPoint point = descend(outwards(radius), radius, options_.maxIterations);
    if (svm_.size() > 0) {
      PathPoint other = descend(svm_ * radius, radius, options_.maxIterations);
      if (other.loss < point.loss || (other.loss == point.loss && other.stationarity < point.stationarity))
        point = std::move(other);
    }
    W_ = point.W;
    return point;
  }

 private:
  [[nodiscard]] Matrix outwards(double radius) const {
    const double size = normValue(nuclear_ ? Norm::nuclear() : Norm::frobenius(), W_);
    return size > 0.0 ? Matrix(W_ * (radius / size)) : W_;
  }

  PathPoint descend(const Matrix& start, double radius, int limit) {
    PathPoint point;
    point.radius = radius;
    State state{variables(start, radius), {}, 0.0};
    evaluate(state.now);
    state.residual = roundResidual(state.now, radius);
    while (point.iterations < limit && state.step > 1e-13) {
      if (state.residual <= options_.tolerance && stationarity(state.now.W(), radius) <= options_.tolerance)
        break;
      if (!(gradient_.squaredNorm() > 0.0)) break;
      ++point.iterations;
      advance(state, radius);
    }
    point.W = state.now.W();
    point.loss = model_.loss();
    point.stationarity = stationarity(point.W, radius);
    point.converged = point.stationarity <= options_.tolerance;
    if (!convex_) return point;
    // By convexity L(V) >= L(W) + <grad, V - W> for every V of the ball (Frank, Wolfe 1956).
    point.gap = std::exp(G_.logScale) * point.stationarity * dualSize() * radius;
    point.converged = point.converged || *point.gap <= options_.tolerance * point.loss;
    return point;
  }

  struct State {
    Variables now;
    QuasiNewton newton;
    double residual = 0.0;
    double step = 0.5;   ///< of projected gradient descent, in radii
    double trust = 0.3;  ///< longest quasi-Newton step, in radii
  };

  /// One quasi-Newton step along the sphere, or one of projected gradient descent where none was learned.
  void advance(State& state, double radius) {
    const double loss = model_.loss(), size = std::sqrt(gradient_.squaredNorm());
    const Variables slope = tangent(state.now);
    Variables trial = state.now;
    const bool quasi = !state.newton.empty();
    if (quasi) {
      Variables direction = slope;
      state.newton.apply(direction);
      const double length = std::sqrt(direction.squaredNorm()) / ballRadius(radius);
      trial.add(-std::min(1.0, state.trust / length), direction);
      trial.scale(ballRadius(radius) / std::sqrt(trial.squaredNorm()));
    } else {
      trial.add(-state.step * ballRadius(radius) / size, gradient_);
      project(trial, radius);
    }
    evaluate(trial);
    const double reached = roundResidual(trial, radius);
    // Past saturation the loss has no digits left to fall: then the residual decides alone.
    const bool flat = std::abs(model_.loss() - loss) <= 1e-13 * (1.0 + std::abs(loss));
    if ((flat && reached < state.residual) || (!flat && model_.loss() < loss)) {
      if (onSphere(state.now, radius) && onSphere(trial, radius)) {
        Variables moved = trial, change = tangent(trial);
        moved.add(-1.0, state.now);
        change.add(-1.0, slope);
        state.newton.learn(std::move(moved), std::move(change));
      }
      state.now = std::move(trial);
      state.residual = reached;
      if (quasi)
        state.trust = std::min(2.0 * state.trust, 0.3);
      else
        state.step = std::min(1.5 * state.step, 10.0);
      return;
    }
    evaluate(state.now);
    if (!quasi) {
      state.step *= 0.5;
    } else if ((state.trust *= 0.25) < 1e-7) {
      state.newton.clear();
      state.trust = 0.01;
    }
  }

  [[nodiscard]] double ballRadius(double radius) const { return nuclear_ ? std::sqrt(2.0 * radius) : radius; }

  [[nodiscard]] Variables variables(const Matrix& W, double radius) const {
    if (!nuclear_) return {W, {}};
    const ThinSvd svd = thinSvd(W);
    // A direction without any weight would never get one: (K, Q) = 0 is a saddle.
    const Vector root = svd.sigma.cwiseMax(1e-8 * radius).cwiseSqrt();
    Variables result{svd.U * root.asDiagonal(), svd.V * root.asDiagonal()};
    project(result, radius);
    return result;
  }

  [[nodiscard]] bool onSphere(const Variables& P, double radius) const {
    return P.squaredNorm() >= (1.0 - 1e-9) * ballRadius(radius) * ballRadius(radius);
  }

  void project(Variables& P, double radius) const {
    const double size = std::sqrt(P.squaredNorm()), limit = ballRadius(radius);
    if (size > limit) P.scale(limit / size);
  }

  /// Part of the gradient along the sphere through P, in units of the gradient's length.
  [[nodiscard]] Variables tangent(const Variables& P) const {
    const double size = std::sqrt(gradient_.squaredNorm());
    Variables result = gradient_;
    result.scale(1.0 / size);
    result.add(-result.dot(P) / P.squaredNorm(), P);
    return result;
  }

  void evaluate(const Variables& P) {
    model_.forward(P.W());
    model_.gradient(GradientMode::LogDomain, G_);
    gradient_.K = nuclear_ ? Matrix(G_.direction * P.Q) : G_.direction;
    if (nuclear_) gradient_.Q = G_.direction.transpose() * P.K;
  }

  /// How far -gradient and P are from parallel, 0 at a stationary point on the boundary of the round ball.
  [[nodiscard]] double roundResidual(const Variables& P, double radius) const {
    const double size = std::sqrt(gradient_.squaredNorm()) * ballRadius(radius);
    if (!(size > 0.0)) return 0.0;
    const double off = 1.0 + gradient_.dot(P) / size;
    return off > 1e-4 ? off : 0.5 * tangent(P).squaredNorm();  // the same, free of cancellation
  }

  /// max over |V| <= R of <-G, V - W>, relative to the largest value it can have at W = 0.
  [[nodiscard]] double stationarity(const Matrix& W, double radius) const {
    const double size = dualSize() * radius;
    return size > 0.0 ? std::max(0.0, 1.0 + inner(G_.direction, W) / size) : 0.0;
  }

  [[nodiscard]] double dualSize() const {
    return nuclear_ ? singularValues(G_.direction)(0) : G_.direction.norm();
  }

  bool nuclear_, convex_ = false;
  PathOptions options_;
  AttentionModel model_;
  ScaledGradient G_;
  Variables gradient_;
  Matrix W_;
  double last_ = 0.0;  ///< radius of the point before
  Matrix svm_;         ///< direction of the optimal tokens' SVM, norm 1; empty when there is none
};

Result<RegularizationPath> RegularizationPath::create(const Dataset& dataset, const Norm& norm,
                                                      const PathOptions& options) {
  if (!infoOf(norm).ball)
    return Error{"norm: the path knows " + normNames([](const NormInfo& info) { return info.ball; })};
  return RegularizationPath(std::make_unique<Solver>(dataset, norm, options));
}

RegularizationPath::RegularizationPath(std::unique_ptr<Solver> solver) : solver_(std::move(solver)) {}
RegularizationPath::~RegularizationPath() = default;
RegularizationPath::RegularizationPath(RegularizationPath&&) noexcept = default;
RegularizationPath& RegularizationPath::operator=(RegularizationPath&&) noexcept = default;

PathPoint RegularizationPath::next(double radius) { return solver_->solve(radius); }

Result<std::vector<PathPoint>> regularizationPath(const Dataset& dataset, const Norm& norm,
                                                  const std::vector<double>& radii,
                                                  const PathOptions& options) {
  Result<RegularizationPath> path = RegularizationPath::create(dataset, norm, options);
  if (!path) return Error{path.error()};
  if (radii.empty()) return Error{"radii: expected at least one"};
  for (std::size_t k = 0; k < radii.size(); ++k)
    if (!(radii[k] > 0.0) || !std::isfinite(radii[k]) || (k > 0 && radii[k] <= radii[k - 1]))
      return Error{"radii[" + std::to_string(k) + "]: expected positive numbers in ascending order"};
  std::vector<PathPoint> points;
  points.reserve(radii.size());
  for (const double radius : radii) points.push_back(path.value().next(radius));
  return points;
}

std::string toText(const PathPoint& point) {
  char text[200];
  std::snprintf(text, sizeof text, "radius %g: loss %.9g, stationarity %.1e after %d iterations%s",
                point.radius, point.loss, point.stationarity, point.iterations,
                point.converged ? "" : ", not converged");
  std::string line = text;
  if (point.gap) {
    std::snprintf(text, sizeof text, ", duality gap %.1e", *point.gap);
    line += text;
  }
  return line + "\n";
}

}  // namespace attention_svm
