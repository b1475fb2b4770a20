// SPDX-License-Identifier: MIT
#include "attention_svm/tokens.h"

#include <algorithm>

namespace attention_svm {

Result<std::vector<Vector>> scores(const Dataset& dataset) {
  const auto* head = std::get_if<LinearHead>(&dataset.head);
  if (head == nullptr) return Error{"scores: only a linear head gives each token a score of its own"};
  std::vector<Vector> result;
  for (Index i = 0; i < dataset.n(); ++i) result.emplace_back(dataset.y(i) * (dataset.tokens(i) * head->v));
  return result;
}

Result<std::vector<Bounded>> boundedScores(const Dataset& dataset) {
  Result<std::vector<Vector>> gamma = scores(dataset);
  if (!gamma) return Error{gamma.error()};
  const Vector& v = std::get<LinearHead>(dataset.head).v;
  std::vector<Bounded> result;
  for (Index i = 0; i < dataset.n(); ++i)
    result.push_back(
        {std::move(gamma.value()[static_cast<std::size_t>(i)]), boundedProduct(dataset.tokens(i), v).error});
  return result;
}

bool OptimalTokens::isBest(std::size_t row, Index token) const {
  return std::find(best[row].begin(), best[row].end(), token) != best[row].end();
}

Result<OptimalTokens> optimalTokens(const Dataset& dataset, QueryMode mode) {
  const Result<std::vector<Bounded>> gamma = boundedScores(dataset);
  if (!gamma) return Error{gamma.error()};
  OptimalTokens result;
  for (const AttentionRow& row : attentionRows(dataset, mode)) {
    const Bounded& score = gamma.value()[static_cast<std::size_t>(row.sequence)];
    Index highest = 0;
    score.value.head(row.visible).maxCoeff(&highest);
    std::vector<Index> best;
    for (Index t = 0; t < row.visible; ++t)
      if (score.order(t, highest) == Order::Equal) best.push_back(t);
    if (best.size() > 1) result.ties.push_back(row);
    result.tokens.push_back(best.front());
    result.best.push_back(std::move(best));
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
