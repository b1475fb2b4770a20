// SPDX-License-Identifier: MIT
// Sorting by a number: one sort for all, each of the standard library's would be 5 kB in the page.
#pragma once

#include <cstddef>
#include <vector>

namespace attention_svm::shell {

/// Positions of the keys from the smallest to the largest, equal ones in their order.
std::vector<std::size_t> orderOf(const std::vector<double>& keys);

}  // namespace attention_svm::shell
