// SPDX-License-Identifier: MIT
#include "double_double_eigen.h"

namespace attention_svm {

namespace {

const Double2 kLn2(0.6931471805599453, 2.3190468138462996e-17);

/// By the series on |x| / 512 < ln 2 / 1024, squared nine times.
Double2 exp(const Double2& x) {
  const double k = std::floor(x.hi / kLn2.hi + 0.5);
  const Double2 r = (x - kLn2 * Double2(k)) * Double2(1.0 / 512.0);
  Double2 term = r, sum = r;
  for (int n = 2; n <= 10; ++n) {
    term *= r / Double2(n);
    sum += term;
  }
  for (int n = 0; n < 9; ++n) sum = sum * Double2(2.0) + sum * sum;  // exp - 1 of twice the argument
  sum += Double2(1.0);
  return {std::ldexp(sum.hi, static_cast<int>(k)), std::ldexp(sum.lo, static_cast<int>(k))};
}

Double2 log(const Double2& x) {
  Double2 y = std::log(x.hi);  // Newton's method on exp
  for (int pass = 0; pass < 2; ++pass) y += x * exp(-y) - Double2(1.0);
  return y;
}

}  // namespace

Double2 pow(const Double2& x, double e) {
  if (!(x.hi > 0.0)) return {};
  if (e == 1.0) return x;
  return exp(log(x) * Double2(e));
}

}  // namespace attention_svm
