// SPDX-License-Identifier: MIT
// Data that was moved by hand, as short text for the address.
#pragma once

#include <string>

#include "attention_svm/dataset.h"

namespace attention_svm::shell {

/// A dataset with a linear head as short text, coordinates rounded to 1e-4, and back.
std::string compactDataset(const Dataset& dataset);
Result<Dataset> expandDataset(const std::string& text);
/// Rounds as compactDataset does, so that what is shown is what the address says.
double rounded(double x);

}  // namespace attention_svm::shell
