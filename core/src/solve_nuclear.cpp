// SPDX-License-Identifier: MIT
// Least nuclear norm by a primal-dual interior-point method (Mehrotra predictor-corrector, HKM direction:
// Helmberg, Rendl, Vanderbei, Wolkowicz 1996; Todd, Toh, Tutuncu 1998).
//   dual    max sum s a   subject to  Z = [[I, -S], [-S^T, I]] >= 0,  S = sum a_k A_k + sum b_j E_j,  a >= 0
//   primal  min tr Y    subject to  <F_k, Y> = s_k + slack,  slack >= 0,  Y >= 0,  F_k = [[0, A_k], [A_k^T,
//   0]]
// with W = 2 Y_12 (E_j: value 0, no slack, b_j free). Z and Y are kept as matrices of their own, so that
// no small number is the difference of large ones. A_k = u_k v_k^T has rank 1: the Schur complement in
// (a, b) takes products of K x K matrices entry by entry, and d^2 x d^2 never occurs.
#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "polish_nuclear.h"
#include "reduced_problem.h"
#include "solvers.h"
#include "step_to_boundary.h"
#include "svd.h"

namespace attention_svm {

namespace {

/// u_k^T W v_k >= target_k for k < K, = target_k from there on, in the numbers of the method.
template <class Real>
struct Rows {
  SquareOf<Real> U, V;
  VectorOf<Real> target;
  Index K = 0;

  [[nodiscard]] SquareOf<Real> combination(const VectorOf<Real>& x) const {
    return U.transpose() * (x.asDiagonal() * V);
  }
  [[nodiscard]] VectorOf<Real> values(const SquareOf<Real>& M) const {
    return (U * M).cwiseProduct(V).rowwise().sum();
  }
};

template <class Real>
class NuclearIpm {
 public:
  using Square = SquareOf<Real>;
  using Column = VectorOf<Real>;

  explicit NuclearIpm(Rows<Real> rows)
      : p_(std::move(rows)),
        r1_(p_.U.cols()),
        r2_(p_.V.cols()),
        N_(r1_ + r2_),
        identity_(Square::Identity(N_, N_)) {}

  /// From a feasible reduced W (values at least s) and multipliers of it.
  void start(const Square& W, const Column& multipliers) {
    const Index K = p_.K;
    const Square wide = Real(1.5) * W;
    const ThinSvd svd = thinSvd(highPart(wide));
    const Matrix left = svd.U * svd.sigma.asDiagonal() * svd.U.transpose();
    const Matrix right = svd.V * svd.sigma.asDiagonal() * svd.V.transpose();
    const Real room(0.5 * svd.sigma(0));
    Y_ = Square::Zero(N_, N_);
    Y_.topLeftCorner(r1_, r1_) = left.template cast<Real>();
    Y_.bottomRightCorner(r2_, r2_) = right.template cast<Real>();
    Y_.diagonal().array() += room;
    Y_.topRightCorner(r1_, r2_) = wide;
    Y_.bottomLeftCorner(r2_, r1_) = wide.transpose();
    Y_ *= Real(0.5);
    // A right side next to nothing would start at the boundary; the first full step mends what is added here.
    s_ = p_.values(wide).head(K) - p_.target.head(K);
    for (Index k = 0; k < K; ++k)
      if (p_.target(k) < Real(1e-3)) s_(k) = std::max(s_(k), Real(0.1));
    x_ = multipliers;
    x_.head(K).array() += Real(0.1) * multipliers.head(K).maxCoeff();
    x_ *= Real(0.5 / singularValues(highPart(p_.combination(x_)))(0));
    Z_ = identity_ - offDiagonal(p_.combination(x_));
  }

  /// One predictor-corrector step; false when rounding allows no further one.
  bool step() {
    const Eigen::LLT<Square> lltZ(Z_), lltY(Y_);
    if (lltZ.info() != Eigen::Success || lltY.info() != Eigen::Success) return false;
    Zi_ = lltZ.solve(identity_);
    if (!factorSchur()) return false;
    const Real mu = complementarity(Y_, Z_, x_, s_);

    direction(Real(0.0), Square::Zero(N_, N_), Column::Zero(p_.K));
    Real primal = primalStep(lltY), dual = dualStep(lltZ);
    const Real affine =
        complementarity(Y_ + primal * dY_, Z_ + dual * dZ_, x_ + dual * dx_, s_ + primal * ds_);
    const double sigma = std::clamp(std::pow(rounded(Real(affine / mu)), 3.0), 1e-8, 1.0);

    const Square secondOrder = dY_ * dZ_ * Zi_;
    const Column secondOrderSlack = dx_.head(p_.K).cwiseProduct(ds_);
    direction(Real(sigma) * mu, Real(0.5) * (secondOrder + secondOrder.transpose()), secondOrderSlack);
    const Real inside(0.98);
    primal = std::min(Real(1.0), Real(inside * primalStep(lltY)));
    dual = std::min(Real(1.0), Real(inside * dualStep(lltZ)));
    if (!(primal > Real(1e-6)) && !(dual > Real(1e-6))) return false;
    Y_ += primal * dY_;
    s_ += primal * ds_;
    x_ += dual * dx_;
    Z_ += dual * dZ_;
    return highPart(Y_).allFinite() && highPart(Z_).allFinite() && highPart(x_).allFinite();
  }

  [[nodiscard]] const Rows<Real>& rows() const { return p_; }
  [[nodiscard]] const Column& multipliers() const { return x_; }
  [[nodiscard]] Square W() const { return Real(2.0) * Y_.topRightCorner(r1_, r2_); }

 private:
  [[nodiscard]] Square offDiagonal(const Square& S) const {
    Square result = Square::Zero(N_, N_);
    result.topRightCorner(r1_, r2_) = S;
    result.bottomLeftCorner(r2_, r1_) = S.transpose();
    return result;
  }

  [[nodiscard]] Real complementarity(const Square& Y, const Square& Z, const Column& x,
                                     const Column& s) const {
    return (Y.cwiseProduct(Z).sum() + x.head(p_.K).dot(s)) / Real(static_cast<double>(N_ + p_.K));
  }

  /// M_kl = <F_k, Y F_l Z^-1>, plus s/a on the diagonal of the inequalities.
  bool factorSchur() {
    const auto blocks = [&](const Square& A, Square& uu, Square& vv, Square& uv) {
      uu.noalias() = p_.U * (A.topLeftCorner(r1_, r1_) * p_.U.transpose());
      vv.noalias() = p_.V * (A.bottomRightCorner(r2_, r2_) * p_.V.transpose());
      uv.noalias() = p_.U * (A.topRightCorner(r1_, r2_) * p_.V.transpose());
    };
    Square Yuu, Yvv, Yuv, Zuu, Zvv, Zuv;
    blocks(Y_, Yuu, Yvv, Yuv);
    blocks(Zi_, Zuu, Zvv, Zuv);
    inverseValues_ = Real(2.0) * Zuv.diagonal();
    M_ = Yvv.cwiseProduct(Zuu) + Yuu.cwiseProduct(Zvv) + Yuv.cwiseProduct(Zuv.transpose()) +
         Yuv.transpose().cwiseProduct(Zuv);
    M_.diagonal().head(p_.K) += s_.cwiseQuotient(x_.head(p_.K));
    schur_.compute(M_);
    for (double ridge = 1e-16; schur_.info() != Eigen::Success && ridge < 1e-9; ridge *= 100.0)
      schur_.compute(M_ + Real(ridge) * M_.diagonal().maxCoeff() * Square::Identity(M_.rows(), M_.cols()));
    return schur_.info() == Eigen::Success;
  }

  /// Newton direction towards complementarity `target`, with second-order corrections.
  void direction(const Real& target, const Square& correction, const Column& correctionSlack) {
    const Index K = p_.K;
    const Column a = x_.head(K);
    const Square correction12 = correction.topRightCorner(r1_, r2_);
    Column right = -target * inverseValues_ + Real(2.0) * p_.values(correction12);
    right.head(K).array() += p_.target.head(K).array() + (target - correctionSlack.array()) / a.array();
    dx_ = schur_.solve(right);
    dx_ += schur_.solve(right - M_ * dx_);  // refined once: the system grows ill-conditioned
    dZ_ = -offDiagonal(p_.combination(dx_));
    const Square YdZZi = Y_ * dZ_ * Zi_;
    dY_ = target * Zi_ - Y_ - Real(0.5) * (YdZZi + YdZZi.transpose()) - correction;
    ds_ = ((target - correctionSlack.array() - s_.array() * dx_.head(K).array()) / a.array()).matrix() - s_;
  }

  [[nodiscard]] Real primalStep(const Eigen::LLT<Square>& lltY) const {
    return std::min(stepToBoundary<Real>(lltY, dY_), stepToBoundary<Real>(s_, ds_));
  }
  [[nodiscard]] Real dualStep(const Eigen::LLT<Square>& lltZ) const {
    return std::min(stepToBoundary<Real>(lltZ, dZ_), stepToBoundary<Real>(x_.head(p_.K), dx_.head(p_.K)));
  }

  Rows<Real> p_;
  Index r1_, r2_, N_;
  Square identity_, Y_, Z_, Zi_, dY_, dZ_;
  Column x_, s_, dx_, ds_;  ///< x = (a, b)
  Column inverseValues_;    ///< <F_k, Z^-1>
  Square M_;                ///< Schur complement
  Eigen::LLT<Square> schur_;
};

/// A reduced W and multipliers with the relative gap that they seem to prove.
struct Pair {
  Matrix W;
  Vector x;
  double gap = 1e300;
};

Pair pairAt(const ReducedProblem& problem, Matrix W, const Vector& x) {
  problem.enforceEqualities(W);
  Pair result;
  const Index K = problem.K;
  const double smallest = problem.values(W).head(K).cwiseQuotient(problem.target.head(K)).minCoeff();
  if (!(smallest > 0.0)) return result;
  result.W = W / smallest;
  result.x = x;
  const double primal = singularValues(result.W).sum();
  const double dual = x.head(K).dot(problem.target.head(K)) / singularValues(problem.combination(x))(0);
  result.gap = (primal - dual) / primal;
  return result;
}

#ifndef ATTENTION_SVM_LIGHT
/// The same method in twice the precision, for norms of 1e5 and more, where doubles do not reach the
/// tolerance.
SvmSolution precisely(const ScaledProblem& problem, const Candidate& start, const SvmOptions& options) {
  const ReducedProblem reduced(problem, 1e-15);
  const Index N = reduced.r1() + reduced.r2(), K = reduced.K;
  constexpr double kLongest = 4e6;  // about a second
  if (std::pow(static_cast<double>(reduced.rows()), 3) + 8.0 * std::pow(static_cast<double>(N), 3) > kLongest)
    return emptySolution(problem.original);
  using Square = SquareOf<Double2>;
  const Square left = reduced.left.cast<Double2>(), right = reduced.right.cast<Double2>();
  const SvmProblem& unit = problem.unit;
  const Square queries = unit.Z.cast<Double2>() * right;
  Rows<Double2> rows{Square(reduced.rows(), reduced.r1()), Square(reduced.rows(), reduced.r2()),
                     reduced.target.cast<Double2>(), K};
  const Square differences = joined<Double2>(unit.delta, unit.deltaLow) * left;
  rows.U.topRows(K) = differences;
  for (Index k = 0; k < K; ++k) rows.V.row(k) = queries.row(unit.query[static_cast<std::size_t>(k)]);
  if (unit.J() > 0) {
    const Square ties = joined<Double2>(unit.equalityDelta, unit.equalityDeltaLow) * left;
    for (std::size_t j = 0; j < reduced.equality.size(); ++j) {
      const Index row = K + static_cast<Index>(j), from = reduced.equality[j];
      rows.U.row(row) = ties.row(from);
      rows.V.row(row) = queries.row(unit.equalityQuery[static_cast<std::size_t>(from)]);
    }
  }
  const Square W = left.transpose() * joined<Double2>(start.W, start.WLow) * right;
  const Vector low = start.aLow.size() > 0 ? reduced.gathered(start.aLow, start.bLow) : Vector(0);
  NuclearIpm<Double2> ipm(std::move(rows));
  ipm.start(W, joined<Double2>(reduced.gathered(start.a, start.b), low));

  const auto candidateAt = [&](int iterations) {
    Candidate candidate;
    const Square lifted = left * ipm.W() * right.transpose();
    candidate.W = highPart(lifted);
    candidate.WLow = lowPart(lifted);
    const Square x = ipm.multipliers();
    const Vector high = highPart(x), rest = lowPart(x);
    candidate.a = high.head(K);
    candidate.aLow = rest.head(K);
    candidate.b = reduced.equalityDual(high, unit.J());
    candidate.bLow = reduced.equalityDual(rest, unit.J());
    candidate.iterations = iterations;
    return candidate;
  };
  SvmSolution best = emptySolution(problem.original);
  for (int iterations = 1; iterations <= 100 && ipm.step(); ++iterations) {
    if (iterations < 10) continue;
    SvmSolution now = certify(problem, candidateAt(iterations), Norm::nuclear(), options);
    if (now.feasible && (!best.feasible || now.gap < best.gap)) best = std::move(now);
    if (best.status == SvmStatus::Solved) break;
  }
  return best;
}
#endif

}  // namespace

SvmSolution solveNuclear(ScaledProblem& problem, const SvmOptions& options) {
  // Feasibility does not depend on the norm, and a point inside saves the search for one.
  SvmOptions frobeniusOptions = options;
  frobeniusOptions.maxIterations = 0;
  const FrobeniusAnswer frobenius = solveFrobenius(problem, frobeniusOptions);
  if (!frobenius.solution.feasible) return frobenius.solution;

  const ReducedProblem reduced(problem);
  if (reduced.r1() == 1 || reduced.r2() == 1) {  // W has rank 1: both norms are the same
    SvmSolution same = certify(problem, frobenius.candidate, Norm::nuclear(), options);
    if (same.trusted()) return same;
    return certify(problem, sharpened(problem, frobenius.candidate), Norm::nuclear(), options);
  }

  NuclearIpm<double> ipm({reduced.U, reduced.V, reduced.target, reduced.K});
  const Matrix W = reduced.reduce(frobenius.candidate.W);
  const Vector x = reduced.gathered(frobenius.candidate.a, frobenius.candidate.b);
  ipm.start(W, x);

  Pair best;
  int iterations = 0, idle = 0;
  const int limit = options.maxIterations > 0 ? options.maxIterations : 100;
  // On to a tenth of the tolerance where rounding allows: that makes the rank plain to see.
  while (iterations < limit && idle < 3 && best.gap > 0.1 * options.tolerance && ipm.step()) {
    ++iterations;
    Pair now = pairAt(reduced, ipm.W(), ipm.multipliers());
    ++idle;
    if (now.gap < 0.5 * best.gap) idle = 0;
    if (now.gap < best.gap) best = std::move(now);
    if (best.gap > 1e-3) idle = 0;
  }

  if (best.gap > 0.1 * options.tolerance && best.gap < 1e-3) {
    Matrix sharper = best.W;
    Vector polished = best.x;
    polishNuclear(reduced, sharper, polished);
    Pair now = pairAt(reduced, sharper, polished);
    if (now.gap < best.gap) best = std::move(now);
  }
  if (best.gap > 1e299) {  // no step was possible: the Frobenius solution is a feasible point at least
    best.W = W;
    best.x = x;
  }
  Candidate candidate;
  candidate.iterations = iterations;
  candidate.W = reduced.lift(best.W);
  candidate.a = best.x.head(reduced.K).cwiseMax(0.0);
  candidate.b = reduced.equalityDual(best.x, problem.unit.J());
  SvmSolution solution = certify(problem, candidate, Norm::nuclear(), options);
  if (solution.trusted() || options.maxIterations > 0) return solution;
#ifdef ATTENTION_SVM_LIGHT
  return solution;
#else
  SvmSolution second = precisely(problem, sharpened(problem, frobenius.candidate), options);
  return second.feasible && (!solution.feasible || second.gap < solution.gap) ? second : solution;
#endif
}

}  // namespace attention_svm
