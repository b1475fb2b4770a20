// SPDX-License-Identifier: MIT
// The least distance program of solve_frobenius.cpp in twice the precision, one constraint at a time, for
// constraints that nearly contradict each other: at a norm of 1e9 the Gram matrix has a condition of 1e18.
// Equalities are columns (E_j, 0) whose coefficients may have either sign.
#include <algorithm>
#include <cmath>

#include "precise_sums.h"
#include "solvers.h"

namespace attention_svm {

namespace {

Double2 dot(const PreciseVector& a, const PreciseVector& b, std::size_t count) {
  Double2 sum;
  for (std::size_t i = 0; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

/// As CholeskyFactor, row by row.
class PreciseFactor {
 public:
  [[nodiscard]] std::size_t size() const { return rows_.size(); }

  bool append(const PreciseVector& gram, const Double2& diagonal) {
    constexpr double kDependent = 1e-27;
    PreciseVector row = gram;
    forward(row);
    const Double2 rest = diagonal - dot(row, row, row.size());
    if (!(rest.hi > kDependent * diagonal.hi)) return false;
    row.push_back(sqrt(rest));
    rows_.push_back(std::move(row));
    return true;
  }

  void remove(std::size_t position) {
    rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(position));
    for (std::size_t c = position; c < rows_.size(); ++c) {
      const Double2 a = rows_[c][c], b = rows_[c][c + 1], r = sqrt(a * a + b * b);
      const Double2 cosine = a / r, sine = b / r;
      for (std::size_t i = c; i < rows_.size(); ++i) {
        const Double2 x = rows_[i][c], y = rows_[i][c + 1];
        rows_[i][c] = cosine * x + sine * y;
        rows_[i][c + 1] = cosine * y - sine * x;
      }
      rows_[c].pop_back();
    }
  }

  void solve(PreciseVector& b) const {
    forward(b);
    for (std::size_t i = size(); i-- > 0;) {
      b[i] /= rows_[i][i];
      for (std::size_t j = 0; j < i; ++j) b[j] -= rows_[i][j] * b[i];
    }
  }

 private:
  void forward(PreciseVector& b) const {
    for (std::size_t i = 0; i < b.size(); ++i) b[i] = (b[i] - dot(rows_[i], b, i)) / rows_[i][i];
  }

  std::vector<PreciseVector> rows_;
};

class PreciseLeastDistance {
 public:
  explicit PreciseLeastDistance(const ScaledProblem& problem)
      : problem_(problem.unit), right_(problem.right), zz_(problem_.Z.rows(), problem_.Z.rows()) {
    for (Index q = 0; q < zz_.rows; ++q)
      for (Index r = 0; r < zz_.rows; ++r)
        for (Index c = 0; c < problem_.d; ++c) zz_(q, r) += twoProduct(problem_.Z(q, c), problem_.Z(r, c));
    for (Index j = 0; j < problem_.J(); ++j) add(problem_.K() + j);
  }

  void start(const std::vector<Index>& constraints) {
    for (const Index k : constraints) add(k);
    settle();
  }

  void run(int limit) {
    Double2 best = -1.0;
    for (; iterations_ < limit; ++iterations_) {
      const Index violated = mostViolated();
      if (violated < 0 || !add(violated)) return;
      settle();
      const Double2 reached = product();
      if (!(reached > best)) return;
      best = reached;
    }
  }

  [[nodiscard]] int iterations() const { return iterations_; }
  /// x over all constraints and equalities.
  [[nodiscard]] PreciseVector spread(const PreciseVector& x) const {
    PreciseVector all(static_cast<std::size_t>(problem_.K() + problem_.J()));
    for (std::size_t j = 0; j < active_.size(); ++j) all[static_cast<std::size_t>(active_[j])] = x[j];
    return all;
  }
  [[nodiscard]] PreciseVector x() const { return spread(x_); }
  [[nodiscard]] Double2 rho() const { return Double2(1.0) - product(); }

  /// Multipliers with <A_k, W> = s_k on the active set, from the Gram matrix itself: rho has lost its digits
  /// where the norm is large. Empty when some are negative: then x / rho is the better answer.
  [[nodiscard]] PreciseVector multipliers() const {
    PreciseFactor factor;
    std::vector<Index> independent;
    for (const Index k : active_) {
      PreciseVector column;
      for (const Index l : independent) column.push_back(gram(l, k));
      if (factor.append(column, gram(k, k))) independent.push_back(k);
    }
    PreciseVector all(static_cast<std::size_t>(problem_.K() + problem_.J()));
    for (int pass = 0; pass < 3; ++pass) {
      const PreciseVector values = preciseValues(problem_, preciseCombination(problem_, all));
      PreciseVector step;
      for (const Index k : independent)
        step.push_back(Double2(right(k)) - values[static_cast<std::size_t>(k)]);
      factor.solve(step);
      for (std::size_t j = 0; j < independent.size(); ++j)
        all[static_cast<std::size_t>(independent[j])] += step[j];
    }
    for (Index k = 0; k < problem_.K(); ++k)
      if (all[static_cast<std::size_t>(k)].hi < 0.0) return {};
    return all;
  }

 private:
  [[nodiscard]] bool free(Index row) const { return row >= problem_.K(); }
  [[nodiscard]] double right(Index row) const { return free(row) ? 0.0 : right_(row); }
  [[nodiscard]] Index queryOf(Index row) const {
    return free(row) ? problem_.equalityQuery[static_cast<std::size_t>(row - problem_.K())]
                     : problem_.query[static_cast<std::size_t>(row)];
  }

  [[nodiscard]] Double2 gram(Index k, Index l) const {
    Double2 sum;
    for (Index c = 0; c < problem_.d; ++c)
      sum += preciseDifference(problem_, k, c) * preciseDifference(problem_, l, c);
    return sum * zz_(queryOf(k), queryOf(l));
  }

  bool add(Index row) {
    if (std::find(active_.begin(), active_.end(), row) != active_.end()) return false;
    PreciseVector column;
    for (const Index l : active_) column.push_back(gram(l, row) + twoProduct(right(l), right(row)));
    const Double2 diagonal = gram(row, row) + twoProduct(right(row), right(row));
    if (!(diagonal.hi > 0.0) || !factor_.append(column, diagonal)) return false;
    active_.push_back(row);
    x_.emplace_back(0.0);
    return true;
  }

  void drop(std::size_t position) {
    factor_.remove(position);
    active_.erase(active_.begin() + static_cast<std::ptrdiff_t>(position));
    x_.erase(x_.begin() + static_cast<std::ptrdiff_t>(position));
  }

  [[nodiscard]] Double2 product() const {
    Double2 sum;
    for (std::size_t j = 0; j < active_.size(); ++j) sum += x_[j] * Double2(right(active_[j]));
    return sum;
  }

  /// Towards the least squares solution, dropping the constraint whose coefficient reaches zero first.
  void settle() {
    while (!active_.empty()) {
      PreciseVector target;
      for (const Index row : active_) target.emplace_back(right(row));
      factor_.solve(target);
      double step = 1.0;
      std::size_t first = active_.size();
      for (std::size_t j = 0; j < active_.size(); ++j) {
        if (free(active_[j]) || target[j].hi > 0.0) continue;
        const double length = x_[j].hi > 0.0 ? (x_[j] / (x_[j] - target[j])).hi : 0.0;
        if (first == active_.size() || length < step) {
          step = length;
          first = j;
        }
      }
      if (first == active_.size()) {
        x_ = std::move(target);
        return;
      }
      for (std::size_t j = 0; j < active_.size(); ++j) {
        x_[j] += Double2(step) * (target[j] - x_[j]);
        if (!free(active_[j]) && x_[j].hi < 0.0) x_[j] = 0.0;
      }
      drop(first);
    }
  }

  [[nodiscard]] Index mostViolated() const {
    const PreciseVector values = preciseValues(problem_, preciseCombination(problem_, x()));
    const Double2 remaining = rho();
    Index worst = -1;
    double largest = 0.0;
    for (Index k = 0; k < problem_.K(); ++k) {
      const Double2 aim = remaining * Double2(right_(k));
      const double missing =
          (aim - values[static_cast<std::size_t>(k)]).hi - 1e-11 * std::abs(aim.hi) - 1e-30;
      if (missing <= largest) continue;
      if (std::find(active_.begin(), active_.end(), k) != active_.end()) continue;
      largest = missing;
      worst = k;
    }
    return worst;
  }

  const SvmProblem& problem_;
  const Vector& right_;
  PreciseMatrix zz_;
  std::vector<Index> active_;
  PreciseVector x_;
  PreciseFactor factor_;
  int iterations_ = 0;
};

}  // namespace

Candidate solveFrobeniusPrecisely(const ScaledProblem& problem, const std::vector<Index>& start,
                                  bool& infeasible) {
  const Index K = problem.unit.K(), J = problem.unit.J();
  PreciseLeastDistance nnls(problem);
  nnls.start(start);
  nnls.run(20 * static_cast<int>(K) + 100);

  PreciseVector x = nnls.x();
  PreciseMatrix P = preciseCombination(problem.unit, x);
  double weight = 0.0;
  for (Index k = 0; k < K; ++k) weight += x[static_cast<std::size_t>(k)].hi * problem.size(k);
  infeasible = weight > 0.0 && P.high().norm() <= 1e-14 * weight;
  if (!infeasible) {
    const Double2 rho = nnls.rho();
    for (Double2& value : x) value /= rho;
    if (PreciseVector sharper = nnls.multipliers(); !sharper.empty()) x = std::move(sharper);
    P = preciseCombination(problem.unit, x);
  }
  Candidate result;
  result.iterations = nnls.iterations();
  result.W = P.high();
  result.WLow = P.low();
  const Vector all = high(x), rest = low(x);
  result.a = all.head(K);
  result.aLow = rest.head(K);
  result.b = all.tail(J);
  result.bLow = rest.tail(J);
  return result;
}

Candidate sharpened(const ScaledProblem& problem, const Candidate& candidate) {
  std::vector<Index> active;
  for (Index k = 0; k < candidate.a.size(); ++k)
    if (candidate.a(k) > 0.0) active.push_back(k);
  bool infeasible = false;
  Candidate result = solveFrobeniusPrecisely(problem, active, infeasible);
  return infeasible ? candidate : result;
}

}  // namespace attention_svm
