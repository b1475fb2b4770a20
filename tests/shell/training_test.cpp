// SPDX-License-Identifier: MIT
// How the lab trains: step rules in the address, what it says when training ends or rounding leads.
#include <gtest/gtest.h>

#include "null/null_host.h"
#include "panels/panels.h"
#include "scenarios.h"
#include "settings/address.h"

namespace attention_svm::shell {
namespace {

bool says(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

TEST(Training, StepRulesStandInTheAddress) {
  for (const char* rule : {"opt=normalized-gd-growing&growth=2.5", "opt=sign-descent", "opt=spectral-descent",
                           "opt=coordinate-descent", "param=KQ&grad=plain&ridge=0"}) {
    Driver driver(std::string("scenario=ten-dimensions&") + rule);
    Driver again(driver.lab().address());
    EXPECT_EQ(again.lab().address(), driver.lab().address());
    for (const Field& field : splitFields(rule))
      EXPECT_TRUE(says(driver.lab().address(), (field.first + "=" + field.second).c_str())) << rule;
    driver.lab().step(30);
    again.lab().step(30);
    EXPECT_EQ(driver.lab().session().runs.front().trainer.W(),
              again.lab().session().runs.front().trainer.W());
  }
  Driver driver("scenario=ten-dimensions&opt=normalized-gd-growing&growth=2");
  EXPECT_EQ(driver.lab().session().runs.front().trainer.options().growth, 2.0);
  EXPECT_EQ(driver.lab().loadAddress("growth=11&opt=normalized-gd-growing").size(), 1u);
}

/// Wherever the page says that (K, Q) goes to the nuclear SVM, its steps bring it there.
TEST(Training, FactorsGetGrowingStepsWhereverTheyAreOffered) {
  for (const Scenario& scenario : scenarios()) {
    if (scenario.id == std::string("published-curve") || scenario.id == std::string("vanishing-gradients"))
      continue;  // these compare step rules
    std::vector<std::string> offers{scenario.fields};
    for (const TryThis& line : scenario.tries) offers.push_back(line.fields);
    for (const std::string& offer : offers) {
      if (!says(offer, "param=KQ") || says(offer, "experiment=")) continue;
      EXPECT_TRUE(says(offer, "opt=normalized-gd-growing")) << scenario.id << ": " << offer;
    }
  }
}

TEST(Training, FourCurvesShowWhatDrawsThePublishedOne) {
  Driver driver("scenario=published-curve");
  driver.lab().step(3000);
  const auto& runs = driver.lab().session().runs;
  ASSERT_EQ(runs.size(), 4u);
  EXPECT_EQ(runs[1].label, "without the ridge");
  EXPECT_EQ(runs[2].label, "log domain");
  EXPECT_EQ(runs[3].label, "growing steps");
  std::vector<double> off;
  for (const shell::Run& run : runs) off.push_back(run.verdict.angleDegrees.value());
  EXPECT_LT(off[3], off[0]);  // growing steps come closest, the ridge stands between
  EXPECT_LT(off[0], off[1]);
  EXPECT_TRUE(runs[0].trainer.ridgeSince());
  EXPECT_TRUE(runs[1].trainer.roundingSince());
  driver.frames(2);
  EXPECT_TRUE(says(noteBeside(runs[0]), "ridge"));
  EXPECT_TRUE(says(noteBeside(runs[1]), "rounding noise"));
}

/// p = 1.01 takes hundredth roots of growing numbers: W leaves the range of doubles.
TEST(Training, WhatIsNotFiniteStopsItWithOneSentence) {
  Driver driver("scenario=mirror-descent&p=1.01&eta=100");
  driver.lab().play();
  for (int k = 0; k < 3000 && driver.lab().playing(); ++k) driver.frames();
  EXPECT_FALSE(driver.lab().playing());
  EXPECT_EQ(driver.lab().verdict().rfind("Training stopped after iteration", 0), 0u)
      << driver.lab().verdict();
  EXPECT_FALSE(says(driver.lab().verdict(), "angle"));
  EXPECT_FALSE(says(driver.lab().verdict(), "Selected"));
  EXPECT_FALSE(says(driver.lab().metrics(), "null,\"norm"));
  EXPECT_TRUE(driver.lab().session().runs.front().trainer.W().allFinite());
  driver.lab().reset();
  EXPECT_FALSE(says(driver.lab().verdict(), "stopped"));
}

}  // namespace
}  // namespace attention_svm::shell
