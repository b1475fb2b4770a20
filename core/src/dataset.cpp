// SPDX-License-Identifier: MIT
#include "attention_svm/dataset.h"

#include <algorithm>
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

namespace {

std::string place(const char* list, std::size_t i) {
  return std::string(list) + "[" + std::to_string(i) + "]";
}

std::string wordRange(const Words& words, Index found) {
  return ": expected a word from 0 to " + std::to_string(words.count() - 1) + ", found " +
         std::to_string(found);
}

std::string vocabularyProblem(const Words& words) {
  const std::size_t K = words.names.size();
  if (K < 1) return "vocabulary.words: expected at least 1 word, found 0";
  if (words.E.rows() != static_cast<Index>(K))
    return "vocabulary.E: expected " + std::to_string(K) + " rows, found " + std::to_string(words.E.rows());
  if (words.E.cols() < 1) return "vocabulary.E[0]: expected at least 1 number, found 0";
  if (!finite(words.E)) return "vocabulary.E: a number is not finite";
  std::vector<std::string> sorted = words.names;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  return twice == sorted.end() ? std::string() : "vocabulary.words: \"" + *twice + "\" occurs twice";
}

std::string wordSequenceProblem(const Words& words) {
  if (words.sequences.empty()) return "sequences: expected at least 1 sequence, found 0";
  for (std::size_t i = 0; i < words.sequences.size(); ++i) {
    const std::vector<Index>& sequence = words.sequences[i];
    if (sequence.empty()) return place("sequences", i) + ": expected at least 1 word, found 0";
    for (std::size_t t = 0; t < sequence.size(); ++t)
      if (sequence[t] < 0 || sequence[t] >= words.count())
        return place("sequences", i) + "[" + std::to_string(t) + "]" + wordRange(words, sequence[t]);
  }
  if (words.next.size() != words.sequences.size())
    return "next: expected " + std::to_string(words.sequences.size()) + " words, found " +
           std::to_string(words.next.size());
  for (std::size_t i = 0; i < words.next.size(); ++i) {
    const Index next = words.next[i];
    if (next < 0 || next >= words.count()) return place("next", i) + wordRange(words, next);
    if (std::find(words.sequences[i].begin(), words.sequences[i].end(), next) == words.sequences[i].end())
      return place("next", i) + ": expected a word that occurs in " + place("sequences", i) + ", found " +
             std::to_string(next) + " (\"" + words.names[static_cast<std::size_t>(next)] + "\")";
  }
  return {};
}

/// Tokens, queries, labels and head as the words say.
void putPoints(Dataset& dataset) {
  const Words& words = *dataset.words;
  const auto n = static_cast<Index>(words.sequences.size());
  dataset.X.clear();
  dataset.Z.resize(n, words.E.cols());
  for (Index i = 0; i < n; ++i) {
    const std::vector<Index>& sequence = words.sequences[static_cast<std::size_t>(i)];
    Matrix X(static_cast<Index>(sequence.size()), words.E.cols());
    for (Index t = 0; t < X.rows(); ++t) X.row(t) = words.E.row(sequence[static_cast<std::size_t>(t)]);
    dataset.X.push_back(std::move(X));
    dataset.Z.row(i) = words.E.row(words.last(i));
  }
  dataset.y = Vector::Ones(n);
  dataset.head = NextWordHead{};
}

}  // namespace

Result<Dataset> wordDataset(Words words) {
  std::string problem = vocabularyProblem(words);
  if (problem.empty()) problem = wordSequenceProblem(words);
  if (!problem.empty()) return Error{std::move(problem)};
  Dataset dataset;
  dataset.words = std::move(words);
  putPoints(dataset);
  return dataset;
}

Result<Dataset> validated(Dataset dataset) {
  if (dataset.words) {
    Result<Dataset> words = wordDataset(std::move(*dataset.words));
    if (!words) return Error{words.error()};
    words.value().name = std::move(dataset.name);
    words.value().source = std::move(dataset.source);
    return words;
  }
  if (std::holds_alternative<NextWordHead>(dataset.head)) return Error{"head: only words have this head"};
  if (dataset.n() < 1) return Error{"X: expected at least 1 sequence, found 0"};
  std::string problem = tokenProblem(dataset);
  if (problem.empty()) problem = queryAndLabelProblem(dataset);
  if (problem.empty()) problem = headProblem(dataset.head, dataset.d());
  if (!problem.empty()) return Error{std::move(problem)};
  return dataset;
}

}  // namespace attention_svm
