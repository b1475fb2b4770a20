// Least nuclear norm by a primal-dual interior-point method (Mehrotra predictor-corrector, HKM direction:
// Helmberg, Rendl, Vanderbei, Wolkowicz 1996; Todd, Toh, Tutuncu 1998).
//   dual    max sum a   subject to  Z = [[I, -S], [-S^T, I]] >= 0,  S = sum a_k A_k + sum b_j E_j,  a >= 0
//   primal  min tr Y    subject to  <F_k, Y> = 1 + s_k,  s >= 0,  Y >= 0,  F_k = [[0, A_k], [A_k^T, 0]]
// with W = 2 Y_12 (E_j: value 0, no slack, b_j free). Z and Y are kept as matrices of their own, so that
// no small number is the difference of large ones. A_k = u_k v_k^T has rank 1: the Schur complement in
// (a, b) takes products of K x K matrices entry by entry, and d^2 x d^2 never occurs.
#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "polish_nuclear.h"
#include "reduced_problem.h"
#include "solvers.h"
#include "svd.h"

namespace attention_svm {

namespace {

using Square = Eigen::MatrixXd;

/// The largest step in [0, 1] that keeps A + step D positive definite, A = L L^T.
double stepToBoundary(const Eigen::LLT<Square>& llt, const Square& D) {
  Square scaled = llt.matrixL().solve(D);
  scaled = llt.matrixL().solve(scaled.transpose().eval());
  const Eigen::SelfAdjointEigenSolver<Square> eigen(scaled, Eigen::EigenvaluesOnly);
  const double lowest = eigen.eigenvalues()(0);
  return lowest < -1.0 ? -1.0 / lowest : 1.0;
}

double stepToBoundary(const Vector& x, const Vector& dx) {
  double step = 1.0;
  for (Index k = 0; k < x.size(); ++k)
    if (dx(k) < 0.0) step = std::min(step, -x(k) / dx(k));
  return step;
}

class NuclearIpm {
 public:
  explicit NuclearIpm(const ReducedProblem& problem)
      : p_(problem), N_(problem.r1() + problem.r2()), identity_(Square::Identity(N_, N_)) {}

  /// From a feasible reduced W (values at least 1) and multipliers of it.
  void start(const Matrix& W, const Vector& multipliers) {
    const Index K = p_.K, r1 = p_.r1(), r2 = p_.r2();
    const Matrix wide = 1.5 * W;
    const ThinSvd svd = thinSvd(wide);
    const Vector& sigma = svd.sigma;
    const double room = 0.5 * sigma(0);
    Y_.setZero(N_, N_);
    Y_.topLeftCorner(r1, r1) = svd.U * sigma.asDiagonal() * svd.U.transpose();
    Y_.bottomRightCorner(r2, r2) = svd.V * sigma.asDiagonal() * svd.V.transpose();
    Y_.diagonal().array() += room;
    Y_.topRightCorner(r1, r2) = wide;
    Y_.bottomLeftCorner(r2, r1) = wide.transpose();
    Y_ *= 0.5;
    s_ = p_.values(wide).head(K).array() - 1.0;
    x_ = multipliers;
    x_.head(K).array() += 0.1 * multipliers.head(K).maxCoeff();
    x_ *= 0.5 / singularValues(p_.combination(x_))(0);
    Z_ = identity_ - offDiagonal(p_.combination(x_));
  }

  /// One predictor-corrector step; false when rounding allows no further one.
  bool step() {
    const Eigen::LLT<Square> lltZ(Z_), lltY(Y_);
    if (lltZ.info() != Eigen::Success || lltY.info() != Eigen::Success) return false;
    Zi_ = lltZ.solve(identity_);
    if (!factorSchur()) return false;
    const double mu = complementarity(Y_, Z_, x_, s_);

    direction(0.0, Square::Zero(N_, N_), Vector::Zero(p_.K));
    double primal = primalStep(lltY), dual = dualStep(lltZ);
    const double affine =
        complementarity(Y_ + primal * dY_, Z_ + dual * dZ_, x_ + dual * dx_, s_ + primal * ds_);
    const double sigma = std::clamp(std::pow(affine / mu, 3.0), 1e-8, 1.0);

    const Square secondOrder = dY_ * dZ_ * Zi_;
    const Vector secondOrderSlack = dx_.head(p_.K).cwiseProduct(ds_);
    direction(sigma * mu, 0.5 * (secondOrder + secondOrder.transpose()), secondOrderSlack);
    constexpr double kInside = 0.98;
    primal = std::min(1.0, kInside * primalStep(lltY));
    dual = std::min(1.0, kInside * dualStep(lltZ));
    if (!(primal > 1e-6) && !(dual > 1e-6)) return false;
    Y_ += primal * dY_;
    s_ += primal * ds_;
    x_ += dual * dx_;
    Z_ += dual * dZ_;
    return Y_.allFinite() && Z_.allFinite() && x_.allFinite();
  }

  [[nodiscard]] const Vector& multipliers() const { return x_; }
  [[nodiscard]] Matrix W() const { return 2.0 * Y_.topRightCorner(p_.r1(), p_.r2()); }

 private:
  [[nodiscard]] Square offDiagonal(const Matrix& S) const {
    Square result = Square::Zero(N_, N_);
    result.topRightCorner(p_.r1(), p_.r2()) = S;
    result.bottomLeftCorner(p_.r2(), p_.r1()) = S.transpose();
    return result;
  }

  [[nodiscard]] double complementarity(const Square& Y, const Square& Z, const Vector& x,
                                       const Vector& s) const {
    return (Y.cwiseProduct(Z).sum() + x.head(p_.K).dot(s)) / static_cast<double>(N_ + p_.K);
  }

  /// M_kl = <F_k, Y F_l Z^-1>, plus s/a on the diagonal of the inequalities.
  bool factorSchur() {
    const Index r1 = p_.r1(), r2 = p_.r2();
    const auto blocks = [&](const Square& A, Square& uu, Square& vv, Square& uv) {
      uu.noalias() = p_.U * (A.topLeftCorner(r1, r1) * p_.U.transpose());
      vv.noalias() = p_.V * (A.bottomRightCorner(r2, r2) * p_.V.transpose());
      uv.noalias() = p_.U * (A.topRightCorner(r1, r2) * p_.V.transpose());
    };
    Square Yuu, Yvv, Yuv, Zuu, Zvv, Zuv;
    blocks(Y_, Yuu, Yvv, Yuv);
    blocks(Zi_, Zuu, Zvv, Zuv);
    inverseValues_ = 2.0 * Zuv.diagonal();
    M_ = Yvv.cwiseProduct(Zuu) + Yuu.cwiseProduct(Zvv) + Yuv.cwiseProduct(Zuv.transpose()) +
         Yuv.transpose().cwiseProduct(Zuv);
    M_.diagonal().head(p_.K) += s_.cwiseQuotient(x_.head(p_.K));
    schur_.compute(M_);
    for (double ridge = 1e-16; schur_.info() != Eigen::Success && ridge < 1e-9; ridge *= 100.0)
      schur_.compute(M_ + ridge * M_.diagonal().maxCoeff() * Square::Identity(M_.rows(), M_.cols()));
    return schur_.info() == Eigen::Success;
  }

  /// Newton direction towards complementarity `target`, with second-order corrections.
  void direction(double target, const Square& correction, const Vector& correctionSlack) {
    const Index K = p_.K;
    const Vector a = x_.head(K);
    const Matrix correction12 = correction.topRightCorner(p_.r1(), p_.r2());
    Vector right = -target * inverseValues_ + 2.0 * p_.values(correction12);
    right.head(K).array() += 1.0 + (target - correctionSlack.array()) / a.array();
    dx_ = schur_.solve(right);
    dx_ += schur_.solve(right - M_ * dx_);  // refined once: the system grows ill-conditioned
    dZ_ = -offDiagonal(p_.combination(dx_));
    const Square YdZZi = Y_ * dZ_ * Zi_;
    dY_ = target * Zi_ - Y_ - 0.5 * (YdZZi + YdZZi.transpose()) - correction;
    ds_ = ((target - correctionSlack.array() - s_.array() * dx_.head(K).array()) / a.array()).matrix() - s_;
  }

  [[nodiscard]] double primalStep(const Eigen::LLT<Square>& lltY) const {
    return std::min(stepToBoundary(lltY, dY_), stepToBoundary(s_, ds_));
  }
  [[nodiscard]] double dualStep(const Eigen::LLT<Square>& lltZ) const {
    return std::min(stepToBoundary(lltZ, dZ_), stepToBoundary(x_.head(p_.K), dx_.head(p_.K)));
  }

  const ReducedProblem& p_;
  Index N_;
  Square identity_, Y_, Z_, Zi_, dY_, dZ_;
  Vector x_, s_, dx_, ds_;  ///< x = (a, b)
  Vector inverseValues_;    ///< <F_k, Z^-1>
  Square M_;                ///< Schur complement
  Eigen::LLT<Square> schur_;
};

/// W and multipliers with the relative gap that they prove.
struct Candidate {
  Matrix W;
  Vector x;
  double gap = 1e300;
};

Candidate candidate(const ReducedProblem& problem, Matrix W, const Vector& x) {
  problem.enforceEqualities(W);
  Candidate result;
  const double smallest = problem.values(W).head(problem.K).minCoeff();
  if (!(smallest > 0.0)) return result;
  result.W = W / smallest;
  result.x = x;
  const double primal = singularValues(result.W).sum();
  const double dual = x.head(problem.K).sum() / singularValues(problem.combination(x))(0);
  result.gap = (primal - dual) / primal;
  return result;
}

}  // namespace

SvmSolution solveNuclear(const SvmProblem& problem, const SvmOptions& options) {
  // Feasibility does not depend on the norm, and a point inside saves the search for one.
  SvmOptions frobeniusOptions = options;
  frobeniusOptions.maxIterations = 0;
  SvmSolution frobenius = solveFrobenius(problem, frobeniusOptions);
  if (!frobenius.feasible) return frobenius;

  const ReducedProblem reduced(problem);
  NuclearIpm ipm(reduced);
  Vector x = Vector::Zero(reduced.rows());
  x.head(reduced.K) = frobenius.dual;
  for (std::size_t j = 0; j < reduced.equality.size(); ++j)
    x(reduced.K + static_cast<Index>(j)) = frobenius.equalityDual(reduced.equality[j]);
  ipm.start(reduced.left.transpose() * frobenius.W * reduced.right * reduced.scale, x);

  Candidate best;
  int iterations = 0, idle = 0;
  const int limit = options.maxIterations > 0 ? options.maxIterations : 100;
  // On to a tenth of the tolerance where rounding allows: that makes the rank plain to see.
  while (iterations < limit && idle < 3 && best.gap > 0.1 * options.tolerance && ipm.step()) {
    ++iterations;
    const Candidate now = candidate(reduced, ipm.W(), ipm.multipliers());
    ++idle;
    if (now.gap < 0.5 * best.gap) idle = 0;
    if (now.gap < best.gap) best = now;
    if (best.gap > 1e-3) idle = 0;
  }

  if (best.gap > 0.1 * options.tolerance && best.gap < 1e-3) {
    Matrix W = best.W;
    Vector polished = best.x;
    polishNuclear(reduced, W, polished);
    const Candidate now = candidate(reduced, W, polished);
    if (now.gap < best.gap) best = now;
  }

  SvmSolution solution;
  solution.iterations = iterations;
  if (best.gap > 1e299) {  // no step was possible: the Frobenius solution is a feasible point at least
    best.W = reduced.left.transpose() * frobenius.W * reduced.right * reduced.scale;
    best.x = x;
  }
  solution.W = reduced.lift(best.W);
  solution.dual = best.x.head(reduced.K).cwiseMax(0.0) / reduced.scale;
  solution.equalityDual = Vector::Zero(problem.J());
  for (std::size_t j = 0; j < reduced.equality.size(); ++j)
    solution.equalityDual(reduced.equality[j]) = best.x(reduced.K + static_cast<Index>(j)) / reduced.scale;
  certify(solution, problem, Norm::nuclear(), options);
  return solution;
}

}  // namespace attention_svm
