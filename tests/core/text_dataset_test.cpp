// SPDX-License-Identifier: MIT
// Texts become words, words become sequences.
#include <gtest/gtest.h>

#include "attention_svm/text_dataset.h"
#include "support/word_problems.h"

namespace attention_svm {
namespace {

using Names = std::vector<std::string>;

TEST(TextUnits, AreWordsWithoutThePunctuationAroundThem) {
  EXPECT_EQ(textUnits("Rose is a rose, is\ta \n\n rose.", TextUnit::Word),
            (Names{"rose", "is", "a", "rose", "is", "a", "rose"}));
  EXPECT_EQ(textUnits("\"Don't!\" said mother-in-law … twice—no, once", TextUnit::Word),
            (Names{"don't", "said", "mother-in-law", "twice", "no", "once"}));
  EXPECT_EQ(textUnits("«ÉTÉ» ΩΡΑ Привет Łódź", TextUnit::Word), (Names{"été", "ωρα", "привет", "łódź"}));
  EXPECT_EQ(textUnits(" ... ! ", TextUnit::Word), Names{});
  EXPECT_EQ(textUnits("", TextUnit::Word), Names{});
}

TEST(TextUnits, AreCodePoints) {
  EXPECT_EQ(textUnits("Añ→𝄞", TextUnit::Character), (Names{"a", "ñ", "→", "𝄞"}));
  EXPECT_EQ(textUnits("  a \n b. ", TextUnit::Character), (Names{"a", " ", "b", "."}));
  EXPECT_EQ(textUnits("a\xff\xc3", TextUnit::Character), (Names{"a", "\xef\xbf\xbd", "\xef\xbf\xbd"}));
}

/// The texts of next-token.json that were made with a context of six.
TEST(TextDataset, GivesTheSequencesOfTheReference) {
  int found = 0;
  const json::Value file = test::readJsonFile("tests/reference/next-token.json");
  for (const json::Value& value : test::referenceCases(file)) {
    const std::string name = test::text(value, "name");
    if (name.find("random") == 0) continue;
    ++found;
    const Words expected = test::referenceWords(value);
    TextOptions options;
    if (name == "mississippi") options.unit = TextUnit::Character;
    const Dataset dataset = textDataset(name, options).value();
    EXPECT_EQ(dataset.words->names, expected.names);
    EXPECT_EQ(dataset.words->sequences, expected.sequences) << name;
    EXPECT_EQ(dataset.words->next, expected.next);
    EXPECT_EQ(dataset.words->E, Matrix::Identity(expected.count(), expected.count()));
    EXPECT_NE(dataset.name.find(name.substr(0, 50)), std::string::npos);
  }
  EXPECT_EQ(found, 3);
}

TEST(TextDataset, CountsWhatIsLeftOut) {
  TextOptions options;
  options.context = 2;
  const Dataset dataset = textDataset("a b a c a b", options).value();
  // b, c and the last b do not occur among the two before them
  EXPECT_EQ(dataset.words->leftOut, 3);
  EXPECT_EQ(dataset.words->sequences, (std::vector<std::vector<Index>>{{0, 1}, {0, 2}}));
  EXPECT_EQ(dataset.words->next, (std::vector<Index>{0, 0}));
}

TEST(TextDataset, HasRandomUnitEmbeddingsOfTheSeed) {
  TextOptions options;
  options.embeddings = EmbeddingKind::Random;
  options.d = 7;
  options.seed = 4;
  const Matrix E = textDataset("a b a b", options).value().words->E;
  EXPECT_EQ(E.rows(), 2);
  EXPECT_EQ(E.cols(), 7);
  for (Index k = 0; k < 2; ++k) EXPECT_NEAR(E.row(k).norm(), 1.0, 1e-15);
  EXPECT_EQ(textDataset("x y x", options).value().words->E, E);
  options.seed = 5;
  EXPECT_NE(textDataset("x y x", options).value().words->E, E);
}

TEST(TextDataset, SaysWhatToChange) {
  const auto error = [](const std::string& text, const TextOptions& options) {
    const Result<Dataset> result = textDataset(text, options);
    return result ? std::string() : result.error();
  };
  EXPECT_EQ(error("alone", {}), "text: expected at least 2 words");
  EXPECT_EQ(error("all words differ here", {}),
            "text: no word occurs among the 6 before it, so that there is nothing to attend to; give a text "
            "that repeats itself, or a longer context");
  TextOptions options;
  options.d = 1;
  EXPECT_EQ(error("a b a", options), "d: one-hot embeddings of 2 words need at least 2 dimensions, found 1");
  options.d = -1;
  EXPECT_EQ(error("a b a", options), "d: expected a whole number from 1 to 1000, found -1");
  options = {};
  options.context = 0;
  EXPECT_EQ(error("a b a", options), "context: expected a whole number from 1 to 1000, found 0");
  std::string many;
  for (int k = 0; k < 1200; ++k) many += "w" + std::to_string(k) + " ";
  EXPECT_EQ(error(many, {}).substr(0, 26), "text: 1200 different words");
}

}  // namespace
}  // namespace attention_svm
