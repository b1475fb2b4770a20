// SPDX-License-Identifier: MIT
// The inner loops give the bits that their headers promise, however wide the processor's vectors are.
#include "vector_kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "attention_svm/random.h"
#include "ordered_sums.h"
#include "portable_math.h"
#include "support/bits.h"

namespace attention_svm {
namespace {

using test::bitsOf;

const VectorKernels* const kBoth[] = {&narrowKernels(), &kernels()};

TEST(VectorKernels, ProductsHaveTheBitsOfTheWrittenOrder) {
  Random random(5);
  for (Index rows = 1; rows <= 19; ++rows)
    for (const Index cols : {1, 2, 3, 4, 5, 7, 8, 10, 15, 16, 17, 18, 19, 20, 33, 64}) {
      const Matrix A = random.uniformMatrix(rows, cols, -1.0, 1.0);
      const Matrix x = random.uniformMatrix(1, cols, -1.0, 1.0);
      for (const VectorKernels* some : kBoth) {
        Vector y = Vector::Constant(rows, 7.0);
        some->product(A.data(), rows, cols, x.data(), y.data());
        for (Index i = 0; i < rows; ++i)
          ASSERT_EQ(bitsOf(y(i)), bitsOf(orderedDot(A.data() + i * cols, x.data(), cols)))
              << rows << " " << cols;
      }
    }
}

TEST(VectorKernels, TransposedProductsAddInTheOrderOfTheRows) {
  Random random(6);
  for (Index rows = 1; rows <= 11; ++rows)
    for (const Index cols : {1, 2, 3, 4, 6, 9, 16, 21, 64}) {
      const Index stride = 1 + rows % 3;
      const Matrix A = random.uniformMatrix(rows, cols, -1.0, 1.0);
      const Matrix x = random.uniformMatrix(1, rows * stride, -1.0, 1.0);
      const Vector start = random.uniformMatrix(1, cols, -1.0, 1.0).transpose();
      Vector expected = start;
      for (Index i = 0; i < rows; ++i)
        for (Index k = 0; k < cols; ++k) expected(k) += x(0, i * stride) * A(i, k);
      for (const VectorKernels* some : kBoth) {
        Vector y = start;
        some->addTransposedProduct(A.data(), rows, cols, x.data(), stride, y.data());
        for (Index k = 0; k < cols; ++k) ASSERT_EQ(bitsOf(y(k)), bitsOf(expected(k))) << rows << " " << cols;
      }
    }
}

TEST(VectorKernels, ExponentialsAreThoseOfPortableExp) {
  std::vector<double> x = {0.0,
                           -0.0,
                           1.0,
                           -708.39,
                           -708.3899999,
                           -745.0,
                           -1e300,
                           709.78271289338,
                           709.7827128934,
                           710.0,
                           1e5,
                           1e300,
                           std::numeric_limits<double>::infinity(),
                           -std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN(),
                           1e-300};
  Random random(7);
  for (int k = 0; k < 20001; ++k) x.push_back(random.uniform(-720.0, 720.0));
  for (const VectorKernels* some : kBoth) {
    std::vector<double> y = x;
    some->exponentials(y.data(), static_cast<Index>(y.size()), y.data());
    for (std::size_t k = 0; k < x.size(); ++k)
      ASSERT_TRUE(bitsOf(y[k]) == bitsOf(portableExp(x[k])) || (std::isnan(x[k]) && std::isnan(y[k])))
          << x[k];
  }
}

}  // namespace
}  // namespace attention_svm
