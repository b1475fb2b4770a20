// SPDX-License-Identifier: MIT
#include "attention_svm/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ordered_sums.h"
#include "portable_math.h"

namespace attention_svm {

namespace {

constexpr Index kBlock = 16;    // queries whose gradients are added together
constexpr Index kLargeW = 200;  // dimensions from which W does not stay near the processor
constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

Vector rowSizes(const Matrix& A) {
  Vector sizes(A.rows());
  for (Index i = 0; i < A.rows(); ++i) {
    const double* row = A.data() + i * A.cols();
    sizes(i) = std::sqrt(orderedDot(row, row, A.cols()));
  }
  return sizes;
}

/// log sum exp(logits_t - largest) over the tokens with u_t = `which`; minus infinity when there is none.
double logShare(const Vector& logits, const Vector& e, const Vector& u, double which) {
  double sum = 0.0, largest = kMinusInfinity;
  for (Index t = 0; t < u.size(); ++t)
    if (u(t) == which) {
      sum += e(t);
      largest = std::max(largest, logits(t));
    }
  if (sum > 1e-290 || largest == kMinusInfinity) return sum > 0.0 ? portableLog(sum) : kMinusInfinity;
  sum = 0.0;
  for (Index t = 0; t < u.size(); ++t)
    if (u(t) == which) sum += portableExp(logits(t) - largest);
  return portableLog(sum) + (largest - logits.maxCoeff());
}

double softplus(double u) { return std::max(u, 0.0) + portableLog1p(portableExp(-std::abs(u))); }

/// l(u) and log(-l'(u)) at once: of the logistic loss they share the logarithm.
struct LossAndSlope {
  double value, logSlope;
};
LossAndSlope lossAndSlope(Loss loss, double u) {
  if (loss != Loss::Logistic) return {lossValue(loss, u), logLossSlope(loss, u)};
  const double rest = portableLog1p(portableExp(-std::abs(u)));
  return {std::max(-u, 0.0) + rest, -(std::max(u, 0.0) + rest)};
}

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
      words_(dataset_->words.has_value()),
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
    if (words_) {
      const auto i = static_cast<std::size_t>(rows_[r].sequence);
      for (Index t = 0; t < rows_[r].visible; ++t)
        if (dataset.words->sequences[i][static_cast<std::size_t>(t)] == dataset.words->next[i])
          states_[r].u(t) = 1.0;
    }
    // A linear head's gain from a token never changes: its score gamma.
    if (!linear_) continue;
    orderedProduct(tokens(r), rows_[r].visible, std::get<LinearHead>(dataset.head).v.data(), states_[r].u);
    states_[r].u *= dataset_->y(rows_[r].sequence);
  }
  for (const Matrix& X : dataset.X) tokenSizes_.push_back(rowSizes(X));
  querySizes_ = rowSizes(Z_);
  for (Vector* scratch : {&Wz_, &o_, &headGradient_}) scratch->setZero(d);
  g_.setZero(std::min(kBlock, Z_.rows()) * d);
}

/// exp of the logits less the largest, and what all but that one add up to.
void AttentionModel::exponentiate(RowState& row) {
  const double largest = row.logits.maxCoeff(&row.selected);
  row.e = row.logits.array() - largest;
  kernels().exponentials(row.e.data(), row.e.size(), row.e.data());
  // The largest term is 1: adding the small ones apart keeps log(sum) exact when attention saturates.
  row.e(row.selected) = 0.0;
  row.others = orderedSum(row.e);
  row.e(row.selected) = 1.0;
}

void AttentionModel::normalize(RowState& row) {
  row.s = row.e / (1.0 + row.others);
  row.logS = row.logits.array() - row.logits(row.selected) - row.logSum;
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

/// Wz_ = W z of the row. Of a large W the images of a block of queries are found together, so that each row
/// of W comes from memory once for all of them; products and their order are the same.
void AttentionModel::imageOfQuery(const Matrix& W, Index r) {
  const Index d = Z_.cols(), first = r - r % kBlock, count = std::min(kBlock, Z_.rows() - first);
  if (d < kLargeW) return orderedProduct(W, d, Z_.data() + r * d, Wz_);
  if (r == first)
    for (Index i = 0; i < d; ++i)
      kernels().product(Z_.data() + first * d, count, d, W.data() + i * d, g_.data() + i * count);
  for (Index i = 0; i < d; ++i) Wz_(i) = g_(i * count + r - first);
}

void AttentionModel::forward(const Matrix& W) {
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    RowState& row = states_[r];
    imageOfQuery(W, static_cast<Index>(r));
    orderedProduct(tokens(r), row.s.size(), Wz_.data(), row.logits);
    exponentiate(row);
  }
  // Loops of their own, in which one row's logarithm does not wait for another's.
  for (RowState& row : states_) row.logSum = portableLog1p(row.others);
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    normalize(states_[r]);
    if (!words_) headGains(r);
  }
  loss_ = 0.0;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    loss_ += applyLoss(r);
  }
  loss_ /= static_cast<double>(rows_.size());
}

/// The row's loss.
double AttentionModel::applyLoss(std::size_t r) {
  RowState& row = states_[r];
  if (words_) {
    nextWordProbability(row);
    return row.logSlope;
  }
  const LossAndSlope at = lossAndSlope(lossKind_, dataset_->y(rows_[r].sequence) * row.prediction);
  row.logSlope = at.logSlope;
  return at.value;
}

/// p and the logarithms of p and 1 - p, all of them exact however near to 0 or 1 p is. The log loss has the
/// slope -1/p, so that log(-l') and the loss are the same number.
void AttentionModel::nextWordProbability(RowState& row) {
  const double odds =
      logShare(row.logits, row.e, row.u, 0.0) - logShare(row.logits, row.e, row.u, 1.0);  // of the others
  row.logSlope = softplus(odds);
  row.logOthers = -softplus(-odds);
  row.prediction = portableExp(-row.logSlope);
}

/// s_t of the other words, in units of exp(scale); their sum, with a minus, is shared out among the places of
/// the next word as attention restricted to these is.
void AttentionModel::nextWordCoefficients(RowState& row, double scale) {
  // As below: e_t saves the exponentials while its underflow cannot show.
  const double shift = -row.logSum - scale;
  const bool near = shift < 500.0, nextNear = row.logSlope < 500.0;
  const double unit = near ? portableExp(shift) : 0.0;
  double others = 0.0, next = 0.0;
  for (Index t = 0; t < row.s.size(); ++t) {
    double& c = row.coefficients(t);
    if (row.u(t) == 1.0)
      next += c = nextNear ? row.e(t) : portableExp(row.logS(t) + row.logSlope);
    else
      others += c = near ? unit * row.e(t) : portableExp(row.logS(t) - scale);
  }
  for (Index t = 0; t < row.s.size(); ++t)
    if (row.u(t) == 1.0) row.coefficients(t) *= -others / next;
}

/// l'(y f) (s_t u_t - s_t sum_tau s_tau u_tau) / rows, in the order of operations of automatic
/// differentiation: it freezes where the published curves do.
void AttentionModel::plainCoefficients() {
  const double count = static_cast<double>(rows_.size());
  for (RowState& row : states_) {
    if (words_) {  // s_t less the attention restricted to the places of the next word
      for (Index t = 0; t < row.s.size(); ++t) {
        const double restricted = row.u(t) == 1.0 ? portableExp(row.logS(t) + row.logSlope) : 0.0;
        row.coefficients(t) = (row.s(t) - restricted) / count;
      }
      continue;
    }
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
  double largest = kMinusInfinity;
  if (words_) {
    if (row.logOthers == kMinusInfinity) return largest;
    for (Index t = 0; t < row.s.size(); ++t)
      largest = std::max(largest, row.logS(t) + (row.u(t) == 1.0 ? row.logSlope + row.logOthers : 0.0));
    return largest;
  }
  const double um = row.u(row.selected);
  row.coefficients = row.u.array() - um;
  row.coefficients.array() -= orderedDot(row.s, row.coefficients);
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
    if (words_) {
      nextWordCoefficients(row, scale);
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
  // The outer products of several queries at once, so that the sum is read and written once for all of them.
  for (Index first = 0; first < Z_.rows(); first += kBlock) {
    const Index count = std::min(kBlock, Z_.rows() - first);
    g_.setZero();
    for (Index k = 0; k < count; ++k) {
      const auto r = static_cast<std::size_t>(first + k);
      const Matrix& X = tokens(r);
      kernels().addTransposedProduct(X.data(), states_[r].s.size(), d, states_[r].coefficients.data(), 1,
                                     g_.data() + k * d);
    }
    for (Index j = 0; j < d; ++j)
      kernels().addTransposedProduct(Z_.data() + first * d, count, d, g_.data() + j, d,
                                     out.direction.data() + j * d);
  }
}

}  // namespace attention_svm
