// SPDX-License-Identifier: MIT
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "../settings/experiment_text.h"
#include "../style.h"
#include "attention_svm/names.h"
#include "panels.h"
#include "widgets.h"

namespace attention_svm::shell {

namespace {

template <class Integer>
bool whole(const char* label, const char* why, Integer& value, int high) {
  const Row row(label, why);
  auto now = static_cast<double>(value);
  if (!inputNumber(std::string("##experiment ") + label, now, 1)) return false;
  value = static_cast<Integer>(std::clamp(std::floor(now), 1.0, static_cast<double>(high)));
  return true;
}

bool chooseKind(std::optional<ExperimentSpec>& spec) {
  bool changed = false;
  const Row row("experiment", spec ? nameOf(spec->kind).help : "The paper's figures over many random runs");
  if (ImGui::BeginCombo("##experiment", spec ? nameOf(spec->kind).label : "none")) {
    forEachName<ExperimentKind>([&](ExperimentKind kind, const Name& name) {
      if (ImGui::Selectable(name.label, spec && spec->kind == kind)) {
        spec = paperExperiment(kind);
        changed = true;
      }
      tip(name.help);
    });
    ImGui::EndCombo();
  }
  return changed;
}

bool chooseSweep(ExperimentSpec& spec) {
  if (spec.kind == ExperimentKind::LocalConvergence || spec.kind == ExperimentKind::QuadraticHead ||
      spec.kind == ExperimentKind::OptimizersAndNorms)
    return false;
  bool changed = false;
  const Row row("sweep over", "What the horizontal axis shows; all else stays as set here");
  if (ImGui::BeginCombo("##over", nameOf(spec.over).label)) {
    for (const SweepVariable over :
         {SweepVariable::N, SweepVariable::T, SweepVariable::D, SweepVariable::Iteration}) {
      if (over == SweepVariable::Iteration && spec.kind != ExperimentKind::SeveralTokens) continue;
      if (ImGui::Selectable(nameOf(over).label, spec.over == over)) {
        spec.over = over;
        spec.values = spec.over == SweepVariable::D ? paperExperiment(spec.kind).values
                                                    : std::vector<double>{2, 4, 6, 8, 10, 15};
        changed = true;
      }
    }
    ImGui::EndCombo();
  }
  return changed;
}

bool chooseSizes(ExperimentSpec& spec) {
  bool changed = false;
  const bool sweeps = isSweep(spec.over);
  if (!sweeps || spec.over != SweepVariable::N) changed |= whole("n", "Sequences in each draw", spec.n, 100);
  if (!sweeps || spec.over != SweepVariable::T) changed |= whole("T", "Tokens in each sequence", spec.T, 100);
  if (!sweeps || spec.over != SweepVariable::D) changed |= whole("d", "Dimension of the tokens", spec.d, 200);
  changed |= whole(sweeps ? "runs a value" : "runs",
                   "Random draws behind each point; the paper uses 100 to 500", spec.runs, 5000);
  if (spec.kind != ExperimentKind::Rank)
    changed |= whole("steps", "Steps of training in each run", spec.steps, 100000);
  return changed;
}

}  // namespace

bool drawExperimentControls(const Session& session, Settings& settings, Actions& actions) {
  bool changed = chooseKind(settings.experiment);
  if (!settings.experiment) return changed;
  changed |= chooseSweep(*settings.experiment);
  changed |= chooseSizes(*settings.experiment);
  if (settings.experiment->kind == ExperimentKind::LocalConvergence ||
      settings.experiment->kind == ExperimentKind::SeveralTokens) {
    bool plain = settings.experiment->gradient == GradientMode::Plain;
    if (checkbox("plain gradient, as published", plain,
                 "In double precision the plain gradient dies near 10⁻¹⁶ and the published curve freezes")) {
      settings.experiment->gradient = plain ? GradientMode::Plain : GradientMode::LogDomain;
      changed = true;
    }
  }
  const bool running = std::any_of(session.jobs.begin(), session.jobs.end(),
                                   [](const JobView& job) { return job.kind == JobKind::Experiment; });
  if (running) {
    if (button("Stop the runs", "What there is of the figure stays")) actions.stopJob = JobKind::Experiment;
  } else if (button("Run", "Draws fresh data for every run, in the background")) {
    actions.runExperiment = true;
  }
  if (changed &&
      std::find(settings.plots.begin(), settings.plots.end(), PlotKind::Experiment) == settings.plots.end())
    settings.plots.insert(settings.plots.begin(), PlotKind::Experiment);
  return changed;
}

void drawExperimentVerdict(const Session& session) {
  ImGui::PushFont(titleFont());
  ImGui::PushTextWrapPos(0.0f);
  ImGui::TextUnformatted(experimentSentence(*session.settings.experiment, session.experiment).c_str());
  ImGui::PopTextWrapPos();
  ImGui::PopFont();
  ImGui::PushStyleColor(ImGuiCol_Text, palette().quiet);
  ImGui::TextUnformatted(figuresText(session).c_str());
  ImGui::PopStyleColor();
}

void drawJobs(const Session& session, Actions& actions) {
  for (const JobView& job : session.jobs) {
    ImGui::PushID(static_cast<int>(job.kind));
    const float stop = ImGui::CalcTextSize("Stop").x + 2 * ImGui::GetStyle().FramePadding.x + 12;
    char text[96];
    std::snprintf(text, sizeof text, "%s  %.0f %%", job.title.c_str(), 100.0 * job.progress);
    ImGui::ProgressBar(static_cast<float>(job.progress), {ImGui::GetContentRegionAvail().x - stop, 0}, text);
    ImGui::SameLine();
    if (button("Stop", "Ends this work; what there is of it stays")) actions.stopJob = job.kind;
    ImGui::PopID();
  }
}

}  // namespace attention_svm::shell
