// SPDX-License-Identifier: MIT
// Texts in the lab: scenarios, the box in the panel, files of words, and what is said of them.
#include <gtest/gtest.h>

#include "attention_svm/continuation.h"
#include "null/null_host.h"
#include "panels/panels.h"
#include "scenarios.h"
#include "settings/address.h"
#include "support/word_problems.h"
#include "views/views.h"

namespace attention_svm::shell {
namespace {

bool says(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }
const Run& mainRun(Driver& driver) { return driver.lab().session().runs.front(); }

TEST(WordsScenario, RoseIsRetrievedInOrder) {
  Driver driver("scenario=words");
  driver.frames(3);
  EXPECT_EQ(driver.lab().session().dataset.words->leftOut, 2);
  driver.lab().step(4000);
  driver.frames(3);
  EXPECT_TRUE(
      says(mainRun(driver).verdict.sentence, "after “rose”, attention retrieves “is” before “rose” and “a”"))
      << mainRun(driver).verdict.sentence;
  const TraceSample& last = mainRun(driver).trace.samples.back();
  EXPECT_LT(last.offDirectional, 1e-3);
  ASSERT_EQ(last.next.size(), 7u);
  for (const double p : last.next) EXPECT_GT(p, 0.999);
  EXPECT_TRUE(std::isnan(last.offCyclic));  // no cycle
}

TEST(WordsScenario, LettersAreMixedForEver) {
  Driver driver("scenario=mississippi");
  driver.frames(3);
  driver.lab().step(200);
  const double before = mainRun(driver).trace.samples.back().offCyclic;
  driver.lab().step(5000);
  driver.frames(3);
  EXPECT_TRUE(says(mainRun(driver).verdict.sentence, "“i” and “s” are mixed 61 : 39 for ever"))
      << mainRun(driver).verdict.sentence;
  const TraceSample& last = mainRun(driver).trace.samples.back();
  EXPECT_LT(last.offCyclic, 0.1 * before);
  EXPECT_LT(last.offCyclic, 1e-3);
}

TEST(WordsScenario, EveryPlotDrawsAndNoneIsForPointsOnly) {
  for (const char* address : {"scenario=words", "scenario=mississippi", "scenario=words&embed=random&embd=2",
                              "scenario=words&d=3"}) {
    for (const PlotKind kind : allPlots()) {
      Driver driver(std::string(address) + "&plots=" + plotName(kind));
      driver.frames(2);
      driver.lab().step(20);
      driver.frames(2);
      EXPECT_GT(driver.vertices(), 100) << plotName(kind);
    }
  }
  Driver points("scenario=plane&plots=words,priority,next-word");
  points.frames(3);
  EXPECT_GT(points.vertices(), 100);
}

TEST(WordsScenario, SaysThatTheTheoryDoesNotCoverDependentEmbeddings) {
  Driver driver("scenario=words&embed=random&embd=2");
  driver.frames(2);
  EXPECT_TRUE(says(mainRun(driver).verdict.sentence, "not linearly independent"))
      << mainRun(driver).verdict.sentence;
}

TEST(Text, BadOnesChangeNothingAndSayWhatToDo) {
  Driver driver("scenario=words");
  driver.frames(2);
  const std::string before = driver.lab().address();
  const auto refused = [&](const std::string& fields, const char* why) {
    const std::vector<std::string> notices = driver.lab().loadAddress(before + "&" + fields);
    ASSERT_FALSE(notices.empty()) << fields;
    EXPECT_TRUE(says(notices.front(), why)) << notices.front();
    EXPECT_EQ(driver.lab().session().dataset.words->names.size(), 3u);
  };
  refused("text=every word is another", "a text that repeats itself");
  refused("text=" + std::string(1600, 'a'), "at most 1500 bytes");
  refused("embd=2", "need at least 3 dimensions");
}

TEST(Text, StandsInTheAddressAsText) {
  Driver driver("scenario=words&text=ein Esel & noch ein Esel, ein grüner");
  Driver again(driver.lab().address());
  again.frames(2);
  EXPECT_EQ(toJson(again.lab().session().dataset), toJson(driver.lab().session().dataset));
}

TEST(Text, OpensFromAButtonOnAnyPage) {
  Driver driver("scenario=causal");
  driver.frames(3);
  ASSERT_TRUE(driver.click("A text"));
  driver.frames(3);
  EXPECT_TRUE(driver.lab().session().dataset.words.has_value());
  EXPECT_FALSE(driver.lab().session().settings.training.queries.everyToken);
  EXPECT_TRUE(driver.shows("##text"));
}

TEST(WordsFile, OpensWithoutAHead) {
  Driver driver("scenario=plane");
  driver.frames(2);
  const std::string file = toJson(wordDataset(test::randomWords(8)).value());
  ASSERT_TRUE(driver.lab().openFile("mine.json", file).ok());
  driver.frames(3);
  ASSERT_TRUE(driver.lab().session().dataset.words.has_value());
  EXPECT_EQ(driver.lab().session().dataset.words->names.size(), test::randomWords(8).names.size());
}

}  // namespace
}  // namespace attention_svm::shell
