// SPDX-License-Identifier: MIT
// The definitions of THEORY.md, written down once more, slowly and without the core: long double, plain
// loops, the SVM by trying all sets of support tokens. For small problems only. It knows the core's data,
// nothing else.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

#include "attention_svm/dataset.h"

namespace attention_svm::slow {

using Real = long double;
using Vec = std::vector<Real>;

inline Real dot(const Vec& a, const Vec& b) {
  Real sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) sum += a[j] * b[j];
  return sum;
}
inline Real sizeOfDot(const Vec& a, const Vec& b) {
  Real sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) sum += std::abs(a[j] * b[j]);
  return sum;
}
inline Vec minus(const Vec& a, const Vec& b, Real times = 1) {
  Vec c = a;
  for (std::size_t j = 0; j < c.size(); ++j) c[j] -= times * b[j];
  return c;
}
inline Real length(const Vec& a) { return std::sqrt(dot(a, a)); }

/// A d x d matrix as d * d numbers, row by row.
inline Vec outer(const Vec& a, const Vec& b) {
  Vec c;
  for (const Real x : a)
    for (const Real y : b) c.push_back(x * y);
  return c;
}
inline Vec applied(const Vec& W, const Vec& z) {
  Vec r(z.size());
  for (std::size_t j = 0; j < z.size(); ++j)
    for (std::size_t k = 0; k < z.size(); ++k) r[j] += W[j * z.size() + k] * z[k];
  return r;
}
inline Vec flat(const Matrix& W) { return Vec(W.data(), W.data() + W.size()); }

/// -1, 0, 1: lower, equal to the rounding of the data, higher. `size` is what the numbers were summed from.
inline int order(Real a, Real b, Real size) {
  if (std::abs(a - b) <= 1e-13L * size + 1e-300L) return 0;
  return a < b ? -1 : 1;
}

/// One query and the tokens that it sees.
struct Row {
  int sequence = 0, query = 0;
  Vec z;
  std::vector<Vec> x;
  Vec score, scoreSize;

  [[nodiscard]] int compare(int a, int b) const {
    return order(score[at(a)], score[at(b)], scoreSize[at(a)] + scoreSize[at(b)]);
  }
  /// All tokens that no other one exceeds.
  [[nodiscard]] std::vector<int> best() const {
    std::vector<int> result;
    for (int t = 0; t < count(); ++t) {
      bool exceeded = false;
      for (int u = 0; u < count(); ++u) exceeded = exceeded || compare(u, t) > 0;
      if (!exceeded) result.push_back(t);
    }
    return result;
  }
  [[nodiscard]] int count() const { return static_cast<int>(x.size()); }
  static std::size_t at(int t) { return static_cast<std::size_t>(t); }
};

inline std::vector<Row> rowsOf(const Dataset& data, bool everyToken, bool causal) {
  const auto* head = std::get_if<LinearHead>(&data.head);
  const auto vec = [](const auto& from) { return Vec(from.begin(), from.end()); };
  std::vector<Row> rows;
  for (Index i = 0; i < data.n(); ++i) {
    const Matrix& X = data.tokens(i);
    const Index queries = everyToken ? X.rows() : 1;
    for (Index k = 0; k < queries; ++k) {
      Row row;
      row.sequence = static_cast<int>(i);
      row.query = static_cast<int>(k);
      row.z = everyToken ? vec(X.row(k)) : data.selfAttention() ? vec(X.row(0)) : vec(data.Z.row(i));
      const Index seen = everyToken && causal ? k + 1 : X.rows();
      for (Index t = 0; t < seen; ++t) {
        row.x.push_back(vec(X.row(t)));
        if (head == nullptr) continue;
        row.score.push_back(static_cast<Real>(data.y(i)) * dot(vec(head->v), row.x.back()));
        row.scoreSize.push_back(sizeOfDot(vec(head->v), row.x.back()));
      }
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

/// Logits, shares, and which tokens lead.
struct Attention {
  Vec logit, size, share;
  std::vector<int> lead;
};
inline Attention attend(const Row& row, const Vec& W) {
  Attention a;
  const Vec Wz = applied(W, row.z);
  Vec absW = W, absZ = row.z;
  for (Real& w : absW) w = std::abs(w);
  for (Real& z : absZ) z = std::abs(z);
  for (const Vec& x : row.x) {
    a.logit.push_back(dot(x, Wz));
    a.size.push_back(sizeOfDot(x, applied(absW, absZ)));
  }
  const Real top = *std::max_element(a.logit.begin(), a.logit.end());
  Real sum = 0;
  for (const Real l : a.logit) a.share.push_back(std::exp(l - top)), sum += a.share.back();
  for (Real& s : a.share) s /= sum;
  const auto first =
      static_cast<std::size_t>(std::find(a.logit.begin(), a.logit.end(), top) - a.logit.begin());
  for (std::size_t t = 0; t < a.logit.size(); ++t)
    if (order(a.logit[t], top, a.size[t] + a.size[first]) == 0) a.lead.push_back(static_cast<int>(t));
  return a;
}

/// Solves G x = right for a symmetric G; empty when G is singular to rounding.
inline std::optional<Vec> solved(std::vector<Vec> G, Vec right) {
  const std::size_t n = right.size();
  Real largest = 0;
  for (std::size_t k = 0; k < n; ++k) largest = std::max(largest, std::abs(G[k][k]));
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c + 1; r < n; ++r)
      if (std::abs(G[r][c]) > std::abs(G[pivot][c])) pivot = r;
    if (std::abs(G[pivot][c]) <= 1e-13L * largest) return std::nullopt;
    std::swap(G[c], G[pivot]);
    std::swap(right[c], right[pivot]);
    for (std::size_t r = c + 1; r < n; ++r) {
      const Real factor = G[r][c] / G[c][c];
      for (std::size_t k = c; k < n; ++k) G[r][k] -= factor * G[c][k];
      right[r] -= factor * right[c];
    }
  }
  for (std::size_t r = n; r-- > 0;) {
    for (std::size_t k = r + 1; k < n; ++k) right[r] -= G[r][k] * right[k];
    right[r] /= G[r][r];
  }
  return right;
}

/// In row `row` the selected (or a kept) token beats `token`, or ties with it.
struct Constraint {
  int row = 0, token = 0;
  Vec A;                   ///< d * d
  bool sameToken = false;  ///< the two tokens, or the query and zero, differ by their rounding only
};

struct Svm {
  bool feasible = false;
  Vec W;
  Vec value;                 ///< <A_k, W>
  std::vector<int> support;  ///< constraints with value 1
  bool clear = true;         ///< no constraint lies so close to 1 that one could argue
  [[nodiscard]] Real norm() const { return length(W); }
};

/// Least |W|_F with <A_k, W> >= 1 and <E_j, W> = 0. The least norm point has linearly independent support
/// constraints with multipliers >= 0; all sets of constraints are tried, the small ones first.
inline Svm leastNorm(const std::vector<Constraint>& beat, const std::vector<Vec>& E, std::size_t numbers) {
  std::vector<Vec> basis;  // of the equalities
  for (const Vec& e : E) {
    Vec rest = e;
    for (int twice = 0; twice < 2; ++twice)
      for (const Vec& b : basis) rest = minus(rest, b, dot(rest, b));
    const Real size = length(rest);
    if (!(size > 1e-12L * length(e))) continue;
    for (Real& r : rest) r /= size;
    basis.push_back(rest);
  }
  std::vector<Vec> A;
  for (const Constraint& c : beat) {
    A.push_back(c.A);
    for (int twice = 0; twice < 2; ++twice)
      for (const Vec& b : basis) A.back() = minus(A.back(), b, dot(A.back(), b));
    if (length(A.back()) <= 1e-12L * length(c.A)) A.back().assign(numbers, 0);
  }
  const std::size_t K = A.size();
  Svm result;
  result.W.assign(numbers, 0);
  std::vector<Vec> G(K, Vec(K));
  for (std::size_t k = 0; k < K; ++k)
    for (std::size_t l = 0; l < K; ++l) G[k][l] = dot(A[k], A[l]);
  for (int size = 0; size <= static_cast<int>(std::min(K, numbers)); ++size)
    for (unsigned set = 0; set < (1U << K); ++set) {
      std::vector<std::size_t> S;
      for (std::size_t k = 0; k < K; ++k)
        if ((set >> k & 1U) != 0) S.push_back(k);
      if (static_cast<int>(S.size()) != size) continue;
      std::vector<Vec> GS(S.size(), Vec(S.size()));
      for (std::size_t r = 0; r < S.size(); ++r)
        for (std::size_t c = 0; c < S.size(); ++c) GS[r][c] = G[S[r]][S[c]];
      const std::optional<Vec> a = solved(GS, Vec(S.size(), 1));
      if (!a || std::any_of(a->begin(), a->end(), [](Real x) { return x < -1e-12L; })) continue;
      Vec value(K);
      bool meets = true;
      for (std::size_t k = 0; k < K; ++k) {
        for (std::size_t r = 0; r < S.size(); ++r) value[k] += G[k][S[r]] * (*a)[r];
        meets = meets && value[k] >= 1 - 1e-10L;
      }
      if (!meets) continue;
      result.feasible = true;
      result.value = value;
      for (std::size_t r = 0; r < S.size(); ++r) result.W = minus(result.W, A[S[r]], -(*a)[r]);
      for (std::size_t k = 0; k < K; ++k) {
        if (value[k] <= 1 + 1e-8L) result.support.push_back(static_cast<int>(k));
        if (value[k] > 1 + 1e-10L && value[k] < 1 + 1e-4L) result.clear = false;
      }
      return result;
    }
  return result;
}

inline std::vector<Constraint> constraints(const std::vector<Row>& rows, const std::vector<int>& selected) {
  std::vector<Constraint> result;
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (int t = 0; t < rows[r].count(); ++t)
      if (t != selected[r]) {
        const Vec &one = rows[r].x[Row::at(selected[r])], &other = rows[r].x[Row::at(t)];
        const Real apart = length(minus(one, other));
        result.push_back(
            {static_cast<int>(r), t, outer(minus(one, other), rows[r].z),
             apart > 0 && length(rows[r].z) > 0 &&
                 (apart <= 1e-12L * (length(one) + length(other)) || apart * length(rows[r].z) < 1e-200L)});
      }
  return result;
}
inline Svm svm(const std::vector<Row>& rows, const std::vector<int>& selected) {
  const std::size_t d = rows.front().z.size();
  const std::vector<Constraint> beat = constraints(rows, selected);
  Svm result = leastNorm(beat, {}, d * d);
  for (const Constraint& c : beat) result.clear = result.clear && !c.sameToken;
  return result;
}

inline Real angle(const Vec& A, const Vec& B) {
  const Real a = length(A), b = length(B);
  Vec difference;
  for (std::size_t j = 0; j < A.size(); ++j) difference.push_back(A[j] / a - B[j] / b);
  return 2 * std::asin(std::min<Real>(1, length(difference) / 2)) * 180 / std::acos(Real(-1));
}

/// Singular values of a d x d matrix, largest first, by turning pairs of columns until all are orthogonal.
inline Vec singular(const Vec& W, std::size_t d) {
  std::vector<Vec> column(d, Vec(d));
  for (std::size_t r = 0; r < d; ++r)
    for (std::size_t c = 0; c < d; ++c) column[c][r] = W[r * d + c];
  for (int sweep = 0; sweep < 60; ++sweep)
    for (std::size_t p = 0; p < d; ++p)
      for (std::size_t q = p + 1; q < d; ++q) {
        const Real a = dot(column[p], column[p]), b = dot(column[q], column[q]),
                   c = dot(column[p], column[q]);
        if (std::abs(c) <= 1e-18L * std::sqrt(a * b)) continue;
        const Real turn = std::atan2(2 * c, a - b) / 2;
        const Vec u = column[p];
        for (std::size_t r = 0; r < d; ++r) {
          column[p][r] = std::cos(turn) * u[r] + std::sin(turn) * column[q][r];
          column[q][r] = -std::sin(turn) * u[r] + std::cos(turn) * column[q][r];
        }
      }
  Vec result;
  for (const Vec& c : column) result.push_back(length(c));
  std::sort(result.rbegin(), result.rend());
  return result;
}

/// -grad L(W) by the formula of THEORY section 1, linear head.
inline Vec descent(const Dataset& data, const std::vector<Row>& rows, const Vec& W, int loss) {
  Vec result(W.size());
  const Vec v(std::get<LinearHead>(data.head).v.begin(), std::get<LinearHead>(data.head).v.end());
  for (const Row& row : rows) {
    const Attention a = attend(row, W);
    const Real y = static_cast<Real>(data.y(row.sequence));
    Real margin = 0;
    for (std::size_t t = 0; t < row.x.size(); ++t) margin += a.share[t] * row.score[t];
    const Real slope = loss == 0 ? -1 / (1 + std::exp(margin)) : loss == 1 ? -std::exp(-margin) : -1;
    for (std::size_t t = 0; t < row.x.size(); ++t) {
      const Real weight = slope * y * a.share[t] * (dot(v, row.x[t]) - y * margin);
      result = minus(result, outer(row.x[t], row.z), weight / static_cast<Real>(rows.size()));
    }
  }
  return result;
}

}  // namespace attention_svm::slow
