// SPDX-License-Identifier: MIT
// Linear programs  min c x  subject to  G x >= h,  E x = 0  by the predictor and corrector of Mehrotra
// (SIAM J. Optimization 2, 1992). What is special about a program, how its equations are solved above all, is
// in its class; this is the method.
//
// A Program has the type Real of its numbers and
//   values(x), change(x) G x - h and G x, a number for each inequality
//   stationarity(y, b)   c - G^T y - E^T b, a number for each variable
//   ties(x)              E x
//   factor(theta)        prepares solve() for Theta = diag(theta); false where rounding forbids it
//   solve(r, e, dx, db)  G^T Theta G dx - E^T db = r,  E dx = e
//   proof(x, y, b)       the candidate for certify() and the relative gap that it seems to prove
#pragma once

#include <algorithm>
#include <cmath>

#include "constraint_rows.h"
#include "step_to_boundary.h"

namespace attention_svm {

/// A candidate with the relative gap between its W and its multipliers, each scaled to be feasible.
struct Proof {
  Candidate candidate;
  double gap = 1e300;
};

template <class Program>
class InteriorPoint {
 public:
  using Real = typename Program::Real;
  using Column = VectorOf<Real>;

  /// slack > 0 and y > 0: a number for each inequality.
  InteriorPoint(Program& program, Column x, Column slack, Column y, Column b)
      : p_(program), x_(std::move(x)), slack_(std::move(slack)), y_(std::move(y)), b_(std::move(b)) {}

  [[nodiscard]] Proof proof() const { return p_.proof(x_, y_, b_); }

  /// One step; false when rounding allows none.
  bool step() {
    theta_ = y_.cwiseQuotient(slack_);
    if (!p_.factor(theta_)) return false;
    const Real count(static_cast<double>(y_.size())), mu = slack_.dot(y_) / count;
    const Column now = -slack_.cwiseProduct(y_);
    direction(now);
    const Column slackThen = slack_ + stepToBoundary<Real>(slack_, dSlack_) * dSlack_;
    const Column yThen = y_ + stepToBoundary<Real>(y_, dy_) * dy_;
    const double reached = rounded(Real(slackThen.dot(yThen) / count)) / rounded(mu);
    const Real centring = Real(std::pow(reached, 3.0)) * mu;
    direction((now - dSlack_.cwiseProduct(dy_)).array() + centring);
    const Real primal = within(stepToBoundary<Real>(slack_, dSlack_));
    const Real dual = within(stepToBoundary<Real>(y_, dy_));
    if (!highPart(dx_).allFinite() || !highPart(dy_).allFinite()) return false;
    x_ += primal * dx_;
    slack_ += primal * dSlack_;
    y_ += dual * dy_;
    b_ += dual * db_;
    return primal > Real(1e-10) || dual > Real(1e-10);
  }

 private:
  static Real within(const Real& step) { return step < Real(1.0) ? Real(0.995) * step : step; }

  /// The Newton step towards slack * y + change = target.
  void direction(const Column& target) {
    const Column off = p_.values(x_) - slack_;
    const Column then = y_ + target.cwiseQuotient(slack_) - theta_.cwiseProduct(off);
    p_.solve(-p_.stationarity(then, b_), -p_.ties(x_), dx_, db_);
    dSlack_ = p_.change(dx_) + off;
    dy_ = (target - y_.cwiseProduct(dSlack_)).cwiseQuotient(slack_);
  }

  Program& p_;
  Column x_, slack_, y_, b_, theta_, dx_, dSlack_, dy_, db_;
};

/// Steps of an interior-point method until the gap is below `enough` or rounding ends it; the best point on
/// the way.
template <class Method>
Proof bestProof(Method& method, int limit, double enough) {
  Proof best;
  int iterations = 0, idle = 0;
  while (iterations < limit && idle < 5 && best.gap > enough && method.step()) {
    ++iterations;
    ++idle;
    Proof now = method.proof();
    if (now.gap < 0.5 * best.gap || best.gap > 1e-3) idle = 0;
    if (now.gap < best.gap) best = std::move(now);
  }
  best.candidate.iterations = iterations;
  return best;
}

/// Cholesky factorization of a positive definite matrix with entries of very different size: scaled to a unit
/// diagonal, with a ridge where rounding has made it indefinite.
template <class Real>
class ScaledCholesky {
 public:
  bool compute(SquareOf<Real> M) {
    using std::sqrt;
    if (!highPart(M).allFinite() || !(highPart(M).diagonal().minCoeff() > 0.0)) return false;
    scale_ = M.diagonal().unaryExpr([](const Real& x) { return Real(1.0) / sqrt(x); });
    M = scale_.asDiagonal() * M * scale_.asDiagonal();
    llt_.compute(M);
    for (double ridge = rounded(Eigen::NumTraits<Real>::epsilon());
         llt_.info() != Eigen::Success && ridge < 1e-6; ridge *= 10.0) {
      M.diagonal().array() += Real(ridge);
      llt_.compute(M);
    }
    return llt_.info() == Eigen::Success;
  }
  [[nodiscard]] SquareOf<Real> solve(const SquareOf<Real>& f) const {
    const SquareOf<Real> scaled = scale_.asDiagonal() * f;
    return scale_.asDiagonal() * llt_.solve(scaled);
  }

 private:
  VectorOf<Real> scale_;
  Eigen::LLT<SquareOf<Real>> llt_;
};

/// What solveL1() and solveLinf() share: a start from the least Frobenius norm, which also decides about
/// feasibility, then `inDoubles`, and where that misses the tolerance `precisely`, if a program of that many
/// variables then takes no more than about a second.
using ProgramSolver = Proof (*)(const ScaledProblem& problem, const Candidate& frobenius, int limit,
                                double enough);
SvmSolution solveByLinearProgram(ScaledProblem& problem, const Norm& norm, Index variables,
                                 const SvmOptions& options, ProgramSolver inDoubles, ProgramSolver precisely);

}  // namespace attention_svm
