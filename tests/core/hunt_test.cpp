// SPDX-License-Identifier: MIT
// The hunt finds what is known to fail, makes it small, and leaves alone what holds.
#include "attention_svm/hunt.h"

#include <gtest/gtest.h>

#include "attention_svm/local_optimality.h"
#include "attention_svm/names.h"
#include "support/scale.h"

namespace attention_svm {
namespace {

Index tokensOf(const Dataset& dataset) {
  Index count = 0;
  for (const Matrix& X : dataset.X) count += X.rows();
  return count;
}

/// The first draw that fails, counted from 0; -1: none.
int firstFailure(Statement statement, int draws) {
  for (int k = 0; k < draws; ++k) {
    const Judgement judged = judge(statement, drawCase(statement, static_cast<std::uint64_t>(k) + 1));
    if (judged.applies && judged.fails) return k;
  }
  return -1;
}

TEST(Hunt, ConditionAFailsAndTheFailureShrinksToOneThatIsLocallyOptimal) {
  const int draw = firstFailure(Statement::ConditionA, 20);
  ASSERT_EQ(draw, 2);  // seed 3, as Theorems.EqualNonOptimalScoresLeadToTheGlobalSelectionButForTies knows
  const HuntCase found = drawCase(Statement::ConditionA, 3);
  const HuntCase small = shrink(Statement::ConditionA, found);
  EXPECT_LE(small.dataset.n(), 3);
  EXPECT_LE(small.dataset.d(), 2);
  EXPECT_LT(tokensOf(small.dataset), tokensOf(found.dataset) / 2);
  const Judgement judged = judge(Statement::ConditionA, small, 2);
  EXPECT_TRUE(judged.applies && judged.fails) << judged.evidence;
  // What is checked is the paper's condition, with a single best token and a feasible SVM.
  const Trainer start = Trainer::create(small.dataset, small.training).value();
  const GlobalConditions conditions = globalConditions(small.dataset, start.W(), Loss::Logistic).value();
  EXPECT_TRUE(conditions.equalScores);
  EXPECT_EQ(conditions.tiedRows, 0);
}

TEST(Hunt, FindsTheRunThatLeavesItsSelectionLate) {
  const HuntCase late = drawCase(Statement::Settles, 251);
  const Judgement judged = judge(Statement::Settles, late);
  EXPECT_TRUE(judged.applies && judged.fails) << judged.evidence;
  EXPECT_NE(judged.evidence.find("by step 5000"), std::string::npos) << judged.evidence;
  const HuntCase small = shrink(Statement::Settles, late);
  EXPECT_LE(tokensOf(small.dataset), tokensOf(late.dataset));
  EXPECT_TRUE(judge(Statement::Settles, small).fails);
}

TEST(Hunt, WhatHoldsSurvives) {
  for (const Statement statement : {Statement::LocalOptimality, Statement::Feasible, Statement::NuclearRank})
    EXPECT_EQ(firstFailure(statement, 40 / test::kScale), -1) << claimOf(statement);
}

TEST(Hunt, TheSearchComesNearerToFailingAndIsTheSameEveryTime) {
  const HuntCase from = drawCase(Statement::Feasible, 5);
  const HuntCase near = searchAround(Statement::Feasible, from, 40, 7);
  EXPECT_GT(judge(Statement::Feasible, near).badness, judge(Statement::Feasible, from).badness);
  EXPECT_EQ(near.dataset.X, searchAround(Statement::Feasible, from, 40, 7).dataset.X);
}

TEST(Hunt, EveryStatementDrawsDataToWhichItApplies) {
  forEachName<Statement>([](Statement statement, const Name& name) {
    bool applies = false;
    for (std::uint64_t seed = 1; seed <= 20 && !applies; ++seed) {
      const Judgement judged = judge(statement, drawCase(statement, seed));
      applies = judged.applies;
      EXPECT_TRUE(!judged.applies || !judged.evidence.empty()) << name.id;
    }
    EXPECT_TRUE(applies) << name.id;
  });
}

}  // namespace
}  // namespace attention_svm
