// SPDX-License-Identifier: MIT
// Scores, optimal tokens and selections (paper, Definition 1; THEORY section 2).
#pragma once

#include <vector>

#include "attention_svm/dataset.h"

namespace attention_svm {

/// alpha: one selected token for each attention row, in the order of attentionRows().
using Selection = std::vector<Index>;

/// gamma_it = y_i v^T x_it, one vector of T_i for each sequence. Only for a linear head; other heads
/// have no score of a single token and give an error that says so.
Result<std::vector<Vector>> scores(const Dataset& dataset);

struct OptimalTokens {
  Selection tokens;                ///< argmax of the score over the visible tokens, the first one in a tie
  std::vector<AttentionRow> ties;  ///< rows where two visible tokens share the best score: degenerate
};
Result<OptimalTokens> optimalTokens(const Dataset& dataset, QueryMode mode = {});

/// Every token in range, one for each row; the error names the place.
Result<Selection> checkedSelection(const Dataset& dataset, Selection tokens, QueryMode mode = {});

}  // namespace attention_svm
