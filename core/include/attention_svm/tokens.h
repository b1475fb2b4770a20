// SPDX-License-Identifier: MIT
// Scores, optimal tokens and selections (paper, Definition 1; THEORY section 2).
#pragma once

#include <vector>

#include "attention_svm/dataset.h"
#include "attention_svm/rounding.h"

namespace attention_svm {

/// alpha: one selected token for each attention row, in the order of attentionRows().
using Selection = std::vector<Index>;

/// gamma_it = y_i v^T x_it, one vector of T_i for each sequence. Only for a linear head; other heads
/// have no score of a single token and give an error that says so.
Result<std::vector<Vector>> scores(const Dataset& dataset);

/// The same scores, each with a bound on what rounding may have done to it: how they are to be compared.
Result<std::vector<Bounded>> boundedScores(const Dataset& dataset);

/// Which tokens score highest. Scores that are equal to rounding count as equal (rounding.h).
struct OptimalTokens {
  Selection tokens;                      ///< the highest score of the visible tokens, the first one in a tie
  std::vector<std::vector<Index>> best;  ///< every visible token with that score, one list for each row
  std::vector<AttentionRow> ties;        ///< rows where several visible tokens share it: degenerate

  /// The token has the highest score of the row, alone or not.
  [[nodiscard]] bool isBest(std::size_t row, Index token) const;
};
Result<OptimalTokens> optimalTokens(const Dataset& dataset, QueryMode mode = {});

/// Every token in range, one for each row; the error names the place.
Result<Selection> checkedSelection(const Dataset& dataset, Selection tokens, QueryMode mode = {});

}  // namespace attention_svm
