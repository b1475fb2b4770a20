// SPDX-License-Identifier: MIT
#include "verdict_sentence.h"

#include <cstdio>

#include "attention_svm/names.h"

namespace attention_svm {

namespace {

constexpr std::size_t kLongestList = 12;  // tokens named one by one in a sentence

std::string degrees(double angle) {
  char text[32];
  std::snprintf(text, sizeof text, angle < 0.01 ? "%.1e°" : angle < 1.0 ? "%.2f°" : "%.1f°", angle);
  return text;
}

std::string number(Index index) { return std::to_string(index + 1); }

const char* rowsName(const Verdict& verdict) { return verdict.everyToken ? "queries" : "sequences"; }

std::string tokenList(const Verdict& verdict) {
  if (verdict.selected.size() > kLongestList)
    return "one token for each of " + std::to_string(verdict.selected.size()) + " " + rowsName(verdict);
  std::string text = verdict.selected.size() == 1 ? "token" : "tokens";
  for (const Index token : verdict.selected) text += " " + number(token);
  return text;
}

/// "in sequence 3", "in sequence 3, query 2,"
std::string row(Index sequence, Index query, bool everyToken) {
  std::string text = "in sequence " + number(sequence);
  return everyToken ? text + ", query " + number(query) + "," : text;
}

std::string place(const TokenConstraint& where, bool everyToken) {
  return row(where.sequence, where.query, everyToken) + " token " + number(where.token);
}

std::string capital(std::string text) {
  text.front() = 'I';  // every place begins with "in"
  return text;
}

std::string svmName(const Norm& norm) {
  if (norm.kind == Norm::Kind::Frobenius) return "its SVM";
  return std::string("its ") + infoOf(norm).name + "-norm SVM";
}

/// Local optimality is a matter of the Frobenius SVM's support tokens, whatever norm training prefers.
const char* supportName(const Norm& norm) {
  return norm.kind == Norm::Kind::Frobenius ? " is a support token"
                                            : " is a support token of the Frobenius SVM";
}

/// A margin where directions say nothing.
std::string ratioClause(const Verdict& verdict) {
  char text[200];
  std::snprintf(text, sizeof text,
                "; its margin is %.5g %% of the largest in the %s norm, whose SVM may have many solutions: "
                "margins are compared, not directions",
                100.0 * *verdict.marginRatio, infoOf(verdict.norm).name);
  return text;
}

/// How far to believe the comparison.
std::string standingOfTheNorm(const Verdict& verdict) {
  if (verdict.namedBy == NamedBy::LinearModels)
    return std::string(" That ") + nameOf(verdict.optimizer).label +
           " goes to the largest margin is proved for linear models; for attention it is open.";
  if (verdict.namedBy != NamedBy::Nothing) return {};
  if (verdict.optimizer == Optimizer::Adam) return " No theorem names the SVM that Adam goes to.";
  return std::string(" No theorem names the SVM that K and Q go to by ") + nameOf(verdict.optimizer).label +
         ".";
}

bool tieDecides(const Verdict& verdict) { return verdict.tie && !verdict.violation; }

std::string solvedSentence(const Verdict& verdict) {
  std::string text = verdict.locallyOptimal ? ": a locally optimal direction"
                     : tieDecides(verdict)  ? ": a tie leaves open whether its direction is locally optimal"
                                            : ": not a locally optimal direction";
  if (verdict.angleDegrees)
    text += "; angle to " + svmName(verdict.norm) + " " + degrees(*verdict.angleDegrees);
  if (verdict.marginRatio) text += ratioClause(verdict);
  text += "." + standingOfTheNorm(verdict);
  if (verdict.rankTooSmall)
    text += " The inner size m = " + std::to_string(verdict.innerSize) +
            " is too small: the solution of that SVM has rank " + std::to_string(verdict.predictedRank) +
            ", which K Qᵀ cannot reach.";
  return text;
}

std::string directionSentence(const Verdict& verdict) {
  switch (verdict.status) {
    case SvmStatus::Solved: return solvedSentence(verdict);
    case SvmStatus::Infeasible:
      return verdict.selected.size() == 1
                 ? ". No matrix separates this token from the others: there is no SVM direction."
                 : ". No matrix separates these tokens in every sequence: there is no SVM direction.";
    case SvmStatus::BoundedBelow: {
      char text[200];
      std::snprintf(
          text, sizeof text,
          ". No matrix was found that separates these tokens, and none is proved impossible: every one "
          "that does has norm at least %.3g. No prediction.",
          verdict.lowerBound.value_or(0.0));
      return text;
    }
    case SvmStatus::NotConverged: break;
  }
  return ". The SVM of the selection was not solved to its tolerance: no prediction.";
}

std::string standingSentence(const Verdict& verdict) {
  const bool direction = verdict.status == SvmStatus::Solved;
  switch (verdict.standing) {
    case Standing::Global:
      return direction ? " It is the global one: every selected token has the highest score."
                       : " Every selected token has the highest score.";
    case Standing::Tied:
      return " Not alone at the top: " + place(*verdict.equalToken, verdict.everyToken) +
             " has the same score as the selected one.";
    case Standing::NotBest: break;
  }
  if (!verdict.betterToken) return {};
  const bool one = direction && verdict.uniqueBest;
  return (one ? " Not the global one: " : " Not at the top: ") +
         place(*verdict.betterToken, verdict.everyToken) + " scores higher.";
}

std::string supportSentence(const Verdict& verdict) {
  if (verdict.status != SvmStatus::Solved) return {};
  if (verdict.violation)
    return " It may yet leave: " + place(verdict.violation->where, verdict.everyToken) +
           supportName(verdict.norm) + " with a higher score.";
  if (!verdict.tie) return {};
  return " " + capital(place(verdict.tie->where, verdict.everyToken)) + supportName(verdict.norm) +
         " with the same score as the selected one: it neither holds the direction nor draws it away.";
}

std::string sharedLeadSentence(const Verdict& verdict) {
  const SharedLead& first = verdict.sharedLeads.front();
  std::string text = " " + capital(row(first.sequence, first.query, verdict.everyToken));
  if (first.tokens.size() > kLongestList) {
    text += " " + std::to_string(first.tokens.size()) + " tokens";
  } else {
    text += " tokens";
    for (const Index token : first.tokens) text += " " + number(token);
  }
  text += " lead together";
  if (const std::size_t more = verdict.sharedLeads.size() - 1; more > 0)
    text += ", and so it is in " + std::to_string(more) + " more";
  return text + ". As long as they do, no selection stands out and there is nothing to predict.";
}

}  // namespace

std::string sentenceOf(const Verdict& verdict) {
  if (verdict.nothingToSelect)
    return verdict.selected.size() == 1 ? "The sequence has one token only: there is nothing to select."
                                        : "Every sequence has one token only: there is nothing to select.";
  if (verdict.saturated)
    return "Selected " + tokenList(verdict) + directionSentence(verdict) + standingSentence(verdict) +
           supportSentence(verdict);
  char share[16];
  std::snprintf(share, sizeof share, "%.3g", 100.0 * verdict.unsaturated);
  const std::string spread =
      "Attention is still spread: up to " + std::string(share) + " % is off the leading token.";
  if (!verdict.sharedLeads.empty()) return spread + sharedLeadSentence(verdict);
  return spread + " It leans to " + tokenList(verdict) + " now" + directionSentence(verdict);
}

std::string noteOrAngle(const Verdict& verdict, const Decomposition& decomposition) {
  if (!decomposition.message.empty()) return " Note: " + decomposition.message + ".";
  if (!verdict.angleDegrees) return {};
  const bool grows = decomposition.directional.norm > 0.0;
  return (grows ? " Angle to finite part + R × max-margin part "
                : " No token is masked, so nothing has to grow. Angle to the finite part ") +
         degrees(*verdict.angleDegrees) + ".";
}

std::string sentenceOf(const Verdict& verdict, const Decomposition& decomposition) {
  if (verdict.nothingToSelect) return sentenceOf(verdict);
  const KeptTokens& tokens = decomposition.kept.tokens;
  std::string kept;
  std::size_t several = 0;
  for (const std::vector<Index>& row : tokens) {
    if (row.size() > 1) ++several;
    kept += kept.empty() ? "{" : " {";
    for (std::size_t t = 0; t < row.size(); ++t) kept += (t > 0 ? " " : "") + number(row[t]);
    kept += "}";
  }
  if (tokens.size() > kLongestList) kept = "of " + std::to_string(tokens.size()) + " " + rowsName(verdict);
  std::string text = "Kept tokens " + kept + ": more than one in " + std::to_string(several) + " of " +
                     std::to_string(tokens.size()) + ".";
  return text + noteOrAngle(verdict, decomposition);
}

}  // namespace attention_svm
