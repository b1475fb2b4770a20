// SPDX-License-Identifier: MIT
// Numbers, flags and matrices as the text of a setting.
#pragma once

#include <optional>
#include <string>

#include "attention_svm/linalg.h"

namespace attention_svm::shell {

/// As few digits as lead back to the same number.
std::string numberText(double x);
/// A plain decimal number and nothing else; `value` stays as it was when it is none.
bool parseNumber(const std::string& text, double& value);

// Each sets its value and returns nothing, or says what was expected and sets nothing.
std::string realIn(const std::string& text, double low, double high, double& value);
std::string wholeIn(const std::string& text, double low, double high, double& value);
std::string flagIn(const std::string& text, bool& value);

/// Row by row, square matrices only: W0, or K0 and Q0 with m = d. Empty: none.
std::string matrixText(const std::optional<Matrix>& A);
std::string matrixIn(const std::string& text, std::optional<Matrix>& A);

}  // namespace attention_svm::shell
