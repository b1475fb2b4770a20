// SPDX-License-Identifier: MIT
// "Why?": the check behind each claim of the verdict, with the numbers that decide it.
#include <imgui.h>

#include "../style.h"
#include "panels.h"
#include "why_facts.h"
#include "widgets.h"

namespace attention_svm::shell {

namespace {

void draw(const Fact& fact) {
  const Palette& p = palette();
  const bool yes = fact.holds == Answer::Yes, no = fact.holds == Answer::No;
  ImGui::PushStyleColor(ImGuiCol_Text, yes ? p.good : no ? p.bad : p.warn);
  ImGui::TextUnformatted(yes ? "✓" : no ? "✗" : "?");
  ImGui::PopStyleColor();
  ImGui::SameLine(36);
  ImGui::PushFont(titleFont());
  ImGui::TextWrapped("%s", fact.claim.c_str());
  ImGui::PopFont();
  ImGui::PushStyleColor(ImGuiCol_Text, p.quiet);
  ImGui::TextWrapped("%s", fact.why.c_str());
  ImGui::PopStyleColor();
}

void draw(const FactTable& table) {
  textTable(table.columns, table.rows);
  if (table.left > 0) ImGui::TextDisabled("and %d more", table.left);
}

void draw(const FactHeading& heading) { ImGui::SeparatorText(heading.text.c_str()); }
void draw(const FactNote& note) { ImGui::TextWrapped("%s", note.text.c_str()); }

/// Where the run started, checked against the paper's conditions; empty with a nonlinear head.
std::optional<GlobalConditions> conditionsOf(const Session& session, const Run& run) {
  const TrainerOptions& options = run.trainer.options();
  const Trainer start = Trainer::create(session.dataset, options).value();
  const SvmSolution* best = session.best ? &session.best->solution : nullptr;
  Result<GlobalConditions> found =
      globalConditions(session.dataset, start.W(), options.loss, options.queries, best);
  if (!found) return std::nullopt;
  return std::move(found).value();
}

void whyRun(const Session& session, const Run& run) {
  ImGui::TextWrapped("%s", run.verdict.sentence.c_str());
  ImGui::Separator();
  const std::optional<GlobalConditions> conditions = conditionsOf(session, run);
  for (const FactItem& item :
       whyFacts(run, session.best ? &*session.best : nullptr, conditions ? &*conditions : nullptr))
    std::visit([](const auto& one) { draw(one); }, item);
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
