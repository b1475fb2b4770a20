// SPDX-License-Identifier: MIT
// Training of the attention weights (paper, section 3; THEORY sections 1, 4 and 6b).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "attention_svm/attention.h"
#include "attention_svm/budget.h"
#include "attention_svm/published_program.h"
#include "attention_svm/spectral_direction.h"
#include "attention_svm/svm_problem.h"

namespace attention_svm {

enum class Parameterization { W, KQ };

enum class Optimizer {
  /// W -= eta G / |G|_F; K and Q each with the norm of its own gradient. In plain mode as the paper's program
  /// does it: |G|_F + eps, and eps (|K|^2 + |Q|^2) added to the loss of (K, Q), eps = 2^-52.
  NormalizedGd,
  /// The same with step eta (1 + k/100)^growth at iteration k = 0, 1, ..., and K, Q normalized together:
  /// |(grad K, grad Q)|_F = sqrt 2. With steps of constant length W arrives at its SVM, but (K, Q) creeps
  /// (THEORY section 4).
  NormalizedGdGrowing,
  Gd,                ///< W -= eta G
  Adam,              ///< Kingma, Ba 2015; beta1 = 0.9, beta2 = 0.999
  Mirror,            ///< mirror descent with potential (1/p) |W|_p^p; p = 2 is Gd. W only
  NormalizedMirror,  ///< the same with G / |G|_F; p = 2 is NormalizedGd. W only
  // Steepest descent in other norms (THEORY section 6c), K and Q each on its own
  SignDescent,        ///< W -= eta sign(G), sign(0) = 0: the entrywise l_inf norm, where Adam leans
  SpectralDescent,    ///< W -= eta U V^T for G = U Sigma V^T: the operator norm, Muon's direction
  CoordinateDescent,  ///< the entry of largest size in G moves by eta, the first in a tie: entrywise l_1
};

struct TrainerOptions {
  Parameterization parameterization = Parameterization::W;
  Index rank = 0;  ///< inner size m of K, Q (d x m); 0: d
  Optimizer optimizer = Optimizer::NormalizedGd;
  double p = 2.0;  ///< mirror descent only, > 1
  /// NormalizedGdGrowing only, in [0, 10]; absent: defaultGrowth()
  std::optional<double> growth;
  double stepSize = 0.1;       ///< eta > 0
  Loss loss = Loss::Logistic;  ///< words have the log loss, whatever stands here
  GradientMode gradient = GradientMode::LogDomain;
  /// Plain gradients of (K, Q) only: add the published program's eps (|K|^2 + |Q|^2) to the loss. After some
  /// hundred iterations it holds the loss's own gradient in balance (THEORY section 8).
  bool ridge = true;
  QueryMode queries;
  std::optional<Matrix> W0, K0, Q0;  ///< else entries uniform in +-1/sqrt(d) from the seed
  std::uint64_t seed = 1;
  Budget budget;  ///< what does not fit it is refused
};

/// The power of k with which growing steps bring what trains to its SVM soonest: 1 for W, 3 for (K, Q)
/// (THEORY section 4).
double defaultGrowth(Parameterization parameterization);

/// Training as a state that steps. Copyable: a copy trains on independently.
class Trainer {
 public:
  /// Checks the options against the data; the error says what to change.
  static Result<Trainer> create(const Dataset& dataset, const TrainerOptions& options);
  /// The same on data that is shared, not copied; `dataset` is not null.
  static Result<Trainer> create(std::shared_ptr<const Dataset> dataset, const TrainerOptions& options);

  void step(int count = 1);  ///< no heap allocation; nothing once failure() says why

  [[nodiscard]] long iteration() const { return iteration_; }
  [[nodiscard]] double loss() const { return model_.loss(); }  ///< at the present weights
  /// |grad|_F at the present weights, of both K and Q when these train; may underflow to 0.
  [[nodiscard]] double gradientNorm() const;
  [[nodiscard]] double logGradientNorm() const;         ///< its natural logarithm, which does not
  [[nodiscard]] const Matrix& W() const { return W_; }  ///< K Q^T when (K, Q) train
  [[nodiscard]] const Matrix& K() const { return K_; }  ///< d x m; empty when W trains
  [[nodiscard]] const Matrix& Q() const { return Q_; }
  /// Probabilities etc. at the present weights.
  [[nodiscard]] const AttentionModel& model() const { return model_; }
  /// G = exp(logScale) direction: gradient with respect to W at the present weights.
  [[nodiscard]] const ScaledGradient& gradient() const { return gradient_; }
  [[nodiscard]] Selection selected() const;  ///< one token per attention row
  /// The largest share of attention that is still off the selected token, over the rows:
  /// max_i (1 - s_i,selected), computed without cancellation.
  [[nodiscard]] double unsaturated() const;
  [[nodiscard]] const TrainerOptions& options() const { return options_; }
  [[nodiscard]] const Dataset& dataset() const { return *dataset_; }
  /// True when the last step could not move: the gradient is zero.
  [[nodiscard]] bool stalled() const { return stalled_; }
  /// Why training has ended for good, in one sentence: the next step, or the start, leaves the range of
  /// doubles. Weights, loss and gradient stay those of the last finite iteration. Empty while it can go on.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  /// Plain gradients: the first iteration whose gradient was no larger than
  /// AttentionModel::gradientRounding(). From there on rounding leads, and the weights wander (THEORY
  /// section 8).
  [[nodiscard]] std::optional<long> roundingSince() const { return roundingSince_; }
  /// Plain gradients of (K, Q) with the ridge: the first iteration at which the ridge's gradient was half
  /// as large as the loss's own. From there on the two balance each other, and training follows the
  /// regularization path (THEORY section 8).
  [[nodiscard]] std::optional<long> ridgeSince() const { return ridgeSince_; }

 private:
  /// Running mean of the gradients (order 1) or of their squares (order 2), exp(logScale) times `value`.
  struct Moment {
    Matrix value;
    double logScale = 0.0;
  };

  Trainer(std::shared_ptr<const Dataset> dataset, const TrainerOptions& options);
  void initialize();
  void evaluate();
  void factorGradients();
  void addRidge();
  void noteWhatLeads();
  [[nodiscard]] bool isFinite() const;
  void keepWeights();
  void restoreWeights();
  [[nodiscard]] bool isPlain() const { return options_.gradient == GradientMode::Plain; }
  [[nodiscard]] bool trainsFactors() const { return options_.parameterization == Parameterization::KQ; }
  void oneStep();
  void move();
  void descend(double step);
  void descendNormalized(double step);
  void descendGrowing();
  void descendSteepest();
  void mirrorStep(double step);
  void adamStep();
  void adamUpdate(Matrix& weights, const Matrix& gradient, Moment& first, Moment& second) const;

  std::shared_ptr<const Dataset> dataset_;
  TrainerOptions options_;
  AttentionModel model_;
  std::optional<PublishedProgram> published_;  ///< plain mode, where it is affordable
  Matrix W_, K_, Q_;
  ScaledGradient gradient_;
  Matrix gradientK_, gradientQ_;  ///< G Q and G^T K, in units of exp(gradient_.logScale)
  double scaledNorm_ = 0.0;       ///< of what trains, in units of exp(gradient_.logScale)
  Moment first_[2], second_[2];   ///< Adam: of W, or of K and Q
  Matrix kept_[2];                ///< W, or K and Q, before the step that is being made
  SpectralDirection spectral_;    ///< scratch
  long iteration_ = 0;
  bool stalled_ = false;
  std::string failure_;
  std::optional<long> roundingSince_, ridgeSince_;
};

}  // namespace attention_svm
