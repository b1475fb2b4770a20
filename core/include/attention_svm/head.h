// SPDX-License-Identifier: MIT
// Prediction heads h: R^d -> R. They are fixed; only the attention weights train (paper, section 2).
#pragma once

#include <variant>

#include "attention_svm/linalg.h"

namespace attention_svm {

/// h(o) = v^T o
struct LinearHead {
  Vector v;  ///< d
};

/// h(o) = output^T relu(hidden o)
struct MlpHead {
  Matrix hidden;  ///< h x d
  Vector output;  ///< h
};

/// h(o) = v^T o - lambda |o|^2
struct QuadraticHead {
  Vector v;  ///< d
  double lambda = 0.0;
};

/// Next-word prediction (Dataset::words): the probability of the next word, which is the attention on the
/// places that hold it. Each sequence has a word of its own to look for, so that there is no h of o alone.
struct NextWordHead {};

using Head = std::variant<LinearHead, MlpHead, QuadraticHead, NextWordHead>;

/// h(o); o has d entries. Not a number for NextWordHead.
double evaluate(const Head& head, const Vector& o);

/// grad h(o), written to result (d entries, already sized: no allocation). The relu has slope 0 at 0.
/// Zero for NextWordHead.
void gradient(const Head& head, const Vector& o, Vector& result);

/// d of the head; 0 for NextWordHead, which has none.
Index dimension(const Head& head);

}  // namespace attention_svm
