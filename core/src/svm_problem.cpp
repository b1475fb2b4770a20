// SPDX-License-Identifier: MIT
#include "attention_svm/svm_problem.h"

#include <algorithm>

#include "exact_difference.h"

namespace attention_svm {

Vector SvmProblem::constraintValues(const Matrix& W) const {
  const Matrix WZ = Z * W.transpose();  // row r is W z_r: never X W
  Vector values(K());
  for (Index k = 0; k < K(); ++k) values(k) = delta.row(k).dot(WZ.row(query[static_cast<std::size_t>(k)]));
  return values;
}

Vector SvmProblem::equalityValues(const Matrix& W) const {
  const Matrix WZ = Z * W.transpose();
  Vector values(J());
  for (Index j = 0; j < J(); ++j)
    values(j) = equalityDelta.row(j).dot(WZ.row(equalityQuery[static_cast<std::size_t>(j)]));
  return values;
}

Matrix SvmProblem::combination(const Vector& a, const Vector& b) const {
  Matrix sums = Matrix::Zero(Z.rows(), d);  // sum of a_k delta_k over the constraints of each query
  for (Index k = 0; k < K(); ++k)
    if (a(k) != 0.0) sums.row(query[static_cast<std::size_t>(k)]) += a(k) * delta.row(k);
  for (Index j = 0; j < J() && b.size() > 0; ++j)
    sums.row(equalityQuery[static_cast<std::size_t>(j)]) += b(j) * equalityDelta.row(j);
  return sums.transpose() * Z;
}

namespace {

/// Collects constraints row by row, then makes matrices of them.
class Collector {
 public:
  Collector(const Dataset& dataset, QueryMode mode) : dataset_(dataset), rows_(attentionRows(dataset, mode)) {
    problem_.d = dataset.d();
    problem_.Z.resize(static_cast<Index>(rows_.size()), dataset.d());
    for (std::size_t r = 0; r < rows_.size(); ++r)
      problem_.Z.row(static_cast<Index>(r)) = queryOf(dataset, mode, rows_[r]).transpose();
  }

  [[nodiscard]] const std::vector<AttentionRow>& rows() const { return rows_; }

  void beats(std::size_t row, Index selected, Index other) {
    problem_.query.push_back(static_cast<Index>(row));
    problem_.name.push_back({rows_[row].sequence, rows_[row].query, other});
    inequalities_.push_back(difference(row, selected, other));
    const Matrix& X = dataset_.tokens(rows_[row].sequence);
    sizes_.push_back(X.row(selected).norm() + X.row(other).norm());
  }

  void ties(std::size_t row, Index one, Index other) {
    problem_.equalityQuery.push_back(static_cast<Index>(row));
    equalities_.push_back(difference(row, one, other));
  }

  SvmProblem finish() {
    stack(inequalities_, problem_.delta, problem_.deltaLow);
    stack(equalities_, problem_.equalityDelta, problem_.equalityDeltaLow);
    problem_.equalityRight = Vector::Zero(problem_.equalityDelta.rows());
    problem_.tokenSize = Eigen::Map<const Vector>(sizes_.data(), static_cast<Index>(sizes_.size()));
    return std::move(problem_);
  }

 private:
  /// A pair of tokens, whose exact difference is a double and what rounding takes from it.
  struct Pair {
    Index sequence, one, other;
  };

  [[nodiscard]] Pair difference(std::size_t row, Index one, Index other) const {
    return {rows_[row].sequence, one, other};
  }

  void stack(const std::vector<Pair>& pairs, Matrix& high, Matrix& low) const {
    high.resize(static_cast<Index>(pairs.size()), dataset_.d());
    low.resize(high.rows(), high.cols());
    for (Index k = 0; k < high.rows(); ++k) {
      const Pair& pair = pairs[static_cast<std::size_t>(k)];
      putDifference(dataset_.tokens(pair.sequence), pair.one, pair.other, k, high, low);
    }
  }

  const Dataset& dataset_;
  std::vector<AttentionRow> rows_;
  SvmProblem problem_;
  std::vector<Pair> inequalities_, equalities_;
  std::vector<double> sizes_;
};

std::string keptProblem(const KeptTokens& kept, const std::vector<AttentionRow>& rows) {
  if (kept.size() != rows.size())
    return "tokens: expected " + std::to_string(rows.size()) + " lists, found " + std::to_string(kept.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::string place = "tokens[" + std::to_string(r) + "]";
    if (kept[r].empty()) return place + ": expected at least one token";
    for (std::size_t j = 0; j < kept[r].size(); ++j) {
      if (kept[r][j] < 0 || kept[r][j] >= rows[r].visible)
        return place + "[" + std::to_string(j) + "]: expected a token from 0 to " +
               std::to_string(rows[r].visible - 1) + ", found " + std::to_string(kept[r][j]);
      if (j > 0 && kept[r][j] <= kept[r][j - 1])
        return place + ": expected tokens in ascending order, each once";
    }
  }
  return {};
}

}  // namespace

Result<SvmProblem> svmProblem(const Dataset& dataset, const Selection& tokens, QueryMode mode) {
  const Result<Selection> selection = checkedSelection(dataset, tokens, mode);
  if (!selection) return Error{selection.error()};
  Collector collector(dataset, mode);
  for (std::size_t r = 0; r < collector.rows().size(); ++r)
    for (Index t = 0; t < collector.rows()[r].visible; ++t)
      if (t != tokens[r]) collector.beats(r, tokens[r], t);
  return collector.finish();
}

Result<SvmProblem> generalizedSvmProblem(const Dataset& dataset, const KeptTokens& kept, QueryMode mode) {
  Collector collector(dataset, mode);
  const std::vector<AttentionRow>& rows = collector.rows();
  if (std::string problem = keptProblem(kept, rows); !problem.empty()) return Error{std::move(problem)};
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::vector<Index>& O = kept[r];
    // All kept tokens tie, so that the first one stands for them in the inequalities.
    for (std::size_t j = 1; j < O.size(); ++j) collector.ties(r, O[0], O[j]);
    for (Index t = 0; t < rows[r].visible; ++t)
      if (!std::binary_search(O.begin(), O.end(), t)) collector.beats(r, O[0], t);
  }
  return collector.finish();
}

}  // namespace attention_svm
