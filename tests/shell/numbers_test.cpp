// SPDX-License-Identifier: MIT
// What the reader sees, by number: answers with every field, the wheel, the
// separating line, the samples of a trace, numbers from files.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "attention_svm/json.h"
#include "attention_svm/random.h"
#include "attention_svm/random_dataset.h"
#include "import/npy.h"
#include "jobs/answers.h"
#include "null/null_host.h"
#include "plot/plot.h"
#include "settings/address.h"
#include "settings/experiment_text.h"

namespace attention_svm::shell {
namespace {

TEST(Address, RunsThatDoNotExistAreRefused) {
  const auto refused = [](const std::string& compare) {
    std::vector<std::string> notices;
    const Settings settings = settingsFromAddress("scenario=plane&compare=" + compare, notices);
    EXPECT_TRUE(settings.compare.empty()) << compare;
    return notices.empty() ? std::string("nothing was said") : notices.front();
  };
  EXPECT_EQ(refused("wobble=1;n=9"),
            "Setting compare=wobble=1;n=9 was left out: run 1: \"wobble\" is no setting of training.");
  EXPECT_EQ(refused("eta=1;n=9"),
            "Setting compare=eta=1;n=9 was left out: run 2: \"n\" is no setting of training.");
  EXPECT_NE(refused("eta=fast").find("run 1: eta: expected a number"), std::string::npos);
  EXPECT_NE(refused(";").find("run 1: \"\" is no setting"), std::string::npos);
  std::vector<std::string> notices;
  EXPECT_EQ(settingsFromAddress("compare=param=KQ,W0=;trainseed=3", notices).compare.size(), 2u);
  EXPECT_TRUE(notices.empty());
}

SvmSolution fullSolution(double shift) {
  SvmSolution s;
  s.status = SvmStatus::Infeasible;
  s.feasible = true;
  s.W = Matrix{{1 + shift, 2}, {3, 4}};
  s.norm = 5 + shift;
  s.margin = 6 + shift;
  s.dual = Vector{{7 + shift, 8}};
  s.equalityDual = Vector{{9 + shift}};
  s.primalValue = 10 + shift;
  s.dualValue = 11 + shift;
  s.gap = 12 + shift;
  s.lowerBound = 21 + shift;
  s.message = "a reason";
  s.smallestConstraint = 13 + shift;
  s.equalityResidual = 14 + shift;
  s.support = {{1, 2, 3}, {4, 5, 6}};
  s.singularValues = Vector{{15 + shift, 1}};
  s.rank = 16;
  s.certificate = Vector{{17 + shift}};
  s.certificateEqualities = Vector{{18 + shift}};
  s.certificateResidual = 19 + shift;
  s.iterations = 20;
  return s;
}

void expectSame(const SvmSolution& a, const SvmSolution& b) {
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.feasible, b.feasible);
  EXPECT_EQ(a.W, b.W);
  EXPECT_EQ(a.norm, b.norm);
  EXPECT_EQ(a.margin, b.margin);
  EXPECT_EQ(a.dual, b.dual);
  EXPECT_EQ(a.equalityDual, b.equalityDual);
  EXPECT_EQ(a.primalValue, b.primalValue);
  EXPECT_EQ(a.dualValue, b.dualValue);
  EXPECT_EQ(a.gap, b.gap);
  EXPECT_EQ(a.lowerBound, b.lowerBound);
  EXPECT_EQ(a.message, b.message);
  EXPECT_EQ(a.smallestConstraint, b.smallestConstraint);
  EXPECT_EQ(a.equalityResidual, b.equalityResidual);
  EXPECT_EQ(a.support, b.support);
  EXPECT_EQ(a.singularValues, b.singularValues);
  EXPECT_EQ(a.rank, b.rank);
  EXPECT_EQ(a.certificate, b.certificate);
  EXPECT_EQ(a.certificateEqualities, b.certificateEqualities);
  EXPECT_EQ(a.certificateResidual, b.certificateResidual);
  EXPECT_EQ(a.iterations, b.iterations);
}

void expectSame(const std::vector<NormSolution>& a, const std::vector<NormSolution>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t k = 0; k < a.size(); ++k) {
    EXPECT_EQ(a[k].norm, b[k].norm);
    expectSame(a[k].solution, b[k].solution);
  }
}

void expectSame(const std::vector<ScoreViolation>& a, const std::vector<ScoreViolation>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t k = 0; k < a.size(); ++k) {
    EXPECT_EQ(a[k].where, b[k].where);
    EXPECT_EQ(a[k].selectedScore, b[k].selectedScore);
    EXPECT_EQ(a[k].supportScore, b[k].supportScore);
  }
}

Decomposition fullDecomposition() {
  Decomposition d;
  d.feasible = true;
  d.message = "a message";
  d.kept = {{{0, 1}, {2}}, true, {{1, 2, 3}}, 0.25, 0.5, 0.125};
  d.directional = fullSolution(0.5);
  d.finite = Matrix{{1, 2}, {3, 5}};
  d.finiteResidual = 0.75;
  d.R = 1.5;
  d.correlationDirectional = 0.1;
  d.correlationSvmEquivalent = 0.2;
  d.correlationOneToken = 0.3;
  return d;
}

TEST(Answers, APredictionKeepsEveryField) {
  Prediction sent;
  sent.selection = {3, 1};
  sent.atIteration = 42;
  LocalOptimality& o = sent.optimality;
  o.feasible = o.locallyOptimal = o.global = o.uniqueBest = true;
  o.standing = Standing::Tied;
  o.violations = {{{1, 2, 3}, 0.5, 0.75}};
  o.ties = {{{4, 5, 6}, 0.25, 0.125}, {{0, 0, 1}, 1, 2}};
  o.solution = fullSolution(0);
  sent.others = {{Norm::nuclear(), fullSolution(100)}, {Norm::lp(3.5), fullSolution(200)}};
  sent.decomposition = fullDecomposition();
  const Prediction came = predictionFrom(toText(sent)).value();
  EXPECT_EQ(came.selection, sent.selection);
  EXPECT_EQ(came.atIteration, sent.atIteration);
  EXPECT_TRUE(came.optimality.feasible && came.optimality.locallyOptimal && came.optimality.global &&
              came.optimality.uniqueBest);
  EXPECT_EQ(came.optimality.standing, o.standing);
  expectSame(came.optimality.violations, o.violations);
  expectSame(came.optimality.ties, o.ties);
  expectSame(came.optimality.solution, o.solution);
  expectSame(came.others, sent.others);
  ASSERT_TRUE(came.decomposition);
  const Decomposition &a = *came.decomposition, &b = *sent.decomposition;
  EXPECT_EQ(a.feasible, b.feasible);
  EXPECT_EQ(a.message, b.message);
  EXPECT_EQ(a.kept.tokens, b.kept.tokens);
  EXPECT_EQ(a.kept.settled, b.kept.settled);
  EXPECT_EQ(a.kept.unsettled, b.kept.unsettled);
  EXPECT_EQ(a.kept.largestMasked, b.kept.largestMasked);
  EXPECT_EQ(a.kept.threshold, b.kept.threshold);
  EXPECT_EQ(a.kept.masked, b.kept.masked);
  expectSame(a.directional, b.directional);
  EXPECT_EQ(a.finite, b.finite);
  EXPECT_EQ(a.finiteResidual, b.finiteResidual);
  EXPECT_EQ(a.R, b.R);
  EXPECT_EQ(a.correlationDirectional, b.correlationDirectional);
  EXPECT_EQ(a.correlationSvmEquivalent, b.correlationSvmEquivalent);
  EXPECT_EQ(a.correlationOneToken, b.correlationOneToken);
}

TEST(Answers, BasinsAndPathsKeepEveryField) {
  const Basins basins{{{1, 2}, {3}}, {1, 0}, 30, 20, true, {4, 5}};
  const Basins back = basinsFrom(toText(basins)).value();
  EXPECT_EQ(back.selections, basins.selections);
  EXPECT_EQ(back.global, basins.global);
  EXPECT_EQ(back.total, basins.total);
  EXPECT_EQ(back.examined, basins.examined);
  EXPECT_EQ(back.complete, basins.complete);
  EXPECT_EQ(back.end, basins.end);
  PathAnswer path;
  PathPoint point;
  point.radius = 1.5;
  point.loss = 0.25;
  point.W = Matrix{{1, 2}, {3, 4}};
  point.stationarity = 1e-7;
  point.iterations = 12;
  point.converged = true;
  path.points = {point};
  path.solutions = {{Norm::frobenius(), fullSolution(1)}, {Norm::nuclear(), fullSolution(2)}};
  const PathAnswer came = pathFrom(toText(path)).value();
  ASSERT_EQ(came.points.size(), 1u);
  EXPECT_EQ(came.points[0].radius, point.radius);
  EXPECT_EQ(came.points[0].loss, point.loss);
  EXPECT_EQ(came.points[0].W, point.W);
  EXPECT_EQ(came.points[0].stationarity, point.stationarity);
  EXPECT_EQ(came.points[0].iterations, point.iterations);
  EXPECT_EQ(came.points[0].converged, point.converged);
  expectSame(came.solutions, path.solutions);
}

TEST(Answers, ARequestKeepsEverySettingOfTheTrainer) {
  JobRequest sent;
  sent.kind = JobKind::Basins;
  sent.dataset = "{}";
  sent.selection = {1, 2};
  sent.norm = Norm::lp(3.5);
  sent.more = {Norm::l1(), Norm::lp(2.5)};
  sent.limit = 77;
  sent.steps = 88;
  TrainerOptions& o = sent.options;
  o.parameterization = Parameterization::KQ;
  o.rank = 3;
  o.optimizer = Optimizer::Adam;
  o.p = 1.25;
  o.stepSize = 0.75;
  o.loss = Loss::Linear;
  o.gradient = GradientMode::Plain;
  o.queries = {true, true};
  o.W0 = Matrix{{1, 2}, {3, 4}};
  o.K0 = Matrix{{5, 6}, {7, 8}};
  o.Q0 = Matrix{{9, 10}, {11, 12}};
  o.seed = 13;
  o.growth = 2.5;
  o.ridge = false;
  const JobRequest came = requestFrom(toText(sent)).value();
  EXPECT_EQ(came.kind, sent.kind);
  EXPECT_EQ(came.dataset, sent.dataset);
  EXPECT_EQ(came.selection, sent.selection);
  EXPECT_EQ(came.norm, sent.norm);
  EXPECT_EQ(came.more, sent.more);
  EXPECT_EQ(came.limit, sent.limit);
  EXPECT_EQ(came.steps, sent.steps);
  EXPECT_EQ(came.options.parameterization, o.parameterization);
  EXPECT_EQ(came.options.rank, o.rank);
  EXPECT_EQ(came.options.optimizer, o.optimizer);
  EXPECT_EQ(came.options.p, o.p);
  EXPECT_EQ(came.options.stepSize, o.stepSize);
  EXPECT_EQ(came.options.loss, o.loss);
  EXPECT_EQ(came.options.gradient, o.gradient);
  EXPECT_EQ(came.options.queries, o.queries);
  EXPECT_EQ(came.options.W0, o.W0);
  EXPECT_EQ(came.options.K0, o.K0);
  EXPECT_EQ(came.options.Q0, o.Q0);
  EXPECT_EQ(came.options.seed, o.seed);
  EXPECT_EQ(came.options.growth, o.growth);
  EXPECT_EQ(came.options.ridge, o.ridge);
}

/// A plot of [0, 10] x [0, 10] in a window of its own, drawn once for each frame of input.
void drawPlot(plot::State& state) {
  ImGui::GetIO().DeltaTime = 0.02f;
  ImGui::NewFrame();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({500, 400});
  ImGui::SetNextWindowFocus();
  ImGui::Begin("numbers");
  plot::Plot plot;
  if (plot.BeginPlot("ten", {480, 360}, state)) {
    plot.SetupAxisLimits(plot::Axis::X, 0, 10);
    plot.SetupAxisLimits(plot::Axis::Y, 0, 10);
    plot.PlotLine("line", {{0, 0}, {10, 10}}, {});
    plot.EndPlot();
  }
  ImGui::End();
  ImGui::Render();
}

TEST(Plot, TheWheelAwayFromTheReaderZoomsIn) {
  Driver driver("scenario=plane");
  for (const float wheel : {2.0f, -2.0f}) {
    plot::State state;
    ImGui::GetIO().AddMousePosEvent(250, 200);
    for (int k = 0; k < 3; ++k) drawPlot(state);
    ImGui::GetIO().AddMouseWheelEvent(0, wheel);
    for (int k = 0; k < 2; ++k) drawPlot(state);
    ASSERT_TRUE(state.zoomed);
    const double factor = wheel > 0 ? 0.85 * 0.85 : 1 / (0.85 * 0.85);
    EXPECT_NEAR(state.x.max - state.x.min, 10 * factor, 1e-6);
    EXPECT_NEAR(state.y.max - state.y.min, 10 * factor, 1e-6);
  }
}

/// The table of the only plot: series, x, y.
std::map<std::string, std::vector<plot::Point>> tableOfThePlot(Driver& driver) {
  driver.frames(2);
  driver.clickAt(driver.centre("⋯"));
  driver.frames(2);
  EXPECT_TRUE(driver.click("Export as CSV"));
  driver.frames(3);
  std::map<std::string, std::vector<plot::Point>> table;
  for (const auto& [name, text] : driver.host().saved) {
    std::istringstream lines(text);
    std::string line;
    while (std::getline(lines, line)) {
      const std::size_t end = line.find("\",");
      double x = 0, y = 0;
      if (line.empty() || line[0] != '"' || std::sscanf(line.c_str() + end + 2, "%lf,%lf", &x, &y) != 2)
        continue;
      table[line.substr(1, end - 1)].push_back({x, y});
    }
  }
  return table;
}

TEST(Geometry, TheSeparatingLineRunsMidwayBetweenTheSelectedTokenAndTheNext) {
  Driver driver("scenario=plane&panel=none&plots=geometry", 800, 700);
  driver.lab().step(300);
  auto table = tableOfThePlot(driver);
  const Session& session = driver.lab().session();
  const auto& run = session.runs.front();
  for (std::size_t r = 0; r < run.prediction.selection.size(); ++r) {
    const std::vector<plot::Point>& line = table["separating line of row " + std::to_string(r + 1)];
    ASSERT_EQ(line.size(), 2u);
    const Vector normal{{line[1].y - line[0].y, line[0].x - line[1].x}};
    const Matrix& X = session.dataset.X[r];
    const auto distance = [&](Index t) {
      return normal.normalized().dot(Vector{{X(t, 0) - line[0].x, X(t, 1) - line[0].y}});
    };
    const double selected = distance(run.prediction.selection[r]);
    double next = 1e300;
    for (Index t = 0; t < X.rows(); ++t)
      if (t != run.prediction.selection[r]) next = std::min(next, -distance(t) * (selected > 0 ? 1 : -1));
    EXPECT_GT(std::abs(selected), 0.01);
    EXPECT_NEAR(next, std::abs(selected), 1e-9);  // as far on the other side
    const Vector ray = run.prediction.optimality.solution.W * session.dataset.query(static_cast<Index>(r));
    EXPECT_NEAR(std::abs(normal.normalized().dot(ray.normalized())), 1.0, 1e-9);
  }
}

TEST(Plot, DraggingCarriesThePictureAlong) {
  Driver driver("scenario=plane");
  plot::State state;
  ImGui::GetIO().AddMousePosEvent(250, 200);
  for (int k = 0; k < 3; ++k) drawPlot(state);
  ImGui::GetIO().AddMouseButtonEvent(ImGuiMouseButton_Left, true);
  drawPlot(state);
  ImGui::GetIO().AddMousePosEvent(310, 170);
  for (int k = 0; k < 2; ++k) drawPlot(state);
  ImGui::GetIO().AddMouseButtonEvent(ImGuiMouseButton_Left, false);
  drawPlot(state);
  ASSERT_TRUE(state.zoomed);
  EXPECT_LT(state.x.min, -0.5);  // to the right: smaller values come in from the left
  EXPECT_LT(state.y.min, -0.5);  // upwards: smaller values come in from below
  EXPECT_NEAR(state.x.max - state.x.min, 10, 1e-6);
}

TEST(Convergence, TheTableHoldsTheDistanceToEachSvm) {
  Driver driver("scenario=local-optima&panel=none&plots=convergence&param=KQ&W0=", 800, 700);
  driver.lab().step(120);
  driver.finishJobs();
  auto table = tableOfThePlot(driver);
  const auto& run = driver.lab().session().runs.front();
  ASSERT_NE(run.prediction.in(Norm::Kind::Nuclear), nullptr);
  const double toNuclear = oneMinusCorrelation(run.trainer.W(), run.prediction.in(Norm::Kind::Nuclear)->W);
  const double toFrobenius = oneMinusCorrelation(run.trainer.W(), run.prediction.optimality.solution.W);
  ASSERT_FALSE(table["to the nuclear SVM"].empty());
  EXPECT_NEAR(table["to the nuclear SVM"].back().y, toNuclear, 1e-12);
  EXPECT_NEAR(table["to the Frobenius SVM"].back().y, toFrobenius, 1e-12);
  EXPECT_GT(std::abs(toNuclear - toFrobenius), 1e-6);

  const json::Value metrics = json::parse(driver.lab().metrics()).value();
  EXPECT_NEAR(*metrics.find("correlation")->find("nuclear")->number(), 1 - toNuclear, 1e-12);
  EXPECT_NEAR(*metrics.find("correlation")->find("frobenius")->number(), 1 - toFrobenius, 1e-12);
  EXPECT_EQ(*metrics.find("angle")->number(), *run.verdict.angleDegrees);
  EXPECT_EQ(*metrics.find("norm")->number(), run.trainer.W().norm());
}

TEST(Projection, ShowsTheTwoDirectionsInWhichTheTokensVaryMost) {
  Random random(5);
  Dataset data = randomDataset({.n = 4, .T = 30, .d = 5, .seed = 3}).value();
  const Vector spread{{0.1, 5.0, 0.2, 3.0, 0.3}};
  for (Matrix& X : data.X) X = X * spread.asDiagonal();
  const Projection projection = projectionOf(data);
  EXPECT_GT(std::abs(projection.basis(1, 0)), 0.95);
  EXPECT_GT(std::abs(projection.basis(3, 1)), 0.95);
  EXPECT_NEAR((projection.basis.transpose() * projection.basis - Matrix::Identity(2, 2)).norm(), 0.0, 1e-12);
  double inPlane = 0.0, all = 0.0;
  for (const Matrix& X : data.X) {
    const Matrix centred = X.rowwise() - projection.origin.transpose();
    inPlane += (centred * projection.basis).squaredNorm();
    all += centred.squaredNorm();
  }
  EXPECT_NEAR(projection.explained, inPlane / all, 1e-9);
}

TEST(ExperimentSentences, SayTheFiguresOfTheResult) {
  ExperimentResult result;
  result.xName = "d";
  result.x = {2, 8};
  result.draws = 20;
  for (const double share : {0.25, 0.5}) {
    ExperimentSeries series;
    series.share = true;
    series.mean = series.median = {share, share + 0.125};
    series.low = series.high = series.mean;
    series.count = {10, 12};
    result.series.push_back(series);
  }
  const std::string said = experimentSentence(paperExperiment(ExperimentKind::GlobalOrLocal), result);
  EXPECT_EQ(
      said,
      "At d = 8, 38 % of 12 runs end in the global selection, 62 % in one that is only locally optimal; at "
      "d = 2 25 % and 50 %.");
}

TEST(ExperimentSentences, NameTheNormInWhichEachOptimizerIsBest) {
  ExperimentResult result;
  result.xName = "norm";
  result.x = {1, 2};
  result.xLabels = {"ℓ1", "ℓ∞"};
  result.draws = 12;
  for (const double first : {0.25, 0.75}) {
    ExperimentSeries series;
    series.name = first < 0.5 ? "sign descent" : "coordinate descent";
    series.median = {first, 0.625};
    series.count = {10, 10};
    result.series.push_back(series);
  }
  EXPECT_EQ(
      experimentSentence(paperExperiment(ExperimentKind::OptimizersAndNorms), result),
      "The norm in which each optimizer comes closest to the largest margin, by the median of 10 runs: sign "
      "descent ℓ∞ (62.5 %); coordinate descent ℓ1 (75.0 %).");
  result.series[0].count[0] = 0;
  result.leftOut = 12;
  EXPECT_EQ(experimentSentence(paperExperiment(ExperimentKind::OptimizersAndNorms), result),
            "No draw has entered yet: 12 were left out.");
}

TEST(Trace, HasASampleForEachOfTheFirstStepsAndThenOneForEachPercentAndAHalf) {
  Driver driver("scenario=plane");
  driver.lab().step(100);
  const auto& trace = driver.lab().session().runs.front().trace;
  ASSERT_EQ(trace.samples.size(), 101u);
  for (std::size_t k = 0; k <= 100; ++k) EXPECT_EQ(trace.samples[k].iteration, static_cast<double>(k));
  driver.lab().step(9900);
  EXPECT_NEAR(static_cast<double>(trace.samples.size()), 150 + std::log(10000.0 / 150) / std::log(1.015), 20);
  for (std::size_t k = 160; k < trace.samples.size(); ++k)
    EXPECT_LE(trace.samples[k].iteration, 1.015 * trace.samples[k - 1].iteration + 1);
}

TEST(Npy, HalfFloatsAreTheNumbersThatTheyStandFor) {
  const std::string header = "{'descr': '<f2', 'fortran_order': False, 'shape': (8,), }";
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  bytes += header;
  for (const int bits : {0x0001, 0x03ff, 0x8200, 0x0400, 0x3c00, 0x3c01, 0xc000, 0x7bff}) {
    bytes += static_cast<char>(bits & 255);
    bytes += static_cast<char>(bits >> 8);
  }
  const std::vector<double> expected = {std::ldexp(1, -24),
                                        std::ldexp(1023, -24),
                                        -std::ldexp(1, -15),
                                        std::ldexp(1, -14),
                                        1.0,
                                        1.0 + std::ldexp(1, -10),
                                        -2.0,
                                        65504.0};
  EXPECT_EQ(parseNpy(bytes).value().values, expected);
}

TEST(LeadChange, IsSaidAndThenFadesWithTheNews) {
  Driver driver("scenario=plane&W0=0,0,0,0");
  const auto& empty = driver.lab().session().runs.front().verdict;
  EXPECT_EQ(empty.sharedLeads.size(), 2u);  // W = 0: nobody leads
  EXPECT_NE(driver.lab().verdict().find("lead together"), std::string::npos) << driver.lab().verdict();
  driver.lab().loadAddress("scenario=plane");
  const auto& run = driver.lab().session().runs.front();
  Selection before = run.verdict.selected;
  int changes = 0;
  for (int k = 0; k < 60; ++k) {
    driver.lab().step(1);
    if (!before.empty() && run.verdict.selected != before) {
      ++changes;
      const std::string now = "The lead changed by iteration " + std::to_string(k + 1) + ": in sequence ";
      EXPECT_NE(driver.lab().verdict().find(now), std::string::npos) << driver.lab().verdict();
      EXPECT_NE(driver.lab().verdict().find("The prediction is now for the new tokens."), std::string::npos);
    }
    before = run.verdict.sharedLeads.empty() ? run.verdict.selected : Selection{};
  }
  EXPECT_GT(changes, 0);
  driver.lab().step(400);
  EXPECT_EQ(driver.lab().verdict().find("The lead changed"), std::string::npos) << driver.lab().verdict();
}

}  // namespace
}  // namespace attention_svm::shell
