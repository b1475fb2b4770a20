// SPDX-License-Identifier: MIT
#include "attention_svm/tokens.h"

namespace attention_svm {

Result<std::vector<Vector>> scores(const Dataset& dataset) {
  const auto* head = std::get_if<LinearHead>(&dataset.head);
  if (head == nullptr) return Error{"scores: only a linear head gives each token a score of its own"};
  std::vector<Vector> result;
  for (Index i = 0; i < dataset.n(); ++i) result.emplace_back(dataset.y(i) * (dataset.tokens(i) * head->v));
  return result;
}

Result<OptimalTokens> optimalTokens(const Dataset& dataset, QueryMode mode) {
  const Result<std::vector<Vector>> gamma = scores(dataset);
  if (!gamma) return Error{gamma.error()};
  OptimalTokens result;
  for (const AttentionRow& row : attentionRows(dataset, mode)) {
    const auto visible = gamma.value()[static_cast<std::size_t>(row.sequence)].head(row.visible);
    Index best = 0;
    visible.maxCoeff(&best);
    result.tokens.push_back(best);
    if ((visible.array() == visible(best)).count() > 1) result.ties.push_back(row);
  }
  return result;
}

Result<Selection> checkedSelection(const Dataset& dataset, Selection tokens, QueryMode mode) {
  const std::vector<AttentionRow> rows = attentionRows(dataset, mode);
  if (tokens.size() != rows.size())
    return Error{"tokens: expected " + std::to_string(rows.size()) +
                 (mode.everyToken ? " (one for each query)" : " (one for each sequence)") + ", found " +
                 std::to_string(tokens.size())};
  for (std::size_t r = 0; r < rows.size(); ++r)
    if (tokens[r] < 0 || tokens[r] >= rows[r].visible)
      return Error{"tokens[" + std::to_string(r) + "]: expected a token from 0 to " +
                   std::to_string(rows[r].visible - 1) + ", found " + std::to_string(tokens[r])};
  return tokens;
}

}  // namespace attention_svm
