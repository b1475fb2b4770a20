// SPDX-License-Identifier: MIT
#include "attention_svm/trainer.h"

#include <cmath>
#include <limits>

#include "attention_svm/random.h"
#include "ordered_sums.h"
#include "portable_math.h"

namespace attention_svm {

namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.999;  // Adam's usual constants
constexpr double kLogBeta1 = -0.10536051565782628, kLogBeta2 = -0.0010005003335835335;
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr double kRootTwo = 1.4142135623730951;
constexpr double kAdamEpsilon = 1e-8;  // plain mode only: it would end what the log domain is for

std::string shape(Index rows, Index cols) { return std::to_string(rows) + " x " + std::to_string(cols); }

std::string shapeProblem(const char* name, const std::optional<Matrix>& A, Index rows, Index cols) {
  if (!A) return {};
  if (A->rows() != rows || A->cols() != cols)
    return std::string(name) + ": expected " + shape(rows, cols) + " numbers, found " +
           shape(A->rows(), A->cols());
  if (!A->array().isFinite().all()) return std::string(name) + ": a number is not finite";
  return {};
}

bool isMirror(Optimizer optimizer) {
  return optimizer == Optimizer::Mirror || optimizer == Optimizer::NormalizedMirror;
}

std::string weightProblem(const TrainerOptions& options, Index d) {
  if (options.parameterization == Parameterization::W) {
    if (options.K0 || options.Q0) return "K0, Q0: W trains; give W0, or choose parameterization KQ";
    return shapeProblem("W0", options.W0, d, d);
  }
  if (options.W0) return "W0: (K, Q) train; give K0 and Q0, or choose parameterization W";
  const Index m = options.rank;
  std::string problem = shapeProblem("K0", options.K0, d, m);
  if (problem.empty()) problem = shapeProblem("Q0", options.Q0, d, m);
  if (problem.empty() && options.K0 && options.Q0 && options.K0->isZero(0.0) && options.Q0->isZero(0.0))
    return "K0, Q0: both are zero, a saddle that gradient descent cannot leave; make one of them non-zero";
  return problem;
}

std::string optionProblem(const TrainerOptions& options, Index d) {
  if (!(options.stepSize > 0.0) || !std::isfinite(options.stepSize))
    return "stepSize: expected a positive number";
  if (isMirror(options.optimizer)) {
    if (!(options.p > 1.0) || !std::isfinite(options.p)) return "p: expected a number above 1";
    if (options.parameterization == Parameterization::KQ)
      return "optimizer: mirror descent trains W; choose parameterization W";
  }
  if (options.growth && !(*options.growth >= 0.0 && *options.growth <= 10.0))
    return "growth: expected a number from 0 to 10";
  if (options.rank < 1 || options.rank > 100000) return "rank: expected a number of at least 1";
  return weightProblem(options, d);
}

/// sign(x) |x|^exponent
void signedPower(Matrix& A, double exponent) {
  for (double& x : A.reshaped())
    if (x != 0.0) x = std::copysign(portablePower(std::abs(x), exponent), x);
}

double signOf(double x) { return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : 0.0; }

}  // namespace

double defaultGrowth(Parameterization parameterization) {
  return parameterization == Parameterization::KQ ? 3.0 : 1.0;
}

Result<Trainer> Trainer::create(const Dataset& dataset, const TrainerOptions& options) {
  return create(std::make_shared<const Dataset>(dataset), options);
}

Result<Trainer> Trainer::create(std::shared_ptr<const Dataset> shared, const TrainerOptions& given) {
  const Dataset& dataset = *shared;
  TrainerOptions options = given;
  // The inner size m: as given, else that of a given factor, else d.
  if (options.rank == 0 && options.K0) options.rank = options.K0->cols();
  if (options.rank == 0 && options.Q0) options.rank = options.Q0->cols();
  if (options.rank == 0) options.rank = dataset.d();
  if (!options.growth) options.growth = defaultGrowth(options.parameterization);
  if (dataset.words && options.queries.everyToken)
    return Error{"everyToken: a sequence of words has one query, its last word"};
  if (std::string excess = trainingExcess(dataset, options, options.budget); !excess.empty())
    return Error{std::move(excess)};
  if (std::string problem = optionProblem(options, dataset.d()); !problem.empty())
    return Error{std::move(problem)};
  return Trainer(std::move(shared), options);
}

Trainer::Trainer(std::shared_ptr<const Dataset> shared, const TrainerOptions& options)
    : dataset_(std::move(shared)), options_(options), model_(dataset_, options.queries, options.loss) {
  if (isPlain() && PublishedProgram::affordable(*dataset_, options.queries))
    published_.emplace(*dataset_, options.queries, options.loss);
  initialize();
  evaluate();
  if (!isFinite())
    failure_ =
        "Training cannot start: with these weights and data, numbers leave the range of double precision. "
        "Make the tokens, the queries or the start smaller.";
}

/// THEORY section 7: entries uniform in +-1/sqrt(d).
void Trainer::initialize() {
  const Index d = dataset_->d(), m = options_.rank;
  const double bound = 1.0 / std::sqrt(static_cast<double>(d));
  Random random(options_.seed);
  if (trainsFactors()) {
    K_ = random.uniformMatrix(d, m, -bound, bound);
    Q_ = random.uniformMatrix(d, m, -bound, bound);
    if (options_.K0) K_ = *options_.K0;
    if (options_.Q0) Q_ = *options_.Q0;
    gradientK_.setZero(d, m);
    gradientQ_.setZero(d, m);
    W_.setZero(d, d);
  } else {
    W_ = options_.W0 ? *options_.W0 : random.uniformMatrix(d, d, -bound, bound);
  }
  const Matrix& trained = trainsFactors() ? K_ : W_;
  keepWeights();
  if (options_.optimizer == Optimizer::SpectralDescent)
    spectral_ = SpectralDirection(trained.rows(), trained.cols());
  if (options_.optimizer != Optimizer::Adam) return;
  for (Moment* moment : {&first_[0], &first_[1], &second_[0], &second_[1]})
    moment->value.setZero(trained.rows(), trained.cols());
}

/// Loss and gradient at the present weights.
void Trainer::evaluate() {
  if (trainsFactors()) {
    if (published_)
      published_->weights(K_, Q_, W_);
    else
      for (Index i = 0; i < K_.rows(); ++i)
        kernels().product(Q_.data(), Q_.rows(), Q_.cols(), K_.data() + i * K_.cols(),
                          W_.data() + i * W_.cols());
  }
  model_.forward(W_);
  if (published_) {
    published_->gradient(W_, gradient_.direction);
    gradient_.logScale = 0.0;
  } else {
    model_.gradient(options_.gradient, gradient_);
  }
  if (trainsFactors()) {
    factorGradients();
    scaledNorm_ = std::sqrt(orderedSquaredNorm(gradientK_) + orderedSquaredNorm(gradientQ_));
  } else {
    scaledNorm_ = std::sqrt(orderedSquaredNorm(gradient_.direction));
  }
  if (isPlain()) noteWhatLeads();
  if (isPlain() && trainsFactors() && options_.ridge) addRidge();
}

/// Plain gradients end: in rounding, or for (K, Q) in the ridge. Called before the ridge is added.
void Trainer::noteWhatLeads() {
  const double size = std::sqrt(orderedSquaredNorm(gradient_.direction));
  if (!roundingSince_ && size > 0.0 && size <= model_.gradientRounding()) roundingSince_ = iteration_;
  if (!trainsFactors() || !options_.ridge || ridgeSince_) return;
  const double ridge = 2.0 * kEpsilon * std::sqrt(orderedSquaredNorm(K_) + orderedSquaredNorm(Q_));
  if (2.0 * ridge >= scaledNorm_) ridgeSince_ = iteration_;
}

/// The gradient of eps (|K|^2 + |Q|^2), which the published program adds to the loss of (K, Q).
void Trainer::addRidge() {
  gradientK_ += 2.0 * kEpsilon * K_;
  gradientQ_ += 2.0 * kEpsilon * Q_;
  scaledNorm_ = std::sqrt(orderedSquaredNorm(gradientK_) + orderedSquaredNorm(gradientQ_));
}

/// All that the next step rests on. Factors with an infinite entry make a W without finite ones.
bool Trainer::isFinite() const {
  bool finite = W_.allFinite() && std::isfinite(model_.loss()) && std::isfinite(scaledNorm_) &&
                gradient_.logScale < std::numeric_limits<double>::infinity();
  for (std::size_t r = 0; finite && r < model_.rows().size(); ++r)
    finite = model_.logits(static_cast<Index>(r)).allFinite();
  return finite;
}

void Trainer::factorGradients() {
  if (published_) {
    published_->factorGradients(gradient_.direction, K_, Q_, gradientK_, gradientQ_);
    return;
  }
  const Index d = K_.rows(), m = K_.cols();
  const Matrix& G = gradient_.direction;
  gradientK_.setZero();
  gradientQ_.setZero();
  for (Index i = 0; i < d; ++i) {
    kernels().addTransposedProduct(Q_.data(), d, m, G.data() + i * d, 1, gradientK_.data() + i * m);
    kernels().addTransposedProduct(K_.data(), d, m, G.data() + i, d, gradientQ_.data() + i * m);
  }
}

void Trainer::keepWeights() {
  kept_[0] = trainsFactors() ? K_ : W_;
  if (trainsFactors()) kept_[1] = Q_;
}

void Trainer::restoreWeights() {
  (trainsFactors() ? K_ : W_) = kept_[0];
  if (trainsFactors()) Q_ = kept_[1];
  evaluate();
}

void Trainer::step(int count) {
  for (int k = 0; k < count && failure_.empty(); ++k) oneStep();
}

void Trainer::oneStep() {
  ++iteration_;
  stalled_ = !(scaledNorm_ > 0.0);
  if (stalled_) return;
  keepWeights();
  move();
  evaluate();
  if (isFinite()) return;
  --iteration_;
  restoreWeights();
  failure_ = "Training stopped after iteration " + std::to_string(iteration_) +
             ": the next step leaves the range of double precision. Start again with smaller steps, or "
             "choose another optimizer.";
}

void Trainer::move() {
  const double eta = options_.stepSize;
  const double trueScale = portableExp(gradient_.logScale);
  switch (options_.optimizer) {
    case Optimizer::NormalizedGd: descendNormalized(eta); break;
    case Optimizer::NormalizedGdGrowing: descendGrowing(); break;
    case Optimizer::Gd: descend(eta * trueScale); break;
    case Optimizer::Mirror: mirrorStep(eta * trueScale); break;
    case Optimizer::NormalizedMirror: mirrorStep(eta / scaledNorm_); break;
    case Optimizer::Adam: adamStep(); break;
    case Optimizer::SignDescent:
    case Optimizer::SpectralDescent:
    case Optimizer::CoordinateDescent: descendSteepest(); break;
  }
}

void Trainer::descend(double step) {
  if (trainsFactors()) {
    K_ -= step * gradientK_;
    Q_ -= step * gradientQ_;
  } else {
    W_ -= step * gradient_.direction;
  }
}

/// Each trained matrix moves by `step`. K and Q are normalized each on their own, as in the paper's code.
void Trainer::descendNormalized(double step) {
  const auto move = [this, step](Matrix& P, const Matrix& G) {
    if (isPlain()) {
      PublishedProgram::normalizedStep(step, G, P);
      return;
    }
    const double size = std::sqrt(orderedSquaredNorm(G));
    if (size > 0.0) P -= (step / size) * G;
  };
  if (trainsFactors()) {
    move(K_, gradientK_);
    move(Q_, gradientQ_);
  } else {
    move(W_, gradient_.direction);
  }
}

/// Step eta (1 + k/100)^growth at iteration k = 0, 1, ...
void Trainer::descendGrowing() {
  const double k = static_cast<double>(iteration_ - 1);  // already counted
  const double step = options_.stepSize * portablePower(1.0 + k / 100.0, *options_.growth);
  if (!trainsFactors()) {
    descendNormalized(step);
    return;
  }
  const double size = scaledNorm_ / kRootTwo + (isPlain() ? kEpsilon : 0.0);
  descend(step / size);
}

/// A step of length eta in the optimizer's own norm (THEORY section 6c).
void Trainer::descendSteepest() {
  const auto descendOne = [this](Matrix& P, const Matrix& G) {
    const double eta = options_.stepSize;
    if (options_.optimizer == Optimizer::SignDescent) {
      for (Index k = 0; k < G.size(); ++k) P.data()[k] -= eta * signOf(G.data()[k]);
    } else if (options_.optimizer == Optimizer::SpectralDescent) {
      P -= eta * spectral_.of(G);
    } else {
      Index largest = 0;
      for (Index k = 1; k < G.size(); ++k)
        if (std::abs(G.data()[k]) > std::abs(G.data()[largest])) largest = k;
      P.data()[largest] -= eta * signOf(G.data()[largest]);
    }
  };
  if (trainsFactors()) {
    descendOne(K_, gradientK_);
    descendOne(Q_, gradientQ_);
  } else {
    descendOne(W_, gradient_.direction);
  }
}

/// grad psi(W+) = grad psi(W) - step G with psi(W) = (1/p) |W|_p^p entrywise (THEORY section 6b).
void Trainer::mirrorStep(double step) {
  const double p = options_.p;
  if (p == 2.0) {  // grad psi is the identity: gradient descent, to the bit
    descend(step);
    return;
  }
  signedPower(W_, p - 1.0);
  W_ -= step * gradient_.direction;
  signedPower(W_, 1.0 / (p - 1.0));
}

void Trainer::adamStep() {
  if (trainsFactors()) {
    adamUpdate(K_, gradientK_, first_[0], second_[0]);
    adamUpdate(Q_, gradientQ_, first_[1], second_[1]);
  } else {
    adamUpdate(W_, gradient_.direction, first_[0], second_[0]);
  }
}

/// Adam's update is free of the gradient's scale but for its epsilon. Both moments are kept relative to
/// a scale of their own, so that they live on when exp(logScale) has long underflowed.
void Trainer::adamUpdate(Matrix& weights, const Matrix& gradient, Moment& first, Moment& second) const {
  const auto mix = [](Moment& moment, double beta, double logScale, auto&& now) {
    // In units of the larger of the two scales
    const double old = moment.value.isZero(0.0) ? logScale : moment.logScale;
    const double scale = std::max(old, logScale);
    moment.value = beta * portableExp(old - scale) * moment.value.array() +
                   (1.0 - beta) * portableExp(logScale - scale) * now;
    moment.logScale = scale;
    const double largest = moment.value.cwiseAbs().maxCoeff();
    if (largest > 0.0) {
      moment.value /= largest;
      moment.logScale += portableLog(largest);
    }
  };
  mix(first, kBeta1, gradient_.logScale, gradient.array());
  mix(second, kBeta2, 2.0 * gradient_.logScale, gradient.array().square());
  const double k = static_cast<double>(iteration_);
  const double unbias1 = 1.0 / (1.0 - portableExp(k * kLogBeta1));
  const double unbias2 = 1.0 / (1.0 - portableExp(k * kLogBeta2));
  const double ratio = portableExp(first.logScale - 0.5 * second.logScale);
  // In the log domain only what keeps an entry still whose square, but not itself, underflows
  const double epsilon = options_.gradient == GradientMode::Plain
                             ? kAdamEpsilon * portableExp(-0.5 * second.logScale)
                             : std::sqrt(std::numeric_limits<double>::min());
  weights.array() -= options_.stepSize * unbias1 * ratio * first.value.array() /
                     ((unbias2 * second.value.array()).sqrt() + epsilon);
}

double Trainer::logGradientNorm() const { return std::log(scaledNorm_) + gradient_.logScale; }

double Trainer::gradientNorm() const {
  return scaledNorm_ > 0.0 ? scaledNorm_ * std::exp(gradient_.logScale) : 0.0;
}

Selection Trainer::selected() const {
  Selection tokens;
  for (std::size_t r = 0; r < model_.rows().size(); ++r)
    tokens.push_back(model_.selected(static_cast<Index>(r)));
  return tokens;
}

double Trainer::unsaturated() const {
  double largest = 0.0;
  for (std::size_t r = 0; r < model_.rows().size(); ++r) {
    const Vector& s = model_.probabilities(static_cast<Index>(r));
    const Index m = model_.selected(static_cast<Index>(r));
    largest = std::max(largest, s.head(m).sum() + s.tail(s.size() - m - 1).sum());
  }
  return largest;
}

}  // namespace attention_svm
