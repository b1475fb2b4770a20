#include "attention_svm/kept_tokens.h"

#include <algorithm>

namespace attention_svm {

KeptSets keptTokens(const AttentionModel& model, double threshold, double masked) {
  KeptSets result;
  result.settled = true;
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

}  // namespace attention_svm
