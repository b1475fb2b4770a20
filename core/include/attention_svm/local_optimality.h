// SPDX-License-Identifier: MIT
// Locally optimal selections and the conditions for global convergence (paper, Definitions 2 and
// Theorems of section 4; THEORY section 4). Linear head.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "attention_svm/attention.h"
#include "attention_svm/svm_solver.h"

namespace attention_svm {

/// A support token whose score is not below that of the selected token: it breaks local optimality.
struct ScoreViolation {
  TokenConstraint where;
  double selectedScore = 0.0;
  double supportScore = 0.0;
};

struct LocalOptimality {
  bool feasible = false;  ///< of the SVM of the selection
  bool locallyOptimal =
      false;            ///< never when the SVM was not solved to its tolerance: see solution.trusted()
  bool global = false;  ///< the selection is opt
  std::vector<ScoreViolation> violations;
  SvmSolution solution;  ///< Frobenius SVM of the selection
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

/// Conditions (a), (b), (c) of THEORY section 4, each with the number that decides it.
struct GlobalConditions {
  bool equalScores = false;              ///< (a) all non-optimal tokens of each row have equal scores
  double scoreSpread = 0.0;              ///< largest spread among the non-optimal scores of a row
  bool gradientPointsToOptimal = false;  ///< (b) first gradient step favours every optimal token
  double smallestStepMargin = 0.0;       ///< min over i, t of (x_opt - x_t)^T (-grad L(W0)) z / |grad|
  TokenConstraint smallestStepAt;
  bool overparameterized = false;  ///< (c) d >= max(T - 1, n), T the longest sequence
  Index requiredDimension = 0;     ///< max(T - 1, n)
};
Result<GlobalConditions> globalConditions(const Dataset& dataset, const Matrix& W0, Loss loss,
                                          QueryMode mode = {});

std::string toText(const LocalOptimality& optimality);
std::string toText(const LocallyOptimalSelections& selections);
std::string toText(const GlobalConditions& conditions);

}  // namespace attention_svm
