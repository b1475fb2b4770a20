// SPDX-License-Identifier: MIT
// Elementary functions with the same bits on every machine: made of exactly rounded steps only, because the
// last bit of std::exp and std::log1p depends on the C library and on the processor (fused multiply-add or
// not).
#pragma once

namespace attention_svm {

struct DoubleDouble {
  double high, low;
};

/// a b without error (Dekker 1971), for factors below 2^996.
inline DoubleDouble exactProduct(double a, double b) {
  constexpr double kSplit = 134217729.0;  // 2^27 + 1
  const double product = a * b, as = kSplit * a, bs = kSplit * b;
  const double aHigh = as - (as - a), bHigh = bs - (bs - b);
  const double aLow = a - aHigh, bLow = b - bHigh;
  return {product, ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow};
}

/// a + b without error (Knuth).
inline DoubleDouble exactSum(double a, double b) {
  const double sum = a + b, part = sum - a;
  return {sum, (a - (sum - part)) + (b - part)};
}

/// a b + c rounded once, without the instruction for it; only a tie that is missed by less than 2^-50 of its
/// size would round otherwise.
inline double fusedMultiplyAdd(double a, double b, double c) {
  const DoubleDouble product = exactProduct(a, b), sum = exactSum(product.high, c);
  return sum.high + (sum.low + product.low);
}

/// exp(x) within 1.2 units in the last place; 0 where it would be below the normal numbers.
double portableExp(double x);

/// The same within 0.9 units, with fused multiply-add: every bit is that of the vector exp of SLEEF 3.5
/// (Shibata, Petrogalli 2020), with which the published curves were computed.
double fusedExp(double x);

/// exp(x), |x| <= 700, rounded to the nearest double.
double roundedExp(double x);

/// Natural logarithm of a normal x > 0, to about one unit in the last place.
double portableLog(double x);

/// x^exponent for a normal x > 0: relative error some 2e-16 times 1 + |log of the result|.
double portablePower(double x, double exponent);

/// log(1 + x) for x >= 0 within 3 units in the last place, also where 1 + x rounds to 1.
double portableLog1p(double x);

}  // namespace attention_svm
