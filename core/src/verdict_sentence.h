// SPDX-License-Identifier: MIT
// The words of a verdict, made from its values alone.
#pragma once

#include "attention_svm/verdict.h"

namespace attention_svm {

/// Linear heads.
std::string sentenceOf(const Verdict& verdict);
/// Nonlinear heads.
std::string sentenceOf(const Verdict& verdict, const Decomposition& decomposition);

/// Its end: why there is no answer, or the angle. Begins with a blank unless empty.
std::string noteOrAngle(const Verdict& verdict, const Decomposition& decomposition);

/// Which words attention retrieves before which others, and which it mixes for ever: "After “is”, ...".
std::string sentenceOfWords(const Words& words, const Decomposition& parts, const Matrix& W);

}  // namespace attention_svm
