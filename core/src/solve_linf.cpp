// SPDX-License-Identifier: MIT
// Least entrywise l_infinity norm (THEORY section 6c), the linear program
//   min t  over W, t  with  <A_k, W> >= s_k,  <E_j, W> = 0,  -t <= W_ij <= t,
// whose dual is  max sum s_k a_k  over a >= 0, b  with  |sum a_k A_k + sum b_j E_j|_1 <= 1.
#include <Eigen/LU>

#include "linear_program.h"

namespace attention_svm {

namespace {

constexpr Index kMostByW = 900;  // entries of W up to which a matrix of their number squared is factored

/// Variables W and t; inequalities: the constraints, W <= t, W >= -t.
template <class Number>
class LinfProgram {
 public:
  using Real = Number;
  using Square = SquareOf<Real>;
  using Column = VectorOf<Real>;

  explicit LinfProgram(const ConstraintRows<Real>& rows) : p_(rows), D_(rows.entries()), K_(rows.K()) {}

  [[nodiscard]] Column change(const Column& x) const {
    Column result(K_ + 2 * D_);
    const auto w = x.head(D_);
    const Real t = x(D_);
    result << p_.A * w, (t - w.array()).matrix(), (t + w.array()).matrix();
    return result;
  }
  [[nodiscard]] Column values(const Column& x) const {
    Column result = change(x);
    result.head(K_) -= p_.right;
    return result;
  }
  [[nodiscard]] Column stationarity(const Column& y, const Column& b) const {
    const auto upper = y.segment(K_, D_), lower = y.tail(D_);
    Column result(D_ + 1);
    result.head(D_) = upper - lower - p_.A.transpose() * y.head(K_) - p_.E.transpose() * b;
    result(D_) = Real(1.0) - upper.sum() - lower.sum();
    return result;
  }
  [[nodiscard]] Column ties(const Column& x) const { return p_.E * x.head(D_); }

  /// M = diag(g) + A^T theta A; where d^2 is large the K x K matrix of the Woodbury identity in its place,
  /// which loses digits to cancellation.
  bool factor(const Column& theta) {
    theta_ = theta.head(K_);
    upper_ = theta.segment(K_, D_);
    lower_ = theta.tail(D_);
    g_ = upper_ + lower_;
    Square M;
    if (byW()) {
      M = p_.A.transpose() * theta_.asDiagonal() * p_.A;
      M.diagonal() += g_;
    } else {
      M = p_.A * g_.cwiseInverse().asDiagonal() * p_.A.transpose();
      M.diagonal() += theta_.cwiseInverse();
    }
    return cholesky_.compute(std::move(M));
  }

  void solve(const Column& r, const Column& e, Column& dx, Column& db) const {
    const Index J = p_.E.rows();
    // With W' = W - (q / g) t in the place of W, what is left of the equation for t has no cancellation.
    const Column q = upper_ - lower_, share = q.cwiseQuotient(g_);
    Square columns(D_, 2 + J);  // M^-1 of: the right side, A^T theta A share, E^T
    columns << r.head(D_), p_.A.transpose() * theta_.cwiseProduct(p_.A * share), p_.E.transpose();
    columns = solveM(columns);
    Square left(1 + J, 1 + J);
    left(0, 0) = (Real(4.0) * upper_.cwiseProduct(lower_).cwiseQuotient(g_)).sum() + q.dot(columns.col(1));
    left.topRightCorner(1, J) = -(q.transpose() * columns.rightCols(J));
    left.bottomLeftCorner(J, 1) = p_.E * (share - columns.col(1));
    left.bottomRightCorner(J, J) = p_.E * columns.rightCols(J);
    Column right(1 + J);
    right << r(D_) + q.dot(columns.col(0)), e - p_.E * columns.col(0);
    const Column z = J == 0 ? Column(right / left(0, 0)) : Column(left.partialPivLu().solve(right));
    db = z.tail(J);
    dx.resize(D_ + 1);
    dx << columns.col(0) + (share - columns.col(1)) * z(0) + columns.rightCols(J) * db, z(0);
  }

  [[nodiscard]] Proof proof(const Column& x, const Column& y, const Column& b) const {
    const Column w = p_.projected(x.head(D_)), a = y.head(K_);
    Proof result;
    const Real smallest = p_.smallest(w);
    if (!(smallest > Real(0.0))) return result;
    const double primal = highPart(w).cwiseAbs().maxCoeff() / rounded(smallest);
    const double size = highPart(p_.A.transpose() * a + p_.E.transpose() * b).cwiseAbs().sum();
    result.gap = (primal - rounded(Real(a.dot(p_.right))) / size) / primal;
    result.candidate = p_.candidate(w, a, b);
    return result;
  }

 private:
  [[nodiscard]] bool byW() const { return D_ <= std::max<Index>(kMostByW, K_); }
  [[nodiscard]] Square once(const Square& f) const {
    if (byW()) return cholesky_.solve(f);
    const Square y = g_.cwiseInverse().asDiagonal() * f;
    return y - g_.cwiseInverse().asDiagonal() * (p_.A.transpose() * cholesky_.solve(p_.A * y));
  }
  /// Refined, since what is large in M is soon 1e15 times what is small.
  [[nodiscard]] Square solveM(const Square& f) const {
    Square x = once(f);
    for (int round = 0; round < (byW() ? 2 : 6); ++round) {
      const Square product = p_.A.transpose() * (theta_.asDiagonal() * (p_.A * x));
      x += once(f - g_.asDiagonal() * x - product);
    }
    return x;
  }

  const ConstraintRows<Real>& p_;
  Index D_, K_;
  Column theta_, upper_, lower_, g_;
  ScaledCholesky<Real> cholesky_;
};

/// From a solution of least Frobenius norm.
template <class Real>
Proof leastLinf(const ScaledProblem& problem, const Candidate& frobenius, int limit, double enough) {
  using Column = VectorOf<Real>;
  const ConstraintRows<Real> rows(problem);
  LinfProgram<Real> program(rows);
  const Index D = rows.entries();
  Column x(D + 1);
  const Column w =
      joined<Real>(frobenius.W.reshaped<Eigen::RowMajor>(), frobenius.WLow.reshaped<Eigen::RowMajor>());
  x << Real(2.0) * w, Real(3.0 * highPart(w).cwiseAbs().maxCoeff());
  Column slack = program.values(x);
  const Real mu = Real(1.0) / slack.tail(2 * D).cwiseInverse().sum();
  // A constraint that the start hardly meets would begin with a multiplier far above all others; the first
  // full step mends what is added here.
  slack.head(rows.K()) = slack.head(rows.K()).cwiseMax(mu);
  InteriorPoint<LinfProgram<Real>> point(program, x, slack, mu * slack.cwiseInverse(),
                                         Column::Zero(rows.E.rows()));
  return bestProof(point, limit, enough);
}

}  // namespace

SvmSolution solveLinf(ScaledProblem& problem, const SvmOptions& options) {
  return solveByLinearProgram(problem, Norm::linf(), problem.unit.d * problem.unit.d, options,
                              leastLinf<double>, leastLinf<Double2>);
}

}  // namespace attention_svm
