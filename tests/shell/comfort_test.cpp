// SPDX-License-Identifier: MIT
// What makes the lab comfortable: command palette, remembered panel, explanations, why, certificates.
#include <gtest/gtest.h>
#include <imgui_internal.h>

#include <algorithm>
#include <set>

#include "null/null_host.h"
#include "panels/actions.h"
#include "scenarios.h"
#include "settings/address.h"
#include "support/reference_files.h"
#include "views/views.h"

namespace attention_svm::shell {
namespace {

void type(Driver& driver, const char* text) {
  ImGui::GetIO().AddInputCharactersUTF8(text);
  driver.frames(2);
}

bool windowShown(const char* name) {
  const ImGuiWindow* window = ImGui::FindWindowByName(name);
  return window != nullptr && window->WasActive;
}

TEST(Palette, KeysOpenItTypingFindsEnterDoes) {
  Driver driver("scenario=plane");
  driver.key(ImGuiKey_K, true);
  driver.frames(2);
  ASSERT_TRUE(windowShown("Find an action"));
  type(driver, "digits");
  driver.key(ImGuiKey_Enter);
  driver.frames(2);
  EXPECT_EQ(driver.lab().session().settings.scenario, "digits");
  EXPECT_FALSE(windowShown("Find an action"));
}

TEST(Palette, SlashOpensItAndIsNotTyped) {
  Driver driver("scenario=plane");
  type(driver, "/");
  driver.frames(2);
  ASSERT_TRUE(windowShown("Find an action"));
  type(driver, "loss exp");
  driver.key(ImGuiKey_Enter);
  EXPECT_EQ(driver.lab().session().settings.training.loss, Loss::Exponential);
}

TEST(Palette, ArrowsChooseAndEscapeCloses) {
  Driver driver("scenario=plane");
  ASSERT_TRUE(driver.click("Find…"));
  driver.frames(2);
  type(driver, "theme");
  driver.key(ImGuiKey_DownArrow);
  driver.key(ImGuiKey_Enter);
  driver.frames(2);
  EXPECT_NE(driver.lab().session().settings.theme, Theme::Auto);
  driver.key(ImGuiKey_K, true);
  driver.frames(2);
  driver.key(ImGuiKey_Escape);
  driver.frames(2);
  EXPECT_FALSE(windowShown("Find an action"));
  driver.key(ImGuiKey_Space);  // keys belong to the lab again
  EXPECT_TRUE(driver.lab().playing());
}

TEST(Palette, TypingTrainsNothing) {
  Driver driver("scenario=plane");
  driver.key(ImGuiKey_K, true);
  driver.frames(2);
  driver.key(ImGuiKey_Space);
  driver.key(ImGuiKey_R);
  driver.key(ImGuiKey_RightArrow);
  EXPECT_FALSE(driver.lab().playing());
  EXPECT_EQ(driver.lab().session().runs.front().trainer.iteration(), 0);
}

TEST(Palette, ClickingRunsAndClickingElsewhereCloses) {
  Driver driver("scenario=plane");
  driver.key(ImGuiKey_K, true);
  driver.frames(2);
  ASSERT_TRUE(driver.click("Show plot: Margins") ||
              (type(driver, "margins"), driver.click("Show plot: Margins")));
  const auto& plots = driver.lab().session().settings.plots;
  EXPECT_NE(std::find(plots.begin(), plots.end(), PlotKind::Margins), plots.end());
  driver.key(ImGuiKey_K, true);
  driver.frames(2);
  driver.clickAt({1200, 700});
  driver.frames(2);
  EXPECT_FALSE(windowShown("Find an action"));
}

TEST(Palette, EveryActionIsThereAndWorks) {
  Driver driver("scenario=plane", 1280, 1600);
  const std::vector<Command> all = allCommands(driver.lab().session());
  std::set<std::string> titles;
  for (const Command& command : all) EXPECT_TRUE(titles.insert(command.title).second) << command.title;
  EXPECT_GT(all.size(), 70u);
  for (const Scenario& scenario : scenarios())
    EXPECT_EQ(titles.count(std::string("Scenario: ") + scenario.title), 1u);
  for (const Command& command : all) {
    Actions actions;
    runAction(driver.lab().session(), command.action, actions);
    const bool something = actions.settings || actions.togglePlay || actions.reset || actions.openFile ||
                           actions.undo || actions.redo || actions.steps > 0 || actions.basins ||
                           actions.path || !actions.copy.empty() || actions.save || actions.toggleHelp ||
                           actions.toggleWhy || actions.runExperiment;
    EXPECT_TRUE(something) << command.title;
    // Settings by address: none of the fields may be unknown.
    if (actions.settings && command.action.rfind("scenario=", 0) != 0 &&
        command.action.rfind("plot=", 0) != 0 && command.action.rfind("add=", 0) != 0) {
      Settings settings = driver.lab().session().settings;
      EXPECT_TRUE(applyFields(settings, splitFields(command.action)).empty()) << command.action;
    }
  }
}

TEST(Palette, BetterMatchesComeFirst) {
  const std::vector<Command> all = {
      {"Regularization path", "a"}, {"Export: Traces", "b"}, {"Reset: back", "c"}};
  EXPECT_EQ(matching(all, "reset").front().action, "c");
  EXPECT_EQ(matching(all, "tr").front().action, "b");
  EXPECT_EQ(matching(all, "rp").front().action, "a");
  EXPECT_TRUE(matching(all, "zzz").empty());
  EXPECT_EQ(matching(all, " ").size(), 3u);
}

TEST(Panel, SplitterSetsTheWidthAndTheBrowserRemembersIt) {
  std::map<std::string, std::string> memory;
  {
    Driver driver("scenario=plane");
    const ImVec2 grip = driver.centre("splitter");
    ASSERT_GT(grip.x, 300);
    driver.drag(grip, {grip.x + 120, grip.y});
    EXPECT_NEAR(driver.centre("splitter").x, grip.x + 120, 3);
    memory = driver.host().memory;
    EXPECT_EQ(memory.count("panel-width"), 1u);
  }
  Driver again("scenario=digits", 1280, 800, memory);
  EXPECT_GT(again.centre("splitter").x, 420);
  const ImVec2 grip = again.centre("splitter");
  again.drag(grip, {5, grip.y});  // never too narrow to read
  EXPECT_GT(again.centre("splitter").x, 225);
  again.clickAt(again.centre("splitter"));
  again.clickAt(again.centre("splitter"));
  EXPECT_NEAR(again.centre("splitter").x, 324, 3);
}

TEST(Panel, FoldedSectionsAreRemembered) {
  std::map<std::string, std::string> memory;
  {
    Driver driver("scenario=plane", 1280, 1600);
    ASSERT_TRUE(driver.click("Training"));
    ASSERT_TRUE(driver.click("Plots"));
    EXPECT_FALSE(driver.shows("##eta"));
    memory = driver.host().memory;
  }
  Driver again("scenario=plane", 1280, 1600, memory);
  EXPECT_FALSE(again.shows("##eta"));
  EXPECT_TRUE(again.shows("Singular values of W"));
  ASSERT_TRUE(again.click("Training"));
  EXPECT_TRUE(again.shows("##eta"));
}

TEST(Panel, NonsenseInTheMemoryIsHarmless) {
  Driver driver("scenario=plane", 1280, 800, {{"panel-width", "wide"}, {"sections", "a;;b"}});
  EXPECT_NEAR(driver.centre("splitter").x, 324, 3);
}

/// Whether resting on the widget brings up an explanation.
bool explains(Driver& driver, ImVec2 at) {
  ImGui::GetIO().AddMousePosEvent(at.x, at.y);
  driver.frames(25);
  const ImGuiContext& context = *ImGui::GetCurrentContext();
  const bool shown =
      std::any_of(context.Windows.begin(), context.Windows.end(), [](const ImGuiWindow* window) {
        return (window->Flags & ImGuiWindowFlags_Tooltip) != 0 && window->Active && !window->Hidden;
      });
  ImGui::GetIO().AddMousePosEvent(-100, -100);
  driver.frames(2);
  return shown;
}

TEST(Tooltips, EveryControlHasOne) {
  Driver driver("scenario=quadratic-head&every=1&param=KQ&compare=trainseed=3", 1280, 2600,
                {{"sections", "Plots;Compare;Take it with you;Appearance;"}});
  driver.frames(2);
  for (const char* name : {"▶ Play",
                           "Step",
                           "Reset",
                           "Find…",
                           "why?",
                           "Open a file…",
                           "Random data",
                           "##n",
                           "##T",
                           "##d",
                           "##seed",
                           "##lambda",
                           "self-attention",
                           "##m",
                           "every token asks",
                           "causal mask",
                           "##eta",
                           "##trainseed",
                           "##speed",
                           "+ the other parameterization",
                           "+ another start",
                           "Five starts",
                           "Only the main run",
                           "Undo",
                           "Redo",
                           "Help",
                           "splitter"})
    EXPECT_TRUE(driver.shows(name) && explains(driver, driver.centre(name))) << name;
  for (const char* name : {"##head", "##param", "##opt", "##loss", "##grad", "##theme"})
    EXPECT_TRUE(explains(driver, driver.comboCentre(name))) << name;
  for (const PlotKind kind : allPlots())
    EXPECT_TRUE(explains(driver, driver.centre(plotTitle(kind)))) << plotTitle(kind);
  for (const Export& choice : exports())
    EXPECT_TRUE(explains(driver, driver.centre(choice.label))) << choice.label;
  driver.lab().loadAddress("scenario=mirror-descent");
  driver.frames(2);
  EXPECT_TRUE(explains(driver, driver.centre("##p")));
}

TEST(Tooltips, EveryPlotSaysWhatItShows) {
  std::set<std::string> texts;
  for (const PlotKind kind : allPlots()) {
    EXPECT_GT(std::string(plotHelp(kind)).size(), 80u);
    EXPECT_TRUE(texts.insert(plotHelp(kind)).second);
    EXPECT_STRNE(plotTitle(kind), "");
    EXPECT_STRNE(plotName(kind), "");
  }
}

TEST(Help, OpensByItsKeyAndCloses) {
  Driver driver("scenario=plane");
  type(driver, "?");
  driver.frames(2);
  EXPECT_TRUE(windowShown("Help"));
  driver.key(ImGuiKey_Escape);
  driver.frames(2);
  EXPECT_FALSE(windowShown("Help"));
}

TEST(Why, OpensByKeyForEachKindOfVerdict) {
  for (const char* address :
       {"scenario=plane", "scenario=local-optima", "scenario=infeasible", "scenario=mlp-head",
        "scenario=causal", "scenario=mirror-descent", "scenario=low-rank",
        "scenario=plane&compare=param=KQ,W0=", "scenario=ten-dimensions&n=60&T=60&d=5"}) {
    SCOPED_TRACE(address);
    Driver driver(address, 1280, 900);
    driver.lab().step(300);
    const int before = driver.vertices();
    driver.key(ImGuiKey_W);
    driver.frames(3);
    EXPECT_TRUE(windowShown("Why?"));
    EXPECT_GT(driver.vertices(), before + 500);
    driver.key(ImGuiKey_Escape);
  }
}

TEST(Certificate, OfTheBestTokensCancelsAllConstraints) {
  Driver driver("scenario=infeasible");
  driver.frames(2);
  const Session& session = driver.lab().session();
  ASSERT_TRUE(session.best.has_value());
  const Certificate& certificate = session.best->certificate;
  ASSERT_EQ(certificate.entries.size(), static_cast<std::size_t>(certificate.weights.size()));
  Matrix sum = Matrix::Zero(2, 2);
  for (std::size_t k = 0; k < certificate.entries.size(); ++k) {
    const CertificateEntry& entry = certificate.entries[k];
    const Matrix& X = session.dataset.tokens(entry.name.sequence);
    EXPECT_EQ(entry.preferred, session.best->tokens[static_cast<std::size_t>(entry.name.sequence)]);
    sum += certificate.weights(static_cast<Index>(k)) *
           (X.row(entry.preferred) - X.row(entry.name.token)).transpose() *
           session.dataset.query(entry.name.sequence).transpose();
  }
  EXPECT_NEAR(certificate.weights.sum(), 1.0, 1e-9);
  EXPECT_GE(certificate.weights.minCoeff(), 0.0);
  EXPECT_LT(sum.norm(), 1e-8);
}

TEST(Certificate, ComesAndGoesWithTheData) {
  Driver driver("scenario=plane&plots=certificate");
  driver.frames(2);
  ASSERT_TRUE(driver.lab().session().best.has_value());
  EXPECT_TRUE(driver.lab().session().best->solution.feasible);
  driver.lab().loadAddress("scenario=infeasible&plots=certificate");
  driver.frames(2);
  EXPECT_FALSE(driver.lab().session().best->solution.feasible);
}

TEST(Compare, RunsHaveNamesThatPeopleRead) {
  Driver driver(
      "scenario=plane&compare=grad=plain;opt=adam;eta=0.3;param=KQ,W0=;trainseed=7,W0=,K0=,Q0=;loss=linear");
  std::vector<std::string> labels;
  for (const shell::Run& run : driver.lab().session().runs) labels.push_back(run.label);
  EXPECT_EQ(labels, (std::vector<std::string>{"W", "plain gradient", "Adam", "eta = 0.3", "K, Q", "start 7",
                                              "linear"}));
}

TEST(Compare, FiveStartsEachWithVerdict) {
  Driver driver("scenario=local-optima", 1280, 1600, {{"sections", "Compare;"}});
  ASSERT_TRUE(driver.click("Five starts"));
  const auto& runs = driver.lab().session().runs;
  ASSERT_EQ(runs.size(), 5u);
  std::set<Matrix, bool (*)(const Matrix&, const Matrix&)> starts(
      [](const Matrix& a, const Matrix& b) { return a(0, 0) < b(0, 0); });
  for (const shell::Run& run : runs) starts.insert(run.trainer.W());
  EXPECT_EQ(starts.size(), 5u);
  EXPECT_EQ(runs[1].label, "start 2");
  EXPECT_EQ(runs[4].label, "start 5");
  std::set<std::pair<ImU32, int>> looks;
  for (const shell::Run& run : runs)
    looks.insert({runStyle(run).colour, static_cast<int>(runStyle(run).dash)});
  EXPECT_EQ(looks.size(), 5u);
}

}  // namespace
}  // namespace attention_svm::shell
