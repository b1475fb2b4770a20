// SPDX-License-Identifier: MIT
// Least operator norm (THEORY section 6c) by a primal-dual interior-point method (Mehrotra's predictor and
// corrector, HKM direction, as in solve_nuclear.cpp, whose roles of primal and dual are exchanged here):
//   primal  min t       subject to  Z = [[t I, W], [W^T, t I]] >= 0,  <A_k, W> >= s_k,  <E_j, W> = 0
//   dual    max sum s a subject to  Y >= 0,  tr Y = 1,  2 Y_12 = -S,  S = sum a_k A_k + sum b_j E_j,  a >= 0
// where such a Y exists exactly for |S|_* <= 1. W is sought as sum v_i N_i over a basis of the matrices that
// meet the equalities. Z and Y are kept as matrices of their own, so that no small number is the difference
// of large ones.
#include <Eigen/QR>
#include <cmath>

#include "linear_program.h"
#include "reduced_problem.h"
#include "svd.h"

namespace attention_svm {

namespace {

/// The problem in r1 x r2 coordinates, W row by row as a column of D = r1 r2 numbers.
template <class Real>
struct OperatorProgram {
  using Square = SquareOf<Real>;
  using Column = VectorOf<Real>;

  Index r1 = 0, r2 = 0;
  Square A;      ///< K x D
  Column right;  ///< K
  Square E;      ///< J' x D
  Square N;      ///< D x (D - J'): its columns span the W with E W = 0; empty where there is no equality

  [[nodiscard]] Square freeRows(const Square& rows) const { return N.size() == 0 ? rows : Square(rows * N); }
  [[nodiscard]] Column lifted(const Column& v) const { return N.size() == 0 ? v : Column(N * v); }
  [[nodiscard]] Square shaped(const Column& w) const { return w.template reshaped<Eigen::RowMajor>(r1, r2); }
};

template <class Real>
void findFreeDirections(OperatorProgram<Real>& program) {
  using Square = SquareOf<Real>;
  const Index D = program.E.cols(), J = program.E.rows();
  if (J == 0) return;
  const Eigen::MatrixXd rows = highPart(program.E).transpose();
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(rows);
  const Eigen::MatrixXd Q = qr.householderQ() * Eigen::MatrixXd::Identity(D, D);
  program.N = Q.rightCols(D - J).template cast<Real>();
  // What rounding left of the equalities is taken off again, in the numbers of the method.
  const Eigen::LLT<Square> gram(program.E * program.E.transpose());
  for (int pass = 0; pass < 2; ++pass)
    program.N -= program.E.transpose() * gram.solve(Square(program.E * program.N));
}

template <class Real>
class OperatorIpm {
 public:
  using Square = SquareOf<Real>;
  using Column = VectorOf<Real>;

  explicit OperatorIpm(OperatorProgram<Real> program)
      : p_(std::move(program)),
        r1_(p_.r1),
        r2_(p_.r2),
        n_(r1_ + r2_),
        identity_(Square::Identity(n_, n_)),
        free_(p_.freeRows(p_.A)) {}

  /// From a W that meets the constraints and a, S of its multipliers.
  void start(const Column& W, const Column& a, const Square& S) {
    w_ = Real(2.0) * W;
    t_ = Real(1.5 * singularValues(highPart(p_.shaped(w_)))(0));
    Z_ = offDiagonal(p_.shaped(w_)) + t_ * identity_;
    s_ = p_.A * w_ - p_.right;
    // A right side next to nothing would start at the boundary; the first full step mends what is added here.
    for (Index k = 0; k < s_.size(); ++k)
      if (p_.right(k) < Real(1e-3)) s_(k) = std::max(s_(k), Real(0.1));
    const ThinSvd svd = thinSvd(highPart(S));
    const double share = 0.5 / svd.sigma.sum();
    a_ = Real(share) * a;
    const auto size = [&](const Matrix& vectors) -> Square {
      return (0.5 * share * vectors * svd.sigma.asDiagonal() * vectors.transpose()).template cast<Real>();
    };
    Y_ = offDiagonal(Real(-0.5 * share) * S) + Real(0.5 / static_cast<double>(n_)) * identity_;
    Y_.topLeftCorner(r1_, r1_) += size(svd.U);
    Y_.bottomRightCorner(r2_, r2_) += size(svd.V);
  }

  /// One predictor-corrector step; false when rounding allows no further one.
  bool step() {
    const Eigen::LLT<Square> lltZ(Z_), lltY(Y_);
    if (lltZ.info() != Eigen::Success || lltY.info() != Eigen::Success) return false;
    Zi_ = lltZ.solve(identity_);
    Aw_ = p_.A * w_;
    off_ = Aw_ - p_.right - s_;
    theta_ = a_.cwiseQuotient(s_);
    if (!factor()) return false;
    const Real mu = complementarity(Y_, Z_, a_, s_);
    direction(Real(0.0), Square::Zero(n_, n_), Column::Zero(a_.size()));
    Real primal = primalStep(lltZ), dual = dualStep(lltY);
    const Real affine =
        complementarity(Y_ + dual * dY_, Z_ + primal * dZ_, a_ + dual * da_, s_ + primal * ds_);
    const double sigma = std::clamp(std::pow(rounded(Real(affine / mu)), 3.0), 1e-8, 1.0);
    const Square secondOrder = dY_ * dZ_ * Zi_;
    const Column secondOrderSlack = da_.cwiseProduct(ds_);
    direction(Real(sigma) * mu, Real(0.5) * (secondOrder + secondOrder.transpose()), secondOrderSlack);
    const Real inside(0.98);
    primal = std::min(Real(1.0), Real(inside * primalStep(lltZ)));
    dual = std::min(Real(1.0), Real(inside * dualStep(lltY)));
    if (!(primal > Real(1e-6)) && !(dual > Real(1e-6))) return false;
    w_ += primal * dw_;
    t_ += primal * dt_;
    Z_ += primal * dZ_;
    s_ += primal * ds_;
    Y_ += dual * dY_;
    a_ += dual * da_;
    return highPart(w_).allFinite() && highPart(Y_).allFinite() && highPart(a_).allFinite();
  }

  [[nodiscard]] const OperatorProgram<Real>& program() const { return p_; }
  [[nodiscard]] const Column& w() const { return w_; }
  [[nodiscard]] const Column& a() const { return a_; }
  /// The multipliers of the rows of E that fit 2 Y_12 = -S best.
  [[nodiscard]] Column b() const {
    if (p_.E.rows() == 0) return Column(0);
    const Eigen::LLT<Square> gram(p_.E * p_.E.transpose());
    return -gram.solve(p_.E * (twiceOff(Y_) + p_.A.transpose() * a_));
  }

 private:
  [[nodiscard]] Square offDiagonal(const Square& S) const {
    Square result = Square::Zero(n_, n_);
    result.topRightCorner(r1_, r2_) = S;
    result.bottomLeftCorner(r2_, r1_) = S.transpose();
    return result;
  }
  /// <F_i, M> for F_i = [[0, e_p e_q^T], [e_q e_p^T, 0]], M symmetric.
  [[nodiscard]] Column twiceOff(const Square& M) const {
    const Square block = Real(2.0) * M.topRightCorner(r1_, r2_);
    return block.template reshaped<Eigen::RowMajor>();
  }
  [[nodiscard]] Real complementarity(const Square& Y, const Square& Z, const Column& a,
                                     const Column& s) const {
    return (Y.cwiseProduct(Z).sum() + a.dot(s)) / Real(static_cast<double>(n_ + a.size()));
  }

  /// <F_i, Y F_j Z^-1> for all entries of W.
  [[nodiscard]] Square curvature() const {
    const Index D = r1_ * r2_;
    const Square Y11 = Y_.topLeftCorner(r1_, r1_), Y12 = Y_.topRightCorner(r1_, r2_),
                 Y22 = Y_.bottomRightCorner(r2_, r2_), Z11 = Zi_.topLeftCorner(r1_, r1_),
                 Z12 = Zi_.topRightCorner(r1_, r2_), Z22 = Zi_.bottomRightCorner(r2_, r2_);
    Square M(D, D);
    for (Index p = 0; p < r1_; ++p)
      for (Index q = 0; q < r2_; ++q)
        for (Index P = 0; P <= p; ++P)
          for (Index Q = 0; Q < r2_; ++Q) {
            const Real value =
                Y12(P, q) * Z12(p, Q) + Y22(q, Q) * Z11(P, p) + Y11(p, P) * Z22(Q, q) + Y12(p, Q) * Z12(P, q);
            M(p * r2_ + q, P * r2_ + Q) = value;
            M(P * r2_ + Q, p * r2_ + q) = value;
          }
    return M;
  }

  /// Normal equations in v and a multiple tau of (W, t) itself, along which Z changes by tau Z: then no entry
  /// is a small difference of large ones.
  bool factor() {
    const Square C = curvature(), projected = p_.N.size() == 0 ? C : Square(p_.N.transpose() * C * p_.N);
    const Column weighted = theta_.cwiseProduct(Aw_), own = freeColumn(twiceOff(Y_));
    const Index n = free_.cols();
    M_.resize(n + 1, n + 1);
    M_.topLeftCorner(n, n) = projected + free_.transpose() * (theta_.asDiagonal() * free_);
    M_.topRightCorner(n, 1) = own + free_.transpose() * weighted;
    M_.bottomLeftCorner(1, n) = M_.topRightCorner(n, 1).transpose();
    M_(n, n) = Y_.cwiseProduct(Z_).sum() + Aw_.dot(weighted);
    return cholesky_.compute(M_);
  }
  [[nodiscard]] Column freeColumn(const Column& x) const {
    return p_.N.size() == 0 ? x : Column(p_.N.transpose() * x);
  }

  /// Newton direction towards complementarity `target`, with second-order corrections.
  void direction(const Real& target, const Square& correction, const Column& correctionSlack) {
    const Index n = free_.cols();
    const Square R = target * Zi_ - correction;
    const Column goal = (target - correctionSlack.array() - a_.array() * s_.array()).matrix();
    const Column then = a_ + goal.cwiseQuotient(s_) - theta_.cwiseProduct(off_);
    Column right(n + 1);
    right << freeColumn(twiceOff(R)) + free_.transpose() * then,
        R.cwiseProduct(Z_).sum() + Aw_.dot(then) - t_;
    Column x = cholesky_.solve(right);
    for (int round = 0; round < 2; ++round) x += cholesky_.solve(right - M_ * x);
    dw_ = p_.lifted(x.head(n)) + x(n) * w_;
    dt_ = x(n) * t_;
    dZ_ = offDiagonal(p_.shaped(dw_)) + dt_ * identity_;
    const Square YdZZi = Y_ * dZ_ * Zi_;
    dY_ = R - Y_ - Real(0.5) * (YdZZi + YdZZi.transpose());
    ds_ = p_.A * dw_ + off_;
    da_ = (goal - a_.cwiseProduct(ds_)).cwiseQuotient(s_);
  }

  [[nodiscard]] Real primalStep(const Eigen::LLT<Square>& lltZ) const {
    return std::min(stepToBoundary<Real>(lltZ, dZ_), stepToBoundary<Real>(s_, ds_));
  }
  [[nodiscard]] Real dualStep(const Eigen::LLT<Square>& lltY) const {
    return std::min(stepToBoundary<Real>(lltY, dY_), stepToBoundary<Real>(a_, da_));
  }

  OperatorProgram<Real> p_;
  Index r1_, r2_, n_;
  Square identity_, free_;  ///< free_: A N
  Square Y_, Z_, Zi_, dY_, dZ_, M_;
  Column w_, s_, a_, dw_, ds_, da_, Aw_, off_, theta_;
  Real t_, dt_;
  ScaledCholesky<Real> cholesky_;
};

/// vec(u_k v_k^T) for the rows of U and V.
template <class Real>
SquareOf<Real> outerRows(const SquareOf<Real>& U, const SquareOf<Real>& V) {
  SquareOf<Real> rows(U.rows(), U.cols() * V.cols());
  for (Index k = 0; k < U.rows(); ++k)
    for (Index p = 0; p < U.cols(); ++p)
      for (Index q = 0; q < V.cols(); ++q) rows(k, p * V.cols() + q) = U(k, p) * V(k, q);
  return rows;
}

/// A solver's state as a candidate, and how good it seems to be.
template <class Real>
class Attempt {
 public:
  using Square = SquareOf<Real>;
  using Column = VectorOf<Real>;

  Attempt(const ScaledProblem& problem, const Candidate& frobenius, double dependent)
      : J_(problem.unit.J()),
        reduced_(problem, dependent),
        left_(reduced_.left.cast<Real>()),
        right_(reduced_.right.cast<Real>()),
        ipm_(programOf(problem)) {
    const Square W = left_.transpose() * joined<Real>(frobenius.W, frobenius.WLow) * right_;
    Column x = reduced_.gathered(frobenius.a, frobenius.b).cast<Real>();
    x.head(K()).array() += Real(0.1) * x.head(K()).maxCoeff();
    const OperatorProgram<Real>& p = ipm_.program();
    Column S = p.A.transpose() * x.head(K());
    if (p.E.rows() > 0) S += p.E.transpose() * x.tail(p.E.rows());
    ipm_.start(W.template reshaped<Eigen::RowMajor>(), x.head(K()), p.shaped(S));
  }

  bool step() { return ipm_.step(); }

  [[nodiscard]] Proof proof() const {
    const OperatorProgram<Real>& p = ipm_.program();
    Proof result;
    const double smallest = rounded(Real((p.A * ipm_.w()).cwiseQuotient(p.right).minCoeff()));
    if (!(smallest > 0.0)) return result;
    const double primal = singularValues(highPart(p.shaped(ipm_.w())))(0) / smallest;
    const Column b = ipm_.b();
    Column S = p.A.transpose() * ipm_.a();
    if (b.size() > 0) S += p.E.transpose() * b;
    const double dual = rounded(Real(ipm_.a().dot(p.right))) / singularValues(highPart(p.shaped(S))).sum();
    result.gap = (primal - dual) / primal;
    Column x(K() + b.size());
    x << ipm_.a(), b;
    put(result.candidate, left_ * p.shaped(ipm_.w()) * right_.transpose(), x);
    return result;
  }

 private:
  [[nodiscard]] Index K() const { return reduced_.K; }

  [[nodiscard]] OperatorProgram<Real> programOf(const ScaledProblem& problem) const {
    const SvmProblem& unit = problem.unit;
    const Square queries = unit.Z.cast<Real>() * right_;
    const Square differences = joined<Real>(unit.delta, unit.deltaLow) * left_;
    Square V(K(), reduced_.r2());
    for (Index k = 0; k < K(); ++k) V.row(k) = queries.row(unit.query[static_cast<std::size_t>(k)]);
    OperatorProgram<Real> program{reduced_.r1(),
                                  reduced_.r2(),
                                  outerRows<Real>(differences, V),
                                  reduced_.target.head(K()).template cast<Real>(),
                                  {},
                                  {}};
    const auto count = static_cast<Index>(reduced_.equality.size());
    Square epsilon(count, reduced_.r1()), z(count, reduced_.r2());
    if (count > 0) {
      const Square ties = joined<Real>(unit.equalityDelta, unit.equalityDeltaLow) * left_;
      for (Index j = 0; j < count; ++j) {
        const Index from = reduced_.equality[static_cast<std::size_t>(j)];
        epsilon.row(j) = ties.row(from);
        z.row(j) = queries.row(unit.equalityQuery[static_cast<std::size_t>(from)]);
      }
    }
    program.E = outerRows<Real>(epsilon, z);
    findFreeDirections(program);
    return program;
  }

  void put(Candidate& candidate, const Square& W, const Column& x) const {
    candidate.W = highPart(W);
    const Vector high = highPart(x);
    candidate.a = high.head(K());
    candidate.b = reduced_.equalityDual(high, J_);
    if constexpr (!std::is_same_v<Real, double>) {
      candidate.WLow = lowPart(W);
      const Vector low = lowPart(x);
      candidate.aLow = low.head(K());
      candidate.bLow = reduced_.equalityDual(low, J_);
    }
  }

  Index J_;
  ReducedProblem reduced_;
  Square left_, right_;
  OperatorIpm<Real> ipm_;
};

constexpr Index kMostUnknowns = 2500;          // beyond, a step takes minutes
constexpr Index kMostUnknownsPrecisely = 130;  // a second or two

}  // namespace

SvmSolution solveSpectral(ScaledProblem& problem, const SvmOptions& options) {
  SvmOptions frobeniusOptions = options;
  frobeniusOptions.maxIterations = 0;
  const FrobeniusAnswer frobenius = solveFrobenius(problem, frobeniusOptions);
  if (!frobenius.solution.feasible) return frobenius.solution;
  const Norm norm = Norm::spectral();
  const ReducedProblem reduced(problem);
  if (reduced.r1() == 1 || reduced.r2() == 1) {  // W has rank 1: both norms are the same
    SvmSolution same = certify(problem, frobenius.candidate, norm, options);
    if (same.trusted()) return same;
    return certify(problem, sharpened(problem, frobenius.candidate), norm, options);
  }
  if (reduced.r1() * reduced.r2() > kMostUnknowns)  // a feasible point, whose gap says how far it may be off
    return certify(problem, frobenius.candidate, norm, options);

  const int limit = options.maxIterations > 0 ? options.maxIterations : 100;
  const double enough = 0.05 * options.tolerance;
  const auto certified = [&](auto&& method, const Candidate& start) {
    Proof proof = bestProof(method, limit, enough);
    if (!(proof.gap < 1e299)) proof.candidate = start;  // a feasible point at least
    return certify(problem, proof.candidate, norm, options);
  };
  SvmSolution solution = certified(Attempt<double>(problem, frobenius.candidate, 1e-10), frobenius.candidate);
  if (solution.trusted() || options.maxIterations > 0 || reduced.r1() * reduced.r2() > kMostUnknownsPrecisely)
    return solution;
  const Candidate start = sharpened(problem, frobenius.candidate);
  SvmSolution second = certified(Attempt<Double2>(problem, start, 1e-15), start);
  return second.feasible && (!solution.feasible || second.gap < solution.gap) ? second : solution;
}

}  // namespace attention_svm
