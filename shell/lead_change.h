// SPDX-License-Identifier: MIT
// Another token takes the lead: what was predicted was for tokens that no longer lead.
#pragma once

#include <optional>
#include <string>

#include "attention_svm/verdict.h"

namespace attention_svm::shell {

struct LeadChange {
  double iteration = 0;    ///< at which it was seen
  TokenConstraint before;  ///< a row, and the token that led there
  Index after = 0;         ///< the token that leads now
  std::size_t more = 0;    ///< rows in which the lead changed too
};

/// What changed from the verdict to the present weights; empty when nothing did or none led before.
std::optional<LeadChange> leadChange(const Verdict& before, const Trainer& now);

/// A sentence for the reader.
std::string toText(const LeadChange& change, bool everyToken);

}  // namespace attention_svm::shell
