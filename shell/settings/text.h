// SPDX-License-Identifier: MIT
// Text of addresses, taken apart.
#pragma once

#include <string>
#include <vector>

namespace attention_svm::shell {

/// The parts between the separators, one at least; empty ones too.
inline std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == by)
      parts.emplace_back();
    else
      parts.back().push_back(c);
  }
  return parts;
}

}  // namespace attention_svm::shell
