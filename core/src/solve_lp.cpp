// Least entrywise l_p norm, 1 < p < infinity (THEORY section 6b), through the dual
//   min over a >= 0, b of  (1/q) |S|_q^q - sum s a,   S = sum a_k A_k + sum b_j E_j,  1/p + 1/q = 1,
// whose solution gives W = sign(S) |S|^(q-1). A log barrier with Newton's method (Boyd, Vandenberghe,
// Convex Optimization, chapter 11) finds the active constraints, Newton's method on them the last digits.
#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "solvers.h"

namespace attention_svm {

namespace {

using Square = Eigen::MatrixXd;

/// Rows: vec(A_k), then vec(E_j). d^2 columns; the K x K Schur complement is the largest matrix.
struct FlatConstraints {
  Matrix rows;
  Index K = 0;
  Vector right;

  explicit FlatConstraints(const ScaledProblem& scaled) : K(scaled.unit.K()), right(scaled.right) {
    const SvmProblem& problem = scaled.unit;
    rows.resize(K + problem.J(), problem.d * problem.d);
    const auto put = [&](Index row, const auto& difference, Index query) {
      const Matrix outer = difference.transpose() * problem.Z.row(query);
      rows.row(row) = outer.reshaped<Eigen::RowMajor>().transpose();
    };
    for (Index k = 0; k < K; ++k) put(k, problem.delta.row(k), problem.query[static_cast<std::size_t>(k)]);
    for (Index j = 0; j < problem.J(); ++j)
      put(K + j, problem.equalityDelta.row(j), problem.equalityQuery[static_cast<std::size_t>(j)]);
  }
};

class LpDual {
 public:
  LpDual(const FlatConstraints& constraints, double q)
      : A_(constraints.rows), right_(constraints.right), K_(constraints.K), q_(q) {}

  [[nodiscard]] Vector S(const Vector& x) const { return A_.transpose() * x; }

  [[nodiscard]] Vector W(const Vector& S) const {
    return S.unaryExpr([this](double s) { return std::copysign(std::pow(std::abs(s), q_ - 1.0), s); });
  }

  [[nodiscard]] double value(const Vector& x, double mu) const {
    double sum = 0.0;
    for (const double s : S(x)) sum += std::pow(std::abs(s), q_);
    const auto a = x.head(K_).array();
    if (!(a.minCoeff() > 0.0)) return 1e300;
    return sum / q_ - right_.dot(x.head(K_)) - mu * a.log().sum();
  }

  /// Gradient without the barrier: <A_k, W> - s_k and <E_j, W>.
  [[nodiscard]] Vector slack(const Vector& x) const {
    Vector result = A_ * W(S(x));
    result.head(K_) -= right_;
    return result;
  }

  [[nodiscard]] Square hessian(const Vector& x, const std::vector<Index>& which) const {
    const Vector s = S(x);
    // For q < 2 the curvature is infinite at 0: bounded there, which only shortens the step.
    const double floor = 1e-9 * s.cwiseAbs().maxCoeff();
    const Vector curvature = s.unaryExpr([this, floor](double value) {
      return (q_ - 1.0) * std::pow(std::max(std::abs(value), floor), q_ - 2.0);
    });
    Matrix rows(static_cast<Index>(which.size()), A_.cols());
    for (std::size_t j = 0; j < which.size(); ++j) rows.row(static_cast<Index>(j)) = A_.row(which[j]);
    return rows * curvature.asDiagonal() * rows.transpose();
  }

  [[nodiscard]] Index K() const { return K_; }
  [[nodiscard]] Index size() const { return A_.rows(); }

  /// Scales x to its best multiple: sum s a = |S|_q^q there.
  void rescale(Vector& x) const {
    double sum = 0.0;
    for (const double s : S(x)) sum += std::pow(std::abs(s), q_);
    x *= std::pow(right_.dot(x.head(K_)) / sum, 1.0 / (q_ - 1.0));
  }

 private:
  const Matrix& A_;
  const Vector& right_;
  Index K_;
  double q_;
};

std::vector<Index> allRows(Index count) {
  std::vector<Index> rows(static_cast<std::size_t>(count));
  for (Index k = 0; k < count; ++k) rows[static_cast<std::size_t>(k)] = k;
  return rows;
}

/// Solves H x = r, with a ridge where H is singular (dependent constraints).
Vector solvePositive(Square H, const Vector& r) {
  const double size = std::max(H.diagonal().maxCoeff(), 1e-300);
  Eigen::LLT<Square> llt(H);
  for (double ridge = 1e-15; llt.info() != Eigen::Success && ridge < 1.0; ridge *= 100.0) {
    H.diagonal().array() += ridge * size;
    llt.compute(H);
  }
  return llt.solve(r);
}

/// Minimizes the barrier function for one mu; returns the number of Newton steps.
int center(const LpDual& dual, Vector& x, double mu) {
  const std::vector<Index> all = allRows(dual.size());
  double value = dual.value(x, mu);
  for (int iteration = 1; iteration <= 50; ++iteration) {
    const auto a = x.head(dual.K()).array();
    Vector gradient = dual.slack(x);
    gradient.head(dual.K()).array() -= mu / a;
    Square H = dual.hessian(x, all);
    H.diagonal().head(dual.K()).array() += mu / a.square();
    const Vector step = solvePositive(std::move(H), gradient);
    const double decrease = gradient.dot(step);
    if (!(decrease > 1e-4 * mu)) return iteration;
    double length = 1.0;
    for (Index k = 0; k < dual.K(); ++k)
      if (step(k) > 0.0) length = std::min(length, 0.95 * x(k) / step(k));
    double reached = dual.value(x - length * step, mu);
    while (!(reached <= value - 1e-4 * length * decrease) && length > 1e-12) {
      length *= 0.5;
      reached = dual.value(x - length * step, mu);
    }
    if (length <= 1e-12) return iteration;
    x -= length * step;
    value = reached;
  }
  return 50;
}

/// Newton's method for <A_k, W> = s_k on the active constraints alone.
int polish(const LpDual& dual, Vector& x, double mu) {
  std::vector<Index> active;
  Vector trial = Vector::Zero(x.size());
  const double largest = x.head(dual.K()).maxCoeff();
  for (Index k = 0; k < dual.size(); ++k)
    if (k >= dual.K() || x(k) / largest > std::sqrt(mu / largest)) {
      active.push_back(k);
      trial(k) = x(k);
    }
  const auto worst = [&](const Vector& slack) {
    double result = 0.0;
    for (const Index k : active) result = std::max(result, std::abs(slack(k)));
    return result;
  };
  Vector slack = dual.slack(trial);
  for (int iteration = 0; iteration < 30; ++iteration) {
    Vector residual(static_cast<Index>(active.size()));
    for (std::size_t j = 0; j < active.size(); ++j) residual(static_cast<Index>(j)) = slack(active[j]);
    const Vector step = solvePositive(dual.hessian(trial, active), residual);
    double length = 1.0;
    Vector next, nextSlack;
    for (; length > 1e-6; length *= 0.5) {
      next = trial;
      for (std::size_t j = 0; j < active.size(); ++j) next(active[j]) -= length * step(static_cast<Index>(j));
      nextSlack = dual.slack(next);
      if (worst(nextSlack) < worst(slack)) break;
    }
    if (length <= 1e-6) break;
    trial = next;
    slack = nextSlack;
    if (worst(slack) < 1e-14) break;
  }
  if (trial.head(dual.K()).minCoeff() < -1e-9 * largest) return 0;
  x = trial;
  x.head(dual.K()) = x.head(dual.K()).cwiseMax(0.0);
  return 1;
}

Candidate candidateAt(const ScaledProblem& problem, const LpDual& dual, const Vector& x) {
  const Index d = problem.unit.d;
  Candidate candidate;
  candidate.W = dual.W(dual.S(x)).reshaped<Eigen::RowMajor>(d, d);
  candidate.a = x.head(problem.unit.K());
  candidate.b = x.tail(problem.unit.J());
  return candidate;
}

}  // namespace

SvmSolution solveLp(ScaledProblem& problem, double p, const SvmOptions& options) {
  const FrobeniusAnswer frobenius = solveFrobenius(problem, options);
  if (!frobenius.solution.feasible) return frobenius.solution;

  const FlatConstraints flat(problem);
  const LpDual dual(flat, p / (p - 1.0));
  const auto solutionAt = [&](const Vector& x) {
    return certify(problem, candidateAt(problem, dual, x), Norm::lp(p), options);
  };
  Vector x(dual.size());
  x << frobenius.candidate.a, frobenius.candidate.b;
  x.head(flat.K).array() += 0.05 * x.head(flat.K).maxCoeff();
  dual.rescale(x);

  double mu = 0.1 * flat.right.dot(x.head(flat.K)) / static_cast<double>(flat.K);
  const double last = 1e-12 * mu;
  SvmSolution best = certify(problem, frobenius.candidate, Norm::lp(p), options);  // a feasible point at least
  int iterations = 0;
  const int limit = options.maxIterations > 0 ? options.maxIterations : 2000;
  for (; mu > last && iterations < limit; mu *= 0.1) {
    if (best.status == SvmStatus::Solved && best.gap <= 0.1 * options.tolerance) break;
    iterations += center(dual, x, mu);
    SvmSolution now = solutionAt(x);
    if (now.feasible && now.gap < 1e-3) {
      Vector polished = x;
      if (polish(dual, polished, mu) > 0) {
        SvmSolution sharper = solutionAt(polished);
        if (sharper.feasible && sharper.gap < now.gap) now = std::move(sharper);
      }
    }
    if (now.feasible && (!best.feasible || now.gap < best.gap)) best = std::move(now);
  }
  best.iterations = iterations;
  return best;
}

}  // namespace attention_svm
