#include "attention_svm/rounding.h"

#include <limits>

namespace attention_svm {

namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr double kSmallest = std::numeric_limits<double>::denorm_min();

/// Below the normal numbers a product is off by up to the smallest number, however small it is.
Vector errors(const Vector& sizes, Index roundings) {
  const double count = static_cast<double>(roundings);
  return (count * kEpsilon * sizes).array() + count * kSmallest;
}

}  // namespace

Order Bounded::order(Index a, Index b) const {
  const double difference = value(a) - value(b), bound = error(a) + error(b);
  if (difference > bound) return Order::Higher;
  return difference < -bound ? Order::Lower : Order::Equal;
}

Bounded boundedProduct(const Matrix& X, const Vector& v) {
  return {X * v, errors(X.cwiseAbs() * v.cwiseAbs(), X.cols() + 2)};
}

Bounded boundedLogits(const Matrix& X, const Matrix& W, const Vector& z) {
  const Vector Wz = W * z, size = W.cwiseAbs() * z.cwiseAbs();
  return {X * Wz, errors(X.cwiseAbs() * size, 2 * X.cols() + 3)};
}

}  // namespace attention_svm
