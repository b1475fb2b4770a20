#include <Eigen/Cholesky>
#include <cmath>

#include "import.h"

namespace attention_svm::shell {

namespace {

Matrix meanTokens(const Dataset& dataset) {
  Matrix means(dataset.n(), dataset.d());
  for (Index i = 0; i < dataset.n(); ++i) means.row(i) = dataset.tokens(i).colwise().mean();
  return means;
}

Vector fitted(const Matrix& means, const Vector& y) {
  const Index n = means.rows(), d = means.cols();
  const double ridge = 1e-2;  // separable labels would send v to infinity
  Vector v = Vector::Zero(d);
  for (int iteration = 0; iteration < 30; ++iteration) {
    const Vector u = y.cwiseProduct(means * v);
    const Vector wrong = u.unaryExpr([](double x) { return 1.0 / (1.0 + std::exp(x)); });
    const Vector gradient = ridge * v - means.transpose() * y.cwiseProduct(wrong) / static_cast<double>(n);
    const Vector weight = wrong.cwiseProduct(Vector::Ones(n) - wrong) / static_cast<double>(n);
    Eigen::MatrixXd H = means.transpose() * weight.asDiagonal() * means;
    H.diagonal().array() += ridge;
    v -= Eigen::LLT<Eigen::MatrixXd>(H).solve(gradient);
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
