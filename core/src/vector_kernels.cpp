// SPDX-License-Identifier: MIT
#include "vector_kernels.h"

#include <cstring>
#include <limits>

#include "ordered_sums.h"
#include "portable_math.h"

namespace attention_svm {

namespace {

// Vectors are never passed by value: how, would depend on the processor.
using Two = double __attribute__((vector_size(16)));
using TwoBits = unsigned long long __attribute__((vector_size(16)));

template <class From, class To>
[[gnu::always_inline]] inline void cast(const From& from, To& to) {
  std::memcpy(&to, &from, sizeof to);
}

/// portableExp, operation by operation, without its branches.
template <class Numbers, class Bits>
[[gnu::always_inline]] inline void exponentialsOf(Numbers& x) {
  constexpr double kToInteger = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds
  const Numbers shifted = x * 1.4426950408889634074 + kToInteger, k = shifted - kToInteger;
  const Numbers r = k * -.28235290563031577122588448175013436025525412068e-12 +
                    (k * -.69314718055966295651160180568695068359375 + x);
  const Numbers r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
  const Numbers c23 = r * 0.4166666666666602598e-1 + 0.1666666666666669072;
  const Numbers c45 = r * 0.1388888888914497797e-2 + 0.8333333333314938210e-2;
  const Numbers c67 = r * 0.2480158687479686264e-4 + 0.1984126989855865850e-3;
  const Numbers c89 = r * 0.2755762628169491192e-6 + 0.2755723402025388239e-5;
  const Numbers c1011 = r * 0.2081276378237164457e-8 + 0.2511210703042288022e-7;
  const Numbers low = r4 * (r2 * c89 + c67) + (r2 * c45 + c23);
  Numbers value = ((r8 * c1011 + low) * r + 0.5) * r + 1.0;
  value = value * r + 1.0;
  // The integer k stands in the low bits of `shifted`, k + 4096 >= 0 in those of what follows. 2^k in two
  // factors, each of them a normal number; the shift is one of unsigned numbers, which SSE2 has.
  constexpr unsigned long long kBits = 0x4338000000000000 - 4096;  // of kToInteger - 4096
  Bits exponent, itself;
  cast(shifted, exponent);
  exponent -= kBits;
  const Bits half = exponent >> 1;
  const Bits first = (half - (2048 - 1023)) << 52, second = (exponent - half - (2048 - 1023)) << 52;
  Numbers factor;
  cast(first, factor);
  value *= factor;
  cast(second, factor);
  value *= factor;
  // 0 where it would be below the normal numbers, infinity where it is above, x itself where x is no number
  Bits bits;
  cast(value, bits);
  cast(x, itself);
  constexpr unsigned long long kInfinity = 0x7ff0000000000000;
  const auto isAbove = x > 709.782712893384, isInside = x > -708.39, isNone = x != x;
  Bits above, inside, none;
  cast(isAbove, above);
  cast(isInside, inside);
  cast(isNone, none);
  bits = (bits & inside & ~above) | (above & kInfinity) | (itself & none);
  cast(bits, x);
}

template <class Numbers, class Bits>
[[gnu::always_inline]] inline void exponentialsOfAll(const double* x, Index n, double* y) {
  constexpr Index kLanes = sizeof(Numbers) / sizeof(double);
  Index k = 0;
  for (; k + kLanes <= n; k += kLanes) {
    Numbers some;
    std::memcpy(&some, x + k, sizeof some);
    exponentialsOf<Numbers, Bits>(some);
    std::memcpy(y + k, &some, sizeof some);
  }
  for (; k < n; ++k) y[k] = portableExp(x[k]);
}

/// Several rows at once, so that y is read and written once for all of them.
template <class Numbers, int kRows>
[[gnu::always_inline]] inline void addRows(const double* A, Index cols, const double* x, Index stride,
                                           double* y) {
  constexpr Index kLanes = sizeof(Numbers) / sizeof(double);
  double factor[kRows];
  for (int r = 0; r < kRows; ++r) factor[r] = x[r * stride];
  Index k = 0;
  for (; k + kLanes <= cols; k += kLanes) {
    Numbers sum, a;
    std::memcpy(&sum, y + k, sizeof sum);
    for (int r = 0; r < kRows; ++r) {
      std::memcpy(&a, A + r * cols + k, sizeof a);
      sum += factor[r] * a;
    }
    std::memcpy(y + k, &sum, sizeof sum);
  }
  for (; k < cols; ++k) {
    double sum = y[k];
    for (int r = 0; r < kRows; ++r) sum += factor[r] * A[r * cols + k];
    y[k] = sum;
  }
}

template <class Numbers>
[[gnu::always_inline]] inline void addAllRows(const double* A, Index rows, Index cols, const double* x,
                                              Index stride, double* y) {
  Index i = 0;
  for (; i + 4 <= rows; i += 4) addRows<Numbers, 4>(A + i * cols, cols, x + i * stride, stride, y);
  for (; i < rows; ++i) addRows<Numbers, 1>(A + i * cols, cols, x + i * stride, stride, y);
}

void narrowProduct(const double* A, Index rows, Index cols, const double* x, double* y) {
  for (Index i = 0; i < rows; ++i) y[i] = orderedDot(A + i * cols, x, cols);
}
void narrowTransposed(const double* A, Index rows, Index cols, const double* x, Index stride, double* y) {
  addAllRows<Two>(A, rows, cols, x, stride, y);
}
void narrowExponentials(const double* x, Index n, double* y) { exponentialsOfAll<Two, TwoBits>(x, n, y); }

#if defined(__x86_64__) && defined(__ELF__)
#define ATTENTION_SVM_WIDE

// The four running sums are one register.
using Four = double __attribute__((vector_size(32)));
using FourBits = unsigned long long __attribute__((vector_size(32)));

/// Several rows at once, so that one chain of sums does not wait for itself.
template <int kRows>
[[gnu::always_inline]] inline void dots(const double* A, Index cols, const double* x, double* y) {
  Four sums[kRows] = {};
  Index k = 0;
  for (; k + 4 <= cols; k += 4) {
    Four xs, a;
    std::memcpy(&xs, x + k, sizeof xs);
    for (int r = 0; r < kRows; ++r) {
      std::memcpy(&a, A + r * cols + k, sizeof a);
      sums[r] += a * xs;
    }
  }
  for (int r = 0; r < kRows; ++r) {
    const double* a = A + r * cols;
    double s0 = sums[r][0], s1 = sums[r][1], s2 = sums[r][2];
    if (k < cols) s0 += a[k] * x[k];
    if (k + 1 < cols) s1 += a[k + 1] * x[k + 1];
    if (k + 2 < cols) s2 += a[k + 2] * x[k + 2];
    y[r] = (s0 + s1) + (s2 + sums[r][3]);
  }
}

[[gnu::target("avx2")]] void wideProduct(const double* A, Index rows, Index cols, const double* x,
                                         double* y) {
  if (cols < 16)
    return narrowProduct(A, rows, cols, x, y);  // hardly more than the rest of a division by four
  Index i = 0;
  for (; i + 8 <= rows; i += 8) dots<8>(A + i * cols, cols, x, y + i);
  for (; i + 4 <= rows; i += 4) dots<4>(A + i * cols, cols, x, y + i);
  for (; i < rows; ++i) dots<1>(A + i * cols, cols, x, y + i);
}

[[gnu::target("avx2")]] void wideTransposed(const double* A, Index rows, Index cols, const double* x,
                                            Index stride, double* y) {
  addAllRows<Four>(A, rows, cols, x, stride, y);
}

[[gnu::target("avx2")]] void wideExponentials(const double* x, Index n, double* y) {
  exponentialsOfAll<Four, FourBits>(x, n, y);
}
#endif

}  // namespace

const VectorKernels& narrowKernels() {
  static constexpr VectorKernels kNarrow{narrowProduct, narrowTransposed, narrowExponentials};
  return kNarrow;
}

const VectorKernels& kernels() {
#ifdef ATTENTION_SVM_WIDE
  static constexpr VectorKernels kWide{wideProduct, wideTransposed, wideExponentials};
  static const bool wide = __builtin_cpu_supports("avx2");
  if (wide) return kWide;
#endif
  return narrowKernels();
}

}  // namespace attention_svm
