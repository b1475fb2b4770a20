// SPDX-License-Identifier: MIT
#include "why_facts.h"

#include <algorithm>
#include <cstdio>

#include "../order.h"

namespace attention_svm::shell {

namespace {

using Items = std::vector<FactItem>;

constexpr int kMostRows = 12;

Answer answer(bool holds) { return holds ? Answer::Yes : Answer::No; }
Answer answer(const SvmSolution& svm) {
  return !svm.trusted() ? Answer::Open : answer(svm.status == SvmStatus::Solved);
}

template <class... Numbers>
std::string format(const char* text, Numbers... numbers) {
  char result[400];
  std::snprintf(result, sizeof result, text, numbers...);
  return result;
}

int shown(Index index) { return static_cast<int>(index) + 1; }

/// Status, norm, gap: what the solver proved, or how far it came.
std::string proof(const SvmSolution& svm, const char* norm) {
  if (svm.status == SvmStatus::Infeasible)
    return format(
        "Certificate: weights aₖ ≥ 0 with sum 1 for which the constraints cancel to rounding, ‖Σ aₖ Aₖ‖ = "
        "%.1e of Σ aₖ ‖Aₖ‖. Its heaviest constraints:",
        svm.certificateResidual);
  if (!svm.message.empty()) return "Not asked: " + svm.message + ".";
  if (svm.status == SvmStatus::BoundedBelow)
    return format(
        "Not decided: no matrix was found that meets the constraints, and none is proved impossible. Every "
        "one that does has %s norm at least %.4g.",
        norm, svm.lowerBound);
  if (svm.status == SvmStatus::NotConverged)
    return format(
        "Not decided: the solver stopped after %d iterations at a relative duality gap of %.1e; "
        "1e-9 counts as solved.",
        svm.iterations, svm.gap);
  if (svm.dual.size() == 0) return "There is only one token to select from, so nothing to separate: W = 0.";
  return format(
      "%s norm %.6g, margin %.4g, relative duality gap %.1e, smallest constraint %.9g, rank %d, "
      "%d support tokens",
      norm, svm.norm, svm.margin, svm.gap, svm.smallestConstraint, static_cast<int>(svm.rank),
      static_cast<int>(svm.support.size()));
}

std::string rowName(const TokenConstraint& name, bool everyToken) {
  return everyToken ? format("%d, query %d", shown(name.sequence), shown(name.query))
                    : format("%d", shown(name.sequence));
}

void add(Items& items, std::string claim, Answer holds, std::string why) {
  items.emplace_back(Fact{std::move(claim), holds, std::move(why)});
}

void add(Items& items, FactTable table) {
  if (table.rows.empty()) return;
  const std::size_t most = kMostRows;
  if (table.rows.size() > most) {
    table.left = static_cast<int>(table.rows.size() - most);
    table.rows.resize(most);
  }
  items.emplace_back(std::move(table));
}

/// The constraints that cancel each other, heaviest first.
FactTable certificateTable(const Certificate& certificate, bool everyToken) {
  FactTable table{"certificate", {"sequence", "constraint", "weight aₖ"}, {}, 0};
  std::vector<double> keys;
  for (const double weight : certificate.weights) keys.push_back(-weight);
  for (const std::size_t k : orderOf(keys)) {
    if (!(-keys[k] > 1e-6)) break;
    const CertificateEntry& entry = certificate.entries[k];
    table.rows.push_back({rowName(entry.name, everyToken),
                          format("token %d over %d", shown(entry.preferred), shown(entry.name.token)),
                          format("%.4f", -keys[k])});
  }
  return table;
}

const char* relation(Order order) {
  switch (order) {
    case Order::Lower: return "✓ lower";
    case Order::Equal: return "= the same";
    case Order::Higher: return "✗ higher";
  }
  return "";
}

/// Each support token against the selected one: the scores decide. The ones that decide come first.
FactTable supportTable(const Run& run, bool everyToken) {
  FactTable table{"support", {"sequence", "support token", "its score γ", "γ of the selected", ""}, {}, 0};
  const Result<std::vector<Bounded>> gamma = boundedScores(run.trainer.dataset());
  if (!gamma) return table;
  const auto& rows = run.trainer.model().rows();
  for (const Order listed : {Order::Higher, Order::Equal, Order::Lower})
    for (const TokenConstraint& name : run.prediction.optimality.solution.support) {
      const auto row = std::find_if(rows.begin(), rows.end(), [&name](const AttentionRow& r) {
        return r.sequence == name.sequence && r.query == name.query;
      });
      const Bounded& g = gamma.value()[static_cast<std::size_t>(name.sequence)];
      const Index selected = run.prediction.selection[static_cast<std::size_t>(row - rows.begin())];
      if (g.order(name.token, selected) != listed) continue;
      table.rows.push_back(
          {rowName(name, everyToken), format("%d", shown(name.token)), format("%.6g", g.value(name.token)),
           format("%.6g  (token %d)", g.value(selected), shown(selected)), relation(listed)});
    }
  return table;
}

/// Where the selected token is not alone with the highest score: another scores higher, or the same.
FactTable betterTable(const Run& run, bool everyToken) {
  FactTable table{"better", {"sequence", "selected", "its score γ", "another", "its score γ", ""}, {}, 0};
  const Dataset& dataset = run.trainer.dataset();
  const Result<std::vector<Bounded>> gamma = boundedScores(dataset);
  const Result<OptimalTokens> optimal = optimalTokens(dataset, run.trainer.options().queries);
  if (!gamma || !optimal) return table;
  const auto& rows = run.trainer.model().rows();
  for (const Order listed : {Order::Higher, Order::Equal})
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const Bounded& g = gamma.value()[static_cast<std::size_t>(rows[r].sequence)];
      const Index selected = run.prediction.selection[r];
      const std::vector<Index>& best = optimal.value().best[r];
      const Index other = best.front() == selected && best.size() > 1 ? best[1] : best.front();
      const bool isBest = optimal.value().isBest(r, selected);
      if (other == selected || isBest != (listed == Order::Equal)) continue;
      table.rows.push_back({rowName({rows[r].sequence, rows[r].query, 0}, everyToken),
                            format("%d", shown(selected)), format("%.6g", g.value(selected)),
                            format("%d", shown(other)), format("%.6g", g.value(other)),
                            isBest ? "= the same" : "higher ★"});
    }
  return table;
}

void separation(Items& items, const Run& run, bool everyToken) {
  const Prediction& p = run.prediction;
  const SvmSolution& svm = p.optimality.solution;
  add(items, "A matrix separates the selected tokens: the SVM has a solution", answer(svm),
      proof(svm, "Frobenius"));
  if (svm.status == SvmStatus::Infeasible)
    add(items, certificateTable(
                   certificateOf(run.trainer.dataset(), p.selection, run.trainer.options().queries, svm),
                   everyToken));
  if (svm.dual.size() == 0) return;
  for (const NormSolution& other : p.others) {
    const std::string norm = infoOf(other.norm).name;
    if (other.solution.status != SvmStatus::Infeasible)
      add(items, "The " + norm + "-norm SVM is solved", answer(other.solution),
          proof(other.solution, norm.c_str()));
  }
  const SvmSolution* nuclear = p.in(Norm::Kind::Nuclear);
  const Index m = run.trainer.K().cols();
  if (run.trainer.options().parameterization == Parameterization::KQ && nuclear != nullptr &&
      nuclear->status == SvmStatus::Solved)
    add(items, "K and Q have room for the solution", answer(m >= nuclear->rank),
        format("Inner size m = %d, rank of the nuclear solution %d.", static_cast<int>(m),
               static_cast<int>(nuclear->rank)));
}

std::string localText(const LocalOptimality& o) {
  const int support = static_cast<int>(o.solution.support.size());
  if (!o.solution.trusted())
    return "Not decided: the SVM was neither solved to its tolerance nor proved impossible.";
  if (!o.feasible) return "Without an SVM there are no support tokens.";
  if (support == 0) return "There are no support tokens.";
  if (!o.violations.empty())
    return format("%d of %d support tokens score higher; training may leave this direction:",
                  static_cast<int>(o.violations.size()), support);
  if (!o.ties.empty())
    return format(
        "Undecided: %d of %d support tokens have the same score as the selected one, to rounding, and none "
        "has more:",
        static_cast<int>(o.ties.size()), support);
  return "Support tokens lie on the edge of the margin, (x_selected − x)ᵀ W z = 1. All score lower:";
}

Answer localAnswer(const LocalOptimality& o) {
  if (!o.solution.trusted() || o.undecidedByTie()) return Answer::Open;
  return answer(o.locallyOptimal);
}

void standing(Items& items, const Run& run, bool everyToken) {
  const LocalOptimality& o = run.prediction.optimality;
  switch (o.standing) {
    case Standing::Global:
      add(items, "Every selected token has the highest score of its sequence", Answer::Yes,
          o.feasible ? "The selected tokens are the optimal ones: this is the global direction."
                     : "The selected tokens are the optimal ones.");
      return;
    case Standing::Tied:
      add(items, "The selected tokens are alone at the top of their sequences", Answer::Open,
          "Undecided: another token has the same score, to rounding:");
      break;
    case Standing::NotBest:
      add(items, "Every selected token has the highest score of its sequence", Answer::No,
          "Another token scores higher here:");
      break;
  }
  add(items, betterTable(run, everyToken));
}

void optimality(Items& items, const Run& run, bool everyToken) {
  const LocalOptimality& o = run.prediction.optimality;
  add(items, "Locally optimal: every support token scores below the selected one", localAnswer(o),
      localText(o));
  if (o.feasible) add(items, supportTable(run, everyToken));
  standing(items, run, everyToken);
}

void bestTokens(Items& items, const BestTokens& best, bool everyToken) {
  const char* claim = best.ties == 0 ? "The best tokens ★ of all sequences can be separated together"
                                     : "The first ★ tokens of all sequences can be separated together";
  add(items, claim, answer(best.solution), proof(best.solution, "Frobenius"));
  if (best.solution.status == SvmStatus::Infeasible)
    add(items, certificateTable(best.certificate, everyToken));
  if (best.ties == 0) return;
  const char* rows = everyToken       ? best.ties == 1 ? "query" : "queries"
                     : best.ties == 1 ? "sequence"
                                      : "sequences";
  add(items, "Each sequence has one ★ token", Answer::No,
      format("In %d %s several tokens share the top score: the theory leaves such data out.", best.ties,
             rows));
}

Answer conditionAnswer(const GlobalConditions& c, bool holds) {
  return c.tiedRows > 0 || c.nothingToCompare ? Answer::Open : answer(holds);
}

std::string conditionText(const GlobalConditions& c, bool holds, const std::string& number) {
  if (c.tiedRows == 0 && c.nothingToCompare)
    return "There is nothing to compare: no token scores below the top one.";
  std::string text = c.tiedRows > 0
                         ? "Undecided: several tokens share the top score, which the paper leaves out. "
                     : holds ? "It holds here. "
                             : "It does not hold here. ";
  return text.append(number);
}

std::string spreadText(const GlobalConditions& c) {
  return format("Largest spread of their scores in a sequence: %.3g%s.", c.scoreSpread,
                c.equalScores && c.scoreSpread > 0 ? ", equal to rounding" : "");
}

std::string stepText(const GlobalConditions& c) {
  if (c.nothingToCompare) return {};
  return format("Smallest (x_best − x)ᵀ (−∇L(W₀)/‖∇L(W₀)‖) z: %.3g, in sequence %d at token %d%s.",
                c.smallestStepMargin, shown(c.smallestStepAt.sequence), shown(c.smallestStepAt.token),
                !c.gradientPointsToOptimal && c.smallestStepMargin > 0 ? ", zero to rounding" : "");
}

void conditions(Items& items, const GlobalConditions& c, Index d) {
  items.emplace_back(FactHeading{format("%s", "Three conditions for the global direction")});
  items.emplace_back(FactNote{
      format("%s",
             "Checks on this data and this start, not promises: the paper's theorems on (a) and (b) assume "
             "more, among it small steps and, for (a), that all tokens are support tokens. (c) makes the SVM "
             "of almost all data feasible and the global direction frequent.")});
  add(items, "Condition (a) of the paper: all other tokens of a sequence score the same",
      conditionAnswer(c, c.equalScores), conditionText(c, c.equalScores, spreadText(c)));
  if (!c.nothingToCompare)
    add(items, "With (a): all other tokens are support tokens of the ★ tokens' SVM",
        c.allSupport ? answer(*c.allSupport) : Answer::Open,
        c.allSupport
            ? format("%d of %d are.", static_cast<int>(c.supportTokens), static_cast<int>(c.otherTokens))
            : "Not known: that SVM has no solution, is too large to solve here, or was not solved to its "
              "tolerance.");
  add(items, "Condition (b) of the paper: the first gradient step favours every ★ token",
      conditionAnswer(c, c.gradientPointsToOptimal),
      conditionText(c, c.gradientPointsToOptimal, stepText(c)));
  add(items, "Condition (c) of the paper: at least as many dimensions as max(T − 1, n)",
      answer(c.overparameterized),
      format("d = %d, max(T − 1, n) = %d.", static_cast<int>(d), static_cast<int>(c.requiredDimension)));
}

void nonlinear(Items& items, const Decomposition& parts) {
  add(items, "The kept tokens are settled", answer(parts.kept.settled),
      parts.kept.settled
          ? format("No share lies between %g and %g; the largest share of a masked token is %.1e.",
                   parts.kept.masked, parts.kept.threshold, parts.kept.largestMasked)
          : "Not yet: " + parts.message + ".");
  add(items, "The growing part exists: kept tokens tie and beat the others by 1", answer(parts.directional),
      parts.directional.dual.size() == 0 ? "No token is masked, so nothing has to grow: W_mm = 0."
                                         : proof(parts.directional, "Frobenius"));
  add(items, "The finite part gives the kept tokens their proportions", answer(parts.finiteResidual < 1e-6),
      format("Least ‖W_fin‖ with (x_t − x_τ)ᵀ W_fin z = log(s_t / s_τ); largest residual %.1e.",
             parts.finiteResidual));
  add(items, "W is close to finite part + R × growing part", answer(parts.correlationSvmEquivalent > 0.99),
      format("R = %.4g by least squares. Correlation of W with W_fin + R W_mm %.6f, with W_mm alone %.6f.",
             parts.R, parts.correlationSvmEquivalent, parts.correlationDirectional));
  if (parts.correlationOneToken)
    items.emplace_back(
        FactNote{format("With the SVM of the one most attended token: %.6f.", *parts.correlationOneToken)});
}

std::string settledText(const Run& run) {
  std::string text =
      format("The largest share off the leading token is %.3g; at most 0.001 counts as settled.",
             run.verdict.unsaturated);
  if (!run.verdict.sharedLeads.empty())
    text += format(" Rows of attention in which several tokens lead together, to rounding: %d.",
                   static_cast<int>(run.verdict.sharedLeads.size()));
  return text;
}

}  // namespace

std::vector<FactItem> whyFacts(const Run& run, const BestTokens* best, const GlobalConditions* found) {
  Items items;
  if (!run.prediction.ready()) return items;
  if (run.prediction.decomposition) {
    nonlinear(items, *run.prediction.decomposition);
    return items;
  }
  const bool everyToken = run.trainer.options().queries.everyToken;
  const bool leads = run.verdict.sharedLeads.empty();
  if (!run.verdict.nothingToSelect) {
    add(items, "Attention has settled on one token each", answer(run.verdict.saturated), settledText(run));
    if (leads) separation(items, run, everyToken);
    if (leads) optimality(items, run, everyToken);
    if (best != nullptr) bestTokens(items, *best, everyToken);
  }
  if (found != nullptr) conditions(items, *found, run.trainer.dataset().d());
  return items;
}

}  // namespace attention_svm::shell
