// SPDX-License-Identifier: MIT
#include "attention_svm/experiment_draws.h"

#include <gtest/gtest.h>

#include <cmath>

namespace attention_svm {
namespace {

struct Drawn {
  Experiment experiment;
  std::string text;
};

/// The first `count` draws of an experiment, or all.
Drawn drawn(const ExperimentSpec& spec, int count) {
  Drawn result{Experiment::create(spec).value(), {}};
  result.text = drawsHeader(result.experiment) + "\n";
  for (int k = 0; k < count; ++k) {
    const std::optional<ExperimentRow> row = result.experiment.advance();
    if (!row) break;
    result.text += drawLine(result.experiment, *row) + "\n";
  }
  return result;
}

TEST(ExperimentDraws, GoOnFromAnyPlaceToTheSameBytes) {
  for (const char* text :
       {"rank,runs=3,values=3:8", "local-convergence,runs=2,n=2,T=3,d=4,steps=60",
        "several-tokens,runs=1,values=3:4,steps=200", "global-or-local,runs=3,values=3:6,steps=80"}) {
    const ExperimentSpec spec = parseExperiment(text).value();
    const Drawn whole = drawn(spec, 1000);
    for (const int first : {0, 1, 2, 5}) {
      Drawn part = drawn(spec, first);
      Experiment taken = Experiment::create(spec).value();
      ASSERT_EQ(addDraws(taken, part.text), "") << text;
      while (const std::optional<ExperimentRow> row = taken.advance())
        part.text += drawLine(taken, *row) + "\n";
      EXPECT_EQ(part.text, whole.text) << text;
      EXPECT_EQ(toCsv(taken.result()), toCsv(whole.experiment.result())) << text;
    }
  }
}

TEST(ExperimentDraws, BrokenLinesAreNamed) {
  const ExperimentSpec spec = parseExperiment("rank,runs=2,values=3:8").value();
  const std::string header = drawsHeader(Experiment::create(spec).value()) + "\n";
  const auto problem = [&](const std::string& lines) {
    Experiment experiment = Experiment::create(spec).value();
    return addDraws(experiment, lines);
  };
  EXPECT_EQ(problem("d,draw\n"), "line 1 is not that of this experiment");
  EXPECT_EQ(problem(""), "line 1 is not that of this experiment");
  const std::size_t columns = Experiment::create(spec).value().columnCount();
  EXPECT_EQ(problem(header + "3,0\n"), "line 2: expected " + std::to_string(3 + columns) + " numbers");
  std::string rest;
  for (std::size_t k = 0; k < columns; ++k) rest += ",1";
  EXPECT_EQ(problem(header + "3,0,1" + rest + "\n"), "");
  EXPECT_EQ(problem(header + "4,0,1" + rest + "\n"), "line 2: no value of the sweep: 4");
  EXPECT_EQ(problem(header + "3,0.5,1" + rest + "\n"), "line 2: the number of the draw is none");
  EXPECT_EQ(problem(header + "3,0,2" + rest + "\n"), "line 2: expected 0 or 1 for whether it enters");
  EXPECT_NE(problem(header + "3,zero,1" + rest + "\n"), "");
}

}  // namespace
}  // namespace attention_svm
