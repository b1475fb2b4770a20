// SPDX-License-Identifier: MIT
// The lab in a small place, at the sizes that articles have: everything is on screen, nothing is cut off, and
// the plots can be read.
#include <gtest/gtest.h>
#include <imgui_internal.h>

#include <cstring>
#include <string>
#include <vector>

#include "layout/compact.h"
#include "null/null_host.h"
#include "panels/actions.h"
#include "scenarios.h"

namespace attention_svm::shell {
namespace {

/// The cards of the last frame, and whether anything reaches beyond its window or the screen.
struct Seen {
  std::vector<ImVec2> cards;
  std::string cutOff;
};

Seen look() {
  Seen seen;
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows) {
    if (!window->WasActive || std::strstr(window->Name, "lab") != window->Name) continue;
    const bool card = std::strstr(window->Name, "/card_") != nullptr;
    if (card) seen.cards.push_back(window->Size);
    const ImVec2 end = {window->Pos.x + window->Size.x, window->Pos.y + window->Size.y};
    // Dear ImGui counts the space after the last item too, and rounds the width of text up.
    const float space = ImGui::GetStyle().ItemSpacing.y + 0.5f;
    if (end.x > screen.x + 0.5f || end.y > screen.y + 0.5f || window->ScrollMax.y > space ||
        window->ScrollMax.x > 1.5f)
      seen.cutOff += std::string(window->Name) + " by " + std::to_string(window->ScrollMax.x) + ", " +
                     std::to_string(window->ScrollMax.y) + "; ";
  }
  return seen;
}

TEST(Compact, EveryScenarioFitsAtEverySizeOfAnArticle) {
  constexpr ImVec2 kSizes[] = {{320, 240}, {320, 420},  {360, 420},  {600, 240}, {600, 420},
                               {720, 420}, {1100, 420}, {1200, 300}, {1200, 700}};
  for (const Scenario& scenario : scenarios())
    for (const ImVec2 size : kSizes) {
      Driver driver(std::string("scenario=") + scenario.id + "&panel=compact", size.x, size.y);
      for (const int steps : {0, 300}) {
        driver.lab().step(steps);
        driver.finishJobs();
        driver.frames(3);
        const Seen seen = look();
        const std::string name = std::string(scenario.id) + " " + std::to_string(static_cast<int>(size.x)) +
                                 " x " + std::to_string(static_cast<int>(size.y)) + " after " +
                                 std::to_string(steps);
        EXPECT_EQ(seen.cutOff, "") << name;
        ASSERT_FALSE(seen.cards.empty()) << name;
        if (size.y <= 420) {
          EXPECT_LE(seen.cards.size(), 2u) << name;
        }
        for (const ImVec2 card : seen.cards) {
          EXPECT_GE(card.y, 100) << name;
          if (size.y >= 420) {
            EXPECT_GE(card.y, 180) << name;
          }
          EXPECT_GE(card.x, std::min(size.x - 20, 240.0f)) << name;
        }
      }
    }
}

TEST(Compact, TheOtherPlotsAreOnePressAway) {
  Driver driver("scenario=local-optima&panel=compact", 360, 420);
  ASSERT_EQ(look().cards.size(), 1u);
  for (const char* label : {"1/4 ▶", "2/4 ▶", "3/4 ▶", "4/4 ▶"}) {
    EXPECT_TRUE(driver.shows(label)) << label;
    ASSERT_TRUE(driver.click(label)) << label;
  }
  EXPECT_TRUE(driver.shows("1/4 ▶"));
}

TEST(Compact, AGridShowsWhatCanBeRead) {
  const ImVec2 least = {270, 190};
  EXPECT_EQ(plotGrid({300, 100}, 8, 4, least).shown, 1);
  EXPECT_EQ(plotGrid({584, 300}, 8, 4, least).shown, 2);
  EXPECT_EQ(plotGrid({1184, 300}, 8, 4, least).shown, 2);
  EXPECT_EQ(plotGrid({1184, 600}, 8, 3, least).shown, 3);
  EXPECT_EQ(plotGrid({300, 700}, 8, 4, least).shown, 3);
}

TEST(Compact, WhatIsCopiedToEmbedCarriesSettingsAndALinkedPicture) {
  Driver driver("scenario=local-optima&seed=166&T=6&theme=dark&panel=full");
  Actions actions;
  runAction(driver.lab().session(), "copy=embed", actions);
  EXPECT_EQ(
      actions.copy,
      "<script src=\"{SITE}embed.js\" defer></script>\n"
      "<attention-svm scenario=\"local-optima\" t=\"6\" seed=\"166\" theme=\"dark\" height=\"420\">\n"
      "  <a href=\"{SITE}index.html#v=1&amp;scenario=local-optima&amp;T=6&amp;seed=166&amp;theme=dark\">"
      "<img src=\"{SITE}posters/local-optima.webp\" width=\"720\" "
      "alt=\"A local optimum that holds: attention in training, and its support vector machine\"></a>\n"
      "</attention-svm>\n");
}

TEST(Compact, NoticesAreTakenOffTheScreen) {
  Driver driver("scenario=plane&wobble=1&panel=compact", 600, 420);
  EXPECT_TRUE(driver.shows("close"));
  EXPECT_EQ(driver.lab().takeNotices(), std::vector<std::string>{"Unknown setting \"wobble\" was left out."});
  driver.frames(1);
  EXPECT_FALSE(driver.shows("close"));
}

TEST(Compact, AVerdictIsShortenedByWholeClauses) {
  Driver driver("scenario=plane");
  ImGui::NewFrame();
  const std::string text =
      "Selected tokens 7 4; a local direction; angle 0.9°. Not the global one, see token 2.";
  const float line = ImGui::GetTextLineHeight(),
              width = ImGui::CalcTextSize("Selected tokens 7 4; a local direction …").x;
  EXPECT_EQ(leadingClauses(text, width, 4 * line), text);
  EXPECT_EQ(leadingClauses(text, width, line), "Selected tokens 7 4; a local direction …");
  EXPECT_EQ(leadingClauses(text, 0.5f * width, 0.0f), "Selected tokens 7 4 …");
  EXPECT_EQ(leadingClauses("no clause", 10, line), "no clause");
  ImGui::EndFrame();
}

}  // namespace
}  // namespace attention_svm::shell
