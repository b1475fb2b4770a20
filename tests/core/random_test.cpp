// SPDX-License-Identifier: MIT
// Random numbers and random data have the same bits everywhere: golden values, compared exactly. The same
// test runs natively, under sanitizers and in WebAssembly.
#include "attention_svm/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "attention_svm/random_dataset.h"
#include "support/bits.h"

namespace attention_svm {
namespace {

using test::Digest;

TEST(Random, IsXoshiro256StarStar) {
  // Seed 0 through splitmix64, as published by the authors of the generator
  Random random(0);
  EXPECT_EQ(random.bits(), 0x99ec5f36cb75f2b4ULL);
  EXPECT_EQ(random.bits(), 0xbf6e1f784956452aULL);
  EXPECT_EQ(random.bits(), 0x1a5f849d4933e6e0ULL);
}

TEST(Random, UniformAndSignAndBelowStayInRange) {
  Random random(5);
  int positive = 0;
  std::array<int, 7> count{};
  for (int k = 0; k < 70000; ++k) {
    const double u = random.uniform();
    ASSERT_TRUE(u >= 0.0 && u < 1.0);
    const double v = random.uniform(-2.0, 3.0);
    ASSERT_TRUE(v >= -2.0 && v < 3.0);
    const double s = random.sign();
    ASSERT_TRUE(s == 1.0 || s == -1.0);
    positive += s > 0.0;
    const int b = random.below(7);
    ASSERT_TRUE(b >= 0 && b < 7);
    ++count[static_cast<std::size_t>(b)];
  }
  EXPECT_NEAR(positive, 35000, 700);  // 5 standard deviations
  for (const int c : count) EXPECT_NEAR(c, 10000, 500);
}

TEST(Random, NormalHasTheMomentsOfTheNormalDistribution) {
  Random random(6);
  constexpr int kCount = 400000;
  double sum = 0.0, squares = 0.0, fourth = 0.0;
  for (int k = 0; k < kCount; ++k) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
  }
  EXPECT_NEAR(sum / kCount, 0.0, 5.0 / std::sqrt(kCount));
  EXPECT_NEAR(squares / kCount, 1.0, 5.0 * std::sqrt(2.0 / kCount));
  EXPECT_NEAR(fourth / kCount, 3.0, 5.0 * std::sqrt(96.0 / kCount));
}

TEST(Random, NormalIsTheSameEverywhere) {
  Random random(7);
  Digest digest;
  for (int k = 0; k < 300000; ++k) digest.add(random.normal());
  EXPECT_EQ(digest.value(), 0x7f999c9301559102ULL) << std::hex << digest.value();
}

TEST(Random, UnitVectorsAreUniformOnTheSphere) {
  Random random(8);
  Vector mean = Vector::Zero(3);
  for (int k = 0; k < 30000; ++k) {
    const Vector x = random.unitVector(3);
    ASSERT_NEAR(x.norm(), 1.0, 1e-15);
    mean += x / 30000.0;
  }
  EXPECT_LT(mean.norm(), 5.0 / std::sqrt(30000.0));
  EXPECT_EQ(std::abs(random.unitVector(1)(0)), 1.0);
}

TEST(RandomDataset, IsTheSameEverywhere) {
  Digest digest;
  for (const HeadKind head : {HeadKind::Linear, HeadKind::Mlp, HeadKind::Quadratic})
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      RandomDatasetSpec spec;
      spec.d = 5 + static_cast<Index>(seed);
      spec.seed = seed;
      spec.head = head;
      const Dataset dataset = randomDataset(spec).value();
      for (const Matrix& X : dataset.X) digest.add(X);
      digest.add(dataset.Z);
      if (const auto* mlp = std::get_if<MlpHead>(&dataset.head)) digest.add(mlp->hidden);
    }
  EXPECT_EQ(digest.value(), 0x9a00e550e8f9cd5fULL) << std::hex << digest.value();
}

TEST(RandomDataset, IsAsSpecified) {
  RandomDatasetSpec spec{.n = 3, .T = 4, .d = 6, .seed = 9, .head = HeadKind::Quadratic, .lambda = 0.5};
  const Dataset dataset = randomDataset(spec).value();
  EXPECT_EQ(dataset.n(), 3);
  EXPECT_EQ(dataset.d(), 6);
  for (Index i = 0; i < 3; ++i) {
    EXPECT_EQ(dataset.length(i), 4);
    for (Index t = 0; t < 4; ++t) EXPECT_NEAR(dataset.tokens(i).row(t).norm(), 1.0, 1e-15);
    EXPECT_NEAR(dataset.Z.row(i).norm(), 1.0, 1e-15);
  }
  EXPECT_EQ(std::get<QuadraticHead>(dataset.head).lambda, 0.5);
  EXPECT_TRUE(validated(dataset).ok());
  spec.selfAttention = true;
  const Dataset self = randomDataset(spec).value();
  EXPECT_TRUE(self.selfAttention());
  EXPECT_EQ(self.query(1), Vector(self.tokens(1).row(0).transpose()));
  EXPECT_TRUE(validated(self).ok());
}

TEST(RandomDataset, RefusesSizesThatMakeNoSense) {
  const auto error = [](RandomDatasetSpec spec) {
    const Result<Dataset> dataset = randomDataset(spec);
    return dataset ? std::string() : dataset.error();
  };
  EXPECT_EQ(error({.n = 0}), "n: expected a number from 1 to 10000");
  EXPECT_EQ(error({.T = -1}), "T: expected a number from 1 to 10000");
  EXPECT_EQ(error({.d = 20000}), "d: expected a number from 1 to 10000");
  EXPECT_EQ(error({.n = 1000, .T = 1000, .d = 1000}),
            "the data needs 1001.1 million numbers at once, the limit is 20 million: choose fewer or shorter "
            "sequences or a smaller d, or set limit=1001002000");
  EXPECT_EQ(error({.lambda = std::nan("")}), "lambda: expected a finite number");
}

}  // namespace
}  // namespace attention_svm
