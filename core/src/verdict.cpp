// SPDX-License-Identifier: MIT
#include "attention_svm/verdict.h"

#include <cmath>
#include <cstdio>

#include "attention_svm/margin_ratio.h"
#include "verdict_sentence.h"

namespace attention_svm {

namespace {

constexpr double kSaturated = 1e-3;

/// Degrees from half the squared distance of the unit matrices, which stays exact where the cosine rounds
/// to 1. Empty where one of the two is zero and has no direction.
std::optional<double> angleBetween(const Matrix& A, const Matrix& B) {
  if (A.isZero(0.0) || B.isZero(0.0)) return std::nullopt;
  const double off = oneMinusCorrelation(A, B);
  return 2.0 * std::asin(std::sqrt(std::min(1.0, 0.5 * off))) * 180.0 / 3.14159265358979323846;
}

double ratioOf(const Trainer& trainer, const Selection& selected, const Norm& norm, const SvmSolution& svm) {
  const SvmProblem problem = svmProblem(trainer.dataset(), selected, trainer.options().queries).value();
  return marginRatio(problem, trainer.W(), norm, svm.norm);
}

bool nothingToSelect(const std::vector<AttentionRow>& rows) {
  for (const AttentionRow& row : rows)
    if (row.visible > 1) return false;
  return true;
}

/// What the scores of the selected tokens are worth: a token that scores higher, or as high.
void compareScores(const Trainer& trainer, Verdict& result) {
  const Result<OptimalTokens> optimal = optimalTokens(trainer.dataset(), trainer.options().queries);
  if (!optimal) return;
  const std::vector<AttentionRow>& rows = trainer.model().rows();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Index selected = result.selected[r];
    const std::vector<Index>& best = optimal.value().best[r];
    const bool isBest = optimal.value().isBest(r, selected);
    if (!isBest && !result.betterToken)
      result.betterToken = TokenConstraint{rows[r].sequence, rows[r].query, best.front()};
    if (isBest && best.size() > 1 && !result.equalToken)
      result.equalToken =
          TokenConstraint{rows[r].sequence, rows[r].query, best.front() == selected ? best[1] : best[0]};
  }
  if (result.standing != Standing::NotBest) result.betterToken.reset();
  if (result.standing != Standing::Tied) result.equalToken.reset();
}

/// Two SVMs answer together only what both of them answer.
SvmStatus worse(const SvmSolution& one, const SvmSolution& other) {
  for (const SvmStatus status : {SvmStatus::NotConverged, SvmStatus::BoundedBelow, SvmStatus::Infeasible})
    if (one.status == status || other.status == status) return status;
  return SvmStatus::Solved;
}

/// Numbers that are not finite allow no claim: the sentence says only that.
Verdict failed(const Trainer& trainer) {
  Verdict result;
  result.selected = trainer.selected();
  result.norm = predictedNorm(trainer.options());
  result.sentence = trainer.failure();
  return result;
}

Verdict common(const Trainer& trainer) {
  Verdict result;
  result.selected = trainer.selected();
  result.unsaturated = trainer.unsaturated();
  result.everyToken = trainer.options().queries.everyToken;
  result.nothingToSelect = nothingToSelect(trainer.model().rows());
  result.norm = predictedNorm(trainer.options());
  result.namedBy = namedBy(trainer.options());
  result.optimizer = trainer.options().optimizer;
  result.factors = trainer.options().parameterization == Parameterization::KQ;
  return result;
}

}  // namespace

Norm predictedNorm(const TrainerOptions& options) {
  switch (options.optimizer) {
    case Optimizer::SignDescent: return Norm::linf();
    case Optimizer::SpectralDescent: return Norm::spectral();
    case Optimizer::CoordinateDescent: return Norm::l1();
    case Optimizer::Mirror:
    case Optimizer::NormalizedMirror: return options.p == 2.0 ? Norm::frobenius() : Norm::lp(options.p);
    default: break;
  }
  return options.parameterization == Parameterization::KQ ? Norm::nuclear() : Norm::frobenius();
}

NamedBy namedBy(const TrainerOptions& options) {
  if (options.optimizer == Optimizer::Adam) return NamedBy::Nothing;
  if (infoOf(predictedNorm(options)).unique) return NamedBy::Theorem;
  return options.parameterization == Parameterization::KQ ? NamedBy::Nothing : NamedBy::LinearModels;
}

std::vector<SharedLead> sharedLeads(const Trainer& trainer) {
  std::vector<SharedLead> result;
  const AttentionModel& model = trainer.model();
  for (std::size_t r = 0; r < model.rows().size(); ++r) {
    const AttentionRow& row = model.rows()[r];
    const Vector z = model.queries().row(static_cast<Index>(r)).transpose();
    const Matrix X = trainer.dataset().tokens(row.sequence).topRows(row.visible);
    const Bounded logits = boundedLogits(X, trainer.W(), z);
    const Index selected = model.selected(static_cast<Index>(r));
    std::vector<Index> leading;
    for (Index t = 0; t < row.visible; ++t)
      if (logits.order(t, selected) == Order::Equal) leading.push_back(t);
    if (leading.size() > 1) result.push_back({row.sequence, row.query, std::move(leading)});
  }
  return result;
}

Verdict verdict(const Trainer& trainer, const LocalOptimality& optimality, const SvmSolution& prediction) {
  return verdict(trainer, optimality, prediction, predictedNorm(trainer.options()));
}

Verdict verdict(const Trainer& trainer, const LocalOptimality& optimality, const SvmSolution& prediction,
                const Norm& norm) {
  if (!trainer.failure().empty()) return failed(trainer);
  Verdict result = common(trainer);
  result.norm = norm;
  result.sharedLeads = sharedLeads(trainer);
  result.saturated = result.unsaturated <= kSaturated && result.sharedLeads.empty();
  result.status = worse(optimality.solution, prediction);
  result.feasible = optimality.feasible && prediction.feasible;
  result.trusted = optimality.solution.trusted() && prediction.trusted();
  for (const SvmSolution* svm : {&optimality.solution, &prediction})
    if (svm->status == SvmStatus::BoundedBelow) result.lowerBound = svm->lowerBound;
  result.locallyOptimal = optimality.locallyOptimal;
  result.standing = optimality.standing;
  result.global = optimality.global;
  result.uniqueBest = optimality.uniqueBest;
  const bool unique = infoOf(norm).unique;  // else the rank of one of many solutions says nothing
  if (result.factors && unique && result.status == SvmStatus::Solved) {
    result.innerSize = trainer.K().cols();
    result.predictedRank = prediction.rank;
    result.rankTooSmall = result.innerSize < result.predictedRank;
  }
  if (!optimality.violations.empty()) result.violation = optimality.violations.front();
  if (!optimality.ties.empty()) result.tie = optimality.ties.front();
  compareScores(trainer, result);
  if (result.status == SvmStatus::Solved && !result.nothingToSelect) {
    if (unique)
      result.angleDegrees = angleBetween(trainer.W(), prediction.W);
    else
      result.marginRatio = std::min(1.0, ratioOf(trainer, result.selected, norm, prediction));
  }
  result.sentence = sentenceOf(result);
  return result;
}

Verdict verdict(const Trainer& trainer, const Decomposition& decomposition) {
  if (!trainer.failure().empty()) return failed(trainer);
  Verdict result = common(trainer);
  result.saturated = decomposition.kept.settled;
  result.status = decomposition.directional.status;
  result.feasible = decomposition.feasible;
  result.trusted = decomposition.directional.trusted();
  if (result.feasible && result.trusted && !result.nothingToSelect)
    result.angleDegrees =
        angleBetween(trainer.W(), decomposition.finite + decomposition.R * decomposition.directional.W);
  result.sentence = sentenceOf(result, decomposition);
#ifndef ATTENTION_SVM_LIGHT
  if (const std::optional<Words>& words = trainer.dataset().words)
    result.sentence =
        sentenceOfWords(*words, decomposition, trainer.W()) + noteOrAngle(result, decomposition);
#endif
  return result;
}

std::string toText(const Verdict& verdict) {
  const auto word = [](bool holds) { return holds ? "yes" : "no"; };
  const bool tied = verdict.tie && !verdict.violation && verdict.status == SvmStatus::Solved;
  char evidence[300];
  std::snprintf(evidence, sizeof evidence,
                "saturated %s (%.2e off), SVM feasible %s, trusted %s, locally optimal %s, global %s\n",
                word(verdict.saturated), verdict.unsaturated, word(verdict.feasible), word(verdict.trusted),
                tied ? "undecided by a tie" : word(verdict.locallyOptimal),
                verdict.standing == Standing::Tied ? "undecided by a tie" : word(verdict.global));
  std::string text = verdict.sentence + "\n" + evidence;
  if (verdict.marginRatio) {
    std::snprintf(evidence, sizeof evidence, "margin %.6g of the largest in the %s norm\n",
                  *verdict.marginRatio, infoOf(verdict.norm).name);
    text += evidence;
  }
  if (!verdict.angleDegrees) return text;
  std::snprintf(evidence, sizeof evidence, "angle %.3g degrees\n", *verdict.angleDegrees);
  return text + evidence;
}

}  // namespace attention_svm
