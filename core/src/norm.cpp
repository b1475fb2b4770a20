// SPDX-License-Identifier: MIT
// The table of norms. To add one: its kind and factory in norm.h, its solver as a file (solvers.h), an entry
// and a case here. A kind without a case does not compile.
#include "attention_svm/norm.h"

#include <cmath>

#include "solvers.h"

namespace attention_svm {

namespace {

double frobenius(const Norm& /*norm*/, const Matrix& A) { return A.stableNorm(); }

double sumOfSingularValues(const Norm& /*norm*/, const Matrix& A) { return singularValues(A).sum(); }
double largestSingularValue(const Norm& /*norm*/, const Matrix& A) { return singularValues(A)(0); }

double entrywise(const Norm& norm, const Matrix& A) {
  const double largest = A.size() == 0 ? 0.0 : A.cwiseAbs().maxCoeff();
  if (largest == 0.0) return 0.0;
  double sum = 0.0;
  for (const double x : A.reshaped()) sum += std::pow(std::abs(x) / largest, norm.p);
  return largest * std::pow(sum, 1.0 / norm.p);
}
double entrywiseDual(const Norm& norm, const Matrix& A) {
  return entrywise(Norm::lp(norm.p / (norm.p - 1.0)), A);
}

double largestEntry(const Norm& /*norm*/, const Matrix& A) {
  return A.size() == 0 ? 0.0 : A.cwiseAbs().maxCoeff();
}
double sumOfEntries(const Norm& /*norm*/, const Matrix& A) { return A.cwiseAbs().sum(); }

constexpr NormInfo kFrobenius{
    .id = "frobenius",
    .name = "Frobenius",
    .factory = "frobenius",
    .takesP = false,
    .unique = true,
    .ball = true,
    .value = frobenius,
    .dualValue = frobenius,
    .solve = [](const Norm& /*norm*/, ScaledProblem& problem,
                const SvmOptions& options) { return solveFrobenius(problem, options).solution; },
};

constexpr NormInfo kNuclear{
    .id = "nuclear",
    .name = "nuclear",
    .factory = "nuclear",
    .takesP = false,
    .unique = true,
    .ball = true,
    .value = sumOfSingularValues,
    .dualValue = largestSingularValue,
    .solve = [](const Norm& /*norm*/, ScaledProblem& problem,
                const SvmOptions& options) { return solveNuclear(problem, options); },
};

#ifdef ATTENTION_SVM_LIGHT
SvmSolution leftToTheWorker(const Norm& /*norm*/, ScaledProblem& problem, const SvmOptions& /*options*/) {
  SvmSolution solution = emptySolution(problem.original);
  solution.message = "this norm is solved by the worker";
  return solution;
}
constexpr auto kSolveLp = leftToTheWorker;
constexpr auto kSolveLinf = leftToTheWorker;
constexpr auto kSolveL1 = leftToTheWorker;
constexpr auto kSolveSpectral = leftToTheWorker;
#else
constexpr auto kSolveLp = [](const Norm& norm, ScaledProblem& problem, const SvmOptions& options) {
  return solveLp(problem, norm.p, options);
};
constexpr auto kSolveLinf = [](const Norm& /*norm*/, ScaledProblem& problem, const SvmOptions& options) {
  return solveLinf(problem, options);
};
constexpr auto kSolveL1 = [](const Norm& /*norm*/, ScaledProblem& problem, const SvmOptions& options) {
  return solveL1(problem, options);
};
constexpr auto kSolveSpectral = [](const Norm& /*norm*/, ScaledProblem& problem, const SvmOptions& options) {
  return solveSpectral(problem, options);
};
#endif

constexpr NormInfo kLp{
    .id = "lp",
    .name = "ℓp",
    .factory = "lp",
    .takesP = true,
    .unique = true,
    .ball = false,
    .value = entrywise,
    .dualValue = entrywiseDual,
    .solve = kSolveLp,
};

constexpr NormInfo kLinf{
    .id = "linf",
    .name = "ℓ∞",
    .factory = "linf",
    .takesP = false,
    .unique = false,
    .ball = false,
    .value = largestEntry,
    .dualValue = sumOfEntries,
    .solve = kSolveLinf,
};

constexpr NormInfo kL1{
    .id = "l1",
    .name = "ℓ1",
    .factory = "l1",
    .takesP = false,
    .unique = false,
    .ball = false,
    .value = sumOfEntries,
    .dualValue = largestEntry,
    .solve = kSolveL1,
};

constexpr NormInfo kSpectral{
    .id = "spectral",
    .name = "operator",
    .factory = "spectral",
    .takesP = false,
    .unique = false,
    .ball = false,
    .value = largestSingularValue,
    .dualValue = sumOfSingularValues,
    .solve = kSolveSpectral,
};

}  // namespace

bool isLightCore() {
#ifdef ATTENTION_SVM_LIGHT
  return true;
#else
  return false;
#endif
}

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"
const NormInfo* findNorm(Norm::Kind kind) {
  switch (kind) {
    case Norm::Kind::Frobenius: return &kFrobenius;
    case Norm::Kind::Nuclear: return &kNuclear;
    case Norm::Kind::Lp: return &kLp;
    case Norm::Kind::Linf: return &kLinf;
    case Norm::Kind::L1: return &kL1;
    case Norm::Kind::Spectral: return &kSpectral;
  }
  return nullptr;
}
#pragma GCC diagnostic pop

namespace {

template <class Visit>
void forEachNorm(Visit visit) {
  for (int k = 0;; ++k) {
    const auto kind = static_cast<Norm::Kind>(k);
    const NormInfo* info = findNorm(kind);
    if (info == nullptr) return;
    visit(kind, *info);
  }
}

}  // namespace

std::optional<Norm> normNamed(std::string_view id, double p) {
  std::optional<Norm> found;
  forEachNorm([&](Norm::Kind kind, const NormInfo& info) {
    if (id == info.id) found = Norm{kind, info.takesP ? p : 2.0};
  });
  return found;
}

std::string normNames(bool (*which)(const NormInfo&)) {
  std::string text;
  forEachNorm([&](Norm::Kind, const NormInfo& info) {
    if (!which(info)) return;
    if (!text.empty()) text += ", ";
    text += info.id;
  });
  return text;
}

double normValue(const Norm& norm, const Matrix& W) { return infoOf(norm).value(norm, W); }

double dualNormValue(const Norm& norm, const Matrix& S) {
  return S.size() == 0 ? 0.0 : infoOf(norm).dualValue(norm, S);
}

}  // namespace attention_svm
