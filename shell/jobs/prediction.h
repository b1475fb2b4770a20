// SPDX-License-Identifier: MIT
// What the theory says of the tokens that a run selects now: solved once for a selection, by the page itself
// when that is quick, by a job (shell/jobs) when it takes longer than a frame.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "attention_svm/kept_tokens.h"
#include "attention_svm/local_optimality.h"
#include "attention_svm/trainer.h"

namespace attention_svm::shell {

struct NormSolution {
  Norm norm;
  SvmSolution solution;
};

/// SVMs for one selection (or, with nonlinear heads, one decomposition), solved once and kept.
struct Prediction {
  Selection selection;
  double atIteration = -1;
  std::string tooLarge;              ///< why nothing was solved; empty when all is well
  bool solving = false;              ///< a job is at it: what follows is not there yet
  LocalOptimality optimality;        ///< holds the Frobenius solution
  std::vector<NormSolution> others;  ///< in other norms: the nuclear one, the one that the theory names, more
  std::optional<Decomposition> decomposition;  ///< nonlinear heads

  /// There is something to compare with.
  [[nodiscard]] bool ready() const { return tooLarge.empty() && !solving && atIteration >= 0; }

  struct Solved {
    Norm norm;
    const SvmSolution* solution;
  };
  /// All that is solved, a norm each, Frobenius first.
  [[nodiscard]] std::vector<Solved> solutions() const;
  /// That of one norm; null where it is not solved.
  [[nodiscard]] const SvmSolution* in(Norm::Kind kind) const;
};

/// Constraints up to which a Frobenius SVM is solved within a frame.
constexpr Index kQuickConstraints = 150;

/// How long a prediction takes.
enum class PredictionCost {
  Quick,    ///< within a frame
  Partly,   ///< the Frobenius SVM, which is the one that the theory names, within a frame; the rest longer
  Long,     ///< longer
  TooLong,  ///< too long even for a job
};
PredictionCost predictionCost(const Trainer& trainer, const Norm& named);

/// Solves what there is to solve for the selection at the trainer's weights. `named` is the norm that the
/// theory names for the run (predictedNorm()).
/// `more`: other norms that something on screen compares with.
Prediction predict(const Trainer& trainer, const Selection& selection, const Norm& named,
                   const std::vector<Norm>& more = {});
/// Only the Frobenius SVM; linear head.
Prediction predictPartly(const Trainer& trainer, const Selection& selection);

/// The answer for data that is too large, and for data that a job is busy with.
Prediction refusedPrediction(const Trainer& trainer, const Selection& selection);
Prediction pendingPrediction(const Trainer& trainer, const Selection& selection);

}  // namespace attention_svm::shell
