// SPDX-License-Identifier: MIT
#include "attention_svm/verdict.h"

#include <cmath>
#include <cstdio>

namespace attention_svm {

namespace {

constexpr std::size_t kLongestList = 12;  // tokens named one by one in a sentence

std::string degrees(double angle) {
  char text[32];
  std::snprintf(text, sizeof text, angle < 0.01 ? "%.1e°" : angle < 1.0 ? "%.2f°" : "%.1f°", angle);
  return text;
}

std::string tokenList(const Selection& tokens) {
  if (tokens.size() > kLongestList)
    return "one token for each of " + std::to_string(tokens.size()) + " queries";
  std::string text = tokens.size() == 1 ? "token" : "tokens";
  for (const Index token : tokens) text += " " + std::to_string(token + 1);
  return text;
}

std::string place(const TokenConstraint& where, bool everyToken) {
  std::string text = "in sequence " + std::to_string(where.sequence + 1);
  if (everyToken) text += ", query " + std::to_string(where.query + 1) + ",";
  return text + " token " + std::to_string(where.token + 1);
}

/// The first row whose selected token is not the optimal one.
std::optional<TokenConstraint> betterToken(const Trainer& trainer, const Selection& selected) {
  const Result<OptimalTokens> optimal = optimalTokens(trainer.dataset(), trainer.options().queries);
  if (!optimal) return std::nullopt;
  const std::vector<AttentionRow>& rows = trainer.model().rows();
  for (std::size_t r = 0; r < rows.size(); ++r)
    if (selected[r] != optimal.value().tokens[r])
      return TokenConstraint{rows[r].sequence, rows[r].query, optimal.value().tokens[r]};
  return std::nullopt;
}

std::string svmName(const Norm& norm) {
  if (norm.kind == Norm::Kind::Frobenius) return "its SVM";
  return std::string("its ") + infoOf(norm).name + "-norm SVM";
}

std::string directionSentence(const Verdict& verdict, const TrainerOptions& options) {
  if (verdict.lowerBound) {
    char text[200];
    std::snprintf(
        text, sizeof text,
        " No matrix was found that separates these tokens, and none is proved impossible: every one that "
        "does has norm at least %.3g. No prediction.",
        *verdict.lowerBound);
    return text;
  }
  if (!verdict.trusted) return " The SVM of these tokens was not solved to its tolerance: no prediction.";
  if (!verdict.feasible)
    return " No matrix separates these tokens in every sequence: there is no SVM direction.";
  std::string text =
      verdict.locallyOptimal ? ": a locally optimal direction" : ": not a locally optimal direction";
  text += "; angle to " + svmName(verdict.norm) + " " + degrees(verdict.angleDegrees) + ".";
  if (options.optimizer == Optimizer::Adam) text += " No theorem names the SVM that Adam goes to.";
  return text;
}

std::string rankSentence(const Verdict& verdict, const Trainer& trainer, const SvmSolution& prediction) {
  if (!verdict.rankTooSmall) return {};
  return " The inner size m = " + std::to_string(trainer.options().rank) +
         " is too small: that SVM has rank " + std::to_string(prediction.rank) + ", which K Qᵀ cannot reach.";
}

std::string globalSentence(const Verdict& verdict, bool everyToken) {
  if (verdict.global) return " It is the global one: every selected token has the highest score.";
  if (!verdict.betterToken) return {};
  return " Not the global one: " + place(*verdict.betterToken, everyToken) + " scores higher.";
}

std::string violationSentence(const Verdict& verdict, bool everyToken) {
  if (!verdict.violation) return {};
  return " It may yet leave: " + place(verdict.violation->where, everyToken) +
         " is a support token with a higher score.";
}

/// Numbers that are not finite allow no claim: the sentence says only that.
Verdict failed(const Trainer& trainer) {
  Verdict result;
  result.selected = trainer.selected();
  result.norm = predictedNorm(trainer.options());
  result.sentence = trainer.failure();
  return result;
}

}  // namespace

Norm predictedNorm(const TrainerOptions& options) {
  if (options.parameterization == Parameterization::KQ) return Norm::nuclear();
  if (options.optimizer == Optimizer::Mirror || options.optimizer == Optimizer::NormalizedMirror)
    return options.p == 2.0 ? Norm::frobenius() : Norm::lp(options.p);
  return Norm::frobenius();
}

Verdict verdict(const Trainer& trainer, const LocalOptimality& optimality, const SvmSolution& prediction) {
  if (!trainer.failure().empty()) return failed(trainer);
  Verdict result;
  const bool everyToken = trainer.options().queries.everyToken;
  result.selected = trainer.selected();
  result.unsaturated = trainer.unsaturated();
  result.saturated = result.unsaturated <= 1e-3;
  result.feasible = optimality.feasible && prediction.feasible;
  result.trusted = optimality.solution.trusted() && prediction.trusted();
  for (const SvmSolution* svm : {&optimality.solution, &prediction})
    if (svm->status == SvmStatus::BoundedBelow) result.lowerBound = svm->lowerBound;
  result.locallyOptimal = optimality.locallyOptimal;
  result.global = optimality.global;
  result.norm = predictedNorm(trainer.options());
  result.rankTooSmall = trainer.options().parameterization == Parameterization::KQ && prediction.feasible &&
                        trainer.options().rank < prediction.rank;
  if (!optimality.violations.empty()) result.violation = optimality.violations.front();
  if (!result.global) result.betterToken = betterToken(trainer, result.selected);
  if (prediction.feasible) {
    // The angle from half the squared distance, which stays exact where the cosine rounds to 1
    const double off = oneMinusCorrelation(trainer.W(), prediction.W);
    result.angleDegrees =
        2.0 * std::asin(std::sqrt(std::min(1.0, 0.5 * off))) * 180.0 / 3.14159265358979323846;
  }
  if (!result.saturated) {
    char share[16];
    std::snprintf(share, sizeof share, "%.3g", 100.0 * result.unsaturated);
    result.sentence = "Attention is still spread: up to " + std::string(share) +
                      " % is off the leading token. It leans to " + tokenList(result.selected) +
                      directionSentence(result, trainer.options()) +
                      rankSentence(result, trainer, prediction);
    return result;
  }
  result.sentence = "Selected " + tokenList(result.selected) + directionSentence(result, trainer.options()) +
                    rankSentence(result, trainer, prediction) + globalSentence(result, everyToken) +
                    violationSentence(result, everyToken);
  return result;
}

Verdict verdict(const Trainer& trainer, const Decomposition& decomposition) {
  if (!trainer.failure().empty()) return failed(trainer);
  Verdict result;
  result.selected = trainer.selected();
  result.unsaturated = trainer.unsaturated();
  result.saturated = decomposition.kept.settled;
  result.feasible = decomposition.feasible;
  result.trusted = decomposition.directional.trusted();
  const double angle = std::acos(std::min(1.0, std::max(-1.0, decomposition.correlationSvmEquivalent)));
  result.angleDegrees = angle * 180.0 / 3.14159265358979323846;
  std::string kept;
  std::size_t several = 0;
  for (const std::vector<Index>& tokens : decomposition.kept.tokens) {
    if (tokens.size() > 1) ++several;
    kept += kept.empty() ? "{" : " {";
    for (std::size_t t = 0; t < tokens.size(); ++t)
      kept += (t > 0 ? " " : "") + std::to_string(tokens[t] + 1);
    kept += "}";
  }
  if (decomposition.kept.tokens.size() > kLongestList)
    kept = "of " + std::to_string(decomposition.kept.tokens.size()) + " queries";
  result.sentence = "Kept tokens " + kept + ": " + std::to_string(several) + " of " +
                    std::to_string(decomposition.kept.tokens.size()) + " keep more than one.";
  if (!decomposition.message.empty())
    result.sentence += " Note: " + decomposition.message + ".";
  else
    result.sentence += " Angle to finite part + R × max-margin part " + degrees(result.angleDegrees) + ".";
  return result;
}

std::string toText(const Verdict& verdict) {
  const auto word = [](bool holds) { return holds ? "yes" : "no"; };
  char evidence[200];
  std::snprintf(
      evidence, sizeof evidence,
      "saturated %s (%.2e off), SVM feasible %s, trusted %s, locally optimal %s, global %s\nangle %.3g "
      "degrees\n",
      word(verdict.saturated), verdict.unsaturated, word(verdict.feasible), word(verdict.trusted),
      word(verdict.locallyOptimal), word(verdict.global), verdict.angleDegrees);
  return verdict.sentence + "\n" + evidence;
}

}  // namespace attention_svm
