// SPDX-License-Identifier: MIT
// Newton's method on the differences of logits r_j = <E_j, W> of the pairs that span S. With independent
// embeddings they are free of each other, and each component is a small problem of its own.
#include <algorithm>

#include "cyclic_gram.h"
#include "portable_math.h"

namespace attention_svm {

/// The loss of the kept words, as a function of the values r of the basis.
class FinitePartSolver {
 public:
  FinitePartSolver(const Words& words, const CyclicSubspace& subspace)
      : words_(words), space_(subspace), dependent_(subspace.basis_.size() < subspace.pairs_.size()) {
    for (std::size_t i = 0; i < words.sequences.size(); ++i) addRow(i);
  }

  FinitePart solve() {
    const std::size_t P = space_.pairs_.size();
    values_ = Vector::Zero(space_.dimension());
    FinitePart result;
    if (dependent_) {
      expressDependent();
      result.iterations = newton(0, P);
    } else {
      std::size_t first = 0;
      for (std::size_t p = 1; p <= P; ++p)
        if (p == P || !sameComponent(p - 1, p)) {
          result.iterations = std::max(result.iterations, newton(first, p));
          first = p;
        }
    }
    result.W = space_.withValues(values_);
    result.residual = residual(space_.values(result.W));
    result.converged = result.residual <= 1e-12;
    return result;
  }

 private:
  using Pair = CyclicSubspace::Pair;

  /// A sequence: how often each word of the label's component occurs in it. The component's first word has
  /// logit 0, word j the logit -r_j.
  struct Row {
    std::size_t firstPair = 0;
    std::size_t label = 0;  ///< in the component
    Vector count;           ///< one for each word of the component
  };

  void addRow(std::size_t i) {
    const Index last = words_.sequences[i].back();
    std::size_t pair = 0;
    for (const PriorityGraph& graph : space_.graphs_)
      for (const std::vector<Index>& component : graph.components) {
        const auto place = [&component](Index word) {
          const auto found = std::lower_bound(component.begin(), component.end(), word);
          return found != component.end() && *found == word ? found - component.begin() : -1;
        };
        if (graph.last == last && component.size() > 1 && place(words_.next[i]) >= 0) {
          Row row{pair, static_cast<std::size_t>(place(words_.next[i])),
                  Vector::Zero(static_cast<Index>(component.size()))};
          for (const Index word : words_.sequences[i])
            if (const auto at = place(word); at >= 0) row.count(at) += 1.0;
          rows_.push_back(std::move(row));
          return;
        }
        pair += component.size() - 1;
      }
  }

  [[nodiscard]] bool sameComponent(std::size_t p, std::size_t q) const {
    return space_.pairs_[p].query == space_.pairs_[q].query &&
           space_.pairs_[p].first == space_.pairs_[q].first;
  }

  void expressDependent() {
    const auto P = static_cast<Index>(space_.pairs_.size());
    combination_.resize(P, space_.dimension());
    for (Index p = 0; p < P; ++p) {
      Vector row(space_.dimension());
      for (Index l = 0; l < row.size(); ++l)
        row(l) = space_.product(space_.pairs_[static_cast<std::size_t>(p)],
                                space_.pairs_[space_.basis_[static_cast<std::size_t>(l)]]);
      space_.gram_->factor.solve(row);
      combination_.row(p) = row.transpose();
    }
  }

  /// r of the pairs in [first, end), from the values of the basis
  [[nodiscard]] Vector pairValues(const Vector& values, std::size_t first, std::size_t end) const {
    if (dependent_) return combination_ * values;
    return values.segment(static_cast<Index>(first), static_cast<Index>(end - first));
  }

  /// Loss of the rows whose pairs lie in [first, end), times the number of sequences; slope and curvature
  /// with respect to the r of these pairs where they are asked for.
  double loss(const Vector& r, std::size_t first, std::size_t end, Vector* slope, Matrix* curvature) const {
    double sum = 0.0;
    if (slope != nullptr) slope->setZero(r.size());
    if (curvature != nullptr) curvature->setZero(r.size(), r.size());
    for (const Row& row : rows_) {
      if (row.firstPair < first || row.firstPair >= end) continue;
      const Index at = static_cast<Index>(row.firstPair - first), J = row.count.size() - 1;
      Vector logits(J + 1);
      logits << 0.0, -r.segment(at, J);
      const double largest = logits.maxCoeff();
      Vector s = row.count.array() * (logits.array() - largest).unaryExpr(&portableExp);
      const double total = s.sum();
      s /= total;
      sum += portableLog(total) + largest - logits(static_cast<Index>(row.label));
      if (slope != nullptr) {
        slope->segment(at, J) -= s.tail(J);
        if (row.label > 0) (*slope)(at + static_cast<Index>(row.label) - 1) += 1.0;
      }
      if (curvature != nullptr) {
        curvature->block(at, at, J, J) -= s.tail(J) * s.tail(J).transpose();
        curvature->diagonal().segment(at, J) += s.tail(J);
      }
    }
    return sum;
  }

  struct Point {
    double loss = 0.0;
    Vector slope;  ///< with respect to the values of the basis that move
    Matrix curvature;
  };

  [[nodiscard]] Point at(const Vector& values, std::size_t first, std::size_t end) const {
    Point point;
    point.loss = loss(pairValues(values, first, end), first, end, &point.slope, &point.curvature);
    if (dependent_) {
      point.slope = combination_.transpose() * point.slope;
      point.curvature = combination_.transpose() * point.curvature * combination_;
    }
    return point;
  }

  /// Newton for the values of the basis that these pairs belong to, until the slope is rounding. Far away the
  /// step is halved until the loss falls; near the minimum the loss has no digits left, and the slope
  /// decides.
  int newton(std::size_t first, std::size_t end) {
    constexpr int kMost = 100;
    constexpr double kNear = 1e-4;  // loss that Newton's model has still to fall
    const Index from = dependent_ ? 0 : static_cast<Index>(first);
    const Index count = dependent_ ? space_.dimension() : static_cast<Index>(end - first);
    Point now = at(values_, first, end);
    for (int steps = 0; steps < kMost; ++steps) {
      Vector step = now.slope;
      if (!(now.slope.norm() > 1e-16) || !solve(now.curvature, step)) return steps;
      const double fall = now.slope.dot(step);
      Vector trial = values_;
      Point next;
      double length = 1.0;
      for (bool better = false; !better; length *= 0.5) {
        if (length < 1e-10) return steps;
        trial.segment(from, count) = values_.segment(from, count) - length * step;
        next = at(trial, first, end);
        better = fall > kNear ? next.loss < now.loss : length == 1.0;
      }
      if (fall <= kNear && next.slope.norm() >= now.slope.norm()) return steps;
      values_ = trial;
      now = std::move(next);
    }
    return kMost;
  }

  static bool solve(const Matrix& curvature, Vector& b) {
    CholeskyFactor factor;
    for (Index j = 0; j < curvature.rows(); ++j)
      if (!factor.append(curvature.row(j).head(j).transpose(), curvature(j, j), 0.0)) return false;
    factor.solve(b);
    return true;
  }

  /// |gradient in S|_F of the mean loss, from the slopes: gradient = sum_j g_j E_j over the pairs.
  [[nodiscard]] double residual(const Vector& values) const {
    const std::size_t P = space_.pairs_.size();
    Vector slope;
    loss(pairValues(values, 0, P), 0, P, &slope, nullptr);
    Matrix G = Matrix::Zero(space_.E_.cols(), space_.E_.cols());
    for (std::size_t p = 0; p < P; ++p) {
      const Pair& pair = space_.pairs_[p];
      G += (slope(static_cast<Index>(p)) * (space_.E_.row(pair.first) - space_.E_.row(pair.other)))
               .transpose() *
           space_.E_.row(pair.query);
    }
    return G.norm() / static_cast<double>(words_.sequences.size());
  }

  const Words& words_;
  const CyclicSubspace& space_;
  bool dependent_;  ///< some pairs depend on others: the embeddings are not independent
  std::vector<Row> rows_;
  Vector values_;
  Matrix combination_;  ///< when dependent_: the values of all pairs from those of the basis
};

FinitePart finitePart(const Words& words, const CyclicSubspace& subspace) {
  return FinitePartSolver(words, subspace).solve();
}

}  // namespace attention_svm
