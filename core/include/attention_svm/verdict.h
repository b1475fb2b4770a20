// SPDX-License-Identifier: MIT
// What the training did, in words and numbers, against what the theorems predict.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "attention_svm/kept_tokens.h"
#include "attention_svm/local_optimality.h"
#include "attention_svm/trainer.h"

namespace attention_svm {

/// Several tokens of a row have the highest logit, equal to rounding: none of them leads.
struct SharedLead {
  Index sequence = 0;
  Index query = 0;
  std::vector<Index> tokens;  ///< two or more
};
/// The rows without a leader at the present weights; trainer.selected() names the first of the tokens there.
std::vector<SharedLead> sharedLeads(const Trainer& trainer);

/// What stands behind predictedNorm().
enum class NamedBy {
  Theorem,       ///< the papers on attention: gradient descent on W, on (K, Q), mirror descent
  LinearModels,  ///< proved for linear models, open for attention: steepest descent in other norms (THEORY
                 ///< 6c)
  Nothing,       ///< Adam, and steepest descent in other norms on K and Q: the norm is one to compare with
};
NamedBy namedBy(const TrainerOptions& options);

/// Every claim of the sentence stands here as a value first.
struct Verdict {
  Selection selected;        ///< argmax tokens now
  double unsaturated = 1.0;  ///< largest share of attention still off the selected token
  bool saturated = false;    ///< unsaturated <= 1e-3 and no shared lead; nonlinear heads: kept sets settled
  std::vector<SharedLead> sharedLeads;
  bool nothingToSelect = false;                ///< every row has one token only
  SvmStatus status = SvmStatus::NotConverged;  ///< the worse of the SVM of the selection and `prediction`
  bool feasible = false;                       ///< of the SVM of the selected tokens
  bool trusted = false;                        ///< the SVM was solved to its tolerance (or proved infeasible)
  /// The SVM was neither solved nor proved infeasible: every matrix that separates the tokens has at least
  /// this norm.
  std::optional<double> lowerBound;
  bool locallyOptimal = false;
  Standing standing = Standing::NotBest;
  bool global = false;  ///< standing == Standing::Global
  /// Between W and the SVM solution that the theorem names, in degrees; empty where one of them has no
  /// direction: W is zero, the SVM has no solution or was not solved to its tolerance, nothing to select.
  std::optional<double> angleDegrees;
  /// In its place where the SVM of `norm` may have many solutions: the margin of W as a share of the largest
  /// (marginRatio()), at most 1.
  std::optional<double> marginRatio;
  Norm norm;                            ///< that of `prediction`
  NamedBy namedBy = NamedBy::Theorem;   ///< what stands behind it
  Optimizer optimizer = Optimizer::Gd;  ///< that trained
  /// (K, Q) only: m is below the rank of the predicted SVM solution, which K Q^T then cannot reach.
  bool rankTooSmall = false;
  Index innerSize = 0, predictedRank = 0;      ///< m and that rank
  bool everyToken = false;                     ///< the rows are queries, not sequences
  bool factors = false;                        ///< K and Q trained, not W
  bool uniqueBest = false;                     ///< no row has two best tokens
  std::optional<TokenConstraint> betterToken;  ///< NotBest: a row and a token of it that scores higher
  std::optional<TokenConstraint> equalToken;  ///< Tied: a row and a token that scores as high as the selected
  std::optional<ScoreViolation> violation;    ///< a support token that scores higher
  std::optional<ScoreViolation> tie;          ///< a support token that scores the same
  std::string sentence;                       ///< plain words, tokens counted from 1
};

/// The norm whose SVM training is compared with: the one that the theory names, Frobenius for W, nuclear for
/// (K, Q), l_p for mirror descent; l_inf, operator, l_1 for sign, spectral, coordinate descent.
Norm predictedNorm(const TrainerOptions& options);

/// Pure function of its arguments: solve the SVMs once per selection and pass them in.
/// `prediction` is the solution for trainer.selected() in `norm`, or in predictedNorm(); linear head.
Verdict verdict(const Trainer& trainer, const LocalOptimality& optimality, const SvmSolution& prediction,
                const Norm& norm);
Verdict verdict(const Trainer& trainer, const LocalOptimality& optimality, const SvmSolution& prediction);

/// For nonlinear heads: which tokens keep probability, and the angle to W_fin + R W_mm. `saturated` says
/// that the kept sets are settled.
Verdict verdict(const Trainer& trainer, const Decomposition& decomposition);

/// The sentence, then its evidence, one line per fact.
std::string toText(const Verdict& verdict);

}  // namespace attention_svm
