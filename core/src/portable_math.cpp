// SPDX-License-Identifier: MIT
#include "portable_math.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace attention_svm {

namespace {

struct Fused {
  static double multiplyAdd(double a, double b, double c) { return fusedMultiplyAdd(a, b, c); }
};
struct Unfused {
  static double multiplyAdd(double a, double b, double c) { return a * b + c; }
};

/// 2^k for |k| <= 1022
double powerOfTwo(std::int64_t k) {
  const std::int64_t bits = (k + 1023) << 52;
  double result;
  std::memcpy(&result, &bits, sizeof result);
  return result;
}

/// x = k log 2 + r (Cody, Waite 1980), then a polynomial in r by Estrin's scheme. Its coefficients are
/// SLEEF's.
template <class Arithmetic>
double expWith(double x) {
  if (!(x > -708.39)) return x != x ? x : 0.0;
  if (x > 709.782712893384) return std::numeric_limits<double>::infinity();
  constexpr auto multiplyAdd = [](double a, double b, double c) { return Arithmetic::multiplyAdd(a, b, c); };
  constexpr double kToInteger = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds
  const double k = (x * 1.4426950408889634074 + kToInteger) - kToInteger;
  const double r = multiplyAdd(k, -.28235290563031577122588448175013436025525412068e-12,
                               multiplyAdd(k, -.69314718055966295651160180568695068359375, x));
  const double r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
  const double c23 = multiplyAdd(r, 0.4166666666666602598e-1, 0.1666666666666669072);
  const double c45 = multiplyAdd(r, 0.1388888888914497797e-2, 0.8333333333314938210e-2);
  const double c67 = multiplyAdd(r, 0.2480158687479686264e-4, 0.1984126989855865850e-3);
  const double c89 = multiplyAdd(r, 0.2755762628169491192e-6, 0.2755723402025388239e-5);
  const double c1011 = multiplyAdd(r, 0.2081276378237164457e-8, 0.2511210703042288022e-7);
  const double low = multiplyAdd(r4, multiplyAdd(r2, c89, c67), multiplyAdd(r2, c45, c23));
  double value = multiplyAdd(multiplyAdd(r8, c1011, low), r, 0.5);
  value = multiplyAdd(multiplyAdd(value, r, 1.0), r, 1.0);
  const auto exponent = static_cast<std::int64_t>(k);
  return value * powerOfTwo(exponent / 2) * powerOfTwo(exponent - exponent / 2);
}

/// 2 artanh f for |f| <= 0.172
double twoArtanh(double f) {
  constexpr double kInverse[] = {1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13,
                                 1.0 / 11, 1.0 / 9,  1.0 / 7,  1.0 / 5,  1.0 / 3};  // the next is below 1e-18
  const double square = f * f;
  double series = 0.0;
  for (const double inverse : kInverse) series = square * (series + inverse);
  return 2.0 * f + 2.0 * f * series;
}

}  // namespace

double portableExp(double x) { return expWith<Unfused>(x); }
double fusedExp(double x) { return expWith<Fused>(x); }

/// Taylor's series in twice the precision.
double roundedExp(double x) {
  const double k = std::nearbyint(x * 1.4426950408889634074);
  const double rest = x - k * .69314718055966295651160180568695068359375;  // exact: the constant has few bits
  const DoubleDouble tail = exactProduct(k, -.28235290563031577122588448175013436025525412068e-12);
  DoubleDouble r = exactSum(rest, tail.high), sum{1.0, 0.0};
  r.low += tail.low;
  for (int n = 24; n >= 1; --n) {  // sum = 1 + r sum / n
    const DoubleDouble product = exactProduct(r.high, sum.high);
    const double quotient = product.high / n, back = fusedMultiplyAdd(-quotient, n, product.high);
    const double low = (back + (product.low + (r.high * sum.low + r.low * sum.high))) / n;
    sum = exactSum(1.0, quotient);
    sum.low += low;
  }
  const auto exponent = static_cast<std::int64_t>(k);
  return (sum.high + sum.low) * powerOfTwo(exponent / 2) * powerOfTwo(exponent - exponent / 2);
}

double portableLog(double x) {
  if (!(x <= std::numeric_limits<double>::max())) return x;
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  int exponent = static_cast<int>(bits >> 52) - 1022;
  bits = (bits & 0x000fffffffffffff) | 0x3fe0000000000000;
  double mantissa;  // in [1/2, 1): as std::frexp, which is a call
  std::memcpy(&mantissa, &bits, sizeof mantissa);
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2.0;
    --exponent;
  }
  return exponent * 0.69314718055994531 + twoArtanh((mantissa - 1.0) / (mantissa + 1.0));
}

double portablePower(double x, double exponent) { return portableExp(exponent * portableLog(x)); }

double portableLog1p(double x) {
  if (x < 0.41421356) return twoArtanh(x / (2.0 + x));
  return portableLog(1.0 + x);
}

}  // namespace attention_svm
