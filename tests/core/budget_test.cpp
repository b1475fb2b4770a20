// SPDX-License-Identifier: MIT
// Sizes are compared with a budget before there is room for them; what is refused says how much it would
// need, what the limit is, and how to lift it.
#include <gtest/gtest.h>

#include "attention_svm/budget.h"
#include "attention_svm/json.h"
#include "attention_svm/random_dataset.h"
#include "attention_svm/text_dataset.h"
#include "attention_svm/trainer.h"

namespace attention_svm {
namespace {

Dataset drawn(Index n, Index T, Index d) {
  RandomDatasetSpec spec;
  spec.n = n;
  spec.T = T;
  spec.d = d;
  return randomDataset(spec).value();
}

std::string trainingProblem(const Dataset& dataset, TrainerOptions options) {
  const Result<Trainer> trainer = Trainer::create(dataset, options);
  return trainer ? "" : trainer.error();
}

TEST(Budget, TrainingWithTooManyDimensionsIsRefused) {
  const Dataset wide = drawn(1, 2, 10000);  // W alone would have 100 million numbers
  EXPECT_EQ(trainingProblem(wide, {}),
            "training needs 400.1 million numbers at once, the limit is 20 million: choose fewer or shorter "
            "sequences or a smaller d, or set limit=400010012");
  TrainerOptions narrow;  // factors of one column do not help: W has d x d
  narrow.parameterization = Parameterization::KQ;
  narrow.rank = 1;
  EXPECT_NE(trainingProblem(wide, narrow), "");
}

TEST(Budget, EveryTokenAsQueryIsRefusedBeforeItTakesAGigabyte) {
  TrainerOptions options;
  options.queries.everyToken = true;
  EXPECT_NE(trainingProblem(drawn(500, 500, 3), options).find("training needs 750.8 million numbers at once"),
            std::string::npos);
}

TEST(Budget, WhatItSaysIsNeededIsEnough) {
  const Dataset dataset = drawn(30, 20, 6);
  TrainerOptions options;
  options.queries.everyToken = true;
  options.budget.numbers = 1e4;
  const std::string problem = trainingProblem(dataset, options);
  const std::size_t at = problem.find("limit=");
  ASSERT_NE(at, std::string::npos);
  options.budget.numbers = std::stod(problem.substr(at + 6));
  EXPECT_EQ(trainingProblem(dataset, options), "");
  options.budget.numbers -= 1;
  EXPECT_NE(trainingProblem(dataset, options), "");
}

TEST(Budget, ManyConstraintsAndManyNumbersOfAnSvmAreRefused) {
  EXPECT_EQ(svmExcess(drawn(20, 30, 5), {}, {}), "");
  EXPECT_NE(
      svmExcess(drawn(500, 500, 2), {}, {}).find("the SVM has 249500 constraints, the limit is 50000: "),
      std::string::npos);
  EXPECT_NE(svmExcess(drawn(10, 1000, 1500), {}, {}).find("the SVM needs 36.8 million numbers"),
            std::string::npos);
  EXPECT_NE(svmExcess(drawn(100, 50, 2), {true, true}, {}), "");  // products of 5000 queries
}

TEST(Budget, TextOfADatasetIsCountedBeforeItIsRead) {
  const std::string text = toJson(drawn(4, 5, 6));
  Budget tight{100};
  const Result<Dataset> refused = parseDataset(text, tight);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().find("the file needs "), std::string::npos) << refused.error();
  EXPECT_NE(refused.error().find("bytes, the limit is 2600"), std::string::npos) << refused.error();
  tight.numbers = 152;
  EXPECT_EQ(parseDataset(text, tight).error(),
            "the data needs 154 numbers at once, the limit is 152: choose fewer or shorter sequences or a "
            "smaller d, or set limit=154");
  tight.numbers = 154;
  EXPECT_TRUE(parseDataset(text, tight).ok());
}

TEST(Budget, AFileOfWordsIsCountedWithTheirEmbeddings) {
  TextOptions options;
  options.embeddings = EmbeddingKind::Random;
  options.d = 12;
  const std::string text = toJson(textDataset("a b a b", options).value());
  // Two words, and five places that they stand in.
  EXPECT_EQ(parseDataset(text, Budget{83}).error(),
            "the data needs 84 numbers at once, the limit is 83: choose fewer or shorter sequences or a "
            "smaller d, or set limit=84");
  EXPECT_TRUE(parseDataset(text, Budget{84}).ok());
}

TEST(Budget, ATextIsCountedBeforeItsEmbeddingsAreMade) {
  TextOptions options;
  options.context = 2;
  options.embeddings = EmbeddingKind::Random;
  options.d = 10;
  EXPECT_EQ(textDataset("a b a b", options, Budget{99}).error(),
            "text: the data of this context and dimension needs 100 numbers at once, the limit is 99: choose "
            "fewer or "
            "shorter sequences or a smaller d, or set limit=100");
  EXPECT_TRUE(textDataset("a b a b", options, Budget{100}).ok());
}

TEST(Budget, JsonOfTooManyValuesIsRefusedBeforeTheyAreRead) {
  EXPECT_EQ(json::parse("[1,2,3]", 3).error(), "the text holds 4 values, the limit is 3");
  EXPECT_TRUE(json::parse("[1,2,3]", 4).ok());
}

}  // namespace
}  // namespace attention_svm
