// SPDX-License-Identifier: MIT
// Least entrywise l_infinity norm (THEORY section 6c), the linear program
//   min t  over W, t  with  <A_k, W> >= s_k,  <E_j, W> = 0,  -t <= W_ij <= t,
// whose dual is  max sum s_k a_k  over a >= 0, b  with  |sum a_k A_k + sum b_j E_j|_1 <= 1.
// Mehrotra's predictor and corrector (SIAM J. Optimization 2, 1992), from the least Frobenius norm.
#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include "solvers.h"

namespace attention_svm {

namespace {

using Square = Eigen::MatrixXd;

constexpr Index kMostByW = 900;  // entries of W up to which a matrix of their number squared is factored

/// Rows vec(A_k) of length 1 with their right sides, and rows vec(E_j). d^2 columns.
struct Program {
  Matrix A, E;
  Vector length, right;  ///< |A_k|_F, and s_k / |A_k|_F

  explicit Program(const ScaledProblem& scaled) {
    const SvmProblem& problem = scaled.unit;
    const Index D = problem.d * problem.d;
    const auto flat = [&](const auto& difference, Index query) {
      const Matrix outer = difference.transpose() * problem.Z.row(query);
      return Vector(outer.reshaped<Eigen::RowMajor>());
    };
    A.resize(problem.K(), D);
    E.resize(problem.J(), D);
    for (Index k = 0; k < problem.K(); ++k)
      A.row(k) = flat(problem.delta.row(k), problem.query[static_cast<std::size_t>(k)]).transpose();
    length = A.rowwise().norm();
    A = length.cwiseInverse().asDiagonal() * A;
    right = scaled.right.cwiseQuotient(length);
    for (Index j = 0; j < problem.J(); ++j)
      E.row(j) =
          flat(problem.equalityDelta.row(j), problem.equalityQuery[static_cast<std::size_t>(j)]).transpose();
  }
};

/// Slack and multiplier of each kind of inequality: the constraints, W <= t, W >= -t.
struct Pair {
  Vector slack, dual;
};

struct Step {
  Vector w, b;
  double t = 0.0;
  Pair part[3];
};

class InteriorPoint {
 public:
  InteriorPoint(const Program& program, const Vector& start) : p_(program), w_(2.0 * start) {
    t_ = 1.5 * w_.cwiseAbs().maxCoeff();
    b_ = Vector::Zero(p_.E.rows());
    part_[0].slack = p_.A * w_ - p_.right;
    part_[1].slack = t_ - w_.array();
    part_[2].slack = t_ + w_.array();
    const double mu = 1.0 / (part_[1].slack.cwiseInverse().sum() + part_[2].slack.cwiseInverse().sum());
    for (Pair& pair : part_) pair.dual = mu * pair.slack.cwiseInverse();
  }

  [[nodiscard]] const Vector& w() const { return w_; }
  [[nodiscard]] const Vector& a() const { return part_[0].dual; }
  [[nodiscard]] const Vector& b() const { return b_; }

  /// Relative gap of w and a, each scaled to be feasible.
  [[nodiscard]] double gap() const {
    const double smallest = ((p_.A * w_).array() / p_.right.array()).minCoeff();
    const double primal = w_.cwiseAbs().maxCoeff() / smallest;
    const double size = (p_.A.transpose() * a() + p_.E.transpose() * b_).cwiseAbs().sum();
    return smallest > 0.0 ? (primal - a().dot(p_.right) / size) / primal : 1.0;
  }

  /// One step; false when rounding allows none.
  bool advance() {
    if (!factor()) return false;
    const double mu = average(part_, nullptr, 0.0, 0.0);
    Vector target[3];
    for (int i = 0; i < 3; ++i) target[i] = -part_[i].slack.cwiseProduct(part_[i].dual);
    const Step affine = direction(target);
    const double reached = average(part_, &affine, longest(affine, true, 1.0), longest(affine, false, 1.0));
    const double centring = std::pow(reached / mu, 3.0) * mu;
    for (int i = 0; i < 3; ++i)
      target[i] = (target[i] - affine.part[i].slack.cwiseProduct(affine.part[i].dual)).array() + centring;
    const Step step = direction(target);
    const double primal = longest(step, true, 0.995), dual = longest(step, false, 0.995);
    if (!std::isfinite(primal * dual) || !step.w.allFinite()) return false;
    w_ += primal * step.w;
    t_ += primal * step.t;
    b_ += dual * step.b;
    for (int i = 0; i < 3; ++i) {
      part_[i].slack += primal * step.part[i].slack;
      part_[i].dual += dual * step.part[i].dual;
    }
    return primal > 1e-10 || dual > 1e-10;
  }

 private:
  static double average(const Pair (&parts)[3], const Step* step, double primal, double dual) {
    double sum = 0.0, count = 0.0;
    for (int i = 0; i < 3; ++i) {
      Vector slack = parts[i].slack, multiplier = parts[i].dual;
      if (step != nullptr) slack += primal * step->part[i].slack;
      if (step != nullptr) multiplier += dual * step->part[i].dual;
      sum += slack.dot(multiplier);
      count += static_cast<double>(slack.size());
    }
    return sum / count;
  }

  /// The longest step, at most 1, that keeps `share` of the way to the boundary.
  [[nodiscard]] double longest(const Step& step, bool primal, double share) const {
    double length = 1.0;
    for (int i = 0; i < 3; ++i) {
      const Vector& now = primal ? part_[i].slack : part_[i].dual;
      const Vector& change = primal ? step.part[i].slack : step.part[i].dual;
      for (Index k = 0; k < now.size(); ++k)
        if (change(k) < 0.0) length = std::min(length, -share * now(k) / change(k));
    }
    return length;
  }

  /// M = diag(g) + A^T theta A; where d^2 is large the K x K matrix of the Woodbury identity in its place,
  /// which loses digits to cancellation.
  bool factor() {
    for (int i = 0; i < 3; ++i) theta_[i] = part_[i].dual.cwiseQuotient(part_[i].slack);
    g_ = theta_[1] + theta_[2];
    Square M;
    if (byW()) {
      M = p_.A.transpose() * theta_[0].asDiagonal() * p_.A;
      M.diagonal() += g_;
    } else {
      M = p_.A * g_.cwiseInverse().asDiagonal() * p_.A.transpose();
      M.diagonal() += theta_[0].cwiseInverse();
    }
    if (!M.allFinite()) return false;
    scale_ = M.diagonal().cwiseSqrt().cwiseInverse();
    M = scale_.asDiagonal() * M * scale_.asDiagonal();
    llt_.compute(M);
    for (double ridge = 1e-16; llt_.info() != Eigen::Success && ridge < 1e-6; ridge *= 10.0) {
      M.diagonal().array() += ridge;
      llt_.compute(M);
    }
    return llt_.info() == Eigen::Success;
  }
  [[nodiscard]] bool byW() const { return w_.size() <= std::max<Index>(kMostByW, p_.A.rows()); }
  [[nodiscard]] Matrix factored(const Matrix& f) const {
    return scale_.asDiagonal() * llt_.solve(scale_.asDiagonal() * f);
  }
  [[nodiscard]] Matrix once(const Matrix& f) const {
    if (byW()) return factored(f);
    const Matrix y = g_.cwiseInverse().asDiagonal() * f;
    return y - g_.cwiseInverse().asDiagonal() * (p_.A.transpose() * factored(p_.A * y));
  }
  /// Refined, since what is large in M is soon 1e15 times what is small.
  [[nodiscard]] Matrix solveM(const Matrix& f) const {
    Matrix x = once(f);
    for (int round = 0; round < (byW() ? 2 : 6); ++round) {
      const Matrix product = p_.A.transpose() * (theta_[0].asDiagonal() * (p_.A * x));
      x += once(f - g_.asDiagonal() * x - product);
    }
    return x;
  }

  /// The Newton step towards slack * dual + change = target.
  [[nodiscard]] Step direction(const Vector (&target)[3]) const {
    const Index D = w_.size(), J = p_.E.rows();
    const Vector residual[3] = {p_.A * w_ - p_.right - part_[0].slack,
                                (t_ - w_.array()).matrix() - part_[1].slack,
                                (t_ + w_.array()).matrix() - part_[2].slack};
    Vector h[3];
    for (int i = 0; i < 3; ++i)
      h[i] = target[i].cwiseQuotient(part_[i].slack) - theta_[i].cwiseProduct(residual[i]);
    const Vector stationarity = p_.A.transpose() * (h[0] + part_[0].dual) - (h[1] + part_[1].dual) +
                                (h[2] + part_[2].dual) + p_.E.transpose() * b_;
    const double rest = h[1].sum() + h[2].sum() - (1.0 - part_[1].dual.sum() - part_[2].dual.sum());

    // With W' = W - (q / g) t in the place of W, what is left of the equation for t has no cancellation.
    const Vector share = (theta_[1] - theta_[2]).cwiseQuotient(g_);
    Matrix columns(D, 2 + J);  // M^-1 of: the right side, A^T theta A share, E^T
    columns << stationarity, p_.A.transpose() * theta_[0].cwiseProduct(p_.A * share), p_.E.transpose();
    columns = solveM(columns);
    const Vector q = theta_[1] - theta_[2];
    Square left(1 + J, 1 + J);
    left(0, 0) = (4.0 * theta_[1].cwiseProduct(theta_[2]).cwiseQuotient(g_)).sum() + q.dot(columns.col(1));
    left.topRightCorner(1, J) = -(q.transpose() * columns.rightCols(J));
    left.bottomLeftCorner(J, 1) = p_.E * (share - columns.col(1));
    left.bottomRightCorner(J, J) = p_.E * columns.rightCols(J);
    Vector right(1 + J);
    right << rest + q.dot(columns.col(0)), -(p_.E * w_) - p_.E * columns.col(0);
    const Vector z = J == 0 ? Vector(right / left(0, 0)) : Vector(left.fullPivLu().solve(right));

    Step step;
    step.t = z(0);
    step.b = z.tail(J);
    step.w = columns.col(0) + (share - columns.col(1)) * z(0) + columns.rightCols(J) * z.tail(J);
    step.part[0].slack = p_.A * step.w + residual[0];
    step.part[1].slack = (step.t - step.w.array()).matrix() + residual[1];
    step.part[2].slack = (step.t + step.w.array()).matrix() + residual[2];
    for (int i = 0; i < 3; ++i)
      step.part[i].dual =
          (target[i] - part_[i].dual.cwiseProduct(step.part[i].slack)).cwiseQuotient(part_[i].slack);
    return step;
  }

  const Program& p_;
  Vector w_, b_;
  double t_ = 0.0;
  Pair part_[3];
  Vector theta_[3], g_, scale_;
  Eigen::LLT<Square> llt_;
};

}  // namespace

SvmSolution solveLinf(ScaledProblem& problem, const SvmOptions& options) {
  const FrobeniusAnswer frobenius = solveFrobenius(problem, options);
  if (!frobenius.solution.feasible) return frobenius.solution;
  const Program program(problem);
  InteriorPoint point(program, frobenius.candidate.W.reshaped<Eigen::RowMajor>());
  Candidate best = frobenius.candidate;  // a feasible point at least, should no step be possible
  double gap = 1e300;
  const int limit = options.maxIterations > 0 ? options.maxIterations : 200;
  int iterations = 0, idle = 0;
  while (iterations < limit && idle < 5 && gap > 1e-2 * options.tolerance && point.advance()) {
    ++iterations;
    ++idle;
    const double now = point.gap();
    if (!(now < gap)) continue;
    if (now < 0.5 * gap) idle = 0;
    gap = now;
    best = Candidate();
    best.W = point.w().reshaped<Eigen::RowMajor>(problem.unit.d, problem.unit.d);
    best.a = point.a().cwiseQuotient(program.length);
    best.b = point.b();
  }
  best.iterations = iterations;
  return certify(problem, best, Norm::linf(), options);
}

}  // namespace attention_svm
