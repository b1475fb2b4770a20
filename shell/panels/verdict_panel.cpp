#include <imgui.h>

#include <algorithm>
#include <cstdio>

#include "../address.h"
#include "../scenarios.h"
#include "../style.h"
#include "panels.h"

namespace attention_svm::shell {

namespace {

void fact(const char* claim, bool holds, const std::string& why) {
  ImGui::PushStyleColor(ImGuiCol_Text, holds ? palette().good : palette().warn);
  ImGui::TextUnformatted(holds ? "✓" : "✗");
  ImGui::PopStyleColor();
  ImGui::SameLine();
  ImGui::PushFont(titleFont());
  ImGui::TextUnformatted(claim);
  ImGui::PopFont();
  ImGui::PushStyleColor(ImGuiCol_Text, palette().quiet);
  ImGui::TextWrapped("%s", why.c_str());
  ImGui::PopStyleColor();
}

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

void whyLinear(const Session& session, const Run& run) {
  const LocalOptimality& optimality = run.prediction.optimality;
  char text[160];
  std::snprintf(
      text, sizeof text,
      "The largest share of attention off the leading token is %.3g; below 0.001 counts as settled.",
      run.verdict.unsaturated);
  fact("Attention has settled on one token per sequence", run.verdict.saturated, text);
  fact("A matrix separates these tokens (the SVM is feasible)", optimality.feasible,
       trimmed(toText(optimality.solution)));
  if (run.prediction.nuclear && run.prediction.nuclear->feasible)
    fact("The nuclear-norm SVM is solved", run.prediction.nuclear->status == SvmStatus::Solved,
         trimmed(toText(*run.prediction.nuclear)));
  if (run.prediction.lp && run.prediction.lp->feasible)
    fact("The ℓp SVM is solved", run.prediction.lp->status == SvmStatus::Solved,
         trimmed(toText(*run.prediction.lp)));
  fact("Locally optimal: every support token scores lower than the selected one", optimality.locallyOptimal,
       trimmed(toText(optimality)));
  fact("Global: every selected token has the highest score", optimality.global,
       optimality.global ? "The selection is the optimal one."
                         : "In at least one sequence another token scores higher.");
  const Index m = run.trainer.options().rank;
  if (run.trainer.options().parameterization == Parameterization::KQ && run.prediction.nuclear &&
      run.prediction.nuclear->feasible)
    fact("K and Q have room for the solution", m >= run.prediction.nuclear->rank,
         "inner size m = " + std::to_string(m) + ", rank of the nuclear solution " +
             std::to_string(run.prediction.nuclear->rank));
  Trainer start = Trainer::create(session.dataset, run.trainer.options()).value();
  const Result<GlobalConditions> conditions =
      globalConditions(session.dataset, start.W(), run.trainer.options().loss, run.trainer.options().queries);
  if (!conditions) return;
  const GlobalConditions& c = conditions.value();
  ImGui::Separator();
  ImGui::TextWrapped("Conditions under which the theory promises the global direction:");
  std::snprintf(text, sizeof text, "Largest spread of the other scores in a sequence: %.3g.", c.scoreSpread);
  fact("(a) all non-optimal tokens of a sequence score the same", c.equalScores, text);
  std::snprintf(text, sizeof text, "Smallest margin of the first step: %.3g, in sequence %d at token %d.",
                c.smallestStepMargin, static_cast<int>(c.smallestStepAt.sequence) + 1,
                static_cast<int>(c.smallestStepAt.token) + 1);
  fact("(b) the first gradient step favours every optimal token", c.gradientPointsToOptimal, text);
  std::snprintf(text, sizeof text, "d = %d, max(T − 1, n) = %d.", static_cast<int>(session.dataset.d()),
                static_cast<int>(c.requiredDimension));
  fact("(c) more dimensions than tokens and sequences", c.overparameterized, text);
}

}  // namespace

void drawVerdict(const Session& session, Actions& actions) {
  const Run& run = session.runs.front();
  ImGui::PushFont(titleFont());
  ImGui::PushTextWrapPos(0.0f);
  ImGui::TextUnformatted(run.verdict.sentence.c_str());
  ImGui::PopTextWrapPos();
  ImGui::PopFont();
  ImGui::PushStyleColor(ImGuiCol_Text, palette().quiet);
  ImGui::Text("iteration %ld   loss %.6g   ‖W‖ %.4g", run.trainer.iteration(), run.trainer.loss(),
              run.trainer.W().norm());
  ImGui::PopStyleColor();
  ImGui::SameLine();
  if (ImGui::SmallButton("why?")) actions.toggleWhy = true;
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("The check behind each claim, with its numbers");
  if (run.trainer.stalled()) {
    ImGui::PushStyleColor(ImGuiCol_Text, palette().warn);
    ImGui::TextWrapped(
        "The gradient has underflowed and training stands still. Choose the log-domain gradient to go on.");
    ImGui::PopStyleColor();
  }
}

void drawWhy(const Session& session) {
  const Run& run = session.runs.front();
  if (!run.prediction.ready()) {
    ImGui::TextWrapped("%s", run.verdict.sentence.c_str());
    return;
  }
  if (!run.prediction.decomposition) {
    whyLinear(session, run);
    return;
  }
  const Decomposition& parts = *run.prediction.decomposition;
  fact("The kept tokens are settled", parts.kept.settled,
       parts.kept.settled ? "No probability lies between 1e-6 and 1e-3." : parts.message);
  fact("The growing part exists (kept tokens tie and beat the others)", parts.directional.feasible,
       trimmed(toText(parts.directional)));
  char text[160];
  std::snprintf(text, sizeof text, "Largest residual of the log-odds equations: %.2e.", parts.finiteResidual);
  fact("The finite part gives the kept tokens their proportions", parts.finiteResidual < 1e-6, text);
  fact("W is close to finite part + R × growing part", parts.correlationSvmEquivalent > 0.99,
       trimmed(toText(parts)));
}

void drawTransport(const Session& session, Actions& actions) {
  if (ImGui::Button(session.playing ? "❚❚ Pause" : "▶ Play")) actions.togglePlay = true;
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("Train (space)");
  ImGui::SameLine();
  if (ImGui::Button("Step")) actions.steps = session.settings.stepsPerFrame;
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("As many steps as in one frame (right arrow)");
  ImGui::SameLine();
  if (ImGui::Button("Reset")) actions.reset = true;
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("Back to the start (r)");
}

void runAction(const Session& session, const std::string& fields, Actions& actions) {
  if (fields == "basins") {
    actions.basins = true;
  } else if (fields == "path") {
    actions.path = Norm::frobenius();
  } else if (fields == "run") {
    actions.runExperiment = true;
  } else if (fields == "path-nuclear") {
    actions.path = Norm::nuclear();
  } else {
    Settings next = session.settings;
    applyFields(next, splitFields(fields));
    actions.settings = next;
    actions.newHistoryEntry = true;
  }
}

void drawStory(const Session& session, Actions& actions) {
  const Scenario* scenario = findScenario(session.settings.scenario);
  if (scenario == nullptr) return;
  ImGui::SetNextItemWidth(-1);
  if (ImGui::BeginCombo("##scenario", scenario->title, ImGuiComboFlags_HeightLargest)) {
    for (const Scenario& other : scenarios())
      if (ImGui::Selectable(other.title, &other == scenario)) {
        Settings next = scenarioSettings(other.id);
        next.theme = session.settings.theme;
        next.panel = session.settings.panel;
        actions.settings = next;
        actions.newHistoryEntry = true;
      }
    ImGui::EndCombo();
  }
  ImGui::PushStyleColor(ImGuiCol_Text, palette().quiet);
  ImGui::TextWrapped("%s", scenario->story);
  ImGui::PopStyleColor();
  ImGui::PushStyleColor(ImGuiCol_Text, palette().accent);
  for (const TryThis& line : scenario->tries) {
    const std::string text = std::string("→ ") + line.text;
    if (ImGui::Selectable(text.c_str())) runAction(session, line.fields, actions);
  }
  ImGui::PopStyleColor();
  if (!session.basinsMessage.empty()) ImGui::TextWrapped("%s", session.basinsMessage.c_str());
}

void drawRunTable(const Session& session) {
  if (session.runs.size() < 2) return;
  if (!ImGui::BeginTable("runs", 4, ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_SizingStretchProp))
    return;
  ImGui::TableSetupColumn("run");
  ImGui::TableSetupColumn("selected");
  ImGui::TableSetupColumn("verdict");
  ImGui::TableSetupColumn("angle");
  ImGui::TableHeadersRow();
  for (const Run& run : session.runs) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::PushStyleColor(ImGuiCol_Text, seriesColour(run.colour));
    ImGui::TextUnformatted(run.label.c_str());
    ImGui::PopStyleColor();
    ImGui::TableNextColumn();
    std::string tokens;
    for (const Index t : run.verdict.selected) tokens += std::to_string(t + 1) + " ";
    ImGui::TextUnformatted(tokens.substr(0, 40).c_str());
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(!run.verdict.saturated       ? "spread"
                           : !run.verdict.feasible      ? "infeasible"
                           : run.verdict.global         ? "global"
                           : run.verdict.locallyOptimal ? "local"
                                                        : "leaving");
    ImGui::TableNextColumn();
    ImGui::Text("%.2f°", run.verdict.angleDegrees);
  }
  ImGui::EndTable();
}

}  // namespace attention_svm::shell
