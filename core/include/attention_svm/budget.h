// SPDX-License-Identifier: MIT
// How much one computation may hold in memory. WebAssembly addresses 2 GB and ends where they end: sizes are
// compared with this budget before anything is allocated, and what does not fit is refused with a sentence.
#pragma once

#include <cstddef>
#include <string>

#include "attention_svm/dataset.h"

namespace attention_svm {

struct TrainerOptions;

/// The limits. A larger one needs the memory to go with it.
struct Budget {
  /// Doubles that a dataset, a training or an SVM may hold at once: 160 MB. A program holds a few of them.
  double numbers = 2e7;

  /// Bytes of a file, unpacked: a number takes at most 26 in JSON.
  [[nodiscard]] double bytes() const { return 26.0 * numbers; }
  /// Constraints of one SVM: 50,000. Solvers visit all of them in each iteration.
  [[nodiscard]] double constraints() const { return numbers / 400.0; }
  bool operator==(const Budget&) const = default;
};

/// Empty when `needed` numbers fit, else "training needs 750 million numbers at once, the limit is 20
/// million: choose a smaller n, T or d, or set limit=750000000". `what`: who needs them.
std::string excessNumbers(const std::string& what, double needed, const Budget& budget);
/// The same for unpacked bytes.
std::string excessBytes(const std::string& what, double needed, const Budget& budget);

/// Numbers of X, Z, y and head.
double numbersOf(const Dataset& dataset);

/// What a Trainer for the data and the options holds beside the data: weights, gradients and moments (d x d
/// each), and six numbers for each token that a query sees.
double trainingNumbers(const Dataset& dataset, const TrainerOptions& options);
/// Empty, or why that is too much.
std::string trainingExcess(const Dataset& dataset, const TrainerOptions& options, const Budget& budget);

/// Constraints of the SVM of any selection: one for each token that a query sees and does not select.
double constraintsOf(const Dataset& dataset, QueryMode mode);

/// Empty, or why the SVM of a selection would have too many constraints or hold too many numbers
/// (differences, K x d; products of the R queries, R x R; W).
std::string svmExcess(const Dataset& dataset, QueryMode mode, const Budget& budget);

}  // namespace attention_svm
