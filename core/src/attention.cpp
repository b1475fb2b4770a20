// SPDX-License-Identifier: MIT
#include "attention_svm/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ordered_sums.h"
#include "portable_math.h"

namespace attention_svm {

namespace {

constexpr std::size_t kBlock = 16;  // queries that share what is read of W
constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

Vector rowSizes(const Matrix& A) {
  Vector sizes(A.rows());
  for (Index i = 0; i < A.rows(); ++i) {
    const double* row = A.data() + i * A.cols();
    sizes(i) = std::sqrt(orderedDot(row, row, A.cols()));
  }
  return sizes;
}

double softplus(double u) { return std::max(u, 0.0) + portableLog1p(portableExp(-std::abs(u))); }

}  // namespace

double lossValue(Loss loss, double u) {
  switch (loss) {
    case Loss::Logistic: return softplus(-u);
    case Loss::Exponential: return portableExp(-u);
    case Loss::Linear: return -u;
  }
  return 0.0;
}

double lossSlope(Loss loss, double u) { return -portableExp(logLossSlope(loss, u)); }

double logLossSlope(Loss loss, double u) {
  switch (loss) {
    case Loss::Logistic: return -softplus(u);
    case Loss::Exponential: return -u;
    case Loss::Linear: return 0.0;
  }
  return 0.0;
}

AttentionModel::AttentionModel(const Dataset& dataset, QueryMode mode, Loss loss)
    : AttentionModel(std::make_shared<const Dataset>(dataset), mode, loss) {}

AttentionModel::AttentionModel(std::shared_ptr<const Dataset> shared, QueryMode mode, Loss loss)
    : rows_(attentionRows(*shared, mode)),
      dataset_(std::move(shared)),
      linear_(std::holds_alternative<LinearHead>(dataset_->head)),
      lossKind_(loss) {
  const Dataset& dataset = *dataset_;
  const Index d = dataset.d();
  Z_.resize(static_cast<Index>(rows_.size()), d);
  states_.resize(rows_.size());
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    Z_.row(static_cast<Index>(r)) = queryOf(dataset, mode, rows_[r]).transpose();
    const auto parts = {&RowState::logits, &RowState::logS, &RowState::s,
                        &RowState::e,      &RowState::u,    &RowState::coefficients};
    for (const auto part : parts) (states_[r].*part).setZero(rows_[r].visible);
    // A linear head's gain from a token never changes: its score gamma.
    if (!linear_) continue;
    orderedProduct(tokens(r), rows_[r].visible, std::get<LinearHead>(dataset.head).v.data(), states_[r].u);
    states_[r].u *= dataset_->y(rows_[r].sequence);
  }
  for (const Matrix& X : dataset.X) tokenSizes_.push_back(rowSizes(X));
  querySizes_ = rowSizes(Z_);
  for (Vector* scratch : {&o_, &headGradient_}) scratch->setZero(d);
  Wz_.setZero(static_cast<Index>(std::min<std::size_t>(kBlock, rows_.size())) * d);
}

void AttentionModel::softmax(RowState& row) {
  const double largest = row.logits.maxCoeff(&row.selected);
  row.e = (row.logits.array() - largest).unaryExpr(&portableExp);
  // The largest term is 1: adding the small ones apart keeps log(sum) exact when attention saturates.
  row.e(row.selected) = 0.0;
  const double others = orderedSum(row.e);
  row.e(row.selected) = 1.0;
  row.logSum = portableLog1p(others);
  row.s = row.e / (1.0 + others);
  row.logS = row.logits.array() - largest - row.logSum;
}

/// Output, prediction, and for a nonlinear head the gains u of the tokens.
void AttentionModel::headGains(std::size_t r) {
  RowState& row = states_[r];
  const double y = dataset_->y(rows_[r].sequence);
  if (linear_) {
    row.prediction = y * orderedDot(row.s, row.u);
    return;
  }
  orderedTransposedProduct(tokens(r), row.s.size(), row.s, o_);
  row.prediction = evaluate(dataset_->head, o_);
  attention_svm::gradient(dataset_->head, o_, headGradient_);
  orderedProduct(tokens(r), row.s.size(), headGradient_.data(), row.u);
  row.u *= y;
}

/// W z of the queries r, r + 1, ...: together, so that each row of W comes from memory once for all of them.
void AttentionModel::imagesOfQueries(const Matrix& W, std::size_t r) {
  const Index d = Z_.cols(), first = static_cast<Index>(r);
  const Index count = std::min<Index>(kBlock, Z_.rows() - first);
  for (Index i = 0; i < d; ++i)
    for (Index k = 0; k < count; ++k)
      Wz_(k * d + i) = orderedDot(W.data() + i * d, Z_.data() + (first + k) * d, d);
}

void AttentionModel::forward(const Matrix& W) {
  loss_ = 0.0;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    RowState& row = states_[r];
    if (r % kBlock == 0) imagesOfQueries(W, r);
    orderedProduct(tokens(r), row.s.size(), Wz_.data() + static_cast<Index>(r % kBlock) * Z_.cols(),
                   row.logits);
    softmax(row);
    headGains(r);
    const double u = dataset_->y(rows_[r].sequence) * row.prediction;
    row.logSlope = logLossSlope(lossKind_, u);
    loss_ += lossValue(lossKind_, u);
  }
  loss_ /= static_cast<double>(rows_.size());
}

/// l'(y f) (s_t u_t - s_t sum_tau s_tau u_tau) / rows, in the order of operations of automatic
/// differentiation: it freezes where the published curves do.
void AttentionModel::plainCoefficients() {
  const double count = static_cast<double>(rows_.size());
  for (RowState& row : states_) {
    const double slope = -portableExp(row.logSlope) / count;
    row.coefficients = (slope * row.u.array()) * row.s.array();
    row.coefficients -= orderedSum(row.coefficients) * row.s;
  }
}

/// Of sum_r sum_t l' (s_t u_t - s_t sum_tau s_tau u_tau) x_t z^T.
double AttentionModel::gradientRounding() const {
  double sum = 0.0;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    const RowState& row = states_[r];
    const Vector& sizes = tokenSizes_[static_cast<std::size_t>(rows_[r].sequence)];
    double mean = 0.0, weighted = 0.0;
    for (Index t = 0; t < row.s.size(); ++t) mean += row.s(t) * std::abs(row.u(t));
    for (Index t = 0; t < row.s.size(); ++t) weighted += row.s(t) * (std::abs(row.u(t)) + mean) * sizes(t);
    sum += portableExp(row.logSlope) * weighted * querySizes_(static_cast<Index>(r));
  }
  return std::numeric_limits<double>::epsilon() * sum / static_cast<double>(rows_.size());
}

/// Writes c_t = (u_t - u_m) - sum_tau s_tau (u_tau - u_m), m the argmax token: no cancellation however
/// small the other probabilities are. Returns the largest log-weight among the tokens that count.
double AttentionModel::logDomainCoefficients(RowState& row) const {
  const double um = row.u(row.selected);
  row.coefficients = row.u.array() - um;
  row.coefficients.array() -= orderedDot(row.s, row.coefficients);
  double largest = kMinusInfinity;
  for (Index t = 0; t < row.s.size(); ++t)
    if (t != row.selected && row.coefficients(t) != 0.0)
      largest = std::max(largest, row.logSlope + row.logS(t));
  return largest;
}

/// Coefficients of the tokens in units of exp(returned scale) / rows, the argmax token balancing the rest.
double AttentionModel::scaledCoefficients() {
  double scale = kMinusInfinity;
  for (RowState& row : states_) scale = std::max(scale, logDomainCoefficients(row));
  for (RowState& row : states_) {
    if (scale == kMinusInfinity) {
      row.coefficients.setZero();
      continue;
    }
    const double shift = row.logSlope - row.logSum - scale;
    // e_t exp(shift) saves the exponentials; past exp(500) the underflow of e_t would begin to show.
    if (shift < 500.0)
      row.coefficients.array() *= -portableExp(shift) * row.e.array();
    else
      for (Index t = 0; t < row.s.size(); ++t)  // a token without effect may weigh more than fits a double
        if (row.coefficients(t) != 0.0)
          row.coefficients(t) *= -portableExp(row.logS(t) + (row.logSlope - scale));
    row.coefficients(row.selected) = 0.0;  // only now: its own weight may have overflowed
    row.coefficients(row.selected) = -orderedSum(row.coefficients);
  }
  return scale;
}

void AttentionModel::gradient(GradientMode mode, ScaledGradient& out) {
  const Index d = Z_.cols();
  out.direction.setZero(d, d);
  out.logScale = 0.0;
  if (mode == GradientMode::Plain) {
    plainCoefficients();
  } else {
    const double scale = scaledCoefficients();
    out.logScale = scale - portableLog(static_cast<double>(rows_.size()));
    if (scale == kMinusInfinity) return;
  }
  Vector& g = Wz_;  // of a block of queries; their images are no longer needed
  for (std::size_t r = 0; r < rows_.size(); r += kBlock) {
    const std::size_t end = std::min(rows_.size(), r + kBlock);
    for (std::size_t k = r; k < end; ++k)
      orderedTransposedProduct(tokens(k), states_[k].s.size(), states_[k].coefficients,
                               g.data() + static_cast<Index>(k - r) * d);
    for (Index j = 0; j < d; ++j)
      for (std::size_t k = r; k < end; ++k)
        addScaled(out.direction.data() + j * d, g(static_cast<Index>(k - r) * d + j),
                  Z_.data() + static_cast<Index>(k) * d, d);
  }
}

}  // namespace attention_svm
