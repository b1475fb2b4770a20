// SPDX-License-Identifier: MIT
#include "attention_svm/dataset.h"

#include <cmath>

namespace attention_svm {

namespace {

std::string at(const char* name, Index i) { return std::string(name) + "[" + std::to_string(i) + "]"; }

std::string numbers(Index count) { return std::to_string(count) + (count == 1 ? " number" : " numbers"); }

bool finite(const Matrix& A) { return A.array().isFinite().all(); }

/// Empty when the tokens are in order, else what is wrong and where.
std::string tokenProblem(const Dataset& dataset) {
  const Index d = dataset.d();
  if (d < 1) return "X[0][0]: expected at least 1 number, found 0";
  for (Index i = 0; i < dataset.n(); ++i) {
    const Matrix& X = dataset.tokens(i);
    if (X.rows() < 1) return at("X", i) + ": expected at least 1 token, found 0";
    if (X.cols() != d)
      return at("X", i) + "[0]: expected " + numbers(d) + ", found " + std::to_string(X.cols());
    if (!finite(X)) return at("X", i) + ": a number is not finite";
  }
  return {};
}

std::string headProblem(const Head& head, Index d) {
  const auto wrong = [](const char* name, Index expected, Index found) {
    return std::string("head.") + name + ": expected " + numbers(expected) + ", found " +
           std::to_string(found);
  };
  if (const auto* linear = std::get_if<LinearHead>(&head)) {
    if (linear->v.size() != d) return wrong("v", d, linear->v.size());
    if (!linear->v.array().isFinite().all()) return "head.v: a number is not finite";
  } else if (const auto* mlp = std::get_if<MlpHead>(&head)) {
    if (mlp->hidden.rows() < 1) return "head.hidden: expected at least 1 row, found 0";
    if (mlp->hidden.cols() != d) return wrong("hidden[0]", d, mlp->hidden.cols());
    if (mlp->output.size() != mlp->hidden.rows())
      return wrong("output", mlp->hidden.rows(), mlp->output.size());
    if (!finite(mlp->hidden)) return "head.hidden: a number is not finite";
    if (!mlp->output.array().isFinite().all()) return "head.output: a number is not finite";
  } else if (const auto* quadratic = std::get_if<QuadraticHead>(&head)) {
    if (quadratic->v.size() != d) return wrong("v", d, quadratic->v.size());
    if (!quadratic->v.array().isFinite().all()) return "head.v: a number is not finite";
    if (!std::isfinite(quadratic->lambda)) return "head.lambda: the number is not finite";
  }
  return {};
}

std::string queryAndLabelProblem(const Dataset& dataset) {
  const Index n = dataset.n(), d = dataset.d();
  if (!dataset.selfAttention()) {
    if (dataset.Z.rows() != n)
      return "Z: expected " + std::to_string(n) + " queries, found " + std::to_string(dataset.Z.rows());
    if (dataset.Z.cols() != d)
      return "Z[0]: expected " + numbers(d) + ", found " + std::to_string(dataset.Z.cols());
    if (!finite(dataset.Z)) return "Z: a number is not finite";
  }
  if (dataset.y.size() != n)
    return "y: expected " + std::to_string(n) + " labels, found " + std::to_string(dataset.y.size());
  for (Index i = 0; i < n; ++i)
    if (dataset.y(i) != 1.0 && dataset.y(i) != -1.0) return at("y", i) + ": expected 1 or -1";
  return {};
}

}  // namespace

std::vector<AttentionRow> attentionRows(const Dataset& dataset, QueryMode mode) {
  std::vector<AttentionRow> rows;
  for (Index i = 0; i < dataset.n(); ++i) {
    const Index T = dataset.length(i);
    if (!mode.everyToken) {
      rows.push_back({i, 0, T});
      continue;
    }
    for (Index k = 0; k < T; ++k) rows.push_back({i, k, mode.causal ? k + 1 : T});
  }
  return rows;
}

Vector queryOf(const Dataset& dataset, QueryMode mode, const AttentionRow& row) {
  if (!mode.everyToken) return dataset.query(row.sequence);
  return dataset.tokens(row.sequence).row(row.query).transpose();
}

Result<Dataset> validated(Dataset dataset) {
  if (dataset.n() < 1) return Error{"X: expected at least 1 sequence, found 0"};
  std::string problem = tokenProblem(dataset);
  if (problem.empty()) problem = queryAndLabelProblem(dataset);
  if (problem.empty()) problem = headProblem(dataset.head, dataset.d());
  if (!problem.empty()) return Error{std::move(problem)};
  return dataset;
}

}  // namespace attention_svm
