// SPDX-License-Identifier: MIT
// Dataset files in and out, random data, scores.
#include <gtest/gtest.h>

#include <algorithm>

#include "attention_svm/dataset.h"
#include "attention_svm/random.h"
#include "attention_svm/random_dataset.h"
#include "attention_svm/tokens.h"
#include "fuzz/dataset_fuzz.h"
#include "support/broken_file.h"
#include "support/reference_files.h"
#include "support/scale.h"

namespace attention_svm {
namespace {

constexpr const char* kValid =
    R"({"format":"attention-svm-dataset","version":1,"X":[[[1,2],[3,4]],[[5,6]]],"Z":[[1,0],[0,1]],)"
    R"("y":[1,-1],"head":{"kind":"linear","v":[1,0]}})";

using test::Broken;

class DatasetErrors : public ::testing::TestWithParam<Broken> {};

TEST_P(DatasetErrors, NameThePlace) { test::expectError(kValid, GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    All, DatasetErrors,
    ::testing::Values(
        Broken{"[3,4]", "[3]", "X[0][1]: expected 2 numbers, found 1"},
        Broken{"[[5,6]]", "[[5,6,7]]", "X[1][0]: expected 2 numbers, found 3"},
        Broken{"[[5,6]]", "[]", "X[1]: expected at least 1 of its tokens, found 0"},
        Broken{"[3,4]", "[3,\"x\"]", "X[0][1][1]: expected a number, found a string"},
        Broken{"[0,1]]", "[0,1],[1,1]]", "Z: expected 2 queries, found 3"},
        Broken{"[1,-1]", "[1,0]", "y[1]: expected 1 or -1, found 0"},
        Broken{"[1,-1]", "[1]", "y: expected 2 labels, found 1"},
        Broken{"\"v\":[1,0]", "\"v\":[1]", "head.v: expected 2 numbers, found 1"},
        Broken{"\"linear\"", "\"cubic\"", "head.kind: expected \"linear\", \"mlp\" or \"quadratic\""},
        Broken{"\"version\":1", "\"version\":3", "version: expected 1 or 2, found 3"},
        Broken{"\"version\":1", "\"version\":2", "vocabulary: missing"},
        Broken{"attention-svm-dataset", "other", "format: expected \"attention-svm-dataset\""},
        Broken{"\"y\"", "\"why\"", "y: missing"},
        Broken{"[1,2],", "[1,2]", "line 1, column 58: expected ',' or ']'"},
        Broken{"5,6", "5,1e999", "line 1, column 70: a number too large for a double"},
        Broken{"\"y\":", "\"X\":1,\"y\":", "line 1, column 96: the name \"X\" stands here twice"}));

TEST(DatasetFile, GoesRoundWithTheSameBits) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed)
    for (const HeadKind head : {HeadKind::Linear, HeadKind::Mlp, HeadKind::Quadratic}) {
      RandomDatasetSpec spec;
      spec.seed = seed;
      spec.head = head;
      spec.selfAttention = seed % 3 == 0;
      const Dataset dataset = randomDataset(spec).value();
      const std::string text = toJson(dataset);
      const Dataset again = parseDataset(text).value();
      EXPECT_EQ(toJson(again), text);
      for (Index i = 0; i < dataset.n(); ++i) EXPECT_EQ(again.tokens(i), dataset.tokens(i));
    }
}

/// Bytes changed and removed, pieces of JSON put in, pieces of the text doubled.
std::string mutated(const std::string& original, Random& random) {
  static const std::vector<std::string> kPieces{"[",  "]",   "{",     "}", ",",    ":",
                                                "\"", "\\u", "1e999", "-", "null", "0"};
  std::string text = original;
  for (int edits = 1 + random.below(4); edits > 0 && !text.empty(); --edits) {
    const auto at = static_cast<std::size_t>(random.below(static_cast<int>(text.size())));
    const auto length = static_cast<std::size_t>(random.below(8));
    const std::string before = text.substr(0, at), after = text.substr(at);
    const std::string rest = text.substr(std::min(text.size(), at + length));
    switch (random.below(4)) {
      case 0: text[at] = static_cast<char>(random.below(256)); break;
      case 1: text = before + rest; break;
      case 2: text = before + kPieces[static_cast<std::size_t>(random.below(12))] + after; break;
      default: text = before + after.substr(0, length) + after; break;
    }
  }
  return text;
}

TEST(DatasetFile, MutationsNeverBreakTheReader) {
  Random random(9);
  int read = 0;
  std::vector<std::string> seeds{kValid};
  for (const HeadKind head : {HeadKind::Linear, HeadKind::Mlp, HeadKind::Quadratic}) {
    RandomDatasetSpec spec{.n = 2, .T = 2, .d = 2};
    spec.head = head;
    seeds.push_back(toJson(randomDataset(spec).value()));
  }
  for (int k = 0; k < 40000 / test::kScale; ++k) {
    const std::string text = mutated(seeds[static_cast<std::size_t>(k) % seeds.size()], random);
    ASSERT_TRUE(test::readsOrNamesThePlace(text)) << text;
    read += parseDataset(text).ok();
  }
  EXPECT_GT(read, 100);
}

TEST(DatasetFile, TheShippedOnesAreRead) {
  for (const char* name : {"digits-rows", "plane-3", "plane-5", "mlp-kept"})
    EXPECT_TRUE(parseDataset(test::readTextFile(std::string("web/data/") + name + ".json")).ok()) << name;
}

TEST(RandomData, HasUnitTokensAndTheSameBitsForASeed) {
  const Dataset a = randomDataset({}).value(), b = randomDataset({}).value();
  EXPECT_EQ(toJson(a), toJson(b));
  for (Index i = 0; i < a.n(); ++i)
    for (Index t = 0; t < a.length(i); ++t) EXPECT_NEAR(a.tokens(i).row(t).norm(), 1.0, 1e-14);
}

TEST(Tokens, TiesAreReportedAndHeadsWithoutScoresRefused) {
  Dataset dataset = parseDataset(kValid).value();
  dataset.X[0].row(1) = dataset.X[0].row(0);
  const OptimalTokens best = optimalTokens(dataset).value();
  ASSERT_EQ(best.ties.size(), 1u);
  EXPECT_EQ(best.ties[0].sequence, 0);
  dataset.head = QuadraticHead{Vector::Ones(2), 1.0};
  EXPECT_FALSE(scores(dataset).ok());
}

}  // namespace
}  // namespace attention_svm
