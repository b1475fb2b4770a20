// SPDX-License-Identifier: MIT
// Elementary functions against the C library, and the same bits everywhere as golden values.
#include "portable_math.h"

#include <gtest/gtest.h>

#include "attention_svm/random.h"
#include "support/bits.h"

namespace attention_svm {
namespace {

/// |found - expected| in units in the last place of the expected.
double ulps(double found, double expected) {
  return std::abs(found - expected) / (std::nextafter(std::abs(expected), 1e308) - std::abs(expected));
}

TEST(PortableMath, IsAsAccurateAsItSays) {
  Random random(1);
  for (int k = 0; k < 200000; ++k) {
    const double x = k % 2 == 0 ? random.uniform(-700.0, 700.0) : random.uniform(-3.0, 3.0);
    // The C library itself is off by up to 0.52
    ASSERT_LE(ulps(portableExp(x), std::exp(x)), 2.0) << x;
    ASSERT_LE(ulps(fusedExp(x), std::exp(x)), 1.0) << x;
    ASSERT_LE(ulps(roundedExp(x), std::exp(x)), 1.0) << x;
    const double y = std::exp(random.uniform(-80.0, 5.0));
    ASSERT_LE(ulps(portableLog1p(y), std::log1p(y)), 4.0) << y;
  }
}

TEST(PortableMath, PowerIsThatOfTheLibraryToSomeUnits) {
  Random random(3);
  for (int k = 0; k < 20000; ++k) {
    const double x = random.uniform(0.5, 20000.0), p = random.uniform(-5.0, 10.0);
    const double expected = std::pow(x, p);
    ASSERT_LE(std::abs(portablePower(x, p) - expected),
              2.3e-16 * (3.0 + 2.0 * std::abs(std::log(expected))) * expected)
        << x << " " << p;
  }
  EXPECT_EQ(portablePower(1.0, 3.0), 1.0);
  EXPECT_EQ(portablePower(7.5, 0.0), 1.0);
}

TEST(PortableMath, RoundedExpIsTheNearestDoubleAlmostAlways) {
  Random random(2);
  int other = 0;
  for (int k = 0; k < 20000; ++k) {
    const double x = random.uniform(-1.0, 1.0);
    other += roundedExp(x) != std::exp(x);
  }
  EXPECT_LE(other, 40);  // the C library misses the nearest one in about 8 of 10,000 cases
}

TEST(PortableMath, FusedMultiplyAddRoundsOnce) {
  Random random(3);
  for (int k = 0; k < 100000; ++k) {
    const double a = random.uniform(-2.0, 2.0), b = random.uniform(-2.0, 2.0);
    const double c =
        k % 2 == 0 ? random.uniform(-2.0, 2.0) : -a * b * (1.0 + 1e-14 * random.uniform(-1.0, 1.0));
    ASSERT_EQ(fusedMultiplyAdd(a, b, c), std::fma(a, b, c));
  }
}

TEST(PortableMath, TheEndsOfTheRange) {
  EXPECT_EQ(portableExp(0.0), 1.0);
  EXPECT_EQ(portableExp(-1e300), 0.0);
  EXPECT_EQ(portableExp(-709.0), 0.0);
  EXPECT_GT(portableExp(-708.0), 0.0);
  EXPECT_LE(ulps(portableExp(709.78), std::exp(709.78)), 2.0);
  EXPECT_TRUE(std::isinf(portableExp(710.0)));
  EXPECT_TRUE(std::isnan(portableExp(std::nan(""))));
  EXPECT_EQ(portableLog1p(0.0), 0.0);
}

TEST(PortableMath, IsTheSameEverywhere) {
  Random random(4);
  test::Digest digest;
  for (int k = 0; k < 100000; ++k) {
    const double x = random.uniform(-708.0, 5.0), y = random.uniform(0.0, 3.0);
    digest.add(portableExp(x));
    digest.add(fusedExp(x));
    digest.add(roundedExp(0.01 * x));
    digest.add(portableLog1p(y));
  }
  EXPECT_EQ(digest.value(), 0xc8af4d6ca9900b42ULL) << std::hex << digest.value();
}

}  // namespace
}  // namespace attention_svm
