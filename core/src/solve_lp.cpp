// SPDX-License-Identifier: MIT
// Least entrywise l_p norm, 1 < p < infinity (THEORY section 6b), through the dual
//   min over a >= 0, b of  (1/q) |S|_q^q - sum s a,   S = sum a_k A_k + sum b_j E_j,  1/p + 1/q = 1,
// whose solution gives W = sign(S) |S|^(q-1). A log barrier with Newton's method (Boyd, Vandenberghe,
// Convex Optimization, chapter 11) finds the active constraints, Newton's method on them the last digits.
#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <type_traits>

#include "double_double_eigen.h"
#include "solvers.h"

namespace attention_svm {

namespace {

double power(double x, double e) { return std::pow(x, e); }
Double2 power(const Double2& x, double e) { return pow(x, e); }

/// min over a >= 0, b of (1/q) |S|_q^q - sum s a. Rows: vec(A_k), then vec(E_j), d^2 columns; the K x K Schur
/// complement is the largest matrix.
template <class Real>
class LpDual {
 public:
  using Square = SquareOf<Real>;
  using Column = VectorOf<Real>;

  LpDual(const ScaledProblem& scaled, double q)
      : right_(scaled.right.cast<Real>()), K_(scaled.unit.K()), d_(scaled.unit.d), q_(q) {
    const SvmProblem& problem = scaled.unit;
    A_.resize(K_ + problem.J(), d_ * d_);
    putRows(problem.delta, problem.deltaLow, problem.query, problem.Z, 0);
    putRows(problem.equalityDelta, problem.equalityDeltaLow, problem.equalityQuery, problem.Z, K_);
  }

  [[nodiscard]] Column S(const Column& x) const { return A_.transpose() * x; }

  [[nodiscard]] Column W(const Column& S) const {
    return S.unaryExpr([this](const Real& s) {
      const Real size = power(s < Real(0.0) ? Real(-s) : s, q_ - 1.0);
      return s < Real(0.0) ? Real(-size) : size;
    });
  }

  /// In doubles: it only has to tell whether a step goes down.
  [[nodiscard]] double value(const Column& x, double mu) const {
    double sum = 0.0, log = 0.0;
    for (const Real& s : S(x)) sum += std::pow(std::abs(rounded(s)), q_);
    for (Index k = 0; k < K_; ++k) {
      if (!(x(k) > Real(0.0))) return 1e300;
      log += std::log(rounded(x(k)));
    }
    return sum / q_ - rounded(Real(right_.dot(x.head(K_)))) - mu * log;
  }

  /// Gradient without the barrier: <A_k, W> - s_k and <E_j, W>.
  [[nodiscard]] Column slack(const Column& x) const {
    Column result = A_ * W(S(x));
    result.head(K_) -= right_;
    return result;
  }

  [[nodiscard]] Square hessian(const Column& x, const std::vector<Index>& which) const {
    const Column s = S(x);
    // For q < 2 the curvature is infinite at 0: bounded there, which only shortens the step.
    const double floor = 1e-9 * highPart(s).cwiseAbs().maxCoeff();
    const Column curvature = s.unaryExpr([this, floor](const Real& value) {
      return Real((q_ - 1.0) * std::pow(std::max(std::abs(rounded(value)), floor), q_ - 2.0));
    });
    Square rows(static_cast<Index>(which.size()), A_.cols());
    for (std::size_t j = 0; j < which.size(); ++j) rows.row(static_cast<Index>(j)) = A_.row(which[j]);
    return rows * curvature.asDiagonal() * rows.transpose();
  }

  [[nodiscard]] Index K() const { return K_; }
  [[nodiscard]] Index d() const { return d_; }
  [[nodiscard]] Index size() const { return A_.rows(); }
  [[nodiscard]] double product(const Column& x) const { return rounded(Real(right_.dot(x.head(K_)))); }

  /// Scales x to its best multiple: sum s a = |S|_q^q there.
  void rescale(Column& x) const {
    double sum = 0.0;
    for (const Real& s : S(x)) sum += std::pow(std::abs(rounded(s)), q_);
    x *= Real(std::pow(product(x) / sum, 1.0 / (q_ - 1.0)));
  }

 private:
  void putRows(const Matrix& high, const Matrix& low, const std::vector<Index>& query, const Matrix& Z,
               Index first) {
    if (high.rows() == 0) return;
    const Square difference = joined<Real>(high, low);
    for (Index k = 0; k < high.rows(); ++k)
      for (Index i = 0; i < d_; ++i)
        for (Index j = 0; j < d_; ++j)
          A_(first + k, i * d_ + j) = difference(k, i) * Real(Z(query[static_cast<std::size_t>(k)], j));
  }

  Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> A_;
  Column right_;
  Index K_, d_;
  double q_;
};

std::vector<Index> allRows(Index count) {
  std::vector<Index> rows(static_cast<std::size_t>(count));
  for (Index k = 0; k < count; ++k) rows[static_cast<std::size_t>(k)] = k;
  return rows;
}

/// Solves H x = r, with a ridge where H is singular (dependent constraints).
template <class Real>
VectorOf<Real> solvePositive(SquareOf<Real> H, const VectorOf<Real>& r) {
  const double size = std::max(rounded(Real(H.diagonal().maxCoeff())), 1e-300);
  Eigen::LLT<SquareOf<Real>> llt(H);
  for (double ridge = rounded(Eigen::NumTraits<Real>::epsilon()) * 5.0;
       llt.info() != Eigen::Success && ridge < 1.0; ridge *= 100.0) {
    H.diagonal().array() += Real(ridge * size);
    llt.compute(H);
  }
  return llt.solve(r);
}

/// Whether x - length step = next is a step down. In doubles the function's value tells; with twice the
/// digits in x its value has too few, and the slope along the step decides: the function is convex.
bool descends(const LpDual<double>& dual, const Vector& next, double mu, const Vector& /*step*/, double value,
              double decrease) {
  return dual.value(next, mu) <= value - 1e-4 * decrease;
}
bool descends(const LpDual<Double2>& dual, const VectorOf<Double2>& next, double mu,
              const VectorOf<Double2>& step, double /*value*/, double decrease) {
  VectorOf<Double2> gradient = dual.slack(next);
  for (Index k = 0; k < dual.K(); ++k) {
    if (!(next(k) > Double2(0.0))) return false;
    gradient(k) -= Double2(mu) / next(k);
  }
  return rounded(Double2(gradient.dot(step))) >= -0.5 * decrease;
}

/// Minimizes the barrier function for one mu; returns the number of Newton steps.
template <class Real>
int center(const LpDual<Real>& dual, VectorOf<Real>& x, double mu) {
  using Column = VectorOf<Real>;
  const std::vector<Index> all = allRows(dual.size());
  double value = dual.value(x, mu);
  for (int iteration = 1; iteration <= 50; ++iteration) {
    const auto a = x.head(dual.K()).array();
    Column gradient = dual.slack(x);
    gradient.head(dual.K()).array() -= Real(mu) / a;
    SquareOf<Real> H = dual.hessian(x, all);
    H.diagonal().head(dual.K()).array() += Real(mu) / a.square();
    const Column step = solvePositive<Real>(std::move(H), gradient);
    const double decrease = rounded(Real(gradient.dot(step)));
    if (!(decrease > 1e-4 * mu)) return iteration;
    double length = 1.0;
    for (Index k = 0; k < dual.K(); ++k)
      if (step(k) > Real(0.0)) length = std::min(length, rounded(Real(Real(0.95) * x(k) / step(k))));
    const auto descent = [&](double part) {
      return std::is_same_v<Real, double> ? part * decrease : decrease;
    };
    Column next = x - Real(length) * step;
    while (!descends(dual, next, mu, step, value, descent(length)) && length > 1e-12) {
      length *= 0.5;
      next = x - Real(length) * step;
    }
    if (length <= 1e-12) return iteration;
    x = next;
    value = dual.value(x, mu);
  }
  return 50;
}

/// Newton's method for <A_k, W> = s_k on the active constraints alone.
template <class Real>
bool polish(const LpDual<Real>& dual, VectorOf<Real>& x, double mu) {
  using Column = VectorOf<Real>;
  std::vector<Index> active;
  Column trial = Column::Zero(x.size());
  const double largest = rounded(Real(x.head(dual.K()).maxCoeff()));
  for (Index k = 0; k < dual.size(); ++k)
    if (k >= dual.K() || rounded(x(k)) / largest > std::sqrt(mu / largest)) {
      active.push_back(k);
      trial(k) = x(k);
    }
  const auto worst = [&](const Column& slack) {
    double result = 0.0;
    for (const Index k : active) result = std::max(result, std::abs(rounded(slack(k))));
    return result;
  };
  Column slack = dual.slack(trial);
  for (int iteration = 0; iteration < 30; ++iteration) {
    Column residual(static_cast<Index>(active.size()));
    for (std::size_t j = 0; j < active.size(); ++j) residual(static_cast<Index>(j)) = slack(active[j]);
    const Column step = solvePositive<Real>(dual.hessian(trial, active), residual);
    double length = 1.0;
    Column next, nextSlack;
    for (; length > 1e-6; length *= 0.5) {
      next = trial;
      for (std::size_t j = 0; j < active.size(); ++j)
        next(active[j]) -= Real(length) * step(static_cast<Index>(j));
      nextSlack = dual.slack(next);
      if (worst(nextSlack) < worst(slack)) break;
    }
    if (length <= 1e-6) break;
    trial = next;
    slack = nextSlack;
    if (worst(slack) < 1e-14) break;
  }
  for (Index k = 0; k < dual.K(); ++k)
    if (rounded(trial(k)) < -1e-9 * largest) return false;
  x = trial;
  for (Index k = 0; k < dual.K(); ++k)
    if (x(k) < Real(0.0)) x(k) = Real(0.0);
  return true;
}

void putLow(Candidate& /*candidate*/, const VectorOf<double>& /*W*/, const VectorOf<double>& /*x*/) {}
void putLow(Candidate& candidate, const VectorOf<Double2>& W, const VectorOf<Double2>& x) {
  const Vector low = lowPart(W), rest = lowPart(x);
  const Index d = candidate.W.rows();
  candidate.WLow = low.reshaped<Eigen::RowMajor>(d, d);
  candidate.aLow = rest.head(candidate.a.size());
  candidate.bLow = rest.tail(candidate.b.size());
}

template <class Real>
Candidate candidateAt(const LpDual<Real>& dual, const VectorOf<Real>& x) {
  const VectorOf<Real> W = dual.W(dual.S(x));
  const Vector high = highPart(W), multipliers = highPart(x);
  Candidate candidate;
  candidate.W = high.reshaped<Eigen::RowMajor>(dual.d(), dual.d());
  candidate.a = multipliers.head(dual.K());
  candidate.b = multipliers.tail(dual.size() - dual.K());
  putLow(candidate, W, x);
  return candidate;
}

/// From multipliers of the least Frobenius norm.
template <class Real>
SvmSolution barrier(const ScaledProblem& problem, double p, const Candidate& frobenius,
                    const SvmOptions& options) {
  const LpDual<Real> dual(problem, p / (p - 1.0));
  const auto solutionAt = [&](const VectorOf<Real>& x) {
    return certify(problem, candidateAt(dual, x), Norm::lp(p), options);
  };
  const Index K = dual.K();
  VectorOf<Real> x(dual.size());
  x.head(K) = joined<Real>(frobenius.a, frobenius.aLow);
  x.tail(dual.size() - K) = joined<Real>(frobenius.b, frobenius.bLow);
  x.head(K).array() += Real(0.05) * x.head(K).maxCoeff();
  dual.rescale(x);

  double mu = 0.1 * dual.product(x) / static_cast<double>(K);
  const double last = 1e-12 * mu;
  SvmSolution best = certify(problem, frobenius, Norm::lp(p), options);  // a feasible point at least
  int iterations = 0;
  const int limit = options.maxIterations > 0 ? options.maxIterations : 2000;
  for (; mu > last && iterations < limit; mu *= 0.1) {
    if (best.status == SvmStatus::Solved && best.gap <= 0.1 * options.tolerance) break;
    iterations += center(dual, x, mu);
    SvmSolution now = solutionAt(x);
    if (now.feasible && now.gap < 1e-3) {
      VectorOf<Real> polished = x;
      if (polish(dual, polished, mu)) {
        SvmSolution sharper = solutionAt(polished);
        if (sharper.feasible && sharper.gap < now.gap) now = std::move(sharper);
      }
    }
    if (now.feasible && (!best.feasible || now.gap < best.gap)) best = std::move(now);
  }
  best.iterations = iterations;
  return best;
}

/// About a second: K^3 and K^2 d^2 operations of twice the precision in each of some hundred steps.
bool smallEnough(const SvmProblem& problem) {
  const double K = static_cast<double>(problem.K() + problem.J()), d = static_cast<double>(problem.d);
  return K * K * (K + d * d) <= 4e5;
}

}  // namespace

SvmSolution solveLp(ScaledProblem& problem, double p, const SvmOptions& options) {
  FrobeniusAnswer frobenius = solveFrobenius(problem, options);
  if (!frobenius.solution.feasible) return frobenius.solution;
  SvmSolution solution = barrier<double>(problem, p, frobenius.candidate, options);
  if (solution.trusted() || options.maxIterations > 0 || !smallEnough(problem.unit)) return solution;
  SvmSolution second = barrier<Double2>(problem, p, sharpened(problem, frobenius.candidate), options);
  return second.gap < solution.gap ? second : solution;
}

}  // namespace attention_svm
