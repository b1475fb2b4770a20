// SPDX-License-Identifier: MIT
// The lab without a browser: buttons are pressed, keys and mouse move, the state is read.
#include <gtest/gtest.h>

#include <algorithm>

#include "attention_svm/random.h"
#include "null/null_host.h"
#include "scenarios.h"
#include "settings/address.h"
#include "support/reference_files.h"

namespace attention_svm::shell {
namespace {

long iteration(Driver& driver) { return driver.lab().session().runs.front().trainer.iteration(); }

json::Value metrics(Driver& driver) { return json::parse(driver.lab().metrics()).value(); }

TEST(Lab, PlayTrainsAndPauseStops) {
  Driver driver("scenario=plane");
  EXPECT_EQ(iteration(driver), 0);
  ASSERT_TRUE(driver.click("▶ Play"));
  driver.frames(90);  // the first steps come slowly
  const long reached = iteration(driver);
  EXPECT_GT(reached, 10);
  ASSERT_TRUE(driver.click("❚❚ Pause"));
  const long paused = iteration(driver);
  driver.frames(10);
  EXPECT_EQ(iteration(driver), paused);
  ASSERT_TRUE(driver.click("Reset"));
  EXPECT_EQ(iteration(driver), 0);
  EXPECT_FALSE(driver.lab().wantsFrame() && driver.lab().playing());
}

TEST(Lab, KeysPlayStepAndReset) {
  Driver driver("scenario=plane&speed=3");
  driver.key(ImGuiKey_RightArrow);
  EXPECT_EQ(iteration(driver), 3);
  driver.key(ImGuiKey_Space);
  EXPECT_TRUE(driver.lab().playing());
  driver.key(ImGuiKey_R);
  EXPECT_EQ(iteration(driver), 0);
  EXPECT_FALSE(driver.lab().playing());
}

TEST(Lab, PlaneReachesItsVerdict) {
  Driver driver("scenario=plane");
  driver.lab().step(1500);
  const std::string verdict = driver.lab().verdict();
  EXPECT_NE(verdict.find("Selected tokens 1 1: a locally optimal direction"), std::string::npos) << verdict;
  EXPECT_NE(verdict.find("global"), std::string::npos) << verdict;
  EXPECT_GT(*metrics(driver).find("correlation")->find("frobenius")->number(), 0.999);
  EXPECT_GT(driver.host().events["verdict"], 0);
}

class EveryScenario : public ::testing::TestWithParam<Scenario> {};

TEST_P(EveryScenario, DrawsTrainsAndComesToAVerdictOnEveryScreen) {
  for (const ImVec2 screen : {ImVec2{1440, 900}, ImVec2{390, 844}}) {
    Driver driver(std::string("scenario=") + GetParam().id, screen.x, screen.y);
    EXPECT_TRUE(driver.lab().address() == "v=1&scenario=" + std::string(GetParam().id))
        << driver.lab().address();
    driver.lab().play();
    driver.frames(50);
    if (!showsExperiment(driver.lab().session().settings)) {
      EXPECT_GT(iteration(driver), 5);
    }
    EXPECT_GT(driver.vertices(), 1000);
    EXPECT_GT(driver.lab().verdict().size(), 20u);
  }
}

TEST_P(EveryScenario, EveryTryThisLineWorks) {
  for (const TryThis& line : GetParam().tries) {
    Driver driver(std::string("scenario=") + GetParam().id);
    SCOPED_TRACE(line.text);
    ASSERT_TRUE(driver.click(std::string("→ ") + line.text));
    EXPECT_FALSE(driver.shows("close"));  // no notice of something left out
    driver.lab().step(5);
    driver.frames(2);
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryScenario, ::testing::ValuesIn(scenarios()), [](const auto& info) {
  std::string name = info.param.id;
  for (char& c : name)
    if (c == '-') c = '_';
  return name;
});

TEST(Lab, ScenarioNamesAreTakenFromTheAddress) {
  Driver driver("scenario=digits");
  EXPECT_EQ(driver.lab().session().dataset.n(), 16);
}

TEST(Lab, NonsenseInTheAddressIsNamedAndTheRestIsUsed) {
  Driver driver("v=9&scenario=nowhere&eta=0.5&loss=sad&wobble=1&n=-4");
  EXPECT_DOUBLE_EQ(driver.lab().session().settings.training.stepSize, 0.5);
  EXPECT_TRUE(driver.shows("close"));
  const std::vector<std::string> notices = driver.lab().loadAddress("loss=sad&wobble=1");
  ASSERT_EQ(notices.size(), 2u);
  EXPECT_NE(notices[0].find("expected one of logistic, exponential, linear"), std::string::npos);
  EXPECT_NE(notices[1].find("wobble"), std::string::npos);
}

TEST(Lab, StateGoesRoundThroughJson) {
  Driver driver("scenario=ten-dimensions&eta=0.05&compare=param=KQ;trainseed=4");
  const std::string state = driver.lab().state();
  Driver other("scenario=plane");
  EXPECT_TRUE(other.lab().load(state).empty());
  EXPECT_EQ(other.lab().state(), state);
}

TEST(Lab, AFileIsOpenedAndNamedInTheAddress) {
  Driver driver("scenario=plane");
  const Result<std::string> opened =
      driver.lab().openFile("digits.json", test::readTextFile("web/data/digits-rows.json"));
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(driver.lab().session().dataset.n(), 16);
  EXPECT_EQ(driver.host().kept.count(opened.value()), 1u);
  EXPECT_NE(driver.host().address.find("file:" + opened.value()), std::string::npos);
}

TEST(Lab, ABadFileIsRefusedWithThePlaceAndChangesNothing) {
  Driver driver("scenario=plane");
  driver.lab().step(7);
  const std::string before = driver.lab().state();
  const Result<std::string> opened = driver.lab().openFile(
      "bad.json",
      R"({"format":"attention-svm-dataset","version":1,"X":[[[1,2],[3]]],"y":[1],"head":{"kind":"linear","v":[1,0]}})");
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error(), "X[0][1]: expected 2 numbers, found 1");
  EXPECT_EQ(driver.lab().state(), before);
  EXPECT_EQ(iteration(driver), 7);
  driver.frames(2);
  EXPECT_TRUE(driver.click("close"));
  EXPECT_FALSE(driver.shows("close"));
}

TEST(Lab, CsvIsReadAndTheHeadIsFitted) {
  Driver driver("scenario=plane");
  const std::string csv =
      "sequence,token,role,x1,x2,label\n1,1,token,1,0,1\n1,2,token,0,1,\n1,,query,1,1,\n"
      "2,1,token,-1,0,-1\n2,2,token,0,-1,\n2,,query,0,1,\n";
  ASSERT_TRUE(driver.lab().openFile("mine.csv", csv).ok());
  EXPECT_EQ(driver.lab().session().dataset.n(), 2);
  const Result<std::string> broken =
      driver.lab().openFile("mine.csv", "sequence,token,role,x1,label\n1,1,token,a,1\n");
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error(), "line 2: x1: expected a number");
}

TEST(Lab, TokensAreDraggedUndoneAndRedone) {
  Driver driver("scenario=plane&plots=geometry&panel=none");
  const Matrix before = driver.lab().session().dataset.X[0];
  // Token (row 0) at its place in the square frame of the geometry plot: search for it with the cursor.
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  bool moved = false;
  for (float y = 120; y < screen.y - 60 && !moved; y += 9)
    for (float x = 80; x < screen.x - 40 && !moved; x += 9) {
      ImGui::GetIO().AddMousePosEvent(x, y);
      driver.frames();
      if (ImGui::GetMouseCursor() != ImGuiMouseCursor_Hand) continue;
      driver.drag({x, y}, {x + 30, y + 20});
      moved = driver.lab().session().settings.source == DataSource::Edited;
    }
  ASSERT_TRUE(moved);
  EXPECT_NE(driver.lab().address().find("inline:"), std::string::npos);
  driver.key(ImGuiKey_Z, true);
  EXPECT_EQ(driver.lab().session().dataset.X[0], before);
  driver.key(ImGuiKey_Z, true, true);
  EXPECT_EQ(driver.lab().session().settings.source, DataSource::Edited);
}

TEST(Lab, ControlsChangeTheSettings) {
  Driver driver("scenario=infeasible", 1280, 1600);
  ASSERT_TRUE(driver.click("self-attention"));
  EXPECT_TRUE(driver.lab().session().settings.random.selfAttention);
  ASSERT_TRUE(driver.click("every token asks"));
  EXPECT_TRUE(driver.lab().session().settings.training.queries.everyToken);
  ASSERT_TRUE(driver.click("Plots"));
  ASSERT_TRUE(driver.click("Singular values of W"));
  const auto& plots = driver.lab().session().settings.plots;
  EXPECT_NE(std::find(plots.begin(), plots.end(), PlotKind::SingularValues), plots.end());
}

TEST(Lab, CompareAddsRunsAndATable) {
  Driver driver("scenario=plane", 1280, 1600);
  ASSERT_TRUE(driver.click("Compare"));
  ASSERT_TRUE(driver.click("+ the other parameterization"));
  EXPECT_EQ(driver.lab().session().runs.size(), 2u);
  EXPECT_EQ(driver.lab().session().runs[1].label, "K, Q");
  ASSERT_TRUE(driver.click("Only the main run"));
  EXPECT_EQ(driver.lab().session().runs.size(), 1u);
}

TEST(Lab, EverythingCanBeTakenAlong) {
  Driver driver("scenario=plane&compare=param=KQ,W0=", 1280, 2000);
  driver.lab().step(50);
  ASSERT_TRUE(driver.click("Take it with you"));
  for (const char* name :
       {"Dataset (JSON)", "Weights (JSON)", "SVM solutions", "Whole session", "Traces (CSV)"})
    ASSERT_TRUE(driver.click(name)) << name;
  const auto& saved = driver.host().saved;
  EXPECT_TRUE(parseDataset(saved.at("dataset.json")).ok());
  for (const char* name : {"weights.json", "svm.json", "session.json"})
    EXPECT_TRUE(json::parse(saved.at(name)).ok()) << name;
  EXPECT_NE(saved.at("traces.csv").find("\"K, Q\",50,"), std::string::npos);
  ASSERT_TRUE(driver.click("Copy Python"));
  EXPECT_NE(driver.host().copied.find("range(50)"), std::string::npos);
  ASSERT_TRUE(driver.click("Copy C++"));
  EXPECT_NE(driver.host().copied.find("trainer.step(50)"), std::string::npos);
  ASSERT_TRUE(driver.click("Copy link"));
  EXPECT_EQ(driver.host().copied, "#" + driver.lab().address());
}

TEST(Lab, WhyOpensTheChecks) {
  Driver driver("scenario=plane");
  driver.lab().step(1000);
  ASSERT_TRUE(driver.click("why?"));
  driver.frames(2);
  EXPECT_GT(driver.vertices(), 3000);
  driver.key(ImGuiKey_Escape);
}

TEST(Lab, BasinsAreListed) {
  Driver driver("scenario=local-optima");
  ASSERT_TRUE(driver.click("→ Show all locally optimal selections"));
  driver.finishJobs();
  const std::string& text = driver.lab().session().basinsMessage;
  EXPECT_NE(text.find("2 locally optimal among 16 selections"), std::string::npos) << text;
  EXPECT_NE(text.find("this start leads here"), std::string::npos) << text;
}

TEST(Address, FieldsGoRoundForRandomSettings) {
  Random random(5);
  for (int k = 0; k < 300; ++k) {
    std::vector<std::string> notices;
    Settings settings = scenarioSettings(
        scenarios()[static_cast<std::size_t>(random.below(static_cast<int>(scenarios().size())))].id);
    settings.random.n = 1 + random.below(20);
    settings.training.stepSize = random.uniform(1e-3, 1);
    settings.training.optimizer = static_cast<Optimizer>(random.below(6));
    if (random.sign() > 0) settings.training.W0 = random.uniformMatrix(2, 2, -1, 1);
    const std::string address = addressOf(settings);
    EXPECT_EQ(addressOf(settingsFromAddress(address, notices)), address);
    EXPECT_TRUE(notices.empty());
  }
}

TEST(Address, RandomTextNeverBreaksIt) {
  Random random(6);
  for (int k = 0; k < 2000; ++k) {
    std::string text = "v=1&scenario=plane&data=inline:0,1;1,0~self~p~1,0&W0=1,2,3,4&plots=geometry";
    for (int edits = 1 + random.below(6); edits > 0; --edits)
      text[static_cast<std::size_t>(random.below(static_cast<int>(text.size())))] =
          static_cast<char>(random.below(256));
    std::vector<std::string> notices;
    const Settings settings = settingsFromAddress(text, notices);
    EXPECT_FALSE(settings.plots.empty());
  }
}

}  // namespace
}  // namespace attention_svm::shell
