// The same figures on every machine, native and in WebAssembly: golden values, to 1e-12 where sums run in the
// order that the vector unit likes, to the bit in plain mode. The same test runs in every build.
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
     -13.004132918372498, 44.263554669198896, -15.700594405950309},
    {HeadKind::Linear, Parameterization::KQ, Optimizer::NormalizedGd, Loss::Logistic, 0.50434490621008576,
     -246.48538191148296, 990.98332530514699, -38.869716588542502},
    {HeadKind::Linear, Parameterization::W, Optimizer::NormalizedGdGrowing, Loss::Logistic,
     0.48432384286844599, -148737.9672697362, 789883.33052840177, -366284.71411687217},
    {HeadKind::Linear, Parameterization::KQ, Optimizer::Gd, Loss::Exponential, 0.90266970234618149,
     -2.9684156447477683, 2.901980613672583, 0.43980537905275563},
    {HeadKind::Linear, Parameterization::W, Optimizer::Adam, Loss::Logistic, 0.49913083711701756,
     -10.547965260522764, 36.127633167642664, -19.755051856999071},
    {HeadKind::Linear, Parameterization::W, Optimizer::NormalizedMirror, Loss::Linear, -0.43345446211116162,
     -5.8868119321562986, 18.945418122957701, -7.7714933078457049},
    {HeadKind::Mlp, Parameterization::W, Optimizer::NormalizedGd, Loss::Logistic, 0.6220111471268307,
     -5.0462989899189035, 15.426115571880276, 3.5594756344862777},
    {HeadKind::Mlp, Parameterization::KQ, Optimizer::NormalizedGd, Loss::Linear, -0.15966642498794142,
     -2.8134243907672589, 33.581105184454671, -4.7888199567654386},
    {HeadKind::Quadratic, Parameterization::W, Optimizer::NormalizedGd, Loss::Logistic, 0.50231108647365419,
     -5.4004214872660858, 20.87060699538355, -6.6012617861018601},
    {HeadKind::Quadratic, Parameterization::KQ, Optimizer::Adam, Loss::Exponential, 0.68791893719673236,
     -8.0882276485226576, 62.999156464149046, 3.603405779008428},
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
