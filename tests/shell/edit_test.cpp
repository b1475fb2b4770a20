// SPDX-License-Identifier: MIT
// The plane under the hand: everything that can be moved is moved with the mouse, and everything follows.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "null/null_host.h"
#include "settings/address.h"
#include "support/reference_files.h"
#include "views/views.h"

namespace attention_svm::shell {
namespace {

/// What differs between two datasets and starts, as a word.
std::string difference(const Session& before, const Session& after) {
  if (before.dataset.n() != after.dataset.n()) return "sequences";
  for (std::size_t i = 0; i < before.dataset.X.size(); ++i) {
    if (before.dataset.X[i].rows() != after.dataset.X[i].rows()) return "tokens of a sequence";
    if ((before.dataset.X[i] - after.dataset.X[i]).norm() > 0.02) return "token";
  }
  if (before.dataset.y != after.dataset.y) return "label";
  if (before.dataset.Z.size() > 0 && (before.dataset.Z - after.dataset.Z).norm() > 0.02) return "query";
  if (const auto* v = std::get_if<LinearHead>(&before.dataset.head))
    if ((v->v - std::get<LinearHead>(after.dataset.head).v).norm() > 0.02) return "head";
  if (!(before.runs.front().trainer.W() - after.runs.front().trainer.W()).isZero(1e-6)) return "start";
  return "";
}

/// Visits the places of the picture that offer a hand.
void eachHandle(Driver& driver, const std::function<bool(ImVec2)>& visit) {
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  for (float y = 110; y < screen.y - 60; y += 8)
    for (float x = 80; x < screen.x - 40; x += 8) {
      ImGui::GetIO().AddMousePosEvent(x, y);
      driver.frames();
      if (ImGui::GetMouseCursor() == ImGuiMouseCursor_Hand && !visit({x, y})) return;
    }
}

TEST(Edit, TokensQueriesHeadAndStartAreDraggedAndUndone) {
  Driver driver("scenario=plane&panel=none&plots=geometry", 800, 640);
  const std::string start = driver.lab().address();
  std::set<std::string> moved;
  eachHandle(driver, [&](ImVec2 at) {
    const Session before = driver.lab().session();
    driver.drag(at, {at.x + 24, at.y - 18});
    const std::string what = difference(before, driver.lab().session());
    if (what.empty()) return true;
    moved.insert(what);
    driver.key(ImGuiKey_Z, true);
    EXPECT_EQ(driver.lab().address(), start) << what;
    return moved.size() < 4;
  });
  EXPECT_EQ(moved, (std::set<std::string>{"head", "query", "start", "token"}));
}

TEST(Edit, SvmMarginsAndCertificateFollowWhileTheMouseMoves) {
  // Three sequences in the plane without a solution: somewhere on its way a token makes one.
  Driver driver("scenario=infeasible&panel=none&plots=geometry,certificate", 1200, 640);
  ImGuiIO& io = ImGui::GetIO();
  std::set<bool> feasible;
  std::set<double> norms;
  eachHandle(driver, [&](ImVec2 at) {
    if (at.x > 600) return true;
    io.AddMouseButtonEvent(ImGuiMouseButton_Left, true);
    driver.frames();
    for (int k = 0; k < 60; ++k) {
      const float angle = 0.2f * static_cast<float>(k);
      io.AddMousePosEvent(330 + 170 * std::cos(angle), 330 + 170 * std::sin(angle));
      driver.frames();
      if (!driver.lab().session().best) return false;
      const SvmSolution& best = driver.lab().session().best->solution;
      feasible.insert(best.feasible);
      norms.insert(best.norm);
      EXPECT_EQ(driver.lab().session().best->certificate.entries.empty(), best.feasible);
    }
    io.AddMouseButtonEvent(ImGuiMouseButton_Left, false);
    driver.frames(2);
    driver.key(ImGuiKey_Z, true);  // one drag is one step back
    EXPECT_EQ(driver.lab().session().settings.source, DataSource::Random);
    return feasible.size() < 2 || norms.size() < 10;
  });
  EXPECT_EQ(feasible.size(), 2u);
  EXPECT_GE(norms.size(), 10u);
}

/// Opens the menu of some token (a long press of a finger arrives as this button too) and presses an item.
bool fromTokenMenu(Driver& driver, const std::string& item) {
  bool pressed = false;
  eachHandle(driver, [&](ImVec2 at) {
    driver.clickAt(at, ImGuiMouseButton_Right);
    driver.frames(2);
    pressed = driver.click(item);
    return !pressed;
  });
  return pressed;
}

TEST(Edit, MenuFlipsLabelsAndDeletesTokens) {
  Driver driver("scenario=plane&panel=none&plots=geometry", 800, 640);
  Session before = driver.lab().session();
  ASSERT_TRUE(fromTokenMenu(driver, "Flip the label"));
  EXPECT_EQ(difference(before, driver.lab().session()), "label");
  before = driver.lab().session();
  ASSERT_TRUE(fromTokenMenu(driver, "Delete this token"));
  EXPECT_EQ(difference(before, driver.lab().session()), "tokens of a sequence");
  driver.key(ImGuiKey_Z, true);
  driver.key(ImGuiKey_Z, true);
  EXPECT_EQ(driver.lab().session().settings.source, DataSource::Preset);
  driver.key(ImGuiKey_Z, true, true);
  driver.key(ImGuiKey_Z, true, true);
  EXPECT_EQ(difference(before, driver.lab().session()), "tokens of a sequence");
}

/// Drags handles until one of them was a token.
bool moveSomeToken(Driver& driver) {
  bool moved = false;
  eachHandle(driver, [&](ImVec2 at) {
    const Session before = driver.lab().session();
    driver.drag(at, {at.x + 30, at.y + 10});
    moved = difference(before, driver.lab().session()) == "token";
    return !moved;
  });
  return moved;
}

TEST(Edit, DataTooLargeForTheAddressIsKeptUnderItsHash) {
  Driver driver("scenario=plane&data=random&n=10&T=9&d=2&panel=none&plots=geometry", 800, 640);
  ASSERT_TRUE(moveSomeToken(driver));
  EXPECT_FALSE(driver.shows("close")) << "no refusal";
  EXPECT_EQ(driver.lab().session().settings.source, DataSource::File);
  ASSERT_EQ(driver.host().kept.size(), 1u) << "kept once, when the mouse let go";
  const auto& [hash, json] = *driver.host().kept.begin();
  EXPECT_NE(driver.lab().address().find("file:" + hash), std::string::npos);
  EXPECT_EQ(parseDataset(json).value().X, driver.lab().session().dataset.X);
  driver.key(ImGuiKey_Z, true);
  EXPECT_EQ(driver.lab().session().settings.source, DataSource::Random);
  driver.key(ImGuiKey_Z, true, true);
  EXPECT_EQ(driver.lab().session().dataset.X, parseDataset(json).value().X);
}

TEST(Edit, AQuadraticHeadIsEditedToo) {
  Driver driver("scenario=quadratic-head&d=2&panel=none&plots=geometry", 800, 640);
  EXPECT_TRUE(moveSomeToken(driver));
  EXPECT_TRUE(std::holds_alternative<QuadraticHead>(driver.lab().session().dataset.head));
}

TEST(Edit, InManyDimensionsLabelsFlipFromTheMenu) {
  Driver driver("scenario=ten-dimensions&panel=none&plots=geometry", 800, 640);
  const Session before = driver.lab().session();
  bool flipped = false;
  for (float y = 150; y < 560 && !flipped; y += 8)
    for (float x = 120; x < 740 && !flipped; x += 8) {
      driver.clickAt({x, y}, ImGuiMouseButton_Right);
      driver.frames();
      flipped = driver.click("Flip the label");
    }
  ASSERT_TRUE(flipped);
  EXPECT_EQ(difference(before, driver.lab().session()), "label");
}

}  // namespace
}  // namespace attention_svm::shell
