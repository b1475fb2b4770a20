// SPDX-License-Identifier: MIT
// When are two computed numbers equal? The one place that says it, for scores and for logits: they are when
// their difference is no larger than what rounding of the data and of the arithmetic may have made of it.
#pragma once

#include "attention_svm/linalg.h"

namespace attention_svm {

/// How one number stands to another.
enum class Order { Lower, Equal, Higher };

/// Values, each with a bound on its error: entry t lies within error(t) of value(t).
struct Bounded {
  Vector value, error;

  /// Entry a against entry b; Equal where the bounds overlap, also where a value is not finite.
  [[nodiscard]] Order order(Index a, Index b) const;
};

/// X v (T entries) for tokens X (T x d): each entry is a sum of d products of two rounded numbers. The bound
/// is (d + 2) eps sum_j |x_j v_j|, twice what the roundings can add up to.
Bounded boundedProduct(const Matrix& X, const Vector& v);

/// Logits X W z (T entries), with the bound (2 d + 3) eps |x| |W| |z|, sizes entry by entry.
Bounded boundedLogits(const Matrix& X, const Matrix& W, const Vector& z);

}  // namespace attention_svm
