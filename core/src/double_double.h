// SPDX-License-Identifier: MIT
// Numbers of twice the precision, as the unevaluated sum of two doubles (Dekker 1971; Hida, Li, Bailey 2001).
// For the few sums in which doubles cancel: certificates, and constraints that nearly contradict each other.
// Only +, -, *, / and sqrt of the IEEE standard: the same bits everywhere. Valid while no product of two
// parts overflows or underflows, which scaled problems see to.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <vector>

namespace attention_svm {

struct Double2 {
  double hi = 0.0, lo = 0.0;

  Double2() = default;
  Double2(double value) : hi(value) {}  // implicit: a double is one of these
  Double2(double high, double low) : hi(high), lo(low) {}
  explicit operator double() const { return hi + lo; }
};

/// a + b exactly, |a| >= |b|
inline Double2 fastTwoSum(double a, double b) {
  const double s = a + b;
  return {s, b - (s - a)};
}

/// a + b exactly
inline Double2 twoSum(double a, double b) {
  const double s = a + b, t = s - a;
  return {s, (a - (s - t)) + (b - t)};
}

/// a b exactly, by halves of 26 bits (Veltkamp)
inline Double2 twoProduct(double a, double b) {
  constexpr double kSplit = 134217729.0;  // 2^27 + 1
  const double product = a * b;
  const double ca = kSplit * a, cb = kSplit * b;
  const double ah = ca - (ca - a), bh = cb - (cb - b);
  const double al = a - ah, bl = b - bh;
  return {product, ((ah * bh - product) + ah * bl + al * bh) + al * bl};
}

inline Double2 operator-(const Double2& a) { return {-a.hi, -a.lo}; }

inline Double2 operator+(const Double2& a, const Double2& b) {
  const Double2 high = twoSum(a.hi, b.hi), low = twoSum(a.lo, b.lo);
  const Double2 sum = fastTwoSum(high.hi, high.lo + low.hi);
  return fastTwoSum(sum.hi, sum.lo + low.lo);
}

inline Double2 operator-(const Double2& a, const Double2& b) { return a + (-b); }

inline Double2 operator*(const Double2& a, const Double2& b) {
  const Double2 product = twoProduct(a.hi, b.hi);
  return fastTwoSum(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
}

inline Double2 operator/(const Double2& a, const Double2& b) {
  const double first = a.hi / b.hi;
  const Double2 rest = a - b * first;
  const double second = rest.hi / b.hi;
  const double third = (rest - b * second).hi / b.hi;
  return fastTwoSum(first, second) + Double2(third);
}

inline Double2& operator+=(Double2& a, const Double2& b) { return a = a + b; }
inline Double2& operator-=(Double2& a, const Double2& b) { return a = a - b; }
inline Double2& operator*=(Double2& a, const Double2& b) { return a = a * b; }
inline Double2& operator/=(Double2& a, const Double2& b) { return a = a / b; }

inline bool operator==(const Double2& a, const Double2& b) { return a.hi == b.hi && a.lo == b.lo; }
inline bool operator!=(const Double2& a, const Double2& b) { return !(a == b); }
inline bool operator<(const Double2& a, const Double2& b) {
  return a.hi < b.hi || (a.hi == b.hi && a.lo < b.lo);
}
inline bool operator>(const Double2& a, const Double2& b) { return b < a; }
inline bool operator<=(const Double2& a, const Double2& b) { return a < b || a == b; }
inline bool operator>=(const Double2& a, const Double2& b) { return b <= a; }

inline Double2 abs(const Double2& a) { return a.hi < 0.0 ? -a : a; }

inline Double2 sqrt(const Double2& a) {
  if (!(a.hi > 0.0)) return {};
  const double root = std::sqrt(a.hi);  // one step of Newton's method doubles its digits
  return Double2(root) + Double2((a - twoProduct(root, root)).hi / (2.0 * root));
}

}  // namespace attention_svm
