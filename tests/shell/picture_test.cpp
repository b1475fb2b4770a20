// SPDX-License-Identifier: MIT
// What the lab draws, looked at pixel by pixel: the frames are drawn in software (shell/null/raster.h).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <sstream>

#include "attention_svm/margin_ratio.h"
#include "attention_svm/optimizers_and_norms.h"
#include "null/null_host.h"
#include "null/raster.h"
#include "scenarios.h"
#include "style.h"
#include "views/views.h"

namespace attention_svm::shell {
namespace {

Picture pictureOf(Driver& driver) {
  driver.frames(2);
  return rasterize(*ImGui::GetDrawData(), palette().background);
}

std::size_t pixelsOf(const Picture& picture, ImU32 colour) {
  std::size_t count = 0;
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) count += picture.at(x, y) == colour ? 1 : 0;
  return count;
}

void pointTo(Driver& driver, ImVec2 at) {
  ImGui::GetIO().AddMousePosEvent(at.x, at.y);
  driver.frames(3);
}

/// Opens the menu of the `which`-th plot and presses an item.
bool chooseInMenu(Driver& driver, int which, const std::string& item) {
  const std::vector<ImVec2> menus = driver.centres("⋯");
  if (which >= static_cast<int>(menus.size())) return false;
  driver.clickAt(menus[static_cast<std::size_t>(which)]);
  driver.frames(2);
  const bool chosen = driver.click(item);
  driver.frames(3);
  return chosen;
}

double luminance(ImU32 colour) {
  double sum = 0.0;
  const double weights[3] = {0.2126, 0.7152, 0.0722};
  for (int k = 0; k < 3; ++k) {
    const double c = ((colour >> (8 * k)) & 255u) / 255.0;
    sum += weights[k] * (c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4));
  }
  return sum;
}

/// Contrast ratio of WCAG 2.
double contrast(ImU32 a, ImU32 b) {
  const double high = std::max(luminance(a), luminance(b)), low = std::min(luminance(a), luminance(b));
  return (high + 0.05) / (low + 0.05);
}

TEST(Raster, FillsExactlyTheRectangleAndBlends) {
  Driver driver("scenario=plane", 100, 60);
  ImGui::NewFrame();
  ImDrawList* draw = ImGui::GetForegroundDrawList();
  draw->Flags = 0;  // no soft edges
  draw->AddRectFilled({10, 20}, {30, 25}, IM_COL32(255, 0, 0, 255));
  draw->AddRectFilled({20, 20}, {30, 25}, IM_COL32(0, 0, 255, 128));
  draw->PushClipRect({0, 0}, {50, 60});
  draw->AddRectFilled({45, 0}, {70, 60}, IM_COL32(0, 255, 0, 255));
  ImGui::Render();
  const Picture picture = rasterize(*ImGui::GetDrawData(), IM_COL32(255, 255, 255, 255));
  EXPECT_EQ(picture.width, 100);
  EXPECT_EQ(picture.height, 60);
  EXPECT_EQ(pixelsOf(picture, IM_COL32(255, 0, 0, 255)), 10u * 5u);
  EXPECT_EQ(picture.at(25, 22), IM_COL32(127, 0, 128, 255));
  EXPECT_EQ(pixelsOf(picture, IM_COL32(0, 255, 0, 255)), 5u * 60u);
  EXPECT_EQ(picture.at(9, 22), IM_COL32(255, 255, 255, 255));
  EXPECT_EQ(picture.at(100, 0), 0u);
}

TEST(Raster, PngHasTheSizeAndAllPixels) {
  Picture picture{2, 1, {1, 2, 3, 255, 4, 5, 6, 255}};
  const std::string png = toPng(picture);
  EXPECT_EQ(png.substr(1, 3), "PNG");
  EXPECT_EQ(png.substr(16, 8), std::string("\0\0\0\2\0\0\0\1", 8));
  EXPECT_NE(png.find(std::string("\0\1\2\3\xff\4\5\6\xff", 9)), std::string::npos);
  EXPECT_EQ(png.substr(png.size() - 4), "\xae\x42\x60\x82");  // the checksum of every IEND
}

TEST(Style, TextAndCurvesStandOutInBothThemes) {
  Driver driver("scenario=plane");
  for (const bool dark : {false, true}) {
    applyStyle(dark);
    const Palette& p = palette();
    for (const ImU32 back : {p.card, p.background}) {
      for (const ImU32 text : {p.text, p.quiet, p.accent, p.good, p.bad, p.warn})
        EXPECT_GE(contrast(text, back), 4.5)
            << (dark ? "dark " : "light ") << std::hex << text << " on " << back;
    }
    for (int k = 0; k < 8; ++k) EXPECT_GE(contrast(seriesColour(k), p.card), 3.0) << dark << " series " << k;
    EXPECT_GE(contrast(p.accentText, p.accent), 4.5);
  }
}

TEST(Style, SeriesColoursDifferFromEachOther) {
  Driver driver("scenario=plane");
  for (const bool dark : {false, true}) {
    applyStyle(dark);
    for (int a = 0; a < 8; ++a)
      for (int b = 0; b < a; ++b) {
        int distance = 0;
        for (int k = 0; k < 3; ++k)
          distance += std::abs(static_cast<int>((seriesColour(a) >> (8 * k)) & 255u) -
                               static_cast<int>((seriesColour(b) >> (8 * k)) & 255u));
        EXPECT_GT(distance, 80) << dark << " " << a << " " << b;
      }
  }
}

TEST(Pictures, SameStateSamePixelsAndTrainingChangesThem) {
  Driver one("scenario=plane&panel=none"), two("scenario=plane&panel=none");
  const Picture first = pictureOf(two);
  two.lab().step(40);
  const Picture trained = pictureOf(two);
  EXPECT_GT(differingPixels(first, trained), 2000u);
  two.lab().reset();
  EXPECT_EQ(differingPixels(first, pictureOf(two)), 0u);
}

class EveryPlot : public ::testing::TestWithParam<const char*> {};

TEST_P(EveryPlot, DrawsInBothThemesOnPhoneAndDesk) {
  const std::string plot = GetParam();
  const std::string scenario = plot == "images"        ? "digits"
                               : plot == "path"        ? "regularization-path"
                               : plot == "experiment"  ? "rank&experiment=rank,runs=2,values=5:10&autoplay=1"
                               : plot == "certificate" ? "infeasible"
                               : plot == "norms"       ? "optimizers"
                                                       : "plane";
  for (const char* theme : {"light", "dark"})
    for (const ImVec2 screen : {ImVec2{360, 420}, ImVec2{700, 480}}) {
      SCOPED_TRACE(std::string(theme) + " " + std::to_string(screen.x));
      Driver driver("scenario=" + scenario + "&panel=none&plots=" + plot + "&theme=" + theme, screen.x,
                    screen.y);
      driver.finishJobs();
      driver.lab().step(30);
      const Picture picture = pictureOf(driver);
      std::set<ImU32> colours;
      for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x) colours.insert(picture.at(x, y));
      EXPECT_GT(colours.size(), 30u);
      const std::size_t card = pixelsOf(picture, palette().card);
      const auto all = static_cast<std::size_t>(picture.width * picture.height);
      EXPECT_GT(card, all / 10);
      EXPECT_LT(card, all * 96 / 100) << "nothing is drawn";
    }
}

/// A lab that shows this plot alone, with something in it.
std::unique_ptr<Driver> labWith(const std::string& plot) {
  const bool path = plot == "path";
  const std::string scenario = plot == "images"        ? "digits"
                               : path                  ? "regularization-path"
                               : plot == "experiment"  ? "rank&experiment=rank,runs=2,values=5:10&autoplay=1"
                               : plot == "certificate" ? "infeasible"
                               : plot == "norms"       ? "optimizers"
                                                       : "plane";
  auto driver = std::make_unique<Driver>(
      "scenario=" + scenario + "&panel=" + (path ? "full" : "none") + "&plots=" + plot, 1280.0f, 1000.0f);
  driver->lab().step(20);
  driver->frames(2);
  if (path) driver->click("→ Compute the path in the Frobenius ball");
  driver->finishJobs();
  driver->lab().pause();
  driver->frames();
  return driver;
}

/// A comma within quotes divides nothing: "K, Q".
int cellsOf(const std::string& line) {
  int cells = 1;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) ++cells;
  }
  return cells;
}

TEST_P(EveryPlot, GivesATable) {
  const std::string plot = GetParam();
  const std::unique_ptr<Driver> driver = labWith(plot);
  ASSERT_TRUE(chooseInMenu(*driver, 0, "Export as CSV"));
  ASSERT_EQ(driver->host().saved.count(plot + ".csv"), 1u);
  std::istringstream table(driver->host().saved.at(plot + ".csv"));
  std::string line;
  ASSERT_TRUE(std::getline(table, line));
  const int cells = cellsOf(line);
  int rows = 0;
  for (; std::getline(table, line); ++rows) EXPECT_EQ(cellsOf(line), cells) << line;
  EXPECT_GT(rows, 3);
}

TEST_P(EveryPlot, AsksForItsPicture) {
  const std::string plot = GetParam();
  const std::unique_ptr<Driver> driver = labWith(plot);
  ASSERT_TRUE(chooseInMenu(*driver, 0, "Copy as PNG"));
  ASSERT_EQ(driver->host().pictures.size(), 1u);
  EXPECT_EQ(driver->host().pictures[0], plot + ".png");
}

std::vector<const char*> plotNames() {
  std::vector<const char*> names;
  for (const PlotKind kind : allPlots()) names.push_back(plotName(kind));
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, EveryPlot, ::testing::ValuesIn(plotNames()), [](const auto& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

/// The last point of the curve is what the weights and the SVM say at that moment.
TEST(Pictures, MarginRatioIsThatOfTheWeights) {
  Driver driver("scenario=ten-dimensions&panel=none&plots=margin-ratio", 900, 600);
  driver.lab().step(300);
  driver.frames(2);
  ASSERT_TRUE(chooseInMenu(driver, 0, "Export as CSV"));
  std::istringstream table(driver.host().saved.at("margin-ratio.csv"));
  std::string line, last;
  while (std::getline(table, line))
    if (line.find("Frobenius norm") != std::string::npos) last = line;
  const auto& run = driver.lab().session().runs.front();
  const TraceSample& sample = run.trace.samples.back();
  const SvmProblem problem = svmProblem(driver.lab().session().dataset, run.prediction.selection).value();
  const double margin = problem.constraintValues(sample.W).minCoeff() / sample.W.norm();
  const double expected = 1.0 - margin * run.prediction.optimality.solution.norm;
  EXPECT_NEAR(std::stod(last.substr(last.rfind(',') + 1)), expected, 1e-3 * expected) << last;
  EXPECT_GT(expected, 0.0);
  EXPECT_LT(expected, 1.0);
}

/// Each cell of the table is the margin ratio of that run in that norm, solved here once more; the optimizers
/// lead in their own norms.
TEST(Pictures, OptimizersAndNormsShowsEveryRatio) {
  Driver driver("scenario=optimizers&panel=none&plots=norms", 900, 600);
  driver.lab().step(3000);
  driver.finishJobs();
  driver.frames(2);
  ASSERT_TRUE(chooseInMenu(driver, 0, "Export as CSV"));
  const std::string table = driver.host().saved.at("norms.csv");
  ASSERT_EQ(driver.lab().session().runs.size(), 6u);
  for (const auto& run : driver.lab().session().runs) {
    const SvmProblem problem = svmProblem(driver.lab().session().dataset, run.trainer.selected()).value();
    double best = 0, own = 0;
    for (const Norm& norm : comparedNorms()) {
      const double ratio = marginRatio(problem, run.trainer.W(), norm, solveSvm(problem, norm).norm);
      const std::string line = "\"" + run.label + "\",\"" + infoOf(norm).name + "\",";
      const std::size_t at = table.find(line);
      ASSERT_NE(at, std::string::npos) << line << "\n" << table;
      EXPECT_NEAR(std::strtod(table.c_str() + at + line.size(), nullptr), ratio, 1e-8) << line;
      best = std::max(best, ratio);
      if (norm == predictedNorm(run.trainer.options())) own = ratio;
    }
    if (run.trainer.options().optimizer != Optimizer::Adam) {
      EXPECT_EQ(own, best) << run.label;
    }
  }
}

TEST(Pictures, RegularizationPathAppearsWhenAskedFor) {
  Driver driver("scenario=regularization-path", 1280, 1000);
  const Picture before = pictureOf(driver);
  ASSERT_TRUE(driver.click("→ Compute the path in the Frobenius ball"));
  driver.finishJobs();
  EXPECT_FALSE(driver.lab().session().path.points.empty());
  EXPECT_GT(differingPixels(before, pictureOf(driver)), 1500u);
}

TEST(Pictures, LegendSwitchesItemsOffAndOn) {
  Driver driver("scenario=plane&panel=none&plots=convergence", 700, 480);
  driver.lab().step(60);
  const std::size_t shown = pixelsOf(pictureOf(driver), seriesColour(0));
  ASSERT_GT(shown, 300u);
  const std::vector<ImVec2> items = driver.centres("legend");
  ASSERT_EQ(items.size(), 2u);
  driver.clickAt(items[0]);
  EXPECT_EQ(pixelsOf(pictureOf(driver), seriesColour(0)), 0u);
  EXPECT_GT(pixelsOf(pictureOf(driver), seriesColour(1)), 100u);
  driver.clickAt(items[0]);
  EXPECT_EQ(pixelsOf(pictureOf(driver), seriesColour(0)), shown);
}

TEST(Pictures, WheelZoomsDragPansAndDoubleClickComesBack) {
  Driver driver("scenario=plane&panel=none&plots=convergence", 700, 480);
  driver.lab().step(60);
  const Picture whole = pictureOf(driver);
  const ImVec2 middle{380, 260};
  pointTo(driver, middle);
  ImGui::GetIO().AddMouseWheelEvent(0, 3);
  driver.frames(2);
  pointTo(driver, {-100, -100});
  const Picture zoomed = pictureOf(driver);
  EXPECT_GT(differingPixels(whole, zoomed), 1000u);
  driver.drag(middle, {middle.x + 60, middle.y + 30});
  pointTo(driver, {-100, -100});
  EXPECT_GT(differingPixels(zoomed, pictureOf(driver)), 1000u);
  driver.clickAt(middle);
  driver.clickAt(middle);
  pointTo(driver, {-100, -100});
  EXPECT_EQ(differingPixels(whole, pictureOf(driver)), 0u);
}

TEST(Pictures, PointingAtACellDimsTheOtherSequencesOfTheGeometry) {
  Driver driver("scenario=plane&panel=none&plots=geometry,attention", 1200, 500);
  driver.lab().step(60);
  const Picture calm = pictureOf(driver);
  const std::size_t second = pixelsOf(calm, seriesColour(1));
  pointTo(driver, {900, 150});  // a token of the first sequence in the map
  const Picture pointed = pictureOf(driver);
  EXPECT_LT(pixelsOf(pointed, seriesColour(1)), second);
  const auto left = [](const Picture& p) {
    Picture half{p.width / 2, p.height, {}};
    for (int y = 0; y < p.height; ++y)
      for (int x = 0; x < half.width; ++x)
        for (int k = 0; k < 4; ++k)
          half.rgba.push_back(p.rgba[static_cast<std::size_t>(4 * (y * p.width + x) + k)]);
    return half;
  };
  EXPECT_EQ(pixelsOf(left(pointed), seriesColour(1)), 0u);
  EXPECT_GT(pixelsOf(left(pointed), seriesColour(0)), 300u);
}

TEST(Pictures, TheArrowEndsOnTheRay) {
  // At the end of training the tip of W z of each sequence points where the SVM points.
  Driver driver("scenario=plane&panel=none&plots=geometry", 800, 700);
  driver.lab().step(4000);
  const auto& run = driver.lab().session().runs.front();
  const SvmSolution& svm = run.prediction.optimality.solution;
  const std::vector<double>& tip = run.trace.samples.back().path;
  for (Index i = 0; i < 2; ++i) {
    const Vector ray = svm.W * driver.lab().session().dataset.query(i);
    const double turn =
        std::atan2(tip[static_cast<std::size_t>(2 * i + 1)], tip[static_cast<std::size_t>(2 * i)]) -
        std::atan2(ray(1), ray(0));
    EXPECT_LT(std::abs(std::remainder(turn, 6.283185307179586)), 0.03);
  }
}

TEST(Pictures, IndicesReachEveryVertexOfTheLargestPictures) {
  Driver driver("scenario=ten-dimensions&n=40&T=60&d=32&panel=none&plots=margins,attention,scores", 1600,
                900);
  driver.lab().step(3);
  driver.frames(2);
  int largest = 0;
  for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) {
    largest = std::max(largest, list->VtxBuffer.Size);
    EXPECT_LE(static_cast<double>(list->VtxBuffer.Size), std::pow(2.0, 8.0 * sizeof(ImDrawIdx)));
  }
  EXPECT_GT(largest, 20000);  // large indeed
}

TEST(Geometry, MenuAddsATokenWhereItWasOpened) {
  Driver driver("scenario=plane&panel=none&plots=geometry", 800, 700);
  const Index before = driver.lab().session().dataset.length(1);
  const ImVec2 place{560, 560};  // an empty spot
  driver.clickAt(place, ImGuiMouseButton_Right);
  driver.frames(2);
  ASSERT_TRUE(driver.click("Add a token to sequence 2"));
  const Dataset& dataset = driver.lab().session().dataset;
  ASSERT_EQ(dataset.length(1), before + 1);
  const Matrix& X = dataset.tokens(1);
  // Right of and below the origin, which is the middle of the frame.
  EXPECT_GT(X(before, 0), 0.3);
  EXPECT_LT(X(before, 1), -0.3);
  driver.key(ImGuiKey_Z, true);
  EXPECT_EQ(driver.lab().session().dataset.length(1), before);
}

TEST(Geometry, SequencesAreAddedAndDeleted) {
  Driver driver("scenario=plane&panel=none&plots=geometry", 800, 700);
  driver.clickAt({560, 560}, ImGuiMouseButton_Right);
  driver.frames(2);
  ASSERT_TRUE(driver.click("Add a sequence"));
  ASSERT_EQ(driver.lab().session().dataset.n(), 3);
  EXPECT_EQ(driver.lab().session().dataset.Z.rows(), 3);
  driver.frames(2);
  // The frame has grown with the new tokens: look for one of them with the cursor.
  bool deleted = false;
  for (float y = 120; y < 640 && !deleted; y += 9)
    for (float x = 90; x < 760 && !deleted; x += 9) {
      pointTo(driver, {x, y});
      if (ImGui::GetMouseCursor() != ImGuiMouseCursor_Hand) continue;
      driver.clickAt({x, y}, ImGuiMouseButton_Right);
      driver.frames(2);
      deleted = driver.click("Delete its sequence");
    }
  ASSERT_TRUE(deleted);
  EXPECT_EQ(driver.lab().session().dataset.n(), 2);
  EXPECT_EQ(driver.lab().session().dataset.y.size(), 2);
}

TEST(Ticks, AreRoundNumbersInsideTheRange) {
  EXPECT_EQ(plot::niceTicks({0, 10}, 5), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(plot::decadeTicks({1e-4, 1}, 10).size(), 5u);
  EXPECT_EQ(plot::decadeTicks({0.04, 1.5}, 8), (std::vector<double>{0.05, 0.1, 0.2, 0.5, 1.0}));
  for (const double low : {1e-30, 1e-9, 0.3})
    for (const double ratio : {2.5, 40.0, 1e7, 1e25})
      for (const double tick : plot::decadeTicks({low, low * ratio}, 6)) {
        EXPECT_GE(tick, low * (1 - 1e-6));
        EXPECT_LE(tick, low * ratio * (1 + 1e-6));
      }
  EXPECT_TRUE(plot::niceTicks({1, 1}, 5).empty());
}

TEST(Ticks, AreWrittenAsPeopleWriteThem) {
  EXPECT_EQ(plot::tickText(0.25, 0.05), "0.25");
  EXPECT_EQ(plot::tickText(-1, 0.5), "−1.0");
  EXPECT_EQ(plot::decadeText(-12), "10⁻¹²");
  EXPECT_EQ(plot::logTickText(2e-3), "2·10⁻³");
  EXPECT_EQ(plot::logTickText(1.0), "1");
}

}  // namespace
}  // namespace attention_svm::shell
