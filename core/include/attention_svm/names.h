// SPDX-License-Identifier: MIT
// The names of every choice there is, one table for each enumeration: addresses, files, JavaScript, exported
// programs, panels and sentences all read these. (Norms have theirs in norm.h.)
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "attention_svm/experiments.h"
#include "attention_svm/hunt.h"
#include "attention_svm/random_dataset.h"
#include "attention_svm/svm_solver.h"
#include "attention_svm/text_dataset.h"
#include "attention_svm/trainer.h"

namespace attention_svm {

struct Name {
  const char* id = nullptr;    ///< for machines: "normalized-gd". Null: no choice has this number
  const char* label = "";      ///< for people: "normalized gradient"
  const char* help = nullptr;  ///< a sentence for people; null where the label says it all
};

// Each table is a switch: an enumerator without a name does not compile. Enumerators count from 0.
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"

constexpr Name nameOf(Parameterization x) {
  switch (x) {
    case Parameterization::W: return {"W", "W itself"};
    case Parameterization::KQ: return {"KQ", "K and Q, W = K Qᵀ"};
  }
  return {};
}

constexpr Name nameOf(Optimizer x) {
  switch (x) {
    case Optimizer::NormalizedGd: return {"normalized-gd", "normalized gradient"};
    case Optimizer::NormalizedGdGrowing: return {"normalized-gd-growing", "normalized, growing steps"};
    case Optimizer::Gd: return {"gd", "gradient descent"};
    case Optimizer::Adam: return {"adam", "Adam"};
    case Optimizer::Mirror: return {"mirror", "mirror descent"};
    case Optimizer::NormalizedMirror: return {"normalized-mirror", "mirror, normalized"};
    case Optimizer::SignDescent: return {"sign-descent", "sign descent"};
    case Optimizer::SpectralDescent: return {"spectral-descent", "spectral descent"};
    case Optimizer::CoordinateDescent: return {"coordinate-descent", "coordinate descent"};
  }
  return {};
}

constexpr Name nameOf(Loss x) {
  switch (x) {
    case Loss::Logistic: return {"logistic", "logistic: log(1 + e^−u)"};
    case Loss::Exponential: return {"exponential", "exponential: e^−u"};
    case Loss::Linear: return {"linear", "linear: −u"};
  }
  return {};
}

constexpr Name nameOf(GradientMode x) {
  switch (x) {
    case GradientMode::LogDomain: return {"log-domain", "log domain"};
    case GradientMode::Plain: return {"plain", "plain"};
  }
  return {};
}

constexpr Name nameOf(HeadKind x) {
  switch (x) {
    case HeadKind::Linear: return {"linear", "linear: vᵀo"};
    case HeadKind::Mlp: return {"mlp", "MLP: bᵀ relu(H o)"};
    case HeadKind::Quadratic: return {"quadratic", "quadratic: vᵀo − λ‖o‖²"};
  }
  return {};
}

constexpr Name nameOf(TextUnit x) {
  switch (x) {
    case TextUnit::Word: return {"word", "words"};
    case TextUnit::Character: return {"character", "characters"};
  }
  return {};
}

constexpr Name nameOf(EmbeddingKind x) {
  switch (x) {
    case EmbeddingKind::OneHot: return {"one-hot", "one-hot"};
    case EmbeddingKind::Random: return {"random", "random unit vectors"};
  }
  return {};
}

constexpr Name nameOf(SvmStatus x) {
  switch (x) {
    case SvmStatus::Solved: return {"solved", "solved"};
    case SvmStatus::Infeasible: return {"infeasible", "infeasible"};
    case SvmStatus::NotConverged: return {"not-converged", "not converged to the tolerance"};
    case SvmStatus::BoundedBelow: return {"bounded-below", "undecided"};
  }
  return {};
}

constexpr Name nameOf(ExperimentKind x) {
  switch (x) {
    case ExperimentKind::LocalConvergence:
      return {"local-convergence", "local convergence",
              "1 − correlation of W with W_mm(α) and of (K, Q) with W*_mm(α), over the iterations, many "
              "starts"};
    case ExperimentKind::GlobalOrLocal:
      return {"global-or-local", "global or only local",
              "Share of runs that end in the global, an only locally optimal, or no locally optimal "
              "selection"};
    case ExperimentKind::Rank:
      return {"rank", "rank of the solutions",
              "Rank of the SVM solutions of least Frobenius and of least nuclear norm, over feasible draws"};
    case ExperimentKind::SeveralTokens:
      return {"several-tokens", "several tokens, MLP head",
              "1 − correlation of the trained W with W_fin + R W_mm, with W_mm, with the SVM of one token"};
    case ExperimentKind::QuadraticHead:
      return {"quadratic-head", "quadratic head, kept tokens",
              "Tokens that keep more than 10⁻³ of the attention under vᵀo − λ‖o‖², as λ grows"};
    case ExperimentKind::OptimizersAndNorms:
      return {"optimizers-and-norms", "optimizers and norms",
              "How much of the largest margin in each of five norms each of six optimizers has reached"};
  }
  return {};
}

constexpr Name nameOf(SweepVariable x) {
  switch (x) {
    case SweepVariable::N: return {"n", "sequences n"};
    case SweepVariable::T: return {"T", "tokens T"};
    case SweepVariable::D: return {"d", "dimension d"};
    case SweepVariable::Lambda: return {"lambda", "λ"};
    case SweepVariable::Iteration: return {"iteration", "iterations"};
    case SweepVariable::Norm: return {"norm", "norms"};
  }
  return {};
}

constexpr Name nameOf(Statement x) {
  switch (x) {
    case Statement::LocalOptimality:
      return {"local-optimality", "training ends in a locally optimal selection"};
    case Statement::Settles: return {"settles", "what is selected after 4,000 steps stays"};
    case Statement::ConditionA: return {"condition-a", "condition (a) leads to the global selection"};
    case Statement::ConditionB: return {"condition-b", "condition (b) leads to the global selection"};
    case Statement::Feasible: return {"feasible", "feasible when d ≥ max(T − 1, n)"};
    case Statement::NuclearRank: return {"nuclear-rank", "rank of the nuclear solution"};
    case Statement::Rate: return {"rate", "W arrives as 1/k² or better"};
    case Statement::SignDescent: return {"sign-descent", "sign descent reaches the ℓ∞ margin"};
    case Statement::FinitePart: return {"finite-part", "the finite part never hurts"};
  }
  return {};
}

#pragma GCC diagnostic pop

/// Calls visit(value, name) for every enumerator, in their order.
template <class Enum, class Visit>
void forEachName(Visit visit) {
  for (int k = 0;; ++k) {
    const auto value = static_cast<Enum>(k);
    const Name name = nameOf(value);  // of this header, or of the namespace of the enumeration
    if (name.id == nullptr) return;
    visit(value, name);
  }
}

template <class Enum>
std::optional<Enum> valueNamed(std::string_view id) {
  std::optional<Enum> found;
  forEachName<Enum>([&](Enum value, const Name& name) {
    if (id == name.id) found = value;
  });
  return found;
}

/// "logistic, exponential, linear"
template <class Enum>
std::string idsOf() {
  std::string text;
  forEachName<Enum>([&](Enum, const Name& name) {
    if (!text.empty()) text += ", ";
    text += name.id;
  });
  return text;
}

/// As C++ spells it: "normalized-gd" is NormalizedGd.
inline std::string identifierOf(const Name& name) {
  std::string text;
  bool upper = true;
  for (const char c : std::string_view(name.id)) {
    if (c != '-') text.push_back(upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    upper = c == '-';
  }
  return text;
}

}  // namespace attention_svm
