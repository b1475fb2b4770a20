// SPDX-License-Identifier: MIT
// Sentences that stand above everything until they are closed.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace attention_svm::shell {

struct Notices {
  std::vector<std::string> all;
  int told = 0;  ///< how often add() was called: a new one wakes the page

  void add(const std::string& text) {
    if (std::find(all.begin(), all.end(), text) == all.end()) all.push_back(text);
    ++told;
  }

  std::vector<std::string> take() { return std::exchange(all, {}); }
};

}  // namespace attention_svm::shell
