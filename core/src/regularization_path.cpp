// Projected gradient descent along growing balls. The loss is not convex in W: each point is a stationary
// one, and its Frank-Wolfe residual says how nearly. Only the direction of the gradient is used, in the
// log domain, because for large radii the gradient itself underflows.
#include "attention_svm/regularization_path.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "svd.h"

namespace attention_svm {

namespace {

/// Euclidean projection of sigma >= 0 onto {sum <= radius} (Duchi et al. 2008).
Vector projectedSimplex(const Vector& sigma, double radius) {
  if (sigma.sum() <= radius) return sigma;
  double sum = 0.0, shift = 0.0;
  for (Index j = 0; j < sigma.size(); ++j) {  // singular values come sorted
    sum += sigma(j);
    const double candidate = (sum - radius) / static_cast<double>(j + 1);
    if (sigma(j) - candidate > 0.0) shift = candidate;
  }
  return (sigma.array() - shift).cwiseMax(0.0);
}

Matrix projected(const Norm& norm, const Matrix& W, double radius) {
  if (norm.kind == Norm::Kind::Frobenius) {
    const double size = W.norm();
    return size > radius ? Matrix(W * (radius / size)) : W;
  }
  const ThinSvd svd = thinSvd(W);
  return svd.U * projectedSimplex(svd.sigma, radius).asDiagonal() * svd.V.transpose();
}

double dualSize(const Norm& norm, const Matrix& G) {
  return norm.kind == Norm::Kind::Frobenius ? G.norm() : singularValues(G)(0);
}

}  // namespace

class RegularizationPath::Solver {
 public:
  Solver(const Dataset& dataset, const Norm& norm, const PathOptions& options)
      : norm_(norm), options_(options), model_(dataset, options.queries, options.loss) {
    W_ = Matrix::Zero(dataset.d(), dataset.d());
    const Result<OptimalTokens> best = optimalTokens(dataset, options.queries);
    if (!best) return;  // a nonlinear head has no optimal tokens
    const SvmProblem problem = svmProblem(dataset, best.value().tokens, options.queries).value();
    const SvmSolution svm = solveSvm(problem, norm);
    if (svm.feasible && svm.norm > 0.0) svm_ = svm.W / svm.norm;
  }

  /// The best of two stationary points: from the previous point's direction, which is what carries over, and
  /// from the direction of the optimal tokens' SVM.
  PathPoint solve(double radius) {
    const double size = normValue(norm_, W_);
    PathPoint point = descend(size > 0.0 ? Matrix(W_ * (radius / size)) : W_, radius);
    if (svm_.size() > 0) {
      PathPoint other = descend(svm_ * radius, radius);
      if (other.loss < point.loss) point = std::move(other);
    }
    W_ = point.W;
    return point;
  }

 private:
  PathPoint descend(Matrix start, double radius) {
    PathPoint point;
    point.radius = radius;
    W_ = std::move(start);
    evaluate(W_);
    double residual = stationarity(W_, radius), step = 0.5;
    while (point.iterations < options_.maxIterations && residual > options_.tolerance && step > 1e-13) {
      ++point.iterations;
      const double loss = model_.loss();
      const double size = dualSize(norm_, gradient_.direction);
      if (!(size > 0.0)) break;
      const Matrix trial = projected(norm_, W_ - (step * radius / size) * gradient_.direction, radius);
      evaluate(trial);
      const double reached = stationarity(trial, radius);
      // Past saturation the loss has no digits left to fall: then the residual decides alone.
      const bool flat = std::abs(model_.loss() - loss) <= 1e-13 * (1.0 + std::abs(loss));
      if ((flat && reached < residual) || (!flat && model_.loss() < loss)) {
        W_ = trial;
        residual = reached;
        step = std::min(1.5 * step, 10.0);
      } else {
        evaluate(W_);
        step *= 0.5;
      }
    }
    point.W = W_;
    point.loss = model_.loss();
    point.stationarity = residual;
    point.converged = residual <= options_.tolerance;
    return point;
  }

  void evaluate(const Matrix& W) {
    model_.forward(W);
    model_.gradient(GradientMode::LogDomain, gradient_);
  }

  /// max over |V| <= R of <-G, V - W>, relative to the largest value it can have at W = 0.
  [[nodiscard]] double stationarity(const Matrix& W, double radius) const {
    const double size = dualSize(norm_, gradient_.direction) * radius;
    if (!(size > 0.0)) return 0.0;
    return std::max(0.0, 1.0 + inner(gradient_.direction, W) / size);
  }

  Norm norm_;
  PathOptions options_;
  AttentionModel model_;
  ScaledGradient gradient_;
  Matrix W_;
  Matrix svm_;  ///< direction of the optimal tokens' SVM, norm 1; empty when there is none
};

Result<RegularizationPath> RegularizationPath::create(const Dataset& dataset, const Norm& norm,
                                                      const PathOptions& options) {
  if (norm.kind == Norm::Kind::Lp) return Error{"norm: the path knows \"frobenius\" and \"nuclear\""};
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
  for (const double radius : radii) points.push_back(path.value().next(radius));
  return points;
}

std::string toText(const PathPoint& point) {
  char text[200];
  std::snprintf(text, sizeof text, "radius %g: loss %.9g, stationarity %.1e after %d iterations%s\n",
                point.radius, point.loss, point.stationarity, point.iterations,
                point.converged ? "" : ", not converged");
  return text;
}

}  // namespace attention_svm
