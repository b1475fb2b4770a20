// SPDX-License-Identifier: MIT
// Locally optimal selections and the conditions for global convergence (paper, Definitions 2 and
// Theorems of section 4; THEORY section 4). Linear head.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "attention_svm/attention.h"
#include "attention_svm/svm_solver.h"

namespace attention_svm {

/// A support token whose score is not below that of the selected token.
struct ScoreViolation {
  TokenConstraint where;
  double selectedScore = 0.0;
  double supportScore = 0.0;
};

/// How a selection stands among all selections, by the scores of its tokens (equal to rounding is equal).
enum class Standing {
  Global,   ///< every selected token scores higher than all others of its row
  Tied,     ///< no token scores higher, but in some row another one scores the same: there is no one global
            ///< selection
  NotBest,  ///< in some row another token scores higher
};

struct LocalOptimality {
  bool feasible = false;  ///< of the SVM of the selection
  /// Every support token scores below the selected one. Never with a tie among them (`ties`), nor when the
  /// SVM was not solved to its tolerance: see solution.trusted().
  bool locallyOptimal = false;
  Standing standing = Standing::NotBest;
  bool global = false;                     ///< standing == Standing::Global
  bool uniqueBest = false;                 ///< no row has two best tokens
  std::vector<ScoreViolation> violations;  ///< support tokens that score higher
  std::vector<ScoreViolation> ties;        ///< support tokens that score the same: neither better nor worse
  SvmSolution solution;                    ///< Frobenius SVM of the selection

  /// No support token scores higher, and one scores the same: the definition does not decide.
  [[nodiscard]] bool undecidedByTie() const {
    return feasible && solution.trusted() && violations.empty() && !ties.empty();
  }
};
Result<LocalOptimality> localOptimality(const Dataset& dataset, const Selection& tokens, QueryMode mode = {});

struct LocallyOptimalSelections {
  std::vector<LocalOptimality> found;  ///< with `selections`, in lexicographic order
  std::vector<Selection> selections;
  double total = 0.0;     ///< number of selections there are, the product of the T_i
  double examined = 0.0;  ///< how many of them were looked at, in lexicographic order
  bool complete = false;  ///< examined == total
};
Result<LocallyOptimalSelections> enumerateLocallyOptimal(const Dataset& dataset, double limit = 10000,
                                                         QueryMode mode = {});

/// The same search as a state that advances by one selection, for whoever shows progress or wants to stop.
class LocallyOptimalSearch {
 public:
  static Result<LocallyOptimalSearch> create(const Dataset& dataset, QueryMode mode = {});
  bool advance();  ///< false when every selection was looked at
  [[nodiscard]] const LocallyOptimalSelections& found() const { return found_; }

 private:
  struct Known;  ///< scores, rows and optimal tokens, the same for every selection
  LocallyOptimalSearch(const Dataset& dataset, QueryMode mode, std::shared_ptr<const Known> known);
  Dataset dataset_;
  QueryMode mode_;
  std::shared_ptr<const Known> known_;
  Selection next_;
  LocallyOptimalSelections found_;
};

/// Conditions (a), (b), (c) of THEORY section 4, each with the number that decides it, checked on the data at
/// hand. A check is no promise: the theorems assume more (step sizes, the size of W, support of all tokens).
struct GlobalConditions {
  bool nothingToCompare = false;  ///< no token scores below the best of its row: (a), (b) say nothing
  int tiedRows = 0;               ///< rows with several best tokens, which (a) and (b) do not foresee
  bool equalScores = false;       ///< (a) all non-optimal tokens of each row have equal scores (to rounding)
  double scoreSpread = 0.0;       ///< largest spread among the non-optimal scores of a row
  bool gradientPointsToOptimal = false;  ///< (b) first gradient step favours every optimal token
  double smallestStepMargin = 0.0;       ///< min over i, t of (x_opt - x_t)^T (-grad L(W0)) z / |grad|
  TokenConstraint smallestStepAt;
  bool overparameterized = false;  ///< (c) d >= max(T - 1, n), T the longest sequence, n the number of rows
  Index requiredDimension = 0;     ///< max(T - 1, n)
  /// All tokens are support tokens of the SVM of the optimal tokens, as the theorem on (a) assumes; empty
  /// where that SVM is not given, has no solution or was not solved to its tolerance.
  std::optional<bool> allSupport;
  Index supportTokens = 0, otherTokens = 0;  ///< of that SVM: support tokens, constraints
};
/// `best` is the Frobenius SVM of the optimal tokens (optimalTokens()); without it `allSupport` stays empty.
Result<GlobalConditions> globalConditions(const Dataset& dataset, const Matrix& W0, Loss loss,
                                          QueryMode mode = {}, const SvmSolution* best = nullptr);

std::string toText(const LocalOptimality& optimality);
std::string toText(const LocallyOptimalSelections& selections);
std::string toText(const GlobalConditions& conditions);

}  // namespace attention_svm
