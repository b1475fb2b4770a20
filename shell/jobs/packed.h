// SPDX-License-Identifier: MIT
// Datasets on their way between the page, its workers and the browser's storage: small ones as the text of a
// dataset file, large ones as the bytes of their numbers, which take no time to read.
#pragma once

#include <string>

#include "attention_svm/budget.h"

namespace attention_svm::shell {

/// From here on numbers travel as bytes.
constexpr double kLargeDataset = 1e5;

/// The dataset as text or bytes. The same dataset gives the same bytes.
std::string datasetBytes(const Dataset& dataset);
/// The way back, from either.
Result<Dataset> datasetFromBytes(const std::string& bytes, const Budget& budget);

/// Names the bytes in an address: FNV-1a, 64 bits, over characters or (large datasets) over numbers, as
/// hexadecimal text.
std::string hashOf(const std::string& bytes);

}  // namespace attention_svm::shell
