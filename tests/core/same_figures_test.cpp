// SPDX-License-Identifier: MIT
// The same figures on every machine, native and in WebAssembly, as golden values: training to the bit,
// solvers to their tolerance. The same test runs in every build.
#include <gtest/gtest.h>

#include <cmath>

#include "attention_svm/random_dataset.h"
#include "attention_svm/svm_solver.h"
#include "attention_svm/trainer.h"
#include "support/bits.h"

namespace attention_svm {
namespace {

struct Golden {
  HeadKind head;
  Parameterization parameterization;
  Optimizer optimizer;
  Loss loss;
  double lossAfter, logGradientNorm, size, trace;  ///< after 500 steps
};

Trainer trained(const Golden& run, GradientMode gradient) {
  TrainerOptions options;
  options.parameterization = run.parameterization;
  options.optimizer = run.optimizer;
  options.loss = run.loss;
  options.gradient = gradient;
  options.p = 3.0;
  RandomDatasetSpec spec;
  spec.head = run.head;
  Trainer trainer = Trainer::create(randomDataset(spec).value(), options).value();
  trainer.step(500);
  return trainer;
}

constexpr Golden kRuns[] = {
    {HeadKind::Linear, Parameterization::W, Optimizer::NormalizedGd, Loss::Logistic, 0.48433302021868724,
     -13.004132918372497, 44.263554669198882, -15.700594405950312},
    {HeadKind::Linear, Parameterization::KQ, Optimizer::NormalizedGd, Loss::Logistic, 0.50434490621008576,
     -246.62295007818901, 991.52438284798552, -38.908114973267708},
    {HeadKind::Linear, Parameterization::KQ, Optimizer::Gd, Loss::Exponential, 0.90266970234618149,
     -2.9684156447477674, 2.9019806136725834, 0.43980537905275585},
    {HeadKind::Linear, Parameterization::W, Optimizer::Adam, Loss::Logistic, 0.49913083711701756,
     -10.547965260522757, 36.127633167642649, -19.755051856999057},
    {HeadKind::Linear, Parameterization::W, Optimizer::NormalizedMirror, Loss::Linear, -0.43345446211116112,
     -5.8868119321562427, 18.945418122957506, -7.7714933078456561},
    {HeadKind::Mlp, Parameterization::W, Optimizer::NormalizedGd, Loss::Logistic, 0.62201114712683336,
     -5.0462989899190829, 15.426115571880402, 3.559475634486406},
    {HeadKind::Mlp, Parameterization::KQ, Optimizer::NormalizedGd, Loss::Linear, -0.15966619263814924,
     -2.8134232768504974, 33.581105745591088, -4.7888207967939573},
    {HeadKind::Quadratic, Parameterization::W, Optimizer::NormalizedGd, Loss::Logistic, 0.50230408863381093,
     -5.4003982052538761, 20.888319491825239, -6.5761914989564918},
    {HeadKind::Quadratic, Parameterization::KQ, Optimizer::Adam, Loss::Exponential, 0.68791893688524308,
     -8.0882840799531337, 62.999162281775583, 3.603416200152088},
};

TEST(SameFigures, InTheLogDomain) {
  for (const Golden& run : kRuns) {
    const Trainer trainer = trained(run, GradientMode::LogDomain);
    const auto near = [](double found, double expected) {
      EXPECT_NEAR(found, expected, 1e-12 * (1.0 + std::abs(expected)));
    };
    SCOPED_TRACE(&run - kRuns);
    near(trainer.loss(), run.lossAfter);
    near(trainer.logGradientNorm(), run.logGradientNorm);
    near(trainer.W().norm(), run.size);
    near(trainer.W().trace(), run.trace);
  }
}

TEST(SameFigures, InTheLogDomainToTheBit) {
  test::Digest digest;
  for (const Golden& run : kRuns) digest.add(trained(run, GradientMode::LogDomain).W());
  EXPECT_EQ(digest.value(), 0x1c872eb43b67974cULL) << std::hex << digest.value();
}

TEST(SameFigures, OfGrowingStepsAndOtherNormsToTheBit) {
  test::Digest digest;
  for (const Optimizer optimizer : {Optimizer::NormalizedGdGrowing, Optimizer::SignDescent,
                                    Optimizer::SpectralDescent, Optimizer::CoordinateDescent})
    for (const Parameterization parameterization : {Parameterization::W, Parameterization::KQ})
      digest.add(trained({HeadKind::Linear, parameterization, optimizer, Loss::Logistic, 0, 0, 0, 0},
                         GradientMode::LogDomain)
                     .W());
  EXPECT_EQ(digest.value(), 0x64c196790734b8e5ULL) << std::hex << digest.value();
}

TEST(SameFigures, InPlainModeToTheBit) {
  test::Digest digest;
  for (const HeadKind head : {HeadKind::Linear, HeadKind::Mlp, HeadKind::Quadratic})
    for (const Parameterization parameterization : {Parameterization::W, Parameterization::KQ})
      for (const Loss loss : {Loss::Logistic, Loss::Exponential, Loss::Linear})
        digest.add(
            trained({head, parameterization, Optimizer::NormalizedGd, loss, 0, 0, 0, 0}, GradientMode::Plain)
                .W());
  EXPECT_EQ(digest.value(), 0xdb1e4040a5af369eULL) << std::hex << digest.value();
}

TEST(SameFigures, OfTheSolvers) {
  const Dataset dataset = randomDataset({}).value();
  const SvmProblem problem = svmProblem(dataset, optimalTokens(dataset).value().tokens).value();
  EXPECT_NEAR(solveSvm(problem, Norm::frobenius()).norm, 4.0969797172383053, 1e-11);
  EXPECT_NEAR(solveSvm(problem, Norm::nuclear()).norm, 8.0980111322445687, 1e-8);
  EXPECT_NEAR(solveSvm(problem, Norm::lp(3.0)).norm, 2.0961138276488387, 1e-8);
}

}  // namespace
}  // namespace attention_svm
