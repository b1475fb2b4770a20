// The state of the lab: data, runs and what is known about them. Views read it; the lab changes it.
//   dataset -> trainer -> W;   dataset + selection -> problem -> solution -> verdict
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "attention_svm/kept_tokens.h"
#include "attention_svm/regularization_path.h"
#include "attention_svm/verdict.h"
#include "session_best.h"
#include "settings.h"

namespace attention_svm::shell {

/// What is remembered of one iteration, for the curves.
struct TraceSample {
  double iteration = 0;
  double loss = 0, norm = 0, logGradientNorm = 0;
  double unsaturated = 1;
  Matrix W;                            ///< so that curves can be drawn against the SVM known later
  std::vector<double> singularValues;  ///< of W; empty where d is too large to have them at every sample
  std::vector<double> path;  ///< W z of each row, two numbers each in the plane of the geometry view
  // 1 - correlation of W with solutions of the run's present prediction; NaN where there is none
  double offFrobenius = 0, offNuclear = 0, offLp = 0;
  double offDirectional = 0, offEquivalent = 0, offOneToken = 0;  ///< nonlinear heads
};

/// Samples at growing distances, so that memory stays bounded however long the training.
struct Trace {
  std::vector<TraceSample> samples;
  double nextIteration = 0;
};

/// SVMs for one selection (or, with nonlinear heads, one decomposition), solved once and kept.
struct Prediction {
  Selection selection;
  double atIteration = -1;
  std::string tooLarge;        ///< why nothing was solved; empty when all is well
  LocalOptimality optimality;  ///< holds the Frobenius solution
  std::optional<SvmSolution> nuclear;
  std::optional<SvmSolution> lp;
  std::optional<Decomposition> decomposition;  ///< nonlinear heads
};

struct Run {
  std::string label;  ///< "W", "K, Q", "seed 3"
  int colour = 0;     ///< index into the palette of plots
  Trainer trainer;
  Trace trace;
  Prediction prediction;
  Verdict verdict;
  std::vector<Prediction> solved;  ///< recent selections, so that one that comes back costs nothing
};

/// The plane in which tokens, W z and v are drawn: coordinates (x - origin) * basis.
/// For d = 2 the identity, else the two leading principal components of all tokens.
struct Projection {
  Matrix basis;            ///< d x 2, orthonormal columns
  Vector origin;           ///< d
  double explained = 1.0;  ///< share of the tokens' variance in the plane
};

struct Session {
  Settings settings;
  Dataset dataset;
  Projection projection;
  std::vector<Run> runs;  ///< [0] is the main run
  bool playing = false;
  std::vector<PathPoint> path;             ///< regularization path, when the reader asked for it
  SvmSolution pathFrobenius, pathNuclear;  ///< what it is compared with
  LocallyOptimalSelections basins;         ///< filled when the reader asks for all locally optimal selections
  std::string basinsMessage;
  std::optional<BestTokens> best;  ///< solved when something on screen asks for it
};

Projection projectionOf(const Dataset& dataset);

/// Runs for the settings: the main one and those to compare with. The error names the setting.
Result<std::vector<Run>> makeRuns(const Settings& settings, const Dataset& dataset,
                                  const Projection& projection);

/// Trains one run by `steps` and samples its trace.
void train(Run& run, int steps, const Projection& projection);
/// Solves the SVMs of the present selection if they are not known yet, then the verdict.
void judge(Run& run);

/// Constraints beyond which a solve would hold up the page.
constexpr Index kMostConstraints = 2500, kMostNuclearConstraints = 400;

}  // namespace attention_svm::shell
