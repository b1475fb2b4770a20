// SPDX-License-Identifier: MIT
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../settings/table.h"
#include "panels.h"
#include "widgets.h"

namespace attention_svm::shell {

namespace {

// A control of a setting: label, explanation and range are those of its row in the table.

template <class Integer>
bool whole(const char* key, Integer& value) {
  const Setting& setting = *findSetting(key);
  const Row row(setting.label, setting.help);
  auto now = static_cast<double>(value);
  if (!inputNumber(std::string("##") + key, now, 1)) return false;
  value = static_cast<Integer>(std::clamp(std::floor(now), setting.low, setting.high));
  return true;
}

bool real(const char* key, double& value, double step) {
  const Setting& setting = *findSetting(key);
  const Row row(setting.label, setting.help);
  double now = value;
  if (!inputNumber(std::string("##") + key, now, step) || !(now >= setting.low && now <= setting.high))
    return false;
  value = now;
  return true;
}

template <class Choice>
bool choose(const char* key, Choice& value) {
  const Setting& setting = *findSetting(key);
  const Row row(setting.label, setting.help);
  return combo((std::string("##") + key).c_str(), value);
}

bool flag(const char* key, bool& value) {
  const Setting& setting = *findSetting(key);
  return checkbox(setting.label, value, setting.help);
}

bool randomControls(RandomDatasetSpec& r) {
  bool changed = whole("n", r.n);
  changed |= whole("T", r.T);
  changed |= whole("d", r.d);
  changed |= whole("seed", r.seed);
  changed |= choose("head", r.head);
  if (r.head == HeadKind::Quadratic) changed |= real("lambda", r.lambda, 0.1);
  return flag("self", r.selfAttention) || changed;
}

/// A box to type into; what stands in it counts when the reader presses Enter or leaves it.
template <int Longest>
bool textBox(const char* key, std::string& value, float lines) {
  const Setting& setting = *findSetting(key);
  const Row row(setting.label, setting.help);
  char buffer[static_cast<std::size_t>(Longest) + 1] = {};
  value.copy(buffer, static_cast<std::size_t>(Longest));
  const std::string name = std::string("##") + key;
  const bool entered =
      lines > 1 ? ImGui::InputTextMultiline(
                      name.c_str(), buffer, sizeof buffer, {-1, lines * ImGui::GetTextLineHeight() + 8},
                      ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_CtrlEnterForNewLine)
                : (ImGui::SetNextItemWidth(-1), ImGui::InputText(name.c_str(), buffer, sizeof buffer,
                                                                 ImGuiInputTextFlags_EnterReturnsTrue));
  if ((!entered && !ImGui::IsItemDeactivatedAfterEdit()) || value == buffer) return false;
  value = buffer;
  return true;
}

bool textControls(Settings& s) {
  bool changed = textBox<kLongestText>("text", s.text, 4);
  changed |= choose("unit", s.words.unit);
  changed |= whole("context", s.words.context);
  changed |= choose("embed", s.words.embeddings);
  changed |= whole("embd", s.words.d);
  if (s.words.embeddings == EmbeddingKind::Random) changed |= whole("embseed", s.words.seed);
  return textBox<kLongestBeginning>("begin", s.beginning, 1) || changed;
}

bool dataControls(const Session& session, Settings& s, Actions& actions) {
  ImGui::TextWrapped("%s", session.dataset.name.empty() ? "unnamed data" : session.dataset.name.c_str());
  if (!session.dataset.source.empty()) ImGui::TextWrapped("source: %s", session.dataset.source.c_str());
  if (button("Open a file…",
             "A dataset as JSON, CSV or NumPy file (X, Z, y, v), or a saved session. You can also drop it "
             "anywhere on the page, or paste JSON or CSV."))
    actions.openFile = true;
  ImGui::SameLine();
  bool changed = false;
  if (button("Random data",
             "Gaussian tokens, queries and v, each scaled to length 1, labels ±1, as in the paper")) {
    s.source = DataSource::Random;
    changed = true;
  }
  ImGui::SameLine();
  if (button("A text", "Type or paste a text: each place of it asks for the next word")) {
    s.source = DataSource::Text;
    if (s.text.empty()) s.text = "rose is a rose is a rose is a rose";
    s.training.queries = {};
    s.plots = {PlotKind::Words, PlotKind::Priority, PlotKind::Convergence, PlotKind::NextWord};
    changed = true;
  }
  if (s.source == DataSource::Text) return textControls(s) || changed;
  return (s.source == DataSource::Random && randomControls(s.random)) || changed;
}

bool modelControls(Settings& s) {
  TrainerOptions& t = s.training;
  bool changed = choose("param", t.parameterization);
  // (K, Q) creeps with steps of constant length, and is promised to arrive.
  if (changed && t.parameterization == Parameterization::KQ && t.optimizer == Optimizer::NormalizedGd)
    t.optimizer = Optimizer::NormalizedGdGrowing;
  if (t.parameterization == Parameterization::KQ) changed |= whole("m", t.rank);
  changed |= flag("every", t.queries.everyToken);
  if (t.queries.everyToken) changed |= flag("causal", t.queries.causal);
  return changed;
}

/// From one step a second to as fast as it goes.
bool pace(Settings& s) {
  const Setting& setting = *findSetting("speed");
  const Row row(setting.label, setting.help);
  char text[48];
  std::snprintf(text, sizeof text, "%.3g steps a second", 60 * s.stepsPerFrame);
  ImGui::TextUnformatted(text);
  const double range = std::log(setting.high / setting.low);
  auto share = static_cast<float>(std::log(s.stepsPerFrame / setting.low) / range);
  if (!slider("##speed", share)) return false;
  const double wanted = setting.low * std::exp(range * static_cast<double>(share));
  // Two digits, so that the address stays short
  const double unit = std::pow(10.0, std::floor(std::log10(wanted)) - 1);
  s.stepsPerFrame = std::clamp(std::round(wanted / unit) * unit, setting.low, setting.high);
  return true;
}

bool trainingControls(Settings& s) {
  TrainerOptions& t = s.training;
  bool changed = choose("opt", t.optimizer);
  if (t.optimizer == Optimizer::Mirror || t.optimizer == Optimizer::NormalizedMirror)
    changed |= real("p", t.p, 0.25);
  if (t.optimizer == Optimizer::NormalizedGdGrowing) {
    double growth = t.growth.value_or(defaultGrowth(t.parameterization));
    if (real("growth", growth, 0.5)) {
      t.growth = growth;
      changed = true;
    }
  }
  changed |= real("eta", t.stepSize, 0.01);
  changed |= choose("loss", t.loss);
  changed |= choose("grad", t.gradient);
  if (t.gradient == GradientMode::Plain && t.parameterization == Parameterization::KQ)
    changed |= flag("ridge", t.ridge);
  if (whole("trainseed", t.seed)) {
    t.W0.reset();
    t.K0.reset();
    t.Q0.reset();
    changed = true;
  }
  return pace(s) || changed;
}

}  // namespace

bool beginSection(const char* name, bool openAtFirst, Sections& sections) {
  const bool open = openAtFirst != (sections.flipped.count(name) > 0);
  ImGui::SetNextItemOpen(open);
  ImGui::CollapsingHeader(name);
  if (!ImGui::IsItemToggledOpen()) return open;
  if (sections.flipped.erase(name) == 0) sections.flipped.insert(name);
  sections.changed = true;
  return !open;
}

void drawControls(const Session& session, Sections& sections, bool canUndo, bool canRedo, Actions& actions) {
  Settings s = session.settings;
  bool changed = false;
  const bool experiment = showsExperiment(s);
  // What the page is about comes first.
  const auto experimentSection = [&] {
    if (beginSection("Experiment", experiment, sections))
      changed |= drawExperimentControls(session, s, actions);
  };
  if (experiment) experimentSection();
  if (beginSection("Data", !experiment, sections)) changed |= dataControls(session, s, actions);
  if (beginSection("Model", !experiment, sections)) changed |= modelControls(s);
  if (beginSection("Training", !experiment, sections)) changed |= trainingControls(s);
  if (!experiment) experimentSection();
  changed |= drawLayoutSections(session, sections, s, actions);
  ImGui::Separator();
  ImGui::BeginDisabled(!canUndo);
  if (button("Undo", "The settings and data before the last change (ctrl z)")) actions.undo = true;
  ImGui::EndDisabled();
  ImGui::SameLine();
  ImGui::BeginDisabled(!canRedo);
  if (button("Redo", "What was undone, again (ctrl shift z)")) actions.redo = true;
  ImGui::EndDisabled();
  ImGui::SameLine();
  if (button("Help", "What the lab shows, in a page (?)")) actions.toggleHelp = true;
  if (changed && !actions.settings) actions.settings = s;
}

}  // namespace attention_svm::shell
