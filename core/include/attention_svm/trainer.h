// Training of the attention weights (paper, section 3; THEORY sections 1, 4 and 6b).
#pragma once

#include <cstdint>
#include <optional>

#include "attention_svm/attention.h"
#include "attention_svm/published_program.h"
#include "attention_svm/svm_problem.h"

namespace attention_svm {

enum class Parameterization { W, KQ };

enum class Optimizer {
  /// W -= eta G / |G|_F; K and Q each with the norm of its own gradient. In plain mode as the paper's program
  /// does it: |G|_F + eps, and eps (|K|^2 + |Q|^2) added to the loss of (K, Q), eps = 2^-52.
  NormalizedGd,
  NormalizedGdGrowing,  ///< the same with step eta max(1, |W|_F)
  Gd,                   ///< W -= eta G
  Adam,                 ///< Kingma, Ba 2015; beta1 = 0.9, beta2 = 0.999
  Mirror,               ///< mirror descent with potential (1/p) |W|_p^p; p = 2 is Gd. W only
  NormalizedMirror,     ///< the same with G / |G|_F; p = 2 is NormalizedGd. W only
};

struct TrainerOptions {
  Parameterization parameterization = Parameterization::W;
  Index rank = 0;  ///< inner size m of K, Q (d x m); 0: d
  Optimizer optimizer = Optimizer::NormalizedGd;
  double p = 2.0;         ///< mirror descent only, > 1
  double stepSize = 0.1;  ///< eta > 0
  Loss loss = Loss::Logistic;
  GradientMode gradient = GradientMode::LogDomain;
  QueryMode queries;
  std::optional<Matrix> W0, K0, Q0;  ///< else entries uniform in +-1/sqrt(d) from the seed
  std::uint64_t seed = 1;
};

/// Training as a state that steps. Copyable: a copy trains on independently.
class Trainer {
 public:
  /// Checks the options against the data; the error says what to change.
  static Result<Trainer> create(const Dataset& dataset, const TrainerOptions& options);

  void step(int count = 1);  ///< no heap allocation

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
  [[nodiscard]] const Dataset& dataset() const { return dataset_; }
  /// True when the last step could not move (zero or non-finite gradient).
  [[nodiscard]] bool stalled() const { return stalled_; }

 private:
  /// Running mean of the gradients (order 1) or of their squares (order 2), exp(logScale) times `value`.
  struct Moment {
    Matrix value;
    double logScale = 0.0;
  };

  Trainer(const Dataset& dataset, const TrainerOptions& options);
  void initialize();
  void evaluate();
  void factorGradients();
  [[nodiscard]] bool isPlain() const { return options_.gradient == GradientMode::Plain; }
  [[nodiscard]] bool trainsFactors() const { return options_.parameterization == Parameterization::KQ; }
  void oneStep();
  void descend(double step);
  void descendNormalized(double step);
  [[nodiscard]] double trainedSize() const;
  void mirrorStep(double step);
  void adamStep();
  void adamUpdate(Matrix& weights, const Matrix& gradient, Moment& first, Moment& second) const;

  Dataset dataset_;
  TrainerOptions options_;
  AttentionModel model_;
  std::optional<PublishedProgram> published_;  ///< plain mode, where it is affordable
  Matrix W_, K_, Q_;
  ScaledGradient gradient_;
  Matrix gradientK_, gradientQ_;  ///< G Q and G^T K, in units of exp(gradient_.logScale)
  double scaledNorm_ = 0.0;       ///< of what trains, in units of exp(gradient_.logScale)
  Moment first_[2], second_[2];   ///< Adam: of W, or of K and Q
  long iteration_ = 0;
  bool stalled_ = false;
};

}  // namespace attention_svm
