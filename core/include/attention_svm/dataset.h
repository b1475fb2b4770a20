// SPDX-License-Identifier: MIT
// The data: n sequences of T_i tokens in R^d, a query and a label for each, and the head. Sequences of words
// (words.h) are sequences of such tokens, too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "attention_svm/head.h"
#include "attention_svm/linalg.h"
#include "attention_svm/result.h"
#include "attention_svm/words.h"

namespace attention_svm {

struct Budget;
namespace json {
class Value;
}

struct Dataset {
  std::string name;
  std::string source;     ///< where the data comes from, for credits; may be empty
  std::vector<Matrix> X;  ///< n matrices T_i x d; row t of X[i] is the token x_it
  Matrix Z;               ///< n x d, row i is the query z_i; 0 rows: self-attention, z_i = x_i1
  Vector y;               ///< n labels, -1 or +1
  Head head;
  /// Next-word prediction: X, Z (the embedding of each sequence's last word), y (all 1) and head are made
  /// from these by wordDataset(); the loss is the log loss.
  std::optional<Words> words;

  [[nodiscard]] Index n() const { return static_cast<Index>(X.size()); }
  [[nodiscard]] Index d() const { return X.empty() ? 0 : X.front().cols(); }
  [[nodiscard]] Index length(Index i) const { return X[static_cast<std::size_t>(i)].rows(); }
  [[nodiscard]] const Matrix& tokens(Index i) const { return X[static_cast<std::size_t>(i)]; }
  [[nodiscard]] bool selfAttention() const { return Z.rows() == 0; }
  [[nodiscard]] Vector query(Index i) const {
    return selfAttention() ? Vector(tokens(i).row(0).transpose()) : Vector(Z.row(i).transpose());
  }
};

/// Which queries attend, and what they see (THEORY: one query per sequence; section 6: every token).
struct QueryMode {
  bool everyToken = false;  ///< every token of a sequence is a query, its own z = x_ik
  bool causal = false;      ///< with everyToken: query k sees only tokens 0..k
  bool operator==(const QueryMode&) const = default;
};

/// One row of attention: query `query` of `sequence` looks at the tokens 0..visible-1.
/// With one query per sequence, `query` is 0 and all T_i tokens are visible.
struct AttentionRow {
  Index sequence = 0;
  Index query = 0;
  Index visible = 0;
};

/// All rows, ordered by sequence, then query. One per sequence, or sum of T_i with everyToken.
std::vector<AttentionRow> attentionRows(const Dataset& dataset, QueryMode mode);

/// The query vector of a row (d entries).
Vector queryOf(const Dataset& dataset, QueryMode mode, const AttentionRow& row);

/// Checks shapes, finiteness and labels; the error names the place ("y[2]: expected 1 or -1, found 0").
/// At least one sequence, T_i >= 1, d >= 1.
Result<Dataset> validated(Dataset dataset);

/// The dataset of these words. The error names the place ("sequences[3][2]: expected a word from 0 to 5,
/// found 9"). At least one word and one sequence.
Result<Dataset> wordDataset(Words words);

/// Reads the format of the dataset file (docs/data-format.md; versions 1 and 2). The error names the place:
/// "line 3, column 7: expected ','", "X[3][2]: expected 10 numbers, found 9".
Result<Dataset> parseDataset(const std::string& json);
/// The same within a budget of one's own (budget.h).
Result<Dataset> parseDataset(const std::string& json, const Budget& budget);
/// The same from text that is parsed already. `headless`: there is no head, and a linear one with v = 0
/// stands for it.
Result<Dataset> datasetFrom(const json::Value& file, const Budget& budget, bool headless = false);

/// Writes the same format. Numbers are written so that parsing gives back the same bits.
std::string toJson(const Dataset& dataset);

}  // namespace attention_svm
