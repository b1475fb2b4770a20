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

/// One step of Newton's method on d numbers: H s = g, H = ridge I + M^T D M / n.
Vector newtonStep(const Matrix& means, const Vector& D, const Vector& g, double ridge) {
  const Index n = means.rows(), d = means.cols();
  Matrix H = Matrix::Zero(d, d);
  for (Index j = 0; j < d; ++j) H(j, j) = ridge;
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < d; ++j) {
      const double factor = D(i) / static_cast<double>(n) * means(i, j);
      for (Index k = 0; k <= j; ++k) H(j, k) += factor * means(i, k);
    }
  Vector s = g;
  solve(H, s);
  return s;
}

/// The same where there are fewer sequences than dimensions, by n numbers (Woodbury's formula): with
/// S = D^(1/2) and G = M M^T,  H^-1 g = (g - M^T S (n ridge I + S G S)^-1 S M g) / ridge.
Vector newtonStep(const Matrix& means, const Matrix& G, const Vector& D, const Vector& g, double ridge) {
  const Index n = means.rows();
  const Vector S = D.array().sqrt();
  Matrix A(n, n);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j)
      A(i, j) = S(i) * G(i, j) * S(j) + (i == j ? static_cast<double>(n) * ridge : 0.0);
  Vector u = S.array() * (means * g).array();
  solve(A, u);
  return (g - means.transpose() * Vector(S.array() * u.array())) / ridge;
}

Vector fitted(const Matrix& means, const Vector& y) {
  const Index n = means.rows(), d = means.cols();
  const double ridge = 1e-2;  // separable labels would send v to infinity
  Matrix G;
  if (n < d) G = means * means.transpose();
  Vector v = Vector::Zero(d), D(n), pull(n);
  for (int iteration = 0; iteration < 30; ++iteration) {
    const Vector f = means * v;
    for (Index i = 0; i < n; ++i) {
      const double wrong = 1.0 / (1.0 + std::exp(y(i) * f(i)));
      D(i) = wrong * (1.0 - wrong);
      pull(i) = y(i) * wrong / static_cast<double>(n);
    }
    const Vector gradient = ridge * v - means.transpose() * pull;
    v -= n < d ? newtonStep(means, G, D, gradient, ridge) : newtonStep(means, D, gradient, ridge);
    if (gradient.norm() < 1e-12) break;
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
