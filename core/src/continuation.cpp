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

namespace {

/// Without Wsvm as the layer says, with it as the theory does.
std::vector<Index> continued(const Words& words, const Matrix* Wsvm, const Matrix& W, std::vector<Index> text,
                             int count, std::size_t length) {
  const std::size_t before = text.size();
  for (int k = 0; k < count && before > 0; ++k) {
    const std::vector<Index> context(text.end() - static_cast<std::ptrdiff_t>(std::min(length, text.size())),
                                     text.end());
    const Vector shares =
        Wsvm == nullptr ? layerShares(words, W, context) : theoryShares(words, *Wsvm, W, context);
    Index next = 0;
    shares.maxCoeff(&next);
    text.push_back(next);
  }
  return {text.begin() + static_cast<std::ptrdiff_t>(before), text.end()};
}

}  // namespace

std::vector<Index> layerContinues(const Words& words, const Matrix& W, const std::vector<Index>& beginning,
                                  int count, std::size_t length) {
  return continued(words, nullptr, W, beginning, count, length);
}

std::vector<Index> theoryContinues(const Words& words, const Matrix& Wsvm, const Matrix& Wfin,
                                   const std::vector<Index>& beginning, int count, std::size_t length) {
  return continued(words, &Wsvm, Wfin, beginning, count, length);
}

}  // namespace attention_svm
