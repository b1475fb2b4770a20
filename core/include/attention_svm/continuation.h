// SPDX-License-Identifier: MIT
// A text goes on: as the trained layer says, and as the theory does (THEORY section 6d).
#pragma once

#include <vector>

#include "attention_svm/words.h"

namespace attention_svm {

/// The attention on each of the K words when `context` (not empty) stands before the next one, its last word
/// asking.
Vector layerShares(const Words& words, const Matrix& W, const std::vector<Index>& context);

/// The same in the limit that the theory names, W = W_fin + R W_svm with R to infinity: the words of the
/// context that the Graph-SVM puts highest, to 1e-6 of its norm, in the shares of W_fin.
Vector theoryShares(const Words& words, const Matrix& Wsvm, const Matrix& Wfin,
                    const std::vector<Index>& context);

/// The `count` words that follow `beginning`, each the one of the largest share, the first of equals, given
/// at most `length` words before it: as the layer says, and as the theory does. Nothing follows nothing.
std::vector<Index> layerContinues(const Words& words, const Matrix& W, const std::vector<Index>& beginning,
                                  int count, std::size_t length);
std::vector<Index> theoryContinues(const Words& words, const Matrix& Wsvm, const Matrix& Wfin,
                                   const std::vector<Index>& beginning, int count, std::size_t length);

}  // namespace attention_svm
