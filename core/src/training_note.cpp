// SPDX-License-Identifier: MIT
#include "attention_svm/training_note.h"

namespace attention_svm {

namespace {

constexpr long kCreeping = 1000;  // from here on a reader may wonder why (K, Q) does not arrive

std::string standstill(const Trainer& trainer) {
  if (trainer.options().gradient == GradientMode::Plain)
    return "The gradient has underflowed and training stands still. Choose the log-domain gradient to go on.";
  return "The gradient is zero and training stands still: no sequence has two tokens that differ for its "
         "query. Choose other data or another start.";
}

std::string leaders(const Trainer& trainer) {
  std::string text;
  if (trainer.ridgeSince())
    text = "Since step " + std::to_string(*trainer.ridgeSince()) +
           " the published program's ridge of 2⁻⁵² (‖K‖² + ‖Q‖²) balances the loss: what you see is the "
           "regularization path, not gradient descent.";
  if (trainer.roundingSince())
    text += (text.empty() ? "" : " ") + ("Since step " + std::to_string(*trainer.roundingSince())) +
            " the plain gradient is rounding noise, and where it leads means nothing. Choose the log-domain "
            "gradient.";
  return text;
}

/// The norm in which the optimizer's steps are the steepest (THEORY section 6c); null for the others.
const char* ownNorm(Optimizer optimizer) {
  switch (optimizer) {
    case Optimizer::SignDescent: return "Sign descent belongs to the entrywise ℓ∞ norm";
    case Optimizer::SpectralDescent: return "Spectral descent belongs to the operator norm";
    case Optimizer::CoordinateDescent: return "Coordinate descent belongs to the entrywise ℓ1 norm";
    default: return nullptr;
  }
}

}  // namespace

std::string trainingNote(const Trainer& trainer) {
  if (!trainer.failure().empty()) return trainer.failure();
  if (trainer.stalled()) return standstill(trainer);
  if (std::string text = leaders(trainer); !text.empty()) return text;
  const TrainerOptions& options = trainer.options();
  if (const char* norm = ownNorm(options.optimizer))
    return norm + std::string(": the SVM above is of another norm, and no theorem says that W turns to it.");
  if (options.parameterization == Parameterization::KQ && options.optimizer == Optimizer::NormalizedGd &&
      options.gradient == GradientMode::LogDomain && trainer.iteration() >= kCreeping)
    return "With steps of constant length (K, Q) only creeps towards its SVM. Choose growing steps to see it "
           "arrive.";
  return {};
}

}  // namespace attention_svm
