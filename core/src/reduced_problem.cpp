#include "reduced_problem.h"

#include <Eigen/QR>
#include <algorithm>

#include "cholesky_factor.h"

namespace attention_svm {

namespace {

constexpr double kDependent = 1e-10;  // relative size below which a direction counts as rounding

/// Orthonormal basis (columns) of the span of the rows of A.
Matrix rowSpaceBasis(const Matrix& A) {
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr;
  qr.setThreshold(kDependent);
  qr.compute(A.transpose());
  const Index rank = std::max<Index>(qr.rank(), 1);
  return qr.householderQ() * Eigen::MatrixXd::Identity(A.cols(), rank);
}

/// Indices of linearly independent products eps_j z_j^T that span them all.
std::vector<Index> independentEqualities(const Matrix& U, const Matrix& V) {
  Eigen::MatrixXd products(U.cols() * V.cols(), U.rows());
  for (Index j = 0; j < U.rows(); ++j) {
    const Matrix outer = U.row(j).transpose() * V.row(j);
    products.col(j) = outer.reshaped<Eigen::RowMajor>();
  }
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr;
  qr.setThreshold(kDependent);
  qr.compute(products);
  std::vector<Index> chosen;
  for (Index j = 0; j < qr.rank(); ++j) chosen.push_back(qr.colsPermutation().indices()(j));
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

Matrix gathered(const Matrix& rows, const std::vector<Index>& which) {
  Matrix result(static_cast<Index>(which.size()), rows.cols());
  for (std::size_t k = 0; k < which.size(); ++k) result.row(static_cast<Index>(k)) = rows.row(which[k]);
  return result;
}

}  // namespace

ReducedProblem::ReducedProblem(const SvmProblem& problem) : K(problem.K()) {
  Matrix differences(K + problem.J(), problem.d);
  differences << problem.delta, problem.equalityDelta;
  left = rowSpaceBasis(differences);
  right = rowSpaceBasis(problem.Z);
  const Matrix reducedZ = problem.Z * right;
  U = problem.delta * left;
  V = gathered(reducedZ, problem.query);
  scale = 0.0;
  for (Index k = 0; k < K; ++k) scale = std::max(scale, U.row(k).norm() * V.row(k).norm());
  if (!(scale > 0.0)) scale = 1.0;
  if (problem.J() > 0) {
    const Matrix eps = problem.equalityDelta * left;
    const Matrix z = gathered(reducedZ, problem.equalityQuery);
    equality = independentEqualities(eps, z);
    const Index count = static_cast<Index>(equality.size());
    U.conservativeResize(K + count, Eigen::NoChange);
    V.conservativeResize(K + count, Eigen::NoChange);
    U.bottomRows(count) = gathered(eps, equality);
    V.bottomRows(count) = gathered(z, equality);
  }
  U /= scale;
}

Matrix ReducedProblem::combination(const Vector& x) const { return U.transpose() * (x.asDiagonal() * V); }

Vector ReducedProblem::values(const Matrix& M) const { return (U * M).cwiseProduct(V).rowwise().sum(); }

Matrix ReducedProblem::lift(const Matrix& M) const { return left * M * right.transpose() / scale; }

void ReducedProblem::enforceEqualities(Matrix& M) const {
  const Index count = rows() - K;
  if (count == 0) return;
  const Matrix E = U.bottomRows(count), Z = V.bottomRows(count);
  CholeskyFactor factor;
  for (Index k = 0; k < count; ++k) {
    Vector column(k);
    for (Index j = 0; j < k; ++j) column(j) = E.row(j).dot(E.row(k)) * Z.row(j).dot(Z.row(k));
    const double diagonal = E.row(k).squaredNorm() * Z.row(k).squaredNorm();
    if (!factor.append(column, diagonal, 0.0)) return;  // they were chosen to be independent
  }
  for (int pass = 0; pass < 3; ++pass) {
    Vector x = (E * M).cwiseProduct(Z).rowwise().sum();
    factor.solve(x);
    M -= E.transpose() * (x.asDiagonal() * Z);
  }
}

}  // namespace attention_svm
