// SPDX-License-Identifier: MIT
// Adam in the log domain, where entries of one gradient may lie hundreds of orders of magnitude apart.
#include <gtest/gtest.h>

#include "attention_svm/trainer.h"

namespace attention_svm {
namespace {

/// Two sequences in coordinates of their own, so that each trains one entry of W: the second one is
/// saturated, its gradient e^-420 of the first one's, and the square of that is below every double.
TEST(Adam, AnEntryWhoseSquareUnderflowsStaysWhereItIs) {
  Dataset dataset;
  dataset.X = {Matrix{{1.0, 0.0, 0.0, 0.0}, {-1.0, 0.0, 0.0, 0.0}},
               Matrix{{0.0, 0.0, 1.0, 0.0}, {0.0, 0.0, -1.0, 0.0}}};
  dataset.Z = Matrix{{0.0, 1.0, 0.0, 0.0}, {0.0, 0.0, 0.0, 1.0}};
  dataset.y = Vector::Ones(2);
  dataset.head = LinearHead{Vector::Ones(4)};
  TrainerOptions options;
  options.optimizer = Optimizer::Adam;
  options.W0 = Matrix::Zero(4, 4);
  (*options.W0)(2, 3) = 210.0;
  Trainer trainer = Trainer::create(validated(dataset).value(), options).value();
  trainer.step();
  EXPECT_NEAR(trainer.W()(0, 1), options.stepSize,
              1e-12);  // the first step of Adam is eta, whatever the scale
  EXPECT_NEAR(trainer.W()(2, 3), 210.0, options.stepSize);
  trainer.step(100);
  EXPECT_NEAR(trainer.W()(2, 3), 210.0, 100.0 * options.stepSize);
}

}  // namespace
}  // namespace attention_svm
