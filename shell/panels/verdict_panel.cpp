// SPDX-License-Identifier: MIT
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../metrics.h"
#include "../scenarios.h"
#include "../settings/address.h"
#include "../style.h"
#include "../views/views.h"
#include "attention_svm/training_note.h"
#include "panels.h"
#include "widgets.h"

namespace attention_svm::shell {

namespace {

struct Outcome {
  const char* mark;  ///< so that colour is never alone
  const char* word;
  ImU32 colour;
};

Outcome outcomeOf(const Run& run) {
  const Verdict& v = run.verdict;
  const Palette& p = palette();
  if (!run.trainer.failure().empty()) return {"✗", "stopped", p.bad};
  if (run.prediction.solving) return {"…", "being solved", p.quiet};
  if (!run.prediction.ready()) return {"?", "too large", p.quiet};
  if (!v.saturated) return {"…", v.sharedLeads.empty() ? "spread" : "no leader", p.quiet};
  if (!v.trusted) return {"?", "undecided", p.warn};
  if (!v.feasible) return {"✗", "infeasible", p.bad};
  if (run.prediction.decomposition) return {"●", "settled", p.good};
  if (v.nothingToSelect) return {"·", "one token", p.quiet};
  if (v.global) return {"★", "global", p.good};
  if (v.locallyOptimal) return {"●", "local", p.text};
  return v.violation ? Outcome{"→", "leaving", p.warn} : Outcome{"=", "tied", p.warn};
}

void coloured(ImU32 colour, const char* text) {
  ImGui::PushStyleColor(ImGuiCol_Text, colour);
  ImGui::TextUnformatted(text);
  ImGui::PopStyleColor();
}

/// The line with which the plots draw the run, and its name.
void runName(const Run& run) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float middle = at.y + 0.5f * ImGui::GetTextLineHeight();
  plot::LineSample({at.x, middle}, {at.x + 24, middle}, runStyle(run));
  ImGui::Dummy({24, 0});
  ImGui::SameLine(0, 6);
  coloured(seriesColour(run.colour), run.label.c_str());
}

void drawPicker(const Session& session, const Scenario& now, Actions& actions) {
  ImGui::SetNextItemWidth(-1);
  if (!ImGui::BeginCombo("##scenario", now.title, ImGuiComboFlags_HeightLargest)) return;
  for (const Scenario& other : scenarios())
    if (ImGui::Selectable(other.title, &other == &now))
      runAction(session, std::string("scenario=") + other.id, actions);
  ImGui::EndCombo();
}

std::string selectedText(const Run& run) {
  std::string text;
  for (const Index t : run.verdict.selected) text += std::to_string(t + 1) + " ";
  return text.size() > 14 ? text.substr(0, 12) + "…" : text;
}

}  // namespace

std::string noteBeside(const Run& run) {
  return run.trainer.failure().empty() ? trainingNote(run.trainer) : std::string();  // else it is the verdict
}

std::string figuresText(const Session& session) {
  char text[96];
  const Trainer& trainer = session.runs.front().trainer;
  if (!showsExperiment(session.settings))
    std::snprintf(text, sizeof text, "iteration %ld   loss %.6g   ‖W‖ %.4g", trainer.iteration(),
                  trainer.loss(), trainer.W().norm());
  else if (session.experiment)
    std::snprintf(text, sizeof text, "%d draws, %d of them left out, %.0f %% done", session.experiment->draws,
                  session.experiment->leftOut, 100.0 * session.experiment->progress);
  else
    return "Press Play to run it.";
  return text;
}

void drawVerdict(const Session& session, Actions& actions) {
  const Run& run = session.runs.front();
  const std::string plain = plainSentence(session);
  ImGui::PushTextWrapPos(0.0f);
  ImGui::PushFont(titleFont());
  ImGui::TextUnformatted((plain.empty() ? run.verdict.sentence : plain).c_str());
  ImGui::PopFont();
  if (!plain.empty()) ImGui::TextUnformatted(run.verdict.sentence.c_str());
  ImGui::PopTextWrapPos();
  // The button first: it stays in place while the numbers beside it run.
  if (ImGui::SmallButton("why?")) actions.toggleWhy = true;
  tip("The check behind each claim, with its numbers (w)");
  ImGui::SameLine(0, 12);
  ImGui::PushStyleColor(ImGuiCol_Text, palette().quiet);
  ImGui::TextUnformatted(figuresText(session).c_str());
  ImGui::PopStyleColor();
  if (const std::string note = noteBeside(run); !note.empty()) {
    ImGui::PushStyleColor(ImGuiCol_Text, palette().warn);
    ImGui::TextWrapped("%s", note.c_str());
    ImGui::PopStyleColor();
  }
}

void drawSentence(const Session& session, Actions& actions) {
  if (showsExperiment(session.settings))
    drawExperimentVerdict(session);
  else
    drawVerdict(session, actions);
}

void drawPlayControls(const Session& session, Actions& actions) {
  ImGui::PushStyleColor(ImGuiCol_Button, palette().accent);
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, withAlpha(palette().accent, 0.85f));
  ImGui::PushStyleColor(ImGuiCol_Text, palette().accentText);
  const bool pressed = ImGui::Button(session.playing ? "❚❚ Pause" : "▶ Play");
  ImGui::PopStyleColor(3);
  tip("Train, or hold (space)");
  if (pressed) actions.togglePlay = true;
  ImGui::SameLine();
  if (button("Step", "As many steps as in one frame (right arrow)"))
    actions.steps = stepsAtOnce(session.settings);
  ImGui::SameLine();
  if (button("Reset", "Back to the start (r)")) actions.reset = true;
}

void drawTransport(const Session& session, Actions& actions) {
  drawPlayControls(session, actions);
  ImGui::SameLine();
  if (button("Find…", "Every action by its name (ctrl k, or /)")) actions.toggleCommands = true;
}

void drawTimeline(const Session& session, Actions& actions) {
  if (showsExperiment(session.settings)) return;
  const Run& run = session.runs.front();
  const double last = std::max(recordedTo(run), 1.0);
  char text[48];
  std::snprintf(text, sizeof text, "step %ld of %.0f", run.trainer.iteration(), recordedTo(run));
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(text);
  ImGui::SameLine(ImGui::GetCursorPosX() + 150);
  auto share = static_cast<float>(static_cast<double>(run.trainer.iteration()) / last);
  if (slider("##timeline", share)) {
    const long wanted = std::lround(static_cast<double>(share) * recordedTo(run));
    if (wanted != run.trainer.iteration()) actions.seek = wanted;
  }
  tip("Drag: every plot shows that moment of training. Play goes on from there.");
}

void drawStory(const Session& session, bool picker, Actions& actions) {
  const Scenario* scenario = findScenario(session.settings.scenario);
  if (scenario == nullptr) return;
  if (picker) drawPicker(session, *scenario, actions);
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
  for (const Run& run : session.runs) {
    const Outcome outcome = outcomeOf(run);
    runName(run);
    tip("How the plots draw this run");
    ImGui::SameLine();
    ImGui::TextDisabled("selected %s", selectedText(run).c_str());
    ImGui::Indent();
    coloured(outcome.colour, (std::string(outcome.mark) + " " + outcome.word).c_str());
    tip(run.verdict.sentence.c_str());
    if (run.verdict.angleDegrees) {
      ImGui::SameLine();
      ImGui::Text("%.2f°", *run.verdict.angleDegrees);
      tip("Between W and the SVM that the theorem names for this run");
    }
    ImGui::Unindent();
  }
}

void drawHeadOffer(const HeadOffer& offer, Actions& actions) {
  ImGui::TextWrapped(
      "%s has no head. The lab needs v, which gives each token its score γ = y vᵀx. Choose how to get it:",
      offer.file.c_str());
  const auto choice = [&](const char* label, HeadChoice which, const char* explanation) {
    const bool pressed = ImGui::RadioButton(label, offer.choice == which);
    tip(explanation);
    if (pressed && offer.choice != which) actions.head = which;
  };
  choice("fit v: logistic regression on mean tokens", HeadChoice::Fitted,
         "Least mean of log(1 + exp(−y vᵀm)) + 0.005 ‖v‖² over the sequences, m the mean token of a "
         "sequence; then "
         "scaled to ‖v‖ = 1");
  if (ImGui::GetContentRegionAvail().x > 640) ImGui::SameLine(0, 24);
  choice("v = difference of the label means", HeadChoice::MeanDifference,
         "Mean token of the sequences with y = +1 minus that of those with y = −1, scaled to ‖v‖ = 1");
  if (button("Keep this", "Closes the question; undo brings back the data before"))
    actions.closeHeadOffer = true;
}

}  // namespace attention_svm::shell
