// SPDX-License-Identifier: MIT
#include "attention_svm/continuation.h"

#include <algorithm>

#include "portable_math.h"

namespace attention_svm {

namespace {

/// e_w^T W e_last for each word of the context
Vector logits(const Words& words, const Matrix& W, const std::vector<Index>& context) {
  const Vector We = W * words.E.row(context.back()).transpose();
  Vector result(static_cast<Index>(context.size()));
  for (Index t = 0; t < result.size(); ++t)
    result(t) = words.E.row(context[static_cast<std::size_t>(t)]).dot(We);
  return result;
}

/// Softmax over the places with a finite logit, summed for each word.
Vector sharesOf(const Words& words, const Vector& a, const std::vector<Index>& context,
                const std::vector<bool>& counts) {
  double largest = -1e308;
  for (Index t = 0; t < a.size(); ++t)
    if (counts[static_cast<std::size_t>(t)]) largest = std::max(largest, a(t));
  Vector shares = Vector::Zero(words.count());
  for (std::size_t t = 0; t < context.size(); ++t)
    if (counts[t]) shares(context[t]) += portableExp(a(static_cast<Index>(t)) - largest);
  return shares / shares.sum();
}

}  // namespace

Vector layerShares(const Words& words, const Matrix& W, const std::vector<Index>& context) {
  return sharesOf(words, logits(words, W, context), context, std::vector<bool>(context.size(), true));
}

Vector theoryShares(const Words& words, const Matrix& Wsvm, const Matrix& Wfin,
                    const std::vector<Index>& context) {
  const Vector high = logits(words, Wsvm, context);
  const double highest = high.maxCoeff() - 1e-6 * Wsvm.norm();
  std::vector<bool> counts;
  for (const double a : high) counts.push_back(a >= highest);
  return sharesOf(words, logits(words, Wfin, context), context, counts);
}

std::vector<Index> continued(std::vector<Index> beginning, int count, std::size_t length,
                             const std::function<Vector(const std::vector<Index>&)>& shares) {
  std::vector<Index> added;
  for (int k = 0; k < count && !beginning.empty(); ++k) {
    const auto used = static_cast<std::ptrdiff_t>(std::min(length, beginning.size()));
    Index next = 0;
    shares({beginning.end() - used, beginning.end()}).maxCoeff(&next);
    beginning.push_back(next);
    added.push_back(next);
  }
  return added;
}

}  // namespace attention_svm
