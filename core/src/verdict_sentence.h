// SPDX-License-Identifier: MIT
// The words of a verdict, made from its values alone.
#pragma once

#include "attention_svm/verdict.h"

namespace attention_svm {

/// Linear heads.
std::string sentenceOf(const Verdict& verdict);
/// Nonlinear heads.
std::string sentenceOf(const Verdict& verdict, const Decomposition& decomposition);

}  // namespace attention_svm
