// SPDX-License-Identifier: MIT
// Sums run in the order of their index, as in the program's matrix products; its softmax, forward and back,
// works on vectors of four numbers with fused multiply-add, and so do the sums here.
#include "attention_svm/published_program.h"

#include <algorithm>
#include <cmath>

#include "portable_math.h"

namespace attention_svm {

namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr Index kLanes = 4;  // numbers in a vector of that program's processor

/// C = A B, each entry summed in order. B has C.cols() columns.
void multiply(const Matrix& A, Index rows, const Matrix& B, Matrix& C) {
  const Index inner = A.cols(), cols = B.cols();
  for (Index i = 0; i < rows; ++i) {
    double* c = C.data() + i * C.cols();
    for (Index j = 0; j < cols; ++j) c[j] = 0.0;
    for (Index k = 0; k < inner; ++k) {
      const double factor = A(i, k);
      const double* b = B.data() + k * cols;
      for (Index j = 0; j < cols; ++j) c[j] += factor * b[j];
    }
  }
}

template <class A, class B>
double dotInOrder(const A& a, const B& b) {
  double sum = 0.0;
  for (Index k = 0; k < a.size(); ++k) sum += a(k) * b(k);
  return sum;
}

double vectorSum(const Vector& x, Index count) {
  if (count < kLanes) return x.head(count).redux([](double a, double b) { return a + b; });
  double lane[kLanes];
  for (Index k = 0; k < count; ++k) lane[k % kLanes] = k < kLanes ? x(k) : lane[k % kLanes] + x(k);
  return ((lane[0] + lane[1]) + lane[2]) + lane[3];
}

double vectorDot(const Vector& x, const Vector& y, Index count) {
  double lane[kLanes] = {};
  for (Index k = 0; k < count; ++k)
    lane[k % kLanes] = k < kLanes ? x(k) * y(k) : fusedMultiplyAdd(x(k), y(k), lane[k % kLanes]);
  double sum = lane[0];
  for (Index k = 1; k < std::min(count, kLanes); ++k) sum += lane[k];
  return sum;
}

double norm(const Matrix& A) {
  double sum = 0.0;
  for (Index i = 0; i < A.rows(); ++i)
    for (Index j = 0; j < A.cols(); ++j) sum = fusedMultiplyAdd(A(i, j), A(i, j), sum);
  return std::sqrt(sum);
}

/// l'(u)
double slope(Loss loss, double u, double share) {
  if (loss == Loss::Linear) return -share;
  const double z = std::abs(u) <= 700.0 ? roundedExp(-u) : std::exp(-u);
  if (loss == Loss::Exponential) return -share * z;
  return u < -20.0 ? -share : -(share * z / (z + 1.0));  // softplus is taken as linear beyond 20
}

}  // namespace

PublishedProgram::PublishedProgram(const Dataset& dataset, QueryMode mode, Loss loss)
    : rows_(attentionRows(dataset, mode)), X_(dataset.X), y_(dataset.y), head_(dataset.head), loss_(loss) {
  const Index d = dataset.d();
  Index longest = 0;
  Z_.resize(static_cast<Index>(rows_.size()), d);
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    Z_.row(static_cast<Index>(r)) = queryOf(dataset, mode, rows_[r]).transpose();
    longest = std::max(longest, rows_[r].visible);
  }
  XW_.setZero(longest, d);
  for (Vector* scratch : {&a_, &s_, &da_}) scratch->setZero(longest);
  for (Vector* scratch : {&o_, &do_}) scratch->setZero(d);
  if (const auto* mlp = std::get_if<MlpHead>(&head_)) hidden_.setZero(mlp->output.size());
}

bool PublishedProgram::affordable(const Dataset& dataset, QueryMode mode) {
  if (dataset.words) return false;       // it knows no words
  constexpr double kProducts = 1 << 17;  // some 0.2 ms
  double tokens = 0.0;
  for (const AttentionRow& row : attentionRows(dataset, mode)) tokens += static_cast<double>(row.visible);
  return tokens * static_cast<double>(dataset.d()) * static_cast<double>(dataset.d()) <= kProducts;
}

void PublishedProgram::weights(const Matrix& K, const Matrix& Q, Matrix& W) {
  Qt_ = Q.transpose();
  multiply(K, K.rows(), Qt_, W);
}

void PublishedProgram::logits(const Matrix& W, std::size_t r) {
  multiply(X_[static_cast<std::size_t>(rows_[r].sequence)], rows_[r].visible, W, XW_);
  for (Index t = 0; t < rows_[r].visible; ++t) a_(t) = dotInOrder(XW_.row(t), Z_.row(static_cast<Index>(r)));
}

void PublishedProgram::softmax(std::size_t r) {
  const Index T = rows_[r].visible;
  const double largest = a_.head(T).maxCoeff();
  for (Index t = 0; t < T; ++t) s_(t) = fusedExp(a_(t) - largest);
  const double inverse = 1.0 / vectorSum(s_, T);
  for (Index t = 0; t < T; ++t) s_(t) *= inverse;
}

/// dL/do = l'(y f) y / rows grad h(o), o the sum of the tokens times s.
void PublishedProgram::outputGradient(std::size_t r) {
  const Matrix& X = X_[static_cast<std::size_t>(rows_[r].sequence)];
  const Index d = Z_.cols();
  o_.setZero();
  for (Index t = 0; t < rows_[r].visible; ++t)
    for (Index k = 0; k < d; ++k) o_(k) += s_(t) * X(t, k);
  const double y = y_(rows_[r].sequence), share = 1.0 / static_cast<double>(rows_.size());
  if (const auto* linear = std::get_if<LinearHead>(&head_)) {
    do_ = slope(loss_, y * dotInOrder(o_, linear->v), share) * y * linear->v;
  } else if (const auto* mlp = std::get_if<MlpHead>(&head_)) {
    for (Index j = 0; j < hidden_.size(); ++j) hidden_(j) = std::max(0.0, dotInOrder(o_, mlp->hidden.row(j)));
    const double c = slope(loss_, y * dotInOrder(hidden_, mlp->output), share) * y;
    do_.setZero();
    for (Index j = 0; j < hidden_.size(); ++j) {
      const double dHidden = hidden_(j) > 0.0 ? c * mlp->output(j) : 0.0;
      for (Index k = 0; k < d; ++k) do_(k) += dHidden * mlp->hidden(j, k);
    }
  } else {
    const auto& quadratic = std::get<QuadraticHead>(head_);
    const double f = dotInOrder(o_, quadratic.v) - quadratic.lambda * dotInOrder(o_, o_);
    do_ = slope(loss_, y * f, share) * y * (quadratic.v - 2.0 * quadratic.lambda * o_);
  }
}

/// The softmax backwards: s_t (g_t - sum_tau g_tau s_tau), g_t = x_t . dL/do.
void PublishedProgram::logitGradient(std::size_t r) {
  const Matrix& X = X_[static_cast<std::size_t>(rows_[r].sequence)];
  const Index T = rows_[r].visible;
  for (Index t = 0; t < T; ++t) da_(t) = dotInOrder(X.row(t), do_);
  const double mean = vectorDot(da_, s_, T);
  for (Index t = 0; t < T; ++t) da_(t) = (da_(t) - mean) * s_(t);
}

void PublishedProgram::gradient(const Matrix& W, Matrix& dW) {
  const Index d = Z_.cols();
  dW.setZero(d, d);
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    logits(W, r);
    softmax(r);
    outputGradient(r);
    logitGradient(r);
    const Matrix& X = X_[static_cast<std::size_t>(rows_[r].sequence)];
    for (Index t = 0; t < rows_[r].visible; ++t) {
      for (Index k = 0; k < d; ++k) o_(k) = da_(t) * Z_(static_cast<Index>(r), k);
      for (Index j = 0; j < d; ++j)
        for (Index k = 0; k < d; ++k) dW(j, k) += X(t, j) * o_(k);
    }
  }
}

void PublishedProgram::factorGradients(const Matrix& dW, const Matrix& K, const Matrix& Q, Matrix& dK,
                                       Matrix& dQ) {
  multiply(dW, dW.rows(), Q, dK);
  dWt_ = dW.transpose();
  multiply(dWt_, dWt_.rows(), K, dQ);
}

void PublishedProgram::normalizedStep(double eta, const Matrix& G, Matrix& P) {
  const double size = norm(G) + kEpsilon;
  for (Index i = 0; i < P.rows(); ++i)
    for (Index j = 0; j < P.cols(); ++j) P(i, j) -= eta * G(i, j) / size;
}

}  // namespace attention_svm
