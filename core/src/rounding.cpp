// SPDX-License-Identifier: MIT
#include "attention_svm/rounding.h"

#include <limits>

namespace attention_svm {

namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr double kSmallest = std::numeric_limits<double>::denorm_min();

/// Near zero the last bit is worth the smallest number, however small the number itself is: `change` is what
/// that much more in every entry would add to each value.
Vector errors(const Vector& sizes, const Vector& change, Index roundings) {
  const double count = static_cast<double>(roundings);
  return (count * kEpsilon * sizes).array() + count * kSmallest * (1.0 + change.array());
}

}  // namespace

Order Bounded::order(Index a, Index b) const {
  const double difference = value(a) - value(b), bound = error(a) + error(b);
  if (difference > bound) return Order::Higher;
  return difference < -bound ? Order::Lower : Order::Equal;
}

Bounded boundedProduct(const Matrix& X, const Vector& v) {
  const Vector size = v.cwiseAbs();
  return {X * v, errors(X.cwiseAbs() * size, Vector::Constant(X.rows(), size.sum()), X.cols() + 2)};
}

Bounded boundedLogits(const Matrix& X, const Matrix& W, const Vector& z) {
  const Vector Wz = W * z, size = W.cwiseAbs() * z.cwiseAbs();
  const Vector change = (X.cwiseAbs() * W.cwiseAbs().rowwise().sum()).array() + size.sum();
  return {X * Wz, errors(X.cwiseAbs() * size, change, 2 * X.cols() + 3)};
}

}  // namespace attention_svm
