// SPDX-License-Identifier: MIT
#include "reduced_problem.h"

#include <Eigen/QR>
#include <algorithm>

#include "cholesky_factor.h"

namespace attention_svm {

namespace {

/// Orthonormal basis (columns) of the span of the rows of A.
Matrix rowSpaceBasis(const Matrix& A, double dependent) {
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr;
  qr.setThreshold(dependent);
  qr.compute(A.transpose());
  const Index rank = std::max<Index>(qr.rank(), 1);
  return qr.householderQ() * Eigen::MatrixXd::Identity(A.cols(), rank);
}

/// vec(u_j v_j^T), a row each
Matrix flatProducts(const Matrix& U, const Matrix& V) {
  Matrix rows(U.rows(), U.cols() * V.cols());
  for (Index j = 0; j < U.rows(); ++j) {
    const Matrix outer = U.row(j).transpose() * V.row(j);
    rows.row(j) = outer.reshaped<Eigen::RowMajor>().transpose();
  }
  return rows;
}

Matrix gatheredRows(const Matrix& rows, const std::vector<Index>& which) {
  Matrix result(static_cast<Index>(which.size()), rows.cols());
  for (std::size_t k = 0; k < which.size(); ++k) result.row(static_cast<Index>(k)) = rows.row(which[k]);
  return result;
}

}  // namespace

std::vector<Index> independentRows(const Matrix& rows, double dependent) {
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr;
  qr.setThreshold(dependent);
  qr.compute(rows.transpose());
  std::vector<Index> chosen;
  for (Index j = 0; j < qr.rank(); ++j) chosen.push_back(qr.colsPermutation().indices()(j));
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

ReducedProblem::ReducedProblem(const ScaledProblem& scaled, double dependent) : K(scaled.unit.K()) {
  const SvmProblem& problem = scaled.unit;
  Matrix differences(K + problem.J(), problem.d);
  differences << problem.delta, problem.equalityDelta;
  left = rowSpaceBasis(differences, dependent);
  right = rowSpaceBasis(problem.Z, dependent);
  const Matrix reducedZ = problem.Z * right;
  U = problem.delta * left;
  V = gatheredRows(reducedZ, problem.query);
  if (problem.J() > 0) {
    const Matrix eps = problem.equalityDelta * left;
    const Matrix z = gatheredRows(reducedZ, problem.equalityQuery);
    equality = independentRows(flatProducts(eps, z), dependent);
    const Index count = static_cast<Index>(equality.size());
    U.conservativeResize(K + count, Eigen::NoChange);
    V.conservativeResize(K + count, Eigen::NoChange);
    U.bottomRows(count) = gatheredRows(eps, equality);
    V.bottomRows(count) = gatheredRows(z, equality);
  }
  target = Vector::Zero(rows());
  target.head(K) = scaled.right;
}

Matrix ReducedProblem::combination(const Vector& x) const { return U.transpose() * (x.asDiagonal() * V); }

Vector ReducedProblem::values(const Matrix& M) const { return (U * M).cwiseProduct(V).rowwise().sum(); }

Matrix ReducedProblem::lift(const Matrix& M) const { return left * M * right.transpose(); }

Vector ReducedProblem::gathered(const Vector& a, const Vector& b) const {
  Vector x = Vector::Zero(rows());
  x.head(K) = a;
  for (std::size_t j = 0; j < equality.size(); ++j) x(K + static_cast<Index>(j)) = b(equality[j]);
  return x;
}

Vector ReducedProblem::equalityDual(const Vector& x, Index J) const {
  Vector b = Vector::Zero(J);
  for (std::size_t j = 0; j < equality.size(); ++j) b(equality[j]) = x(K + static_cast<Index>(j));
  return b;
}

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
