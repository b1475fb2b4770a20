// SPDX-License-Identifier: MIT
#include <cmath>

#include "import.h"

namespace attention_svm::shell {

namespace {

Matrix meanTokens(const Dataset& dataset) {
  Matrix means = Matrix::Zero(dataset.n(), dataset.d());
  for (Index i = 0; i < dataset.n(); ++i)
    for (Index t = 0; t < dataset.length(i); ++t)
      means.row(i) += dataset.tokens(i).row(t) / static_cast<double>(dataset.length(i));
  return means;
}

/// Solves A x = b, A symmetric and positive definite, in place (Cholesky). Plain loops: Eigen's own would
/// weigh 7 kB in the page.
void solve(Matrix& A, Vector& b) {
  const Index d = b.size();
  for (Index j = 0; j < d; ++j)
    for (Index i = j; i < d; ++i) {
      for (Index k = 0; k < j; ++k) A(i, j) -= A(i, k) * A(j, k);
      A(i, j) = i == j ? std::sqrt(A(i, j)) : A(i, j) / A(j, j);
    }
  for (Index i = 0; i < d; ++i) {
    for (Index k = 0; k < i; ++k) b(i) -= A(i, k) * b(k);
    b(i) /= A(i, i);
  }
  for (Index i = d; i-- > 0;) {
    for (Index k = i + 1; k < d; ++k) b(i) -= A(k, i) * b(k);
    b(i) /= A(i, i);
  }
}

Vector fitted(const Matrix& means, const Vector& y) {
  const Index n = means.rows(), d = means.cols();
  const double ridge = 1e-2;  // separable labels would send v to infinity
  Vector v = Vector::Zero(d);
  for (int iteration = 0; iteration < 30; ++iteration) {
    Vector gradient = ridge * v;
    Matrix H = Matrix::Zero(d, d);
    for (Index j = 0; j < d; ++j) H(j, j) = ridge;
    for (Index i = 0; i < n; ++i) {
      double f = 0;
      for (Index j = 0; j < d; ++j) f += means(i, j) * v(j);
      const double wrong = 1.0 / (1.0 + std::exp(y(i) * f)), share = 1.0 / static_cast<double>(n);
      for (Index j = 0; j < d; ++j) {
        gradient(j) -= share * y(i) * wrong * means(i, j);
        for (Index k = 0; k <= j; ++k) H(j, k) += share * wrong * (1.0 - wrong) * means(i, j) * means(i, k);
      }
    }
    const double size = gradient.norm();
    solve(H, gradient);
    v -= gradient;
    if (size < 1e-12) break;
  }
  return v;
}

/// A side without sequences counts as zero: with labels of one kind this is their mean token.
Vector meanDifference(const Matrix& means, const Vector& y) {
  Vector v = Vector::Zero(means.cols());
  for (const double side : {1.0, -1.0}) {
    const double count = static_cast<double>((y.array() == side).count());
    for (Index i = 0; i < means.rows() && count > 0; ++i)
      if (y(i) == side) v += (side / count) * means.row(i).transpose();
  }
  return v;
}

}  // namespace

Vector headFrom(HeadChoice choice, const Dataset& dataset) {
  const Matrix means = meanTokens(dataset);
  const Vector v = choice == HeadChoice::Fitted ? fitted(means, dataset.y) : meanDifference(means, dataset.y);
  return v.norm() > 1e-12 ? Vector(v / v.norm()) : Vector(Vector::Unit(dataset.d(), 0));
}

}  // namespace attention_svm::shell
