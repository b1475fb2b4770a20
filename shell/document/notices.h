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
    ++told;
    if (std::find(all.begin(), all.end(), text) != all.end()) return;
    if (all.size() < kMost) {
      all.push_back(text);
    } else {
      ++more_;
      all.resize(kMost);
      all.push_back("And " + std::to_string(more_) + " more of the kind.");
    }
  }

  std::vector<std::string> take() {
    more_ = 0;
    return std::exchange(all, {});
  }
  void replace(const std::vector<std::string>& others) {
    take();
    for (const std::string& text : others) add(text);
  }

 private:
  static constexpr std::size_t kMost = 12;  // nobody reads more, and a link may hold thousands
  std::size_t more_ = 0;
};

}  // namespace attention_svm::shell
