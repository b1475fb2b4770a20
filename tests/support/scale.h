// SPDX-License-Identifier: MIT
// How much a test repeats itself: less where everything is slower.
#pragma once

namespace attention_svm::test {

#if defined(ATTENTION_SVM_SANITIZED) || defined(__EMSCRIPTEN__)
inline constexpr int kScale = 4;
#else
inline constexpr int kScale = 1;
#endif

}  // namespace attention_svm::test
