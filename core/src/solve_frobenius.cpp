// SPDX-License-Identifier: MIT
// Least Frobenius norm by least distance programming (Lawson, Hanson, Solving Least Squares Problems,
// 1974, chapter 23): the nonnegative least squares problem
//     min over x >= 0 of  | sum x_k (A_k, s_k) - (0, 1) |^2
// is bounded whether or not the SVM is feasible. With rho = 1 - sum s x and P = sum x_k A_k: rho > 0 gives
// the solution W = P / rho with multipliers a = x / rho, and P = 0, sum s x = 1 is the certificate that
// there is none. One finite active-set method thus answers both questions. (Constraints are of equal size
// here, and ask for <A_k, W> >= s_k.)
#include <Eigen/QR>
#include <algorithm>
#include <cmath>

#include "cholesky_factor.h"
#include "solvers.h"

namespace attention_svm {

namespace {

/// The constraints times `stretch`, projected onto the complement of the equalities.
class ConstraintSpace {
 public:
  explicit ConstraintSpace(const ScaledProblem& problem, double stretch = 1.0)
      : problem_(problem.unit), right_(problem.right), stretch_(stretch), scale_(1.0 / stretch) {
    zz_ = problem_.Z * problem_.Z.transpose();
    if (problem_.J() > 0) orthogonalizeEqualities();
  }

  [[nodiscard]] double scale() const { return scale_; }
  [[nodiscard]] double stretch() const { return stretch_; }
  /// s_k, the value that <A_k, W> must reach.
  [[nodiscard]] double right(Index k) const { return right_(k); }
  [[nodiscard]] Vector right(const std::vector<Index>& which) const {
    Vector result(static_cast<Index>(which.size()));
    for (std::size_t j = 0; j < which.size(); ++j) result(static_cast<Index>(j)) = right_(which[j]);
    return result;
  }

  /// <A_k, A_l>, without d x d matrices: <delta_k, delta_l> <z_k, z_l>.
  [[nodiscard]] double gram(Index k, Index l) const {
    double product = problem_.delta.row(k).dot(problem_.delta.row(l)) * zz_(q(k), q(l));
    if (components_.size() > 0) product -= components_.row(k).dot(components_.row(l));
    return product / (scale_ * scale_);
  }

  /// sum x_k A_k over the listed constraints.
  [[nodiscard]] Matrix combination(const std::vector<Index>& which, const Vector& x) const {
    Matrix sums = Matrix::Zero(problem_.Z.rows(), problem_.d);
    for (std::size_t j = 0; j < which.size(); ++j)
      sums.row(q(which[j])) += (x(static_cast<Index>(j)) / scale_) * problem_.delta.row(which[j]);
    Matrix P = sums.transpose() * problem_.Z;
    project(P);
    return P;
  }

  /// <A_k, P> for all k, P in the complement of the equalities.
  [[nodiscard]] Vector values(const Matrix& P) const { return problem_.constraintValues(P) / scale_; }

  /// b with sum a_k A_k + sum b_j E_j in the complement of the equalities (unscaled a).
  [[nodiscard]] Vector equalityDual(const Vector& a) const {
    if (problem_.J() == 0) return Vector(0);
    const Matrix S = problem_.combination(a, Vector::Zero(problem_.J()));
    return -qr_.solve(S.reshaped<Eigen::RowMajor>().matrix());
  }

 private:
  [[nodiscard]] Index q(Index k) const { return problem_.query[static_cast<std::size_t>(k)]; }

  void orthogonalizeEqualities() {
    const Index d = problem_.d, J = problem_.J();
    Eigen::MatrixXd E(d * d, J);
    for (Index j = 0; j < J; ++j) {
      const Matrix outer = problem_.equalityDelta.row(j).transpose() *
                           problem_.Z.row(problem_.equalityQuery[static_cast<std::size_t>(j)]);
      E.col(j) = outer.reshaped<Eigen::RowMajor>();
    }
    qr_.setThreshold(1e-11);
    qr_.compute(E);
    const Index rank = qr_.rank();
    basis_ = qr_.householderQ() * Eigen::MatrixXd::Identity(d * d, rank);
    components_.resize(problem_.K(), rank);
    for (Index k = 0; k < problem_.K(); ++k) {
      const Matrix A = problem_.delta.row(k).transpose() * problem_.Z.row(q(k));
      components_.row(k) = (basis_.transpose() * A.reshaped<Eigen::RowMajor>().matrix()).transpose();
    }
  }

  void project(Matrix& P) const {
    if (basis_.size() == 0) return;
    auto flat = P.reshaped<Eigen::RowMajor>();
    for (int pass = 0; pass < 2; ++pass)  // twice is enough (Kahan)
      flat -= (basis_ * (basis_.transpose() * flat.matrix())).array().matrix();
  }

  const SvmProblem& problem_;
  const Vector& right_;
  Matrix zz_;
  double stretch_ = 1.0, scale_ = 1.0;
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr_;
  Eigen::MatrixXd basis_;  ///< d^2 x rank, orthonormal, spans the E_j
  Matrix components_;      ///< K x rank, of A_k in that basis
};

/// Nonnegative least squares over the columns (A_k, s_k), block additions, single ones when those stall.
class LeastDistance {
 public:
  LeastDistance(const SvmProblem& problem, const ConstraintSpace& space)
      : problem_(problem), space_(space), passive_(static_cast<std::size_t>(problem.K()), false) {}

  void start(const Vector& dual) {
    for (Index k = 0; k < dual.size(); ++k)
      if (dual(k) > 0.0) add(k);
    x_ = Vector::Zero(size());
    settle();
  }

  /// True when no constraint outside the active set is violated any more.
  bool run(int maxIterations) {
    int block = 16;
    double best = -1.0;  // sum s x grows with every step: the objective is 1 - sum s x at each settled point
    while (iterations_ < maxIterations) {
      const std::vector<Index> violated = mostViolated(block);
      if (violated.empty()) return true;
      ++iterations_;
      const Index before = size();
      for (const Index k : violated) add(k);
      if (size() == before) return true;  // only rounding separates what is left from the active set
      x_.conservativeResize(size());
      x_.tail(size() - before).setZero();
      settle();
      const double reached = product();
      if (reached <= best) {
        if (block == 1) return true;
        block = 1;
      } else {
        block = std::min(2 * block, 64);
      }
      best = std::max(best, reached);
    }
    return false;
  }

  [[nodiscard]] const std::vector<Index>& active() const { return active_; }
  [[nodiscard]] const Vector& x() const { return x_; }
  [[nodiscard]] int iterations() const { return iterations_; }

  /// Newton refinement of x on the active set, residuals in factored form.
  void refine() {
    for (int pass = 0; pass < 3 && size() > 0; ++pass) {
      const Vector all = space_.values(space_.combination(active_, x_));
      Vector residual(size());
      for (Index j = 0; j < size(); ++j) residual(j) = space_.right(at(j)) * (1.0 - product()) - all(at(j));
      factor_.solve(residual);
      x_ += residual;
    }
    x_ = x_.cwiseMax(0.0);
  }

 private:
  [[nodiscard]] Index size() const { return static_cast<Index>(active_.size()); }
  [[nodiscard]] Index at(Index j) const { return active_[static_cast<std::size_t>(j)]; }
  /// sum s_k x_k
  [[nodiscard]] double product() const { return size() > 0 ? space_.right(active_).dot(x_) : 0.0; }

  void add(Index k) {
    const double right = space_.right(k);
    Vector column(size());
    for (Index j = 0; j < size(); ++j) column(j) = space_.gram(at(j), k) + space_.right(at(j)) * right;
    const double diagonal = space_.gram(k, k) + right * right;
    if (!factor_.append(column, diagonal, 1e-14 * space_.stretch())) return;
    active_.push_back(k);
    passive_[static_cast<std::size_t>(k)] = true;
  }

  void drop(Index position) {
    factor_.remove(position);
    passive_[static_cast<std::size_t>(active_[static_cast<std::size_t>(position)])] = false;
    active_.erase(active_.begin() + position);
    for (Index j = position; j + 1 < x_.size(); ++j) x_(j) = x_(j + 1);
    x_.conservativeResize(size());
  }

  /// Lawson and Hanson's inner loop: towards the least squares solution, dropping what reaches zero.
  void settle() {
    while (size() > 0) {
      Vector target = space_.right(active_);
      factor_.solve(target);
      if (target.minCoeff() > 0.0) {
        x_ = target;
        return;
      }
      double step = 1.0;
      for (Index j = 0; j < size(); ++j)
        if (target(j) <= 0.0) step = std::min(step, x_(j) / (x_(j) - target(j)));
      if (!(step >= 0.0)) step = 0.0;
      x_ += step * (target - x_);
      bool dropped = false;
      for (Index j = size() - 1; j >= 0; --j)
        if (target(j) <= 0.0 && x_(j) <= 1e-15) {
          drop(j);
          target(j) = 1.0;
          dropped = true;
        }
      if (!dropped) dropSmallest(target);
    }
    x_.resize(0);
  }

  void dropSmallest(const Vector& target) {
    Index smallest = -1;
    for (Index j = 0; j < size(); ++j)
      if (target(j) <= 0.0 && (smallest < 0 || x_(j) < x_(smallest))) smallest = j;
    drop(smallest);
  }

  /// At most `count` constraints outside the active set with <A_k, P> < rho s_k, most violated first.
  [[nodiscard]] std::vector<Index> mostViolated(int count) const {
    const double rho = 1.0 - product();
    Vector values = Vector::Zero(problem_.K());
    if (size() > 0) values = space_.values(space_.combination(active_, x_));
    for (Index k = 0; k < problem_.K(); ++k) values(k) -= rho * space_.right(k);
    const double threshold = 1e-14 * space_.stretch() + 1e-12 * std::abs(rho);
    std::vector<Index> violated;
    for (Index k = 0; k < problem_.K(); ++k)
      if (!passive_[static_cast<std::size_t>(k)] && -values(k) > threshold) violated.push_back(k);
    const auto worse = [&values](Index k, Index l) { return values(k) < values(l); };
    const std::size_t kept = std::min(violated.size(), static_cast<std::size_t>(count));
    std::partial_sort(violated.begin(), violated.begin() + static_cast<std::ptrdiff_t>(kept), violated.end(),
                      worse);
    violated.resize(kept);
    return violated;
  }

  const SvmProblem& problem_;
  const ConstraintSpace& space_;
  std::vector<bool> passive_;
  std::vector<Index> active_;
  Vector x_;
  CholeskyFactor factor_;
  int iterations_ = 0;
};

Vector spread(const std::vector<Index>& which, const Vector& x, Index K) {
  Vector result = Vector::Zero(K);
  for (std::size_t j = 0; j < which.size(); ++j) result(which[j]) = x(static_cast<Index>(j));
  return result;
}

/// The last digits, where the norm is large (nearly infeasible data) and rho has lost its own. On the active
/// set the SVM is <A_k, W> = s_k with W = sum a A. The multipliers grow like the square of the norm and
/// cancel in that sum, so that W is refined beside them: each correction is small and keeps all its digits.
class Polish {
 public:
  Polish(const SvmProblem& problem, const ConstraintSpace& space, std::vector<Index> active)
      : problem_(problem), space_(space), active_(std::move(active)) {}

  /// False when no set of active constraints was found that meets all conditions to rounding.
  bool run() {
    for (int round = 0; round < 30; ++round) {
      if (active_.empty() || !solve()) return false;
      const Index negative = mostNegative();
      if (negative >= 0) {
        active_.erase(active_.begin() + negative);
        continue;
      }
      const Index violated = mostViolated();
      if (violated < 0) return true;
      active_.push_back(violated);
    }
    return false;
  }

  [[nodiscard]] const std::vector<Index>& active() const { return active_; }
  [[nodiscard]] Vector multipliers() const { return a_.cwiseMax(0.0); }
  [[nodiscard]] const Matrix& W() const { return W_; }

 private:
  [[nodiscard]] Index at(Index j) const { return active_[static_cast<std::size_t>(j)]; }

  /// The factor of the Gram matrix; constraints that depend on the others are left out.
  CholeskyFactor factored() {
    CholeskyFactor factor;
    std::vector<Index> independent;
    for (const Index k : active_) {
      Vector column(static_cast<Index>(independent.size()));
      for (std::size_t j = 0; j < independent.size(); ++j)
        column(static_cast<Index>(j)) = space_.gram(independent[j], k);
      const double diagonal = space_.gram(k, k);
      if (factor.append(column, diagonal, 1e-15 * diagonal)) independent.push_back(k);
    }
    active_ = std::move(independent);
    return factor;
  }

  bool solve() {
    const CholeskyFactor factor = factored();
    const Index s = factor.size();
    if (s == 0) return false;
    a_ = Vector::Zero(s);
    W_ = Matrix::Zero(problem_.d, problem_.d);
    double last = 1e300;
    for (int pass = 0; pass < 12; ++pass) {
      const Vector all = space_.values(W_);
      Vector residual(s);
      for (Index j = 0; j < s; ++j) residual(j) = space_.right(at(j)) - all(at(j));
      const double error = residual.cwiseAbs().maxCoeff();
      if (pass > 0 && !(error < 0.5 * last)) break;
      last = error;
      Vector step = residual;
      factor.solve(step);
      if (!step.allFinite()) return false;
      a_ += step;
      W_ += space_.combination(active_, step);
    }
    return last < 1e-6;
  }

  [[nodiscard]] Index mostNegative() const {
    Index smallest = 0;
    return a_.minCoeff(&smallest) < -1e-9 * a_.maxCoeff() ? smallest : -1;
  }

  [[nodiscard]] Index mostViolated() const {
    Index smallest = 0;
    Vector missing = space_.values(W_);
    for (Index k = 0; k < missing.size(); ++k) missing(k) -= space_.right(k);
    const double value = missing.minCoeff(&smallest);
    const double rounding = 1e-14 * (1.0 + space_.stretch() * W_.norm());
    const bool isActive = std::find(active_.begin(), active_.end(), smallest) != active_.end();
    return value < -10.0 * rounding && !isActive ? smallest : -1;
  }

  const SvmProblem& problem_;
  const ConstraintSpace& space_;
  std::vector<Index> active_;
  Vector a_;
  Matrix W_;
};

Candidate candidateAt(const SvmProblem& problem, const ConstraintSpace& space, const Matrix& W,
                      const std::vector<Index>& active, const Vector& multipliers, int iterations) {
  const double scale = space.scale();
  Candidate result;
  result.W = W / scale;
  result.a = spread(active, multipliers, problem.K()) / (scale * scale);
  result.b = space.equalityDual(result.a);
  result.iterations = iterations;
  return result;
}

/// |P| in units of the largest |A_k| below which x may be a certificate.
constexpr double kNothing = 1e-11;

bool better(const SvmSolution& one, const SvmSolution& other) {
  return one.feasible && (!other.feasible || one.gap < other.gap);
}

/// One run of the method. `size` becomes an estimate of the norm of W, `active` what it ended with.
FrobeniusAnswer attempt(const ScaledProblem& scaled, const ConstraintSpace& space, const SvmOptions& options,
                        double& size, std::vector<Index>& active) {
  const SvmProblem& problem = scaled.unit;
  LeastDistance nnls(problem, space);
  if (options.dualStart && options.dualStart->size() == problem.K()) nnls.start(*options.dualStart);
  const int limit =
      options.maxIterations > 0 ? options.maxIterations : 20 * static_cast<int>(problem.K()) + 100;
  const bool finished = nnls.run(limit);
  nnls.refine();
  active = nnls.active();

  FrobeniusAnswer answer;
  answer.solution = emptySolution(scaled.original);
  answer.solution.iterations = nnls.iterations();
  const Matrix P = space.combination(nnls.active(), nnls.x());
  if (finished && P.norm() <= kNothing * space.stretch() * std::max(nnls.x().sum(), 0.5)) {
    const Vector x = spread(nnls.active(), nnls.x(), problem.K());
    if (std::optional<SvmSolution> proved = certifyInfeasible(scaled, x, space.equalityDual(x))) {
      answer.solution = std::move(*proved);
      answer.solution.iterations = nnls.iterations();
    }
    return answer;
  }
  size = 1.0 / P.norm();  // |P|^2 = rho (1 - rho) and W = P / rho
  Polish polish(problem, space, nnls.active());
  if (polish.run()) {
    answer.candidate =
        candidateAt(problem, space, polish.W(), polish.active(), polish.multipliers(), nnls.iterations());
    answer.solution = certify(scaled, answer.candidate, Norm::frobenius(), options);
  }
  if (answer.solution.status != SvmStatus::Solved) {
    double rho = 1.0;
    for (std::size_t j = 0; j < active.size(); ++j)
      rho -= scaled.right(active[j]) * nnls.x()(static_cast<Index>(j));
    rho = std::max(rho, P.squaredNorm());
    Candidate unpolished = candidateAt(problem, space, P / rho, active, nnls.x() / rho, nnls.iterations());
    SvmSolution solution = certify(scaled, unpolished, Norm::frobenius(), options);
    if (better(solution, answer.solution) || answer.candidate.W.size() == 0)
      answer = {std::move(solution), std::move(unpolished)};
  }
  return answer;
}

/// In twice the precision: for what doubles neither solve nor prove infeasible.
FrobeniusAnswer precisely(ScaledProblem& problem, const SvmOptions& options,
                          const std::vector<Index>& active) {
  FrobeniusAnswer answer;
  for (int round = 0; round < 3; ++round) {
    bool infeasible = false;
    answer.candidate = solveFrobeniusPrecisely(problem, active, infeasible);
    if (infeasible)
      if (std::optional<SvmSolution> proved =
              certifyInfeasible(problem, answer.candidate.a, answer.candidate.b))
        return {std::move(*proved), {}};
    answer.solution = certify(problem, answer.candidate, Norm::frobenius(), options);
    // Where the norm is large, so is the rounding of W: right sides must stay above that, too.
    const double lowest = 1e-15 * answer.candidate.W.norm();
    if (answer.solution.status == SvmStatus::Solved || !(lowest > problem.floor) || !(lowest < 1e-3) ||
        problem.exactRight.minCoeff() >= lowest)
      break;
    problem.raise(lowest);
  }
  return answer;
}

}  // namespace

FrobeniusAnswer solveFrobenius(ScaledProblem& problem, const SvmOptions& options) {
  double size = 1.0;
  std::vector<Index> active;
  FrobeniusAnswer answer = attempt(problem, ConstraintSpace(problem), options, size, active);
  if (answer.solution.trusted() || options.maxIterations > 0) return answer;
  int iterations = answer.solution.iterations;
  if (size > 1.0) {
    // Nearly infeasible: rho is of the size of |W|^-2, and its lost digits can mislead the choice of the
    // active set. With constraints longer by |W| it is of the size of 1.
    FrobeniusAnswer second =
        attempt(problem, ConstraintSpace(problem, std::min(size, 1e9)), options, size, active);
    iterations += second.solution.iterations;
    if (second.solution.trusted() || better(second.solution, answer.solution)) answer = std::move(second);
  }
  if (!answer.solution.trusted()) {
    FrobeniusAnswer third = precisely(problem, options, active);
    iterations += third.candidate.iterations;
    const bool bounded = !answer.solution.feasible && third.solution.lowerBound > answer.solution.lowerBound;
    if (third.solution.trusted() || better(third.solution, answer.solution) || bounded)
      answer = std::move(third);
  }
  answer.solution.iterations = iterations;
  return answer;
}

}  // namespace attention_svm
