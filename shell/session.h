// The state of the lab: data, runs and what is known about them. Views read it; the lab changes it.
//   dataset -> trainer -> W;   dataset + selection -> problem -> solution -> verdict
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "attention_svm/kept_tokens.h"
#include "attention_svm/verdict.h"
#include "settings.h"

namespace attention_svm::shell {

/// What is remembered of one iteration, for the curves.
struct TraceSample {
  double iteration = 0;
  double loss = 0, norm = 0, logGradientNorm = 0;
  double unsaturated = 1;
  double offFrobenius = 0;  ///< 1 - correlation of W with the Frobenius SVM of the present selection
  double offNuclear = 0;    ///< the same for the nuclear SVM; NaN where there is no solution
  double offLp = 0;         ///< the same for the l_p SVM of mirror descent; NaN otherwise
  double offDirectional = 0, offEquivalent = 0, offOneToken = 0;  ///< nonlinear heads; NaN otherwise
  std::vector<float> singularValues;  ///< of W
  std::vector<float> path;  ///< W z of each row, two numbers each in the plane of the geometry view
};

/// Samples at growing distances, so that memory stays bounded however long the training.
struct Trace {
  std::vector<TraceSample> samples;
};

/// SVMs for one selection (or, with nonlinear heads, one decomposition), solved once and kept.
struct Prediction {
  Selection selection;
  LocalOptimality optimality;           ///< holds the Frobenius solution
  std::optional<SvmSolution> nuclear;
  std::optional<SvmSolution> lp;
  std::optional<Decomposition> decomposition;  ///< nonlinear heads
};

struct Run {
  std::string label;   ///< "W", "K, Q", "seed 3"
  int colour = 0;      ///< index into the palette of plots
  Trainer trainer;
  Trace trace;
  Prediction prediction;
  Verdict verdict;
};

/// The plane in which tokens, W z and v are drawn: coordinates (x - origin) * basis.
/// For d = 2 the identity, else the two leading principal components of all tokens.
struct Projection {
  Matrix basis;    ///< d x 2, orthonormal columns
  Vector origin;   ///< d
  double explained = 1.0;  ///< share of the tokens' variance in the plane
};

struct Session {
  Settings settings;
  Dataset dataset;
  Projection projection;
  std::vector<Run> runs;  ///< [0] is the main run
  bool playing = false;
};

}  // namespace attention_svm::shell
