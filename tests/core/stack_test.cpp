// SPDX-License-Identifier: MIT
// Eigen keeps its temporaries on the stack, up to 128 kB each. In WebAssembly the tests have 1 MB of it,
// checked at every step; the page and the module have four times as much.
#include <gtest/gtest.h>

#include "attention_svm/attention_svm.h"

namespace attention_svm {
namespace {

class Stack : public testing::TestWithParam<Index> {};

TEST_P(Stack, IsEnoughForTheNuclearNorm) {
  RandomDatasetSpec spec;
  spec.n = 20;
  spec.T = 10;
  spec.d = GetParam();
  const Dataset dataset = randomDataset(spec).value();
  const SvmProblem problem = svmProblem(dataset, optimalTokens(dataset).value().tokens).value();
  EXPECT_EQ(solveSvm(problem, Norm::nuclear()).status, SvmStatus::Solved);
}

TEST_P(Stack, IsEnoughForSingularValues) {
  const Index d = 4 * GetParam();
  EXPECT_NEAR(singularValues(Matrix::Identity(d, d)).sum(), static_cast<double>(d), 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Dimensions, Stack, testing::Values(30, 64));

}  // namespace
}  // namespace attention_svm
