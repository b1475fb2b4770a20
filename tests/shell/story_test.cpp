// SPDX-License-Identifier: MIT
// What the story's figures need of the lab: going back in time, pace, guesses, the map of starts.
#include <gtest/gtest.h>

#include <cmath>

#include "attention_svm/json.h"
#include "jobs/basin_map.h"
#include "jobs/pace.h"
#include "null/null_host.h"

namespace attention_svm::shell {
namespace {

constexpr const char* kTwo =
    "data=inline:-0.7,-0.85;-0.35,0.4;0.1,0.55;0.3,0.3;0.4,-0.75|-0.1,1;-0.35,-1;-0.1,-0.45;0.55,-0.2;0.8,0."
    "5~0.58,"
    "0.82;-0.51,0.86~pp~-0.98,0.18&W0=-0.098,0.435,-0.867,-0.021";

const Run& run(Driver& driver) { return driver.lab().session().runs.front(); }

std::vector<double> iterations(const Run& of) {
  std::vector<double> all;
  for (const TraceSample& sample : of.trace.samples) all.push_back(sample.iteration);
  for (const TraceSample& sample : of.trace.later) all.push_back(sample.iteration);
  return all;
}

TEST(Seek, ShowsTheRunAsItWasAndGoesOnAsItDid) {
  for (const char* training : {"", "&opt=adam", "&param=KQ&W0=&opt=normalized-gd-growing", "&grad=plain"}) {
    Driver straight(std::string(kTwo) + training), there(std::string(kTwo) + training);
    straight.lab().step(700);
    there.lab().step(700);
    std::vector<double> recorded = iterations(run(there));
    if (recorded.back() < 700) recorded.push_back(700);  // the end stays, though it is between two samples
    Driver early(std::string(kTwo) + training);
    early.lab().step(133);
    for (const long moment : {133L, 699L, 0L, 133L}) {
      there.lab().seek(moment);
      EXPECT_EQ(run(there).trainer.iteration(), moment) << training;
      EXPECT_EQ(run(there).trace.samples.back().iteration, static_cast<double>(moment));
      EXPECT_EQ(recordedTo(run(there)), recorded.back());
    }
    EXPECT_EQ(run(there).trainer.W(), run(early).trainer.W()) << training;
    EXPECT_EQ(run(there).verdict.sentence, run(early).verdict.sentence);
    there.frames(2);
    there.lab().step(700 - 133);
    EXPECT_EQ(run(there).trainer.W(), run(straight).trainer.W()) << training;
    EXPECT_EQ(iterations(run(there)), recorded) << training;
    there.lab().seek(900);
    straight.lab().step(200);
    EXPECT_EQ(run(there).trainer.W(), run(straight).trainer.W());
  }
}

TEST(Seek, KeepsFewMoments) {
  Driver driver(kTwo);
  driver.lab().step(30000);
  EXPECT_LE(run(driver).kept.size(), 16u);
  driver.lab().seek(29000);
  EXPECT_EQ(run(driver).trainer.iteration(), 29000);
}

TEST(Pace, IsStepsASecondWhateverTheScreenDraws) {
  const auto steps = [](double frames, double speed) {
    Pace pace;
    long iteration = 100000;  // long past the slow start
    for (int k = 0; k < static_cast<int>(2 * frames); ++k)
      iteration += pace.due(k / frames, speed, iteration);
    return static_cast<double>(iteration - 100000);
  };
  EXPECT_NEAR(steps(60, 3), 360, 4);
  EXPECT_NEAR(steps(120, 3), 360, 4);
  EXPECT_NEAR(steps(30, 3), 360, 8);
  EXPECT_NEAR(steps(5, 3), 360, 40);  // a machine that draws slowly
  EXPECT_NEAR(steps(60, 1.0 / 60), 2, 1);
}

TEST(Pace, BeginsInSlowMotionAndAPageThatSleptDoesNotCatchUp) {
  Pace pace;
  EXPECT_EQ(pace.due(0, 1, 0), 1);
  long iteration = 1;
  for (int k = 1; k < 60; ++k) iteration += pace.due(k / 60.0, 100, iteration);
  EXPECT_GT(iteration, 4);
  EXPECT_LT(iteration, 20);
  EXPECT_LE(pace.due(1000.0, 1, 100000), 15);  // a quarter of a second's steps
}

json::Value metrics(Driver& driver) { return json::parse(driver.lab().metrics()).value(); }

TEST(Guess, IsScoredAgainstTheDirectionOfTheSvm) {
  Driver driver(std::string(kTwo) + "&panel=figure&plots=geometry&guess=0;90");
  driver.lab().step(600);
  const json::Value said = metrics(driver);
  const auto* errors = said.find("guessError")->array();
  ASSERT_TRUE(errors != nullptr && errors->size() == 2);
  const SvmSolution& svm = *run(driver).prediction.in(Norm::Kind::Frobenius);
  for (std::size_t i = 0; i < 2; ++i) {
    const Vector u = svm.W * driver.lab().session().dataset.query(static_cast<Index>(i));
    const double guess = i == 0 ? 0.0 : 90.0;
    const double cosine =
        (std::cos(guess * M_PI / 180) * u(0) + std::sin(guess * M_PI / 180) * u(1)) / u.norm();
    EXPECT_NEAR(*(*errors)[i].number(), std::acos(cosine) * 180 / M_PI, 1e-9);
  }
}

TEST(Guess, IsDraggedByItsHandle) {
  Driver driver(std::string(kTwo) + "&panel=figure&plots=geometry&layers=arrows,numbers&guess=0;90", 600,
                600);
  driver.frames(2);
  // The handle of sequence 2 stands above the origin, at 1.1 of the reach in a picture of 1.2 to each side.
  const float reach = 0.5f * 584 * 1.1f / 1.2f;
  driver.drag({300, 300 - reach}, {300 + reach, 300});
  const std::vector<double>& guess = driver.lab().session().settings.guess;
  ASSERT_EQ(guess.size(), 2u);
  EXPECT_EQ(guess[0], 0.0);
  EXPECT_NEAR(guess[1], 0.0, 3.0);
  EXPECT_EQ(run(driver).trainer.iteration(), 0);
}

TEST(BasinMap, SaysOfEveryStartWhereTrainingEnds) {
  Driver driver(std::string(kTwo) + "&plots=basin-map,geometry");
  driver.finishJobs();
  const BasinMap& map = driver.lab().session().basinMap;
  ASSERT_EQ(map.side, 48);
  ASSERT_GE(map.selections.size(), 2u);
  for (const int k : {0, 700, 1234, 2303}) {
    Driver one(kTwo);
    Settings settings = one.lab().session().settings;
    TrainerOptions options = settings.training;
    options.W0 =
        startAt(-180 + 7.5 * (0.5 + k % 48), -180 + 7.5 * (0.5 + k / 48), one.lab().session().dataset);
    Trainer trainer = Trainer::create(one.lab().session().dataset, options).value();
    trainer.step(400);
    const int cell = map.cells[static_cast<std::size_t>(k)];
    EXPECT_EQ(map.selections[static_cast<std::size_t>(cell)], trainer.selected()) << k;
  }
  for (std::size_t s = 0; s < map.selections.size(); ++s)
    EXPECT_EQ(map.best[s] != 0, (map.selections[s] == Selection{0, 0}));
}

TEST(BasinMap, StartsPointWhereTheMapSays) {
  Driver driver(kTwo);
  const Dataset& dataset = driver.lab().session().dataset;
  const Matrix W = startAt(30, -120, dataset).value();
  for (const auto& [i, degrees] : {std::pair{0, 30.0}, std::pair{1, -120.0}}) {
    const Vector u = W * dataset.query(i);
    EXPECT_NEAR(std::atan2(u(1), u(0)) * 180 / M_PI, degrees, 1e-9);
    EXPECT_NEAR(u.norm(), 2.0, 1e-12);
  }
}

TEST(BasinMap, SaysWhyThereIsNone) {
  Driver driver("scenario=ten-dimensions&plots=basin-map");
  driver.finishJobs();
  EXPECT_NE(driver.lab().session().basinMapProblem.find("tokens in the plane"), std::string::npos);
}

TEST(Controls, AreDrawnOnceWhereThePageHasThem) {
  for (const float width : {1280.0f, 390.0f}) {
    Driver driver("scenario=plane", width, 800);
    EXPECT_TRUE(driver.shows("▶ Play")) << width;
    driver.lab().setPageHasControls(true);
    driver.frames(2);
    for (const char* control : {"▶ Play", "Step", "Reset", "Find…"})
      EXPECT_FALSE(driver.shows(control)) << control;
    EXPECT_TRUE(width < 500 || driver.shows("Random data"));
  }
}

TEST(Timeline, ShowsTheMomentItIsDraggedTo) {
  Driver driver("scenario=plane");
  driver.lab().step(400);
  driver.frames(2);
  const ImVec2 middle = driver.centre("##timeline");
  driver.drag({middle.x + 60, middle.y}, middle);
  EXPECT_NEAR(static_cast<double>(run(driver).trainer.iteration()), 200, 4);
  EXPECT_EQ(recordedTo(run(driver)), 400);
  driver.lab().step(1);
  EXPECT_GT(recordedTo(run(driver)), 399);
}

TEST(PlainSentence, SaysWhatWinsBeforeAnyFigure) {
  Driver driver("scenario=plane");
  driver.lab().step(600);
  const std::string said = driver.lab().description();
  EXPECT_NE(said.find("Circles look at token 1, squares at token 1: the best choice. Training is"),
            std::string::npos)
      << said;
  EXPECT_LT(said.find("Circles look"), said.find("Selected tokens 1 1"));
  Driver start("scenario=plane");
  EXPECT_NE(start.lab().description().find("Circles lean to token"), std::string::npos);
}

}  // namespace
}  // namespace attention_svm::shell
