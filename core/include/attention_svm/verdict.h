// SPDX-License-Identifier: MIT
// What the training did, in words and numbers, against what the theorems predict.
#pragma once

#include <optional>
#include <string>

#include "attention_svm/kept_tokens.h"
#include "attention_svm/local_optimality.h"
#include "attention_svm/trainer.h"

namespace attention_svm {

struct Verdict {
  Selection selected;        ///< argmax tokens now
  double unsaturated = 1.0;  ///< largest share of attention still off the selected token
  bool saturated = false;    ///< unsaturated <= 1e-3
  bool feasible = false;     ///< of the SVM of the selected tokens
  bool trusted = false;      ///< the SVM was solved to its tolerance (or proved infeasible)
  /// The SVM was neither solved nor proved infeasible: every matrix that separates the tokens has at least
  /// this norm.
  std::optional<double> lowerBound;
  bool locallyOptimal = false;
  bool global = false;
  double angleDegrees = 0.0;  ///< between W and the SVM solution that the theorem names
  Norm norm;                  ///< which one: Frobenius for W, nuclear for (K, Q), l_p for mirror descent
  /// (K, Q) only: m is below the rank of the predicted SVM solution, which K Q^T then cannot reach.
  bool rankTooSmall = false;
  std::optional<TokenConstraint> betterToken;  ///< why not global: a row and its optimal token
  std::optional<ScoreViolation> violation;     ///< why not locally optimal
  std::string sentence;                        ///< plain words, tokens counted from 1
};

/// The norm whose SVM the theory names for these options.
Norm predictedNorm(const TrainerOptions& options);

/// Pure function of its arguments: solve the SVMs once per selection and pass them in.
/// `prediction` is the solution for trainer.selected() in predictedNorm(); linear head.
Verdict verdict(const Trainer& trainer, const LocalOptimality& optimality, const SvmSolution& prediction);

/// For nonlinear heads: which tokens keep probability, and the angle to W_fin + R W_mm. `saturated` says
/// that the kept sets are settled.
Verdict verdict(const Trainer& trainer, const Decomposition& decomposition);

/// The sentence, then its evidence, one line per fact.
std::string toText(const Verdict& verdict);

}  // namespace attention_svm
