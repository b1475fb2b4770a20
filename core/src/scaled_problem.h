// SPDX-License-Identifier: MIT
// The same SVM with constraints of equal size. Token differences and queries are divided by powers of two,
// which is exact, and so are constraints, W and multipliers on the way back:
//   A_k = 2^e_k A'_k,  W = 2^g W',  <A_k, W> >= 1  becomes  <A'_k, W'> >= s_k = 2^-(e_k + g),  max s = 1.
#pragma once

#include <string>
#include <vector>

#include "attention_svm/svm_solver.h"

namespace attention_svm {

struct ScaledProblem {
  explicit ScaledProblem(const SvmProblem& problem);

  const SvmProblem& original;
  SvmProblem unit;     ///< A'_k and E'_j, the entries of differences and queries below 1 in size
  Vector size;         ///< |A'_k|_F
  Vector exactRight;   ///< s_k
  Vector right;        ///< what solvers aim at: s_k, or where that is next to nothing, `floor`
  double floor = 0.0;  ///< above the rounding of <A'_k, W'>, so that doubles can hold a W' that meets s_k
  std::vector<int> exponent;  ///< e_k
  std::vector<int> equalityExponent;
  int common = 0;       ///< g
  Index zero = -1;      ///< a constraint with A_k = 0, when there is one: then nothing else is set
  std::string refusal;  ///< why this cannot be scaled, else empty

  /// Raises the right sides to at least `lowest`.
  void raise(double lowest);
};

}  // namespace attention_svm
