// SPDX-License-Identifier: MIT
#include "attention_svm/kept_tokens.h"

#include <algorithm>
#include <cstdio>

namespace attention_svm {

KeptSets keptTokens(const AttentionModel& model, double threshold, double masked) {
  KeptSets result;
  result.threshold = threshold;
  result.masked = masked;
  for (std::size_t r = 0; r < model.rows().size(); ++r) {
    const AttentionRow& row = model.rows()[r];
    const Vector& s = model.probabilities(static_cast<Index>(r));
    std::vector<Index> kept;
    for (Index t = 0; t < s.size(); ++t) {
      if (s(t) > threshold) {
        kept.push_back(t);
        continue;
      }
      result.largestMasked = std::max(result.largestMasked, s(t));
      if (s(t) > masked) result.unsettled.push_back({row.sequence, row.query, t});
    }
    // Very long sequences: even the largest share may be below the threshold
    if (kept.empty()) kept.push_back(model.selected(static_cast<Index>(r)));
    result.tokens.push_back(std::move(kept));
  }
  result.settled = result.unsettled.empty();
  return result;
}

std::string toText(const KeptSets& kept) {
  std::string text = "kept";
  for (const std::vector<Index>& tokens : kept.tokens) {
    text += " {";
    for (std::size_t t = 0; t < tokens.size(); ++t)
      text += (t > 0 ? " " : "") + std::to_string(tokens[t] + 1);
    text += "}";
  }
  char line[160];
  if (kept.settled) {
    std::snprintf(line, sizeof line, "\nsettled: every other token has at most %.1e\n", kept.largestMasked);
    return text + line;
  }
  const TokenConstraint& first = kept.unsettled.front();
  std::snprintf(
      line, sizeof line,
      "\nnot settled yet: %d probabilities lie between %g and %g (the first: sequence %d, query %d, "
      "token %d); train on\n",
      static_cast<int>(kept.unsettled.size()), kept.masked, kept.threshold,
      static_cast<int>(first.sequence) + 1, static_cast<int>(first.query) + 1,
      static_cast<int>(first.token) + 1);
  return text + line;
}

}  // namespace attention_svm
