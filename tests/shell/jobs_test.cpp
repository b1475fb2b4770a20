// SPDX-License-Identifier: MIT
// Work in the background: requests and answers as text, and a lab that goes on drawing meanwhile.
#include <gtest/gtest.h>

#include <algorithm>

#include "attention_svm/experiment_draws.h"
#include "attention_svm/random_dataset.h"
#include "jobs/job.h"
#include "null/null_host.h"
#include "settings/experiment_text.h"

namespace attention_svm::shell {
namespace {

Dataset data(Index n, Index T, Index d, HeadKind head = HeadKind::Linear) {
  RandomDatasetSpec spec;
  spec.n = n;
  spec.T = T;
  spec.d = d;
  spec.seed = 3;
  spec.head = head;
  return randomDataset(spec).value();
}

/// Through text both ways, as a worker gets it.
std::unique_ptr<Job> jobFor(const JobRequest& request) {
  Result<std::unique_ptr<Job>> job = makeJob(toText(request));
  EXPECT_TRUE(job.ok()) << (job.ok() ? "" : job.error());
  return job.ok() ? std::move(job).value() : nullptr;
}

std::string answerOf(const JobRequest& request) {
  const std::unique_ptr<Job> job = jobFor(request);
  double before = 0.0;
  bool more = true;
  while (more) {
    more = job->advance();
    EXPECT_GE(job->progress(), before);
    before = job->progress();
  }
  EXPECT_NEAR(before, 1.0, 1e-12);
  return job->answer();
}

TEST(Jobs, PredictionIsTheSameToTheBitAsOnThePage) {
  Trainer trainer = Trainer::create(data(6, 5, 7), {}).value();
  trainer.step(50);
  const Norm named = Norm::lp(3.0);
  const Prediction here = predict(trainer, trainer.selected(), named);
  const Prediction there =
      predictionFrom(answerOf(predictionRequest(trainer, trainer.selected(), named))).value();
  EXPECT_EQ(there.selection, here.selection);
  EXPECT_EQ(there.optimality.solution.W, here.optimality.solution.W);
  EXPECT_EQ(there.optimality.solution.dual, here.optimality.solution.dual);
  EXPECT_EQ(there.optimality.solution.support, here.optimality.solution.support);
  EXPECT_EQ(there.optimality.locallyOptimal, here.optimality.locallyOptimal);
  EXPECT_EQ(there.in(Norm::Kind::Nuclear)->W, here.in(Norm::Kind::Nuclear)->W);
  EXPECT_EQ(there.in(Norm::Kind::Nuclear)->gap, here.in(Norm::Kind::Nuclear)->gap);
  EXPECT_EQ(there.in(Norm::Kind::Lp)->W, here.in(Norm::Kind::Lp)->W);
}

TEST(Jobs, DecompositionOfANonlinearHeadTravels) {
  Trainer trainer = Trainer::create(data(3, 4, 6, HeadKind::Mlp), {}).value();
  trainer.step(400);
  const Prediction here = predict(trainer, trainer.selected(), Norm::frobenius());
  const Prediction there =
      predictionFrom(answerOf(predictionRequest(trainer, trainer.selected(), Norm::frobenius()))).value();
  ASSERT_TRUE(there.decomposition.has_value());
  EXPECT_EQ(there.decomposition->kept.tokens, here.decomposition->kept.tokens);
  EXPECT_EQ(there.decomposition->finite, here.decomposition->finite);
  EXPECT_EQ(there.decomposition->R, here.decomposition->R);
  EXPECT_EQ(there.decomposition->message, here.decomposition->message);
  EXPECT_EQ(there.decomposition->correlationOneToken, here.decomposition->correlationOneToken);
}

TEST(Jobs, AnInfeasibleAnswerBringsItsCertificate) {
  Dataset dataset = data(3, 4, 5);
  dataset.X[1].row(2) = dataset.X[1].row(0);
  Trainer trainer = Trainer::create(dataset, {}).value();
  const Selection selection{0, 0, 0};
  const Prediction there =
      predictionFrom(answerOf(predictionRequest(trainer, selection, Norm::frobenius()))).value();
  EXPECT_EQ(there.optimality.solution.status, SvmStatus::Infeasible);
  EXPECT_NEAR(there.optimality.solution.certificate.sum(), 1.0, 1e-12);
}

TEST(Jobs, BasinsFindWhatTheCoreFindsAndWhereTheStartLeads) {
  const Dataset dataset = data(3, 3, 3);
  TrainerOptions options;
  const Basins basins = basinsFrom(answerOf(basinsRequest(dataset, options))).value();
  const LocallyOptimalSelections direct = enumerateLocallyOptimal(dataset).value();
  EXPECT_EQ(basins.selections, direct.selections);
  EXPECT_TRUE(basins.complete);
  EXPECT_EQ(basins.total, 27);
  Trainer trainer = Trainer::create(dataset, options).value();
  trainer.step(4000);
  EXPECT_EQ(basins.end, trainer.selected());
}

TEST(Jobs, ThePathGrowsPointByPoint) {
  const std::unique_ptr<Job> job = jobFor(pathRequest(data(3, 4, 4), {}, Norm::frobenius()));
  ASSERT_TRUE(job->advance());
  ASSERT_TRUE(job->advance());
  const PathAnswer path = pathFrom(job->answer()).value();
  ASSERT_EQ(path.points.size(), 2u);
  EXPECT_GT(path.points[1].radius, path.points[0].radius);
  ASSERT_FALSE(path.solutions.empty());
  EXPECT_GT(path.solutions.front().solution.norm, 0.0);
}

TEST(Jobs, ExperimentTravelsWithItsGaps) {
  ExperimentSpec spec = paperExperiment(ExperimentKind::Rank);
  spec.values = {1, 12};
  spec.runs = 2;
  const ExperimentAnswer answer = experimentFrom(answerOf(experimentRequest(spec, ""))).value();
  const ExperimentResult& there = answer.result;
  EXPECT_EQ(toCsv(there), toCsv(runExperiment(spec).value()));
  Experiment again = Experiment::create(spec).value();
  EXPECT_EQ(addDraws(again, answer.draws), "");
  EXPECT_EQ(toCsv(again.result()), toCsv(there));
  EXPECT_TRUE(std::isnan(there.series[1].mean[0]));
}

TEST(Jobs, RequestsThatMakeNoSenseAreRefused) {
  EXPECT_FALSE(makeJob(std::string("{")).ok());
  EXPECT_FALSE(makeJob(std::string("[]")).ok());
  JobRequest request;
  EXPECT_FALSE(makeJob(request).ok());
  request = experimentRequest({}, "");
  request.experiment.runs = 0;
  EXPECT_EQ(makeJob(experimentRequest(paperExperiment(ExperimentKind::Rank), "d,draw\n")).error(),
            "draws: line 1 is not that of this experiment");
  EXPECT_EQ(makeJob(request).error(), "runs: expected a number from 1 to 100000");
  request = predictionRequest(Trainer::create(data(2, 2, 2), {}).value(), {0, 9}, Norm::frobenius());
  EXPECT_EQ(makeJob(request).error(), "tokens[1]: expected a token from 0 to 1, found 9");
}

const Run& mainRun(Driver& driver) { return driver.lab().session().runs.front(); }

TEST(LabJobs, ALargeSvmIsSolvedInTheBackgroundWhileThePageDraws) {
  Driver driver("scenario=plane");
  driver.lab().loadAddress("scenario=ten-dimensions&n=20&T=8&d=20&param=KQ");
  EXPECT_TRUE(mainRun(driver).prediction.solving);
  EXPECT_NE(driver.lab().verdict().find("being solved"), std::string::npos) << driver.lab().verdict();
  driver.frames();
  EXPECT_TRUE(driver.shows("Stop"));
  driver.finishJobs();
  driver.frames();
  EXPECT_TRUE(mainRun(driver).prediction.ready());
  EXPECT_NE(mainRun(driver).prediction.in(Norm::Kind::Nuclear), nullptr);
  EXPECT_EQ(driver.lab().verdict().find("being solved"), std::string::npos);
  EXPECT_FALSE(driver.shows("Stop"));
}

TEST(LabJobs, WithWTheVerdictDoesNotWaitForTheNuclearSvm) {
  Driver driver("scenario=plane");
  driver.lab().loadAddress("scenario=digits");
  EXPECT_TRUE(mainRun(driver).prediction.ready());
  EXPECT_EQ(mainRun(driver).prediction.in(Norm::Kind::Nuclear), nullptr);
  EXPECT_NE(driver.lab().verdict().find("angle to its SVM"), std::string::npos) << driver.lab().verdict();
  driver.finishJobs();
  EXPECT_NE(mainRun(driver).prediction.in(Norm::Kind::Nuclear), nullptr);
}

TEST(LabJobs, AnAnswerForASelectionOfThePastIsNotShown) {
  Driver driver("scenario=ten-dimensions&n=20&T=8&d=20&param=KQ");
  driver.lab().step(400);  // the tokens of the start are long left
  driver.finishJobs();
  EXPECT_EQ(mainRun(driver).prediction.selection, mainRun(driver).trainer.selected());
  EXPECT_TRUE(mainRun(driver).prediction.ready());
}

TEST(LabJobs, OtherDataEndsWhatRanForTheOldOne) {
  Driver driver("scenario=plane");
  driver.lab().loadAddress("scenario=ten-dimensions&n=20&T=8&d=20&param=KQ");
  ASSERT_FALSE(driver.host().jobs.empty());
  driver.lab().loadAddress("scenario=plane");
  EXPECT_TRUE(driver.host().jobs.empty());
}

TEST(LabJobs, DataTooLargeForAJobSaysWhatToDo) {
  Driver driver("scenario=ten-dimensions&n=80&T=100&d=5");
  EXPECT_NE(driver.lab().verdict().find("7920 constraints"), std::string::npos) << driver.lab().verdict();
  EXPECT_TRUE(driver.host().jobs.empty());
}

TEST(LabJobs, AnExperimentRunsByItselfIsStoppedAndRunAgain) {
  Driver driver("scenario=rank&experiment=rank,runs=40");
  driver.frames(3);
  ASSERT_TRUE(driver.lab().session().experiment.has_value());
  const int draws = driver.lab().session().experiment->draws;
  EXPECT_GT(draws, 0);
  ASSERT_TRUE(driver.click("Stop"));
  EXPECT_TRUE(driver.host().jobs.empty());
  EXPECT_GE(driver.lab().session().experiment->draws, draws);
  driver.lab().load("{\"scenario\": \"rank\", \"experiment\": \"rank,runs=2,values=5:10\"}");
  driver.finishJobs();
  EXPECT_EQ(driver.lab().session().experiment->progress, 1.0);
  EXPECT_EQ(driver.lab().session().experiment->x.size(), 2u);
}

TEST(LabJobs, APausedExperimentGoesOnToTheSameBytes) {
  const ExperimentSpec spec = attention_svm::parseExperiment("rank,runs=3,values=5:10,T=4").value();
  Experiment whole = Experiment::create(spec).value();
  std::string text = drawsHeader(whole) + "\n";
  while (const std::optional<ExperimentRow> row = whole.advance()) text += drawLine(whole, *row) + "\n";

  Driver driver("scenario=rank&experiment=" + toText(spec));
  for (int pauses = 0; driver.lab().session().draws != text; ++pauses) {
    ASSERT_LT(pauses, 20) << driver.lab().session().draws;
    driver.lab().play();
    driver.frames(1);
    driver.lab().pause();
    EXPECT_TRUE(driver.host().jobs.empty());
    driver.frames(2);
  }
  EXPECT_EQ(toCsv(*driver.lab().session().experiment), toCsv(whole.result()));
  driver.finishJobs();
  driver.lab().play();  // at its end: once more, from the start
  EXPECT_TRUE(driver.lab().session().draws.empty());
  driver.frames(1);
  EXPECT_FALSE(driver.lab().session().draws.empty());
  driver.lab().reset();
  driver.frames(2);
  EXPECT_FALSE(driver.lab().session().experiment.has_value());
  EXPECT_TRUE(driver.lab().session().draws.empty());
}

TEST(LabJobs, DrawsAndTheCommandForMoreOfThemCanBeTakenAlong) {
  Driver driver("scenario=rank&experiment=rank,runs=2,values=5:10", 1280, 1400);
  driver.finishJobs();
  driver.frames(2);
  ASSERT_TRUE(driver.click("Download all draws"));
  driver.frames(2);
  EXPECT_EQ(driver.host().saved.at("draws.csv"), driver.lab().session().draws);
  ASSERT_TRUE(driver.click("Run this natively"));
  driver.frames(2);
  EXPECT_EQ(driver.host().copied, "attention-svm run rank values=5:10 --draws 0..1 --out rank");
}

TEST(LabJobs, TimeLeftIsToldByThePace) {
  Driver driver("scenario=rank&experiment=rank,runs=20,values=5");
  driver.frames(1);
  driver.host().clock += 1.0;
  driver.frames(2);
  ASSERT_EQ(driver.lab().session().jobs.size(), 1u);
  const JobView& job = driver.lab().session().jobs.front();
  ASSERT_TRUE(job.secondsLeft.has_value());
  EXPECT_GT(*job.secondsLeft, 0.0);
}

TEST(LabJobs, InAnArticleAnExperimentWaitsForPlay) {
  Driver driver("scenario=rank&panel=compact&experiment=rank,runs=3");
  driver.frames(3);
  EXPECT_TRUE(driver.host().jobs.empty());
  driver.lab().play();
  driver.finishJobs();
  ASSERT_TRUE(driver.lab().session().experiment.has_value());
}

TEST(LabJobs, WhatCannotBeRunIsSaidOnScreen) {
  Driver driver("scenario=regularization-path&every=1&opt=mirror&p=3");
  driver.lab().jobAnswered(99, 0.5, false, "{}");  // of a job that nobody knows: nothing happens
  ASSERT_TRUE(driver.click("→ Compute the path in the nuclear ball"));
  driver.finishJobs();
  EXPECT_FALSE(driver.lab().session().path.points.empty());
}

TEST(ExperimentText, GoesRoundAndNamesWhatItDoesNotKnow) {
  for (int k = 0; k < 5; ++k) {
    std::optional<ExperimentSpec> spec = paperExperiment(static_cast<ExperimentKind>(k)), back;
    spec->runs = 7 + k;
    spec->seed = 12;
    spec->gradient = GradientMode::Plain;
    const std::string text = experimentText(spec);
    EXPECT_EQ(parseExperiment(text, back), "");
    EXPECT_EQ(experimentText(back), text);
  }
  EXPECT_EQ(experimentText(paperExperiment(ExperimentKind::Rank)), "rank");
  std::optional<ExperimentSpec> spec;
  EXPECT_NE(parseExperiment("luck", spec).find("expected one of local-convergence"), std::string::npos);
  EXPECT_EQ(parseExperiment("rank,wobble=3", spec), "\"wobble=3\" is no setting of an experiment");
  EXPECT_EQ(parseExperiment("rank,runs=many", spec), "\"runs=many\" is no setting of an experiment");
  EXPECT_EQ(parseExperiment("rank,values=3:2", spec), "values[1]: expected ascending values");
  EXPECT_FALSE(spec.has_value());
}

}  // namespace
}  // namespace attention_svm::shell
