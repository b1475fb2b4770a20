// SPDX-License-Identifier: MIT
#include "projection.h"

#include <Eigen/Eigenvalues>
#include <algorithm>

#include "attention_svm/random.h"

namespace attention_svm::shell {

namespace {

constexpr Index kExact = 64;  // dimensions
constexpr Index kLanczosSteps = 32;

/// The tokens about their mean, as an operator: C v without the d x d matrix C.
class Covariance {
 public:
  explicit Covariance(const Dataset& dataset) : dataset_(dataset), mean_(Vector::Zero(dataset.d())) {
    Index count = 0;
    for (const Matrix& X : dataset.X) {
      mean_ += X.colwise().sum().transpose();
      count += X.rows();
    }
    mean_ /= static_cast<double>(count);
    for (const Matrix& X : dataset.X)
      for (Index t = 0; t < X.rows(); ++t) total_ += (X.row(t) - mean_.transpose()).squaredNorm();
  }

  [[nodiscard]] const Vector& mean() const { return mean_; }
  [[nodiscard]] double total() const { return total_; }  ///< trace of C

  [[nodiscard]] Vector times(const Vector& v) const {
    Vector result = Vector::Zero(v.size());
    const double middle = mean_.dot(v);
    for (const Matrix& X : dataset_.X) {
      const Vector along = (X * v).array() - middle;
      result += X.transpose() * along;
      result -= along.sum() * mean_;
    }
    return result;
  }

  [[nodiscard]] Matrix matrix() const {
    const Index d = mean_.size();
    Matrix C = Matrix::Zero(d, d);
    for (const Matrix& X : dataset_.X) {
      const Matrix centred = X.rowwise() - mean_.transpose();
      C += centred.transpose() * centred;
    }
    return C;
  }

 private:
  const Dataset& dataset_;
  Vector mean_;
  double total_ = 0.0;
};

struct Krylov {
  Matrix basis;   ///< orthonormal columns that span v, C v, C^2 v, ...
  Matrix images;  ///< C basis
};

Krylov krylovSpace(const Covariance& covariance) {
  const Index d = covariance.mean().size();
  Matrix basis(d, kLanczosSteps), images(d, kLanczosSteps);
  Vector v = Random(1).unitVector(d);
  Index count = 0;
  for (; count < kLanczosSteps; ++count) {
    // Twice: once leaves what rounding spoils.
    for (int again = 0; again < 2; ++again)
      v -= basis.leftCols(count) * (basis.leftCols(count).transpose() * v);
    const double length = v.norm();
    if (!(length > 1e-12 * covariance.total()) && count >= 2) break;
    basis.col(count) = v / length;
    v = covariance.times(basis.col(count));
    images.col(count) = v;
  }
  return {basis.leftCols(count), images.leftCols(count)};
}

/// The two eigenvectors of the symmetric matrix with the largest eigenvalues, the largest first.
Matrix leadingPair(const Matrix& C, double& explained, double total) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(C);
  const Index n = C.rows();
  Matrix pair(n, 2);
  for (Index c = 0; c < 2; ++c) pair.col(c) = eigen.eigenvectors().col(n - 1 - c);
  explained = total > 0 ? eigen.eigenvalues().tail(2).sum() / total : 1.0;
  return pair;
}

}  // namespace

Projection projectionOf(const Dataset& dataset) {
  const Index d = dataset.d();
  Projection projection;
  projection.origin = Vector::Zero(d);
  projection.basis = Matrix::Identity(d, 2);
  if (d <= 2) return projection;
  const Covariance covariance(dataset);
  projection.origin = covariance.mean();
  const double total = covariance.total();
  if (d <= kExact) {
    projection.basis = leadingPair(covariance.matrix(), projection.explained, total);
  } else if (total > 0) {
    const Krylov space = krylovSpace(covariance);
    projection.basis =
        space.basis * leadingPair(space.basis.transpose() * space.images, projection.explained, total);
  }
  for (Index c = 0; c < 2; ++c) {
    Index largest = 0;
    projection.basis.col(c).cwiseAbs().maxCoeff(&largest);
    if (projection.basis(largest, c) < 0)
      projection.basis.col(c) *= -1;  // a sign of its own choosing would flip it
  }
  return projection;
}

}  // namespace attention_svm::shell
