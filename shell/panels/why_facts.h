// SPDX-License-Identifier: MIT
// "Why?" as data: each claim, whether it holds, the numbers that decide it, and the tokens concerned. The
// panel only draws this, and tests read it.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "../session.h"

namespace attention_svm::shell {

enum class Answer { Yes, No, Open };

struct Fact {
  std::string claim;
  Answer holds = Answer::Open;
  std::string why;
};

struct FactTable {
  std::string id;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< the first ones
  int left = 0;                                ///< how many more there are
};

struct FactHeading {
  std::string text;
};

struct FactNote {
  std::string text;
};

using FactItem = std::variant<Fact, FactTable, FactHeading, FactNote>;

/// Everything that the panel says of a run, in its order. `best` where it is known, `conditions` of the
/// start.
std::vector<FactItem> whyFacts(const Run& run, const BestTokens* best, const GlobalConditions* conditions);

}  // namespace attention_svm::shell
