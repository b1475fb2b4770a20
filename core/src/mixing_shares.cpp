// SPDX-License-Identifier: MIT
#include "attention_svm/cyclic_part.h"
#include "portable_math.h"

namespace attention_svm {

Vector mixingShares(const Words& words, const Matrix& Wfin, Index last, const std::vector<Index>& component) {
  const Vector We = Wfin * words.E.row(last).transpose();
  Vector logits(static_cast<Index>(component.size()));
  for (Index j = 0; j < logits.size(); ++j)
    logits(j) = words.E.row(component[static_cast<std::size_t>(j)]).dot(We);
  const Vector shares = (logits.array() - logits.maxCoeff()).unaryExpr(&portableExp);
  return shares / shares.sum();
}

}  // namespace attention_svm
