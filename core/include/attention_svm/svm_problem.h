// SPDX-License-Identifier: MIT
// The constraints of the attention SVM (paper, eq. Att-SVM; THEORY sections 3, 5 and 6).
//   minimize  |W|   subject to  <A_k, W> = delta_k^T W z_k >= 1      (k = 1..K)
//                               <E_j, W> = eps_j^T W z_j  = right_j  (j = 1..J, generalized SVM only)
#pragma once

#include <vector>

#include "attention_svm/tokens.h"

namespace attention_svm {

/// Names a constraint: in row (sequence, query) the selected token beats `token`.
struct TokenConstraint {
  Index sequence = 0;
  Index query = 0;
  Index token = 0;
  bool operator==(const TokenConstraint&) const = default;
};

struct SvmProblem {
  Index d = 0;
  Matrix Z;  ///< R x d, the query vectors that occur

  Matrix delta;              ///< K x d, row k is delta_k = x_selected - x_other
  Matrix deltaLow;           ///< K x d or empty: what rounding took from delta (delta + deltaLow is exact)
  std::vector<Index> query;  ///< K rows of Z: z_k = Z.row(query[k])
  std::vector<TokenConstraint> name;  ///< K

  Matrix equalityDelta;              ///< J x d, usually J = 0
  Matrix equalityDeltaLow;           ///< J x d or empty, as deltaLow
  std::vector<Index> equalityQuery;  ///< J rows of Z
  Vector equalityRight;              ///< J

  /// K or empty: |x_selected| + |x_other|, whose rounding the data carry; empty stands for |delta|.
  Vector tokenSize;

  [[nodiscard]] Index K() const { return delta.rows(); }
  [[nodiscard]] Index J() const { return equalityDelta.rows(); }

  /// K values <A_k, W>.
  [[nodiscard]] Vector constraintValues(const Matrix& W) const;
  /// J values <E_j, W>.
  [[nodiscard]] Vector equalityValues(const Matrix& W) const;
  /// sum_k a_k A_k + sum_j b_j E_j (d x d); pass an empty b when J = 0.
  [[nodiscard]] Matrix combination(const Vector& a, const Vector& b = {}) const;
};

/// Att-SVM of a selection, one token per attention row (THEORY sections 3 and 6).
Result<SvmProblem> svmProblem(const Dataset& dataset, const Selection& tokens, QueryMode mode = {});

/// Kept tokens O_i for each attention row; every list non-empty, ascending, without repetition.
using KeptTokens = std::vector<std::vector<Index>>;

/// Directional part of the generalized SVM (THEORY section 5): kept tokens of a row tie, and beat the
/// masked ones by 1. Constraint names carry the masked token.
Result<SvmProblem> generalizedSvmProblem(const Dataset& dataset, const KeptTokens& kept, QueryMode mode = {});

}  // namespace attention_svm
