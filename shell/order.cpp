// SPDX-License-Identifier: MIT
#include "order.h"

#include <algorithm>
#include <utility>

namespace attention_svm::shell {

std::vector<std::size_t> orderOf(const std::vector<double>& keys) {
  std::vector<std::pair<double, std::size_t>> pairs;
  pairs.reserve(keys.size());
  for (std::size_t k = 0; k < keys.size(); ++k) pairs.emplace_back(keys[k], k);
  std::sort(pairs.begin(), pairs.end());
  std::vector<std::size_t> order;
  order.reserve(pairs.size());
  for (const auto& pair : pairs) order.push_back(pair.second);
  return order;
}

}  // namespace attention_svm::shell
