// SPDX-License-Identifier: MIT
// A training step takes no memory from the heap (DESIGN: no heap allocation in a training step). Eigen calls
// malloc itself, so that malloc is what counts; only where the C library lets it be replaced.
#include <gtest/gtest.h>

#include <cstdlib>

#include "attention_svm/random_dataset.h"
#include "attention_svm/trainer.h"

#if defined(__GLIBC__) && !defined(ATTENTION_SVM_SANITIZED)

namespace {
long allocations = 0;
}  // namespace

extern "C" void* __libc_malloc(std::size_t size);
extern "C" void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}

namespace attention_svm {
namespace {

long allocationsOfSteps(const Dataset& dataset, const TrainerOptions& options) {
  Trainer trainer = Trainer::create(dataset, options).value();
  const long before = allocations;
  trainer.step(5);
  return allocations - before;
}

TEST(Allocations, AreSeenByThisTest) {
  const long before = allocations;
  const Matrix A = Matrix::Zero(30, 30);
  EXPECT_GT(allocations, before);
  EXPECT_EQ(A.sum(), 0.0);
}

TEST(Allocations, AStepMakesNone) {
  for (const RandomDatasetSpec& size : {RandomDatasetSpec{}, RandomDatasetSpec{.n = 20, .T = 24, .d = 40}})
    for (const HeadKind head : {HeadKind::Linear, HeadKind::Mlp, HeadKind::Quadratic})
      for (const Optimizer optimizer :
           {Optimizer::NormalizedGd, Optimizer::NormalizedGdGrowing, Optimizer::Gd, Optimizer::Adam,
            Optimizer::Mirror, Optimizer::SignDescent, Optimizer::SpectralDescent,
            Optimizer::CoordinateDescent})
        for (const Parameterization parameterization : {Parameterization::W, Parameterization::KQ})
          for (const GradientMode gradient : {GradientMode::LogDomain, GradientMode::Plain})
            for (const QueryMode queries : {QueryMode{}, QueryMode{true, true}}) {
              if (optimizer == Optimizer::Mirror && parameterization == Parameterization::KQ) continue;
              RandomDatasetSpec spec = size;
              spec.head = head;
              TrainerOptions options;
              options.optimizer = optimizer;
              options.parameterization = parameterization;
              options.gradient = gradient;
              options.queries = queries;
              options.p = 3.0;
              options.rank = parameterization == Parameterization::KQ ? 4 : 0;
              EXPECT_EQ(allocationsOfSteps(randomDataset(spec).value(), options), 0)
                  << "head " << static_cast<int>(head) << " optimizer " << static_cast<int>(optimizer)
                  << (gradient == GradientMode::Plain ? " plain" : " log domain")
                  << (parameterization == Parameterization::KQ ? " KQ" : " W");
            }
}

}  // namespace
}  // namespace attention_svm

#endif
