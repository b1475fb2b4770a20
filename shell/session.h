// SPDX-License-Identifier: MIT
// The state of the lab: data, runs and what is known about them. Views read it; the lab changes it.
//   dataset -> trainer -> W;   dataset + selection -> problem -> solution -> verdict
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "attention_svm/regularization_path.h"
#include "attention_svm/verdict.h"
#include "jobs/answers.h"
#include "jobs/best_tokens.h"
#include "jobs/prediction.h"
#include "lead_change.h"
#include "projection.h"
#include "settings/settings.h"

namespace attention_svm::shell {

/// What is remembered of one iteration, for the curves.
struct TraceSample {
  double iteration = 0;
  double loss = 0, norm = 0, logGradientNorm = 0;
  double unsaturated = 1;
  Matrix W;                            ///< so that curves can be drawn against the SVM known later
  std::vector<double> singularValues;  ///< of W; empty where d is too large to have them at every sample
  std::vector<double> path;  ///< W z of each row, two numbers each in the plane of the geometry view
  /// 1 - correlation of W with each of the solutions() of the run's present prediction; NaN where it has none
  std::vector<double> off;
  // The same with the parts of a decomposition
  double offDirectional = 0, offEquivalent = 0, offOneToken = 0;  ///< nonlinear heads
  double offCyclic = 0;      ///< words: distance of W's cyclic part to W_fin
  std::vector<double> next;  ///< words: probability of the next word, for each of the first sequences
};

/// Samples at growing distances over the iterations, so that memory stays bounded however long the training.
struct Trace {
  std::vector<TraceSample> samples;  ///< up to now
  std::vector<TraceSample> later;    ///< after it, of a run that was taken back: they come true again
  bool passing = false;              ///< the last of `samples` only shows now, between two that stay
  double nextIteration = 0;
};

struct Run {
  std::string label;  ///< "W", "K, Q", "seed 3"
  int colour = 0;     ///< index into the palette of plots
  Trainer trainer;
  Trace trace;
  Prediction prediction;
  Verdict verdict;
  std::optional<LeadChange> leadChange;              ///< the latest
  std::vector<std::shared_ptr<const Trainer>> kept;  ///< at some iterations, to go back to
  std::vector<Prediction> solved;          ///< recent selections, so that one that comes back costs nothing
  std::optional<Selection> normsAskedFor;  ///< the selection for which a job was asked for all norms
  bool wantsJob = false;                   ///< the prediction takes longer than a frame: a job must make it
  std::shared_ptr<const CyclicSubspace> cyclic;  ///< words only
};

struct Session {
  Settings settings;
  Dataset dataset;
  Projection projection;
  std::vector<Run> runs;  ///< [0] is the main run
  bool playing = false;
  PathAnswer path;  ///< regularization path, when the reader asked for it
  Basins basins;    ///< all locally optimal selections, when the reader asked for them
  std::string basinsMessage;
  BasinMap basinMap;                           ///< side 0: not known yet
  bool basinMapNew = false;                    ///< it has come since the last request
  std::string basinMapOf;                      ///< the data and training that the last request was about
  std::string basinMapProblem;                 ///< why there can be none
  std::optional<ExperimentResult> experiment;  ///< as far as it has come
  std::string draws;               ///< behind it, as draws.csv of the program (experiment_draws.h)
  std::vector<JobView> jobs;       ///< what runs in the background
  std::optional<BestTokens> best;  ///< solved when something on screen asks for it
};

/// The page is about an experiment over many runs, not about one run.
inline bool showsExperiment(const Settings& settings) {
  return settings.experiment && !settings.plots.empty() && settings.plots.front() == PlotKind::Experiment;
}

/// It was stopped before its end.
inline bool experimentGoesOn(const Session& session) {
  return session.experiment && !session.draws.empty() && session.experiment->progress < 1.0;
}

/// W z of a row of attention in the plane of the picture, two numbers.
Vector arrowOf(const Session& session, const Matrix& W, std::size_t row);
/// A plot on screen shows every run in all norms of optimizers_and_norms.h.
inline bool comparesNorms(const Settings& settings) {
  return std::find(settings.plots.begin(), settings.plots.end(), PlotKind::Norms) != settings.plots.end();
}

/// Runs for the settings: the main one and those to compare with. The error names the setting.
Result<std::vector<Run>> makeRuns(const Settings& settings, const std::shared_ptr<const Dataset>& dataset,
                                  const Projection& projection);

/// Trains one run by `steps` and samples its trace.
void train(Run& run, int steps, const Projection& projection);
/// The run at that iteration, earlier or later: training is deterministic, so that going back is training
/// again from the nearest moment kept.
void seek(Run& run, long iteration, const Projection& projection);
/// The last iteration that was recorded, also of a run that was taken back.
double recordedTo(const Run& run);
/// Makes the prediction for the present selection if it is not known yet, then the verdict. Where solving
/// takes longer than a frame it only sets run.wantsJob.
void judge(Run& run);
/// Takes what a job has predicted for the run's weights at that iteration.
void accept(Run& run, Prediction prediction, double atIteration);

}  // namespace attention_svm::shell
