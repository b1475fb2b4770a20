// SPDX-License-Identifier: MIT
// Solvers on small problems, most of them degenerate. Every answer is proved again, without the solver: a
// solution by its constraints and its dual bound, a certificate by its sum.
#include <cmath>

#include "attention_svm/random.h"
#include "attention_svm/svm_solver.h"
#include "fuzz.h"

namespace attention_svm::test {

namespace {

/// Numbers from bytes; zeros when they end.
class Bytes {
 public:
  explicit Bytes(const std::string& bytes) : bytes_(bytes) {}
  int below(int n) { return at_ < bytes_.size() ? static_cast<unsigned char>(bytes_[at_++]) % n : 0; }
  double number() {
    constexpr double kSpecial[] = {0, 1, -1, 0.5, -0.5, 2, -2, 1e-8, -1e-8, 1e8, 1.0000000000000002, 3};
    const int choice = below(24);
    if (choice < 12) return kSpecial[choice];
    return (below(256) - 128) / 64.0 + below(256) / 4096.0;
  }
  Matrix matrix(Index rows, Index cols) {
    Matrix A(rows, cols);
    for (double& x : A.reshaped()) x = number();
    return A;
  }

 private:
  const std::string& bytes_;
  std::size_t at_ = 0;
};

double dualNorm(const Matrix& A, const Norm& norm) {
  switch (norm.kind) {
    case Norm::Kind::Frobenius: return A.norm();
    case Norm::Kind::Nuclear: return singularValues(A)(0);
    case Norm::Kind::Linf: return A.cwiseAbs().sum();
    case Norm::Kind::Lp: {
      const double q = norm.p / (norm.p - 1.0), largest = A.cwiseAbs().maxCoeff();
      return largest > 0 ? largest * std::pow((A.cwiseAbs() / largest).array().pow(q).sum(), 1.0 / q) : 0.0;
    }
    default: break;
  }
  return dualNormValue(norm, A);
}

void proveSolution(const SvmProblem& problem, const Norm& norm, const SvmSolution& s) {
  must(s.W.array().isFinite().all(), "W is not finite");
  const Vector values = problem.constraintValues(s.W);
  for (Index k = 0; k < problem.K(); ++k) {
    // What the rounding of the data explains
    const double size = problem.delta.row(k).norm() * s.W.norm() *
                        problem.Z.row(problem.query[static_cast<std::size_t>(k)]).norm();
    must(values(k) >= 1 - 1e-7 - 1e-12 * size, "a constraint is not met: " + std::to_string(values(k)));
  }
  if (s.status != SvmStatus::Solved) return;
  must(s.gap <= 1e-9 * 1.01 && s.gap >= -1e-9, "a gap above the tolerance");
  if (problem.K() == 0) return;
  must(s.dual.minCoeff() >= 0, "a negative multiplier");
  // Weak duality: for every a >= 0 the least norm is at least sum a / |sum a_k A_k|_dual.
  const double bound = s.dual.sum() / dualNorm(problem.combination(s.dual), norm);
  must(std::abs(bound - s.norm) <= 1e-6 * s.norm,
       "the multipliers prove " + std::to_string(bound) + ", the norm is " + std::to_string(s.norm));
}

void proveInfeasible(const SvmProblem& problem, const SvmSolution& s) {
  must(s.certificate.size() == problem.K() && s.certificate.minCoeff() >= 0, "a negative certificate");
  must(std::abs(s.certificate.sum() - 1) < 1e-9, "a certificate whose sum is not 1");
  double sizes = 0;
  for (Index k = 0; k < problem.K(); ++k) {
    const double token = problem.tokenSize.size() > 0 ? problem.tokenSize(k) : problem.delta.row(k).norm();
    sizes += s.certificate(k) * token * problem.Z.row(problem.query[static_cast<std::size_t>(k)]).norm();
  }
  must(problem.combination(s.certificate).norm() <= 1e-10 * sizes,
       "a certificate that does not add up to zero");
}

}  // namespace

void fuzz(const std::string& bytes) {
  Bytes take(bytes);
  const Norm norms[] = {Norm::frobenius(), Norm::nuclear(), Norm::lp(1.5),   Norm::lp(3.0),
                        Norm::linf(),      Norm::l1(),      Norm::spectral()};
  const Norm norm = norms[take.below(7)];
  const Index n = 1 + take.below(3), T = 1 + take.below(4), d = 1 + take.below(4);
  Dataset dataset;
  Selection tokens;
  for (Index i = 0; i < n; ++i) {
    dataset.X.push_back(take.matrix(T, d));
    tokens.push_back(take.below(static_cast<int>(T)));
  }
  if (take.below(2) == 0) dataset.Z = take.matrix(n, d);
  dataset.y = Vector::Ones(n);
  dataset.head = LinearHead{Vector::Ones(d)};
  const SvmProblem problem = svmProblem(dataset, tokens).value();
  const SvmSolution solution = solveSvm(problem, norm);
  if (solution.feasible) proveSolution(problem, norm, solution);
  if (solution.status == SvmStatus::Infeasible) proveInfeasible(problem, solution);
  if (solution.status == SvmStatus::BoundedBelow)
    must(!solution.feasible && solution.lowerBound >= 0, "no bound");
}

}  // namespace attention_svm::test
