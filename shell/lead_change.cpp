// SPDX-License-Identifier: MIT
#include "lead_change.h"

#include <algorithm>

namespace attention_svm::shell {

namespace {

bool led(const Verdict& verdict, const AttentionRow& row) {
  return std::none_of(verdict.sharedLeads.begin(), verdict.sharedLeads.end(), [&row](const SharedLead& lead) {
    return lead.sequence == row.sequence && lead.query == row.query;
  });
}

}  // namespace

std::optional<LeadChange> leadChange(const Verdict& before, const Trainer& now) {
  const Selection selected = now.selected();
  if (before.selected.size() != selected.size()) return std::nullopt;
  std::optional<LeadChange> change;
  for (std::size_t r = 0; r < selected.size(); ++r) {
    const AttentionRow& row = now.model().rows()[r];
    if (selected[r] == before.selected[r] || !led(before, row)) continue;
    if (change)
      ++change->more;
    else
      change = LeadChange{static_cast<double>(now.iteration()),
                          {row.sequence, row.query, before.selected[r]},
                          selected[r],
                          0};
  }
  return change;
}

std::string toText(const LeadChange& change, bool everyToken) {
  std::string text = "The lead changed by iteration " + std::to_string(static_cast<long>(change.iteration)) +
                     ": in sequence " + std::to_string(change.before.sequence + 1);
  if (everyToken) text += ", query " + std::to_string(change.before.query + 1) + ",";
  text += " from token " + std::to_string(change.before.token + 1) + " to token " +
          std::to_string(change.after + 1);
  if (change.more > 0)
    text += ", and in " + std::to_string(change.more) + " more " +
            (change.more == 1 ? (everyToken ? "query" : "sequence") : (everyToken ? "queries" : "sequences"));
  return text + ". The prediction is now for the new tokens.";
}

}  // namespace attention_svm::shell
