// SPDX-License-Identifier: MIT
// Least entrywise l_1 norm (THEORY section 6c), through the linear program
//   max sum s_k a_k  over a >= 0, b  with  -1 <= S_ij <= 1,  S = sum a_k A_k + sum b_j E_j,
// in whose multipliers of S <= 1 and S >= -1 the positive and the negative part of W are found:
//   min |W|_1  with  <A_k, W> >= s_k,  <E_j, W> = 0.
#include "linear_program.h"

namespace attention_svm {

namespace {

/// Variables a and b; inequalities: a >= 0, S <= 1, S >= -1.
template <class Number>
class L1Program {
 public:
  using Real = Number;
  using Square = SquareOf<Real>;
  using Column = VectorOf<Real>;

  explicit L1Program(const ConstraintRows<Real>& rows)
      : p_(rows), D_(rows.entries()), K_(rows.K()), B_(K_ + rows.E.rows(), D_) {
    B_ << rows.A, rows.E;
  }

  [[nodiscard]] Column change(const Column& x) const {
    const Column S = B_.transpose() * x;
    Column result(K_ + 2 * D_);
    result << x.head(K_), -S, S;
    return result;
  }
  [[nodiscard]] Column values(const Column& x) const {
    Column result = change(x);
    result.tail(2 * D_).array() += Real(1.0);
    return result;
  }
  [[nodiscard]] Column stationarity(const Column& y, const Column& /*none*/) const {
    Column result = B_ * W(y);
    result.head(K_) -= p_.right + y.head(K_);
    return result;
  }
  [[nodiscard]] Column ties(const Column& /*x*/) const { return Column(0); }

  bool factor(const Column& theta) {
    theta_ = theta.head(K_);
    g_ = theta.segment(K_, D_) + theta.tail(D_);
    Square M = B_ * g_.asDiagonal() * B_.transpose();
    M.diagonal().head(K_) += theta_;
    return cholesky_.compute(std::move(M));
  }
  void solve(const Column& r, const Column& /*none*/, Column& dx, Column& db) const {
    dx = cholesky_.solve(r);
    for (int round = 0; round < 3; ++round) {  // against the factors of M, which know more than M
      Column rest = r - B_ * (g_.asDiagonal() * (B_.transpose() * dx));
      rest.head(K_) -= theta_.cwiseProduct(dx.head(K_));
      dx += cholesky_.solve(rest);
    }
    db.resize(0);
  }

  [[nodiscard]] Proof proof(const Column& x, const Column& y, const Column& /*none*/) const {
    const Column w = p_.projected(W(y)), a = x.head(K_), b = x.tail(x.size() - K_);
    Proof result;
    const Real smallest = p_.smallest(w);
    if (!(smallest > Real(0.0))) return result;
    const double primal = highPart(w).cwiseAbs().sum() / rounded(smallest);
    const double size = highPart(B_.transpose() * x).cwiseAbs().maxCoeff();
    result.gap = (primal - rounded(Real(a.dot(p_.right))) / size) / primal;
    result.candidate = p_.candidate(w, a, b);
    return result;
  }

 private:
  [[nodiscard]] Column W(const Column& y) const { return y.segment(K_, D_) - y.tail(D_); }

  const ConstraintRows<Real>& p_;
  Index D_, K_;
  Square B_;
  Column theta_, g_;
  ScaledCholesky<Real> cholesky_;
};

/// From a solution of least Frobenius norm.
template <class Real>
Proof leastL1(const ScaledProblem& problem, const Candidate& frobenius, int limit, double enough) {
  using Column = VectorOf<Real>;
  const ConstraintRows<Real> rows(problem);
  L1Program<Real> program(rows);
  const Index D = rows.entries(), K = rows.K();
  Column x = rows.multipliers(problem, frobenius);
  x.head(K).array() += Real(0.1) * x.head(K).maxCoeff();
  x *= Real(0.5 / highPart(program.change(x).tail(2 * D)).maxCoeff());

  const Column w = Real(2.0) * joined<Real>(frobenius.W.reshaped<Eigen::RowMajor>(),
                                            frobenius.WLow.reshaped<Eigen::RowMajor>());
  const Real room(0.5 * highPart(w).cwiseAbs().maxCoeff());
  Column y(K + 2 * D);
  y.head(K) = rows.A * w - rows.right;
  // A right side next to nothing would start at the boundary; the first full step mends what is added here.
  for (Index k = 0; k < K; ++k)
    if (rows.right(k) < Real(1e-3)) y(k) = std::max(y(k), Real(0.1));
  for (Index k = 0; k < D; ++k) {
    y(K + k) = std::max(w(k), Real(0.0)) + room;
    y(K + D + k) = std::max(Real(-w(k)), Real(0.0)) + room;
  }
  InteriorPoint<L1Program<Real>> point(program, x, program.values(x), y, Column(0));
  return bestProof(point, limit, enough);
}

}  // namespace

SvmSolution solveL1(ScaledProblem& problem, const SvmOptions& options) {
  return solveByLinearProgram(problem, Norm::l1(), problem.unit.K() + problem.unit.J(), options,
                              leastL1<double>, leastL1<Double2>);
}

}  // namespace attention_svm
