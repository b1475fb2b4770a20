// SPDX-License-Identifier: MIT
#include "attention_svm/linalg.h"

#include <Eigen/SVD>

#include "svd.h"

namespace attention_svm {

double inner(const Matrix& A, const Matrix& B) { return A.cwiseProduct(B).sum(); }

double correlation(const Matrix& A, const Matrix& B) {
  const double a = A.stableNorm(), b = B.stableNorm();
  if (!(a > 0.0) || !(b > 0.0)) return 0.0;
  return inner(A / a, B / b);
}

double oneMinusCorrelation(const Matrix& A, const Matrix& B) {
  const double a = A.stableNorm(), b = B.stableNorm();
  if (!(a > 0.0) || !(b > 0.0)) return 1.0;
  return 0.5 * (A / a - B / b).squaredNorm();
}

Vector singularValues(const Matrix& A) {
  if (A.size() == 0) return Vector(0);
  return Eigen::JacobiSVD<Eigen::MatrixXd>(A).singularValues();
}

ThinSvd thinSvd(const Matrix& A) {
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(A, Eigen::ComputeThinU | Eigen::ComputeThinV);
  return {svd.matrixU(), svd.singularValues(), svd.matrixV()};
}

}  // namespace attention_svm
