// SPDX-License-Identifier: MIT
// Matrices of numbers of twice the precision, and the functions that only they need.
#pragma once

#include "double_double.h"

namespace Eigen {
template <>
struct NumTraits<attention_svm::Double2> : GenericNumTraits<attention_svm::Double2> {
  using Real = attention_svm::Double2;
  using NonInteger = attention_svm::Double2;
  using Nested = attention_svm::Double2;
  using Literal = double;
  enum {
    IsComplex = 0,
    IsInteger = 0,
    IsSigned = 1,
    RequireInitialization = 1,
    ReadCost = 2,
    AddCost = 20,
    MulCost = 25
  };
  static Real epsilon() { return 0x1p-104; }
  static Real dummy_precision() { return 0x1p-90; }
  static Real highest() { return 1e300; }
  static Real lowest() { return -1e300; }
  static int digits10() { return 31; }
};
}  // namespace Eigen

namespace attention_svm {

template <class Real>
using SquareOf = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;
template <class Real>
using VectorOf = Eigen::Matrix<Real, Eigen::Dynamic, 1>;

inline double rounded(double x) { return x; }
inline double rounded(const Double2& x) { return x.hi; }

/// high + low as one matrix (low may be empty), and back.
template <class Real, class High, class Low>
SquareOf<Real> joined(const High& high, const Low& low) {
  SquareOf<Real> result(high.rows(), high.cols());
  for (Eigen::Index i = 0; i < high.rows(); ++i)
    for (Eigen::Index j = 0; j < high.cols(); ++j) {
      result(i, j) = Real(high(i, j));
      if (low.size() > 0) result(i, j) += Real(low(i, j));
    }
  return result;
}
template <class Any>
Eigen::MatrixXd highPart(const Any& x) {
  return x.unaryExpr([](const auto& value) { return rounded(value); });
}
inline Eigen::MatrixXd lowPart(const SquareOf<Double2>& x) {
  return x.unaryExpr([](const Double2& value) { return value.lo; });
}

/// x^e for x > 0, to about 30 digits.
Double2 pow(const Double2& x, double e);

}  // namespace attention_svm
