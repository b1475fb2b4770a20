// SPDX-License-Identifier: MIT
// Forward pass, loss and gradient of one-layer attention (paper, section 2; THEORY sections 1, 6d and 8).
#pragma once

#include <memory>
#include <vector>

#include "attention_svm/dataset.h"

namespace attention_svm {

/// Decreasing losses l(u) of u = y f.
enum class Loss {
  Logistic,     ///< log(1 + exp(-u))
  Exponential,  ///< exp(-u)
  Linear,       ///< -u ("correlation")
};
double lossValue(Loss loss, double u);
double lossSlope(Loss loss, double u);     ///< l'(u) < 0
double logLossSlope(Loss loss, double u);  ///< log(-l'(u)), without underflow

enum class GradientMode {
  LogDomain,  ///< differences to the argmax token, largest log-weight factored out: never vanishes
  Plain,      ///< textbook formula, which dies near 1e-16: kept to match published curves
};

/// grad L(W) = exp(logScale) * direction. In plain mode logScale = 0.
struct ScaledGradient {
  Matrix direction;  ///< d x d
  double logScale = 0.0;
};

/// Everything that one evaluation at W gives; sized once for a dataset and reused without allocation.
/// Rows are those of attentionRows(dataset, mode); L(W) is the mean over the rows. Words have the log loss
/// -log p, p the attention on the places of the next word, whatever `loss` says.
class AttentionModel {
 public:
  AttentionModel(const Dataset& dataset, QueryMode mode, Loss loss);
  /// The same on data that is shared, not copied; `dataset` is not null.
  AttentionModel(std::shared_ptr<const Dataset> dataset, QueryMode mode, Loss loss);

  /// Forward pass at W (d x d): probabilities, outputs, loss.
  void forward(const Matrix& W);
  /// Gradient at the W of the last forward(). `out` is resized when its shape is another.
  void gradient(GradientMode mode, ScaledGradient& out);
  /// 2^-52 times the sum of the sizes of all that the plain gradient adds up, at the W of the last forward():
  /// a plain gradient no larger than this is what rounding left.
  [[nodiscard]] double gradientRounding() const;

  [[nodiscard]] double loss() const { return loss_; }
  [[nodiscard]] const std::vector<AttentionRow>& rows() const { return rows_; }
  [[nodiscard]] const Matrix& queries() const { return Z_; }  ///< R x d, one query for each row
  /// s, `visible` entries.
  [[nodiscard]] const Vector& probabilities(Index row) const { return at(row).s; }
  /// log s, exact far below 1e-308.
  [[nodiscard]] const Vector& logProbabilities(Index row) const { return at(row).logS; }
  [[nodiscard]] const Vector& logits(Index row) const { return at(row).logits; }  ///< X_i W z
  /// f = h(o); of words, the probability p of the next one.
  [[nodiscard]] double prediction(Index row) const { return at(row).prediction; }
  /// argmax of s, the first in a tie.
  [[nodiscard]] Index selected(Index row) const { return at(row).selected; }

 private:
  struct RowState {
    Vector logits, logS, s;
    Vector e;  ///< exp(logit - largest logit)
    Vector u;  ///< y x_t . grad h(o): how much y f gains from token t; of words, 1 where the next word stands
    Vector coefficients;
    double others = 0.0;  ///< sum of e but for the selected token's, which is 1
    double logSum = 0.0;  ///< log of the sum of e
    double prediction = 0.0;
    double logSlope = 0.0;   ///< log(-l'(y f))
    double logOthers = 0.0;  ///< words: log(1 - p), without cancellation
    Index selected = 0;
  };
  [[nodiscard]] const RowState& at(Index row) const { return states_[static_cast<std::size_t>(row)]; }
  [[nodiscard]] const Matrix& tokens(std::size_t r) const { return dataset_->tokens(rows_[r].sequence); }
  void imageOfQuery(const Matrix& W, Index r);
  static void exponentiate(RowState& row);
  static void normalize(RowState& row);
  void headGains(std::size_t r);
  double applyLoss(std::size_t r);
  void nextWordProbability(RowState& row);
  static void nextWordCoefficients(RowState& row, double scale);
  double logDomainCoefficients(RowState& row) const;
  void plainCoefficients();
  double scaledCoefficients();

  std::vector<AttentionRow> rows_;
  std::shared_ptr<const Dataset> dataset_;
  Matrix Z_;
  std::vector<Vector> tokenSizes_;  ///< |x_t| in each sequence
  Vector querySizes_;               ///< |z| of each row
  bool linear_ = false, words_ = false;
  Loss lossKind_;
  double loss_ = 0.0;
  std::vector<RowState> states_;
  Vector Wz_, o_, headGradient_;  ///< d entries each, scratch
  Vector g_;                      ///< d entries for each of some queries, scratch
};

}  // namespace attention_svm
