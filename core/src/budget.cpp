// SPDX-License-Identifier: MIT
#include "attention_svm/budget.h"

#include <cmath>

#include "attention_svm/trainer.h"
#include "number_text.h"

namespace attention_svm {

namespace {

std::string shortNumber(double x) {
  std::string text;
  const bool millions = x >= 1e6;
  // Rounded up: what is said to be needed is enough.
  appendNumberText(text, millions ? std::ceil(x / 1e5) / 10.0 : std::ceil(x));
  return millions ? text + " million" : text;
}

std::string limitText(double numbers) {
  std::string text;
  appendNumberText(text, std::ceil(numbers));
  return "choose fewer or shorter sequences or a smaller d, or set limit=" + text;
}

struct Rows {
  double count = 0, seen = 0;  ///< rows of attention, and tokens that they see altogether
};

Rows rowsOf(const Dataset& dataset, QueryMode mode) {
  Rows rows;
  for (Index i = 0; i < dataset.n(); ++i) {
    const double T = static_cast<double>(dataset.length(i));
    rows.count += mode.everyToken ? T : 1.0;
    rows.seen += !mode.everyToken ? T : mode.causal ? T * (T + 1.0) / 2.0 : T * T;
  }
  return rows;
}

}  // namespace

std::string excessNumbers(const std::string& what, double needed, const Budget& budget) {
  if (needed <= budget.numbers) return {};
  return what + " needs " + shortNumber(needed) + " numbers at once, the limit is " +
         shortNumber(budget.numbers) + ": " + limitText(needed);
}

std::string excessBytes(const std::string& what, double needed, const Budget& budget) {
  if (needed <= budget.bytes()) return {};
  return what + " needs " + shortNumber(needed) + " bytes, the limit is " + shortNumber(budget.bytes()) +
         ": " + limitText(needed / Budget{1.0}.bytes());
}

double numbersOf(const Dataset& dataset) {
  double count = static_cast<double>(dataset.Z.size() + dataset.y.size());
  for (const Matrix& X : dataset.X) count += static_cast<double>(X.size());
  if (const auto* mlp = std::get_if<MlpHead>(&dataset.head))
    return count + static_cast<double>(mlp->hidden.size() + mlp->output.size());
  return count + static_cast<double>(dataset.d());
}

double trainingNumbers(const Dataset& dataset, const TrainerOptions& options) {
  const Rows rows = rowsOf(dataset, options.queries);
  const double d = static_cast<double>(dataset.d());
  const bool factors = options.parameterization == Parameterization::KQ;
  const double m = options.rank > 0 ? static_cast<double>(options.rank) : d;
  // W and its gradient; of what trains the value, its gradient, a copy, and with Adam two moments
  const double each = options.optimizer == Optimizer::Adam ? 4.0 : 2.0;
  const double weights = 2.0 * d * d + (factors ? 2.0 * (each + 1.0) * d * m : each * d * d);
  return weights + 6.0 * rows.seen + rows.count * d;
}

std::string trainingExcess(const Dataset& dataset, const TrainerOptions& options, const Budget& budget) {
  return excessNumbers("training", trainingNumbers(dataset, options), budget);
}

double constraintsOf(const Dataset& dataset, QueryMode mode) {
  const Rows rows = rowsOf(dataset, mode);
  return rows.seen - rows.count;
}

std::string svmExcess(const Dataset& dataset, QueryMode mode, const Budget& budget) {
  const Rows rows = rowsOf(dataset, mode);
  const double d = static_cast<double>(dataset.d()), constraints = rows.seen - rows.count;
  if (constraints > budget.constraints())
    return "the SVM has " + shortNumber(constraints) + " constraints, the limit is " +
           shortNumber(budget.constraints()) + ": " +
           limitText(constraints * budget.numbers / budget.constraints());
  const double numbers = 2.0 * constraints * d + rows.count * (d + rows.count) + 3.0 * d * d;
  return excessNumbers("the SVM", numbers, budget);
}

}  // namespace attention_svm
