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

/// For notices: broken text may be long or odd.
inline std::string shortened(const std::string& text) {
  std::string result;
  for (const char c : text.substr(0, 40)) result.push_back(static_cast<unsigned char>(c) < 0x20 ? '?' : c);
  return text.size() > 40 ? result + "…" : result;
}

}  // namespace attention_svm::shell
