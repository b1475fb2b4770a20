// SPDX-License-Identifier: MIT
// "Why?": the check behind each claim of the verdict, with the numbers that decide it.
#include <imgui.h>

#include <algorithm>
#include <cstdio>

#include "../jobs/best_tokens.h"
#include "../order.h"
#include "../style.h"
#include "panels.h"

namespace attention_svm::shell {

namespace {

enum class Answer { Yes, No, Open };

Answer answer(bool holds) { return holds ? Answer::Yes : Answer::No; }
Answer answer(const SvmSolution& svm) {
  return !svm.trusted() ? Answer::Open : answer(svm.status == SvmStatus::Solved);
}

void fact(const char* claim, Answer holds, const std::string& why) {
  const Palette& p = palette();
  ImGui::PushStyleColor(ImGuiCol_Text, holds == Answer::Yes ? p.good : holds == Answer::No ? p.bad : p.warn);
  ImGui::TextUnformatted(holds == Answer::Yes ? "✓" : holds == Answer::No ? "✗" : "?");
  ImGui::PopStyleColor();
  ImGui::SameLine(36);
  ImGui::PushFont(titleFont());
  ImGui::TextWrapped("%s", claim);
  ImGui::PopFont();
  ImGui::PushStyleColor(ImGuiCol_Text, p.quiet);
  ImGui::TextWrapped("%s", why.c_str());
  ImGui::PopStyleColor();
}

template <class... Numbers>
std::string format(const char* text, Numbers... numbers) {
  char result[300];
  std::snprintf(result, sizeof result, text, numbers...);
  return result;
}

int shown(Index index) { return static_cast<int>(index) + 1; }

/// Status, norm, gap: what the solver proved, or how far it came.
std::string proof(const SvmSolution& svm, const char* norm) {
  if (svm.status == SvmStatus::Infeasible)
    return format(
        "Certificate: weights aₖ ≥ 0 with sum 1 for which the constraints cancel to rounding, ‖Σ aₖ Aₖ‖ = "
        "%.1e "
        "of Σ aₖ ‖Aₖ‖. "
        "Its heaviest constraints:",
        svm.certificateResidual);
  if (!svm.message.empty()) return "Not asked: " + svm.message + ".";
  if (svm.status == SvmStatus::BoundedBelow)
    return format(
        "Not decided: no matrix was found that meets the constraints, and none is proved impossible. Every "
        "one "
        "that does has %s norm at least %.4g.",
        norm, svm.lowerBound);
  if (svm.status == SvmStatus::NotConverged)
    return format(
        "Not decided: the solver stopped after %d iterations at a relative duality gap of %.1e; "
        "1e-9 counts as solved.",
        svm.iterations, svm.gap);
  return format(
      "%s norm %.6g, margin %.4g, relative duality gap %.1e, smallest constraint %.9g, rank %d, "
      "%d support tokens",
      norm, svm.norm, svm.margin, svm.gap, svm.smallestConstraint, static_cast<int>(svm.rank),
      static_cast<int>(svm.support.size()));
}

constexpr int kMostRows = 12;

bool beginTable(const char* id, std::initializer_list<const char*> columns) {
  if (!ImGui::BeginTable(id, static_cast<int>(columns.size()),
                         ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_SizingStretchProp))
    return false;
  for (const char* column : columns) ImGui::TableSetupColumn(column);
  ImGui::TableHeadersRow();
  return true;
}

void cell(const std::string& text) {
  ImGui::TableNextColumn();
  ImGui::TextUnformatted(text.c_str());
}

void endTable(int left) {
  ImGui::EndTable();
  if (left > 0) ImGui::TextDisabled("and %d more", left);
}

std::string rowName(const TokenConstraint& name, bool everyToken) {
  return everyToken ? format("%d, query %d", shown(name.sequence), shown(name.query))
                    : format("%d", shown(name.sequence));
}

/// The constraints that cancel each other, heaviest first.
void certificateTable(const Certificate& certificate, bool everyToken) {
  std::vector<double> keys;
  int count = 0;
  for (const double weight : certificate.weights) {
    keys.push_back(-weight);
    count += weight > 1e-6 ? 1 : 0;
  }
  if (count == 0 || !beginTable("certificate", {"sequence", "constraint", "weight aₖ"})) return;
  const std::vector<std::size_t> order = orderOf(keys);
  const int rows = std::min(count, kMostRows);
  for (int r = 0; r < rows; ++r) {
    const std::size_t k = order[static_cast<std::size_t>(r)];
    const CertificateEntry& entry = certificate.entries[k];
    cell(rowName(entry.name, everyToken));
    cell(format("token %d over %d", shown(entry.preferred), shown(entry.name.token)));
    cell(format("%.4f", -keys[k]));
  }
  endTable(count - rows);
}

/// Each support token against the selected one: the scores decide.
void supportTable(const Run& run, bool everyToken) {
  const auto& support = run.prediction.optimality.solution.support;
  const Result<std::vector<Vector>> gamma = scores(run.trainer.dataset());
  if (!gamma || support.empty()) return;
  if (!beginTable("support", {"sequence", "support token", "its score γ", "γ of the selected", ""})) return;
  const auto& rows = run.trainer.model().rows();
  int drawn = 0;
  for (const bool violating : {true, false})  // the ones that decide come first
    for (const TokenConstraint& name : support) {
      const auto row = std::find_if(rows.begin(), rows.end(), [&name](const AttentionRow& r) {
        return r.sequence == name.sequence && r.query == name.query;
      });
      const Vector& g = gamma.value()[static_cast<std::size_t>(name.sequence)];
      const Index selected = run.prediction.selection[static_cast<std::size_t>(row - rows.begin())];
      const bool violates = g(name.token) >= g(selected);
      if (violates != violating || drawn >= kMostRows) continue;
      ++drawn;
      cell(rowName(name, everyToken));
      cell(format("%d", shown(name.token)));
      cell(format("%.6f", g(name.token)));
      cell(format("%.6f  (token %d)", g(selected), shown(selected)));
      cell(violates ? "✗ not lower" : "✓ lower");
    }
  endTable(static_cast<int>(support.size()) - drawn);
}

/// Where another token than the selected one has the highest score.
void betterTable(const Run& run, bool everyToken) {
  const Dataset& dataset = run.trainer.dataset();
  const Result<std::vector<Vector>> gamma = scores(dataset);
  const Result<OptimalTokens> optimal = optimalTokens(dataset, run.trainer.options().queries);
  if (!gamma || !optimal ||
      !beginTable("better", {"sequence", "selected", "its score γ", "best", "its score γ"}))
    return;
  const auto& rows = run.trainer.model().rows();
  int drawn = 0, left = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Index selected = run.prediction.selection[r], best = optimal.value().tokens[r];
    if (selected == best) continue;
    if (drawn >= kMostRows) {
      ++left;
      continue;
    }
    ++drawn;
    const Vector& g = gamma.value()[static_cast<std::size_t>(rows[r].sequence)];
    cell(rowName({rows[r].sequence, rows[r].query, 0}, everyToken));
    cell(format("%d", shown(selected)));
    cell(format("%.6f", g(selected)));
    cell(format("%d ★", shown(best)));
    cell(format("%.6f", g(best)));
  }
  endTable(left);
}

void separation(const Run& run, bool everyToken) {
  const Prediction& p = run.prediction;
  const SvmSolution& svm = p.optimality.solution;
  fact("A matrix separates the selected tokens: the SVM has a solution", answer(svm),
       proof(svm, "Frobenius"));
  if (svm.status == SvmStatus::Infeasible)
    certificateTable(certificateOf(run.trainer.dataset(), p.selection, run.trainer.options().queries, svm),
                     everyToken);
  for (const NormSolution& other : p.others)
    if (other.solution.status != SvmStatus::Infeasible) {
      const std::string norm = infoOf(other.norm).name;
      fact(("The " + norm + "-norm SVM is solved").c_str(), answer(other.solution),
           proof(other.solution, norm.c_str()));
    }
  const SvmSolution* nuclear = p.in(Norm::Kind::Nuclear);
  const Index m = run.trainer.options().rank;
  if (run.trainer.options().parameterization == Parameterization::KQ && nuclear != nullptr &&
      nuclear->feasible)
    fact("K and Q have room for the solution", answer(m >= nuclear->rank),
         format("Inner size m = %d, rank of the nuclear solution %d.", static_cast<int>(m),
                static_cast<int>(nuclear->rank)));
}

void optimality(const Run& run, bool everyToken) {
  const LocalOptimality& o = run.prediction.optimality;
  const int violations = static_cast<int>(o.violations.size());
  const bool open = !o.solution.trusted();
  fact("Locally optimal: every support token scores below the selected one",
       open ? Answer::Open : answer(o.locallyOptimal),
       open          ? "Not decided: the SVM was neither solved to its tolerance nor proved impossible."
       : !o.feasible ? "Without an SVM there are no support tokens."
       : violations == 0
           ? "Support tokens lie on the edge of the margin, (x_selected − x)ᵀ W z = 1. All score lower:"
           : format("%d of %d support tokens do not score lower; training may leave this direction:",
                    violations, static_cast<int>(o.solution.support.size())));
  if (o.feasible) supportTable(run, everyToken);
  fact("Global: every selected token has the highest score of its sequence", answer(o.global),
       o.global ? "The selected tokens are the optimal ones." : "Another token scores higher here:");
  if (!o.global) betterTable(run, everyToken);
}

void bestTokens(const Session& session, bool everyToken) {
  if (!session.best) return;
  const SvmSolution& svm = session.best->solution;
  fact("The best tokens ★ of all sequences can be separated together", answer(svm), proof(svm, "Frobenius"));
  if (svm.status == SvmStatus::Infeasible) certificateTable(session.best->certificate, everyToken);
  if (session.best->ties > 0)
    fact("One best token in each sequence", Answer::No,
         format("%d sequences have two tokens of the same highest score: the theory leaves such data out.",
                session.best->ties));
}

void conditions(const Session& session, const Run& run) {
  const Trainer start = Trainer::create(session.dataset, run.trainer.options()).value();
  const Result<GlobalConditions> found =
      globalConditions(session.dataset, start.W(), run.trainer.options().loss, run.trainer.options().queries);
  if (!found) return;
  const GlobalConditions& c = found.value();
  ImGui::SeparatorText("Three conditions for the global direction");
  ImGui::TextWrapped(
      "Under (a), or under (b) with gradient descent on W, the theory proves that training goes there; (c) "
      "makes "
      "the SVM feasible for almost all data and the global direction frequent, but promises nothing for one "
      "run.");
  fact("(a) all other tokens of a sequence score the same", answer(c.equalScores),
       format("Largest spread of their scores in a sequence: %.3g.", c.scoreSpread));
  fact("(b) the first gradient step favours every best token", answer(c.gradientPointsToOptimal),
       format("Smallest (x_best − x)ᵀ (−∇L(W₀)/‖∇L(W₀)‖) z: %.3g, in sequence %d at token %d.",
              c.smallestStepMargin, shown(c.smallestStepAt.sequence), shown(c.smallestStepAt.token)));
  fact("(c) at least as many dimensions as max(T − 1, n)", answer(c.overparameterized),
       format("d = %d, max(T − 1, n) = %d.", static_cast<int>(session.dataset.d()),
              static_cast<int>(c.requiredDimension)));
}

void whyNonlinear(const Decomposition& parts) {
  fact("The kept tokens are settled", answer(parts.kept.settled),
       parts.kept.settled
           ? format("No share lies between 1e-6 and 1e-3; the largest share of a masked token is %.1e.",
                    parts.kept.largestMasked)
           : parts.message);
  fact("The growing part exists: kept tokens tie and beat the others by 1", answer(parts.directional),
       proof(parts.directional, "Frobenius"));
  fact("The finite part gives the kept tokens their proportions", answer(parts.finiteResidual < 1e-6),
       format("Least ‖W_fin‖ with (x_t − x_τ)ᵀ W_fin z = log(s_t / s_τ); largest residual %.1e.",
              parts.finiteResidual));
  fact("W is close to finite part + R × growing part", answer(parts.correlationSvmEquivalent > 0.99),
       format("R = %.4g by least squares. Correlation of W with W_fin + R W_mm %.6f, with W_mm alone %.6f.",
              parts.R, parts.correlationSvmEquivalent, parts.correlationDirectional));
  if (parts.correlationOneToken)
    ImGui::TextDisabled("with the SVM of the one most attended token: %.6f", *parts.correlationOneToken);
}

void whyRun(const Session& session, const Run& run) {
  ImGui::TextWrapped("%s", run.verdict.sentence.c_str());
  ImGui::Separator();
  if (!run.prediction.ready()) return;
  if (run.prediction.decomposition) return whyNonlinear(*run.prediction.decomposition);
  const bool everyToken = run.trainer.options().queries.everyToken;
  fact("Attention has settled on one token each", answer(run.verdict.saturated),
       format("The largest share off the leading token is %.3g; below 0.001 counts as settled.",
              run.verdict.unsaturated));
  separation(run, everyToken);
  optimality(run, everyToken);
  bestTokens(session, everyToken);
  conditions(session, run);
}

}  // namespace

void drawWhy(const Session& session) {
  int* which = ImGui::GetStateStorage()->GetIntRef(ImGui::GetID("run"));
  const int count = static_cast<int>(session.runs.size());
  if (*which >= count) *which = 0;
  for (int k = 0; k < count && count > 1; ++k) {
    if (ImGui::RadioButton(session.runs[static_cast<std::size_t>(k)].label.c_str(), *which == k)) *which = k;
    if (k + 1 < count) ImGui::SameLine();
  }
  whyRun(session, session.runs[static_cast<std::size_t>(*which)]);
}

}  // namespace attention_svm::shell
