// SPDX-License-Identifier: MIT
// Limited-memory BFGS for a matrix or for a pair of factors of one.
#pragma once

#include <cmath>
#include <utility>
#include <vector>

#include "attention_svm/linalg.h"

namespace attention_svm {

/// What the descent moves: W itself in the Frobenius ball. In the nuclear ball the factors of W = K Q^T,
/// since |W|_* <= R exactly when W has factors with |K|^2 + |Q|^2 <= 2 R: that ball is round, too, and a step
/// needs no singular values.
struct Variables {
  Matrix K, Q;  ///< Q empty: K is W

  [[nodiscard]] Matrix W() const { return Q.size() > 0 ? Matrix(K * Q.transpose()) : K; }
  [[nodiscard]] double squaredNorm() const { return K.squaredNorm() + Q.squaredNorm(); }
  void scale(double factor) {
    K *= factor;
    Q *= factor;
  }
  void add(double factor, const Variables& other) {
    K += factor * other.K;
    Q += factor * other.Q;
  }
  [[nodiscard]] double dot(const Variables& other) const { return inner(K, other.K) + inner(Q, other.Q); }
};

/// Limited-memory BFGS (Nocedal 1980): products of an inverse Hessian estimate with a vector.
class QuasiNewton {
 public:
  void clear() { pairs_.clear(); }
  void learn(Variables step, Variables change) {
    const double curvature = step.dot(change);
    if (!(curvature > 1e-10 * std::sqrt(step.squaredNorm() * change.squaredNorm()))) return;
    constexpr std::size_t kMemory = 30;
    if (pairs_.size() == kMemory) pairs_.erase(pairs_.begin());
    pairs_.push_back({std::move(step), std::move(change), 1.0 / curvature});
  }
  [[nodiscard]] bool empty() const { return pairs_.empty(); }
  void apply(Variables& q) const {
    std::vector<double> alpha(pairs_.size());
    for (std::size_t k = pairs_.size(); k-- > 0;) {
      alpha[k] = pairs_[k].inverse * pairs_[k].step.dot(q);
      q.add(-alpha[k], pairs_[k].change);
    }
    const Pair& last = pairs_.back();
    q.scale(1.0 / (last.inverse * last.change.squaredNorm()));
    for (std::size_t k = 0; k < pairs_.size(); ++k)
      q.add(alpha[k] - pairs_[k].inverse * pairs_[k].change.dot(q), pairs_[k].step);
  }

 private:
  struct Pair {
    Variables step, change;
    double inverse;
  };
  std::vector<Pair> pairs_;
};

}  // namespace attention_svm
