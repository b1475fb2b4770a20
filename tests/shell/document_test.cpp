// SPDX-License-Identifier: MIT
// The document: data is parsed once and shared, edits are functions, every change can be taken back.
#include "document/document.h"

#include <gtest/gtest.h>

#include "attention_svm/random_dataset.h"
#include "null/null_host.h"
#include "scenarios.h"
#include "settings/address.h"

namespace attention_svm::shell {
namespace {

struct Opened {
  NullHost host;
  Notices notices;
  Work work{host};
  Document document{host, work, notices, scenarioSettings("plane")};
};

/// n sequences of 100 tokens in 50 dimensions, 100 kB of text each.
std::string largeFile(Index n) {
  RandomDatasetSpec spec;
  spec.n = n;
  spec.T = 100;
  spec.d = 50;
  return toJson(randomDataset(spec).value());
}

TEST(Document, ALargeFileIsParsedOnceAndNeverAgain) {
  Opened lab;
  const std::string text = largeFile(100);
  ASSERT_GT(text.size(), 9'000'000u);
  const int before = lab.document.datasets().parses();
  ASSERT_TRUE(lab.document.open("large.json", text).ok());
  EXPECT_EQ(lab.document.session().dataset.n(), 2);  // it is being read meanwhile
  ASSERT_EQ(lab.host.jobs.size(), 1u);
  Job& job = *lab.host.jobs.begin()->second;
  while (job.advance()) continue;
  lab.work.take(lab.document.running(), lab.host.jobs.begin()->first, 1, true, job.answer(), "");
  std::optional<Work::ReadFile> file = lab.work.takeFile();
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE(lab.document.opened(file->name, std::move(file->answer)).ok());
  EXPECT_EQ(lab.document.datasets().parses(), before + 1);
  for (const char* setting : {"eta=0.5", "trainseed=3", "loss=linear"}) {
    Settings next = lab.document.session().settings;
    ASSERT_TRUE(applyFields(next, splitFields(setting)).empty());
    lab.document.change(next, false, true);
  }
  lab.document.undo();
  lab.document.reset();
  EXPECT_EQ(lab.document.session().dataset.n(), 100);
  EXPECT_EQ(lab.document.datasets().parses(), before + 1);
}

TEST(Document, BuiltInDataIsParsedOnceToo) {
  Opened lab;
  lab.document.load(scenarioSettings("digits"));
  const int before = lab.document.datasets().parses();
  lab.document.load(scenarioSettings("plane"));
  lab.document.load(scenarioSettings("digits"));
  lab.document.reset();
  EXPECT_EQ(lab.document.datasets().parses(), before);
}

TEST(Document, WhatTheBrowserKeptIsParsedWhenItIsFound) {
  Opened lab;
  const std::string text = largeFile(1);
  lab.document.found("0123456789abcdef", text);
  lab.document.found("0123456789abcdef", text);
  lab.document.found("fedcba9876543210", "no dataset");
  Settings next = lab.document.session().settings;
  ASSERT_TRUE(applyFields(next, {{"data", "file:0123456789abcdef"}, {"W0", ""}}).empty());
  EXPECT_EQ(lab.document.load(next), "");
  EXPECT_EQ(lab.document.session().dataset.d(), 50);
  ASSERT_TRUE(applyFields(next, {{"data", "file:fedcba9876543210"}}).empty());
  EXPECT_NE(lab.document.load(next), "");
  EXPECT_EQ(lab.document.session().dataset.d(), 50);  // all is as it was
}

TEST(Document, UndoAndRedoWalkTheSameWay) {
  Opened lab;
  const std::string first = addressOf(lab.document.session().settings);
  Settings next = lab.document.session().settings;
  next.training.stepSize = 0.5;
  lab.document.change(next, false, true);
  const std::string second = addressOf(lab.document.session().settings);
  EXPECT_NE(second, first);
  EXPECT_TRUE(lab.document.history().canUndo());
  lab.document.undo();
  EXPECT_EQ(addressOf(lab.document.session().settings), first);
  EXPECT_EQ(lab.host.address, first);
  lab.document.redo();
  EXPECT_EQ(addressOf(lab.document.session().settings), second);
  lab.document.redo();  // nothing left
  EXPECT_EQ(addressOf(lab.document.session().settings), second);
}

TEST(Edits, AreFunctionsThatLeaveTheirDataAlone) {
  RandomDatasetSpec spec;
  spec.n = 2;
  spec.T = 2;
  spec.d = 2;
  const Dataset dataset = randomDataset(spec).value();
  const std::string before = toJson(dataset);
  Vector at(2);
  at << 0.25, -0.5;
  const auto after = [&](Edit::Kind kind) { return edited(dataset, Edit{kind, 1, 0, at, true}); };
  EXPECT_EQ(after(Edit::Kind::AddToken)->length(1), 3);
  EXPECT_EQ(after(Edit::Kind::DeleteToken)->length(1), 1);
  EXPECT_EQ(after(Edit::Kind::AddSequence)->n(), 3);
  EXPECT_EQ(after(Edit::Kind::DeleteSequence)->n(), 1);
  EXPECT_EQ(after(Edit::Kind::FlipLabel)->y(1), -dataset.y(1));
  EXPECT_EQ(after(Edit::Kind::MoveToken)->X[1](0, 1), -0.5);
  EXPECT_EQ(after(Edit::Kind::MoveQuery)->Z(1, 0), 0.25);
  EXPECT_FALSE(after(Edit::Kind::MoveWz));
  const Dataset small = *after(Edit::Kind::DeleteSequence);
  EXPECT_FALSE(edited(small, Edit{Edit::Kind::DeleteSequence, 0, 0, at, true}));
  const Dataset shorter = *after(Edit::Kind::DeleteToken);
  EXPECT_FALSE(edited(shorter, Edit{Edit::Kind::DeleteToken, 1, 0, at, true}));
  EXPECT_EQ(toJson(dataset), before);
}

}  // namespace
}  // namespace attention_svm::shell
