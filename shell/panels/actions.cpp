// SPDX-License-Identifier: MIT
#include "actions.h"

#include <algorithm>

#include "../scenarios.h"
#include "../settings/address.h"
#include "../views/views.h"

namespace attention_svm::shell {

namespace {

std::string datasetJson(const Session& session) { return toJson(session.dataset); }

constexpr std::size_t kMostCompared = 7;

void togglePlot(const std::string& name, const Session& session, Actions& actions) {
  Settings next = session.settings;
  const auto found = std::find_if(next.plots.begin(), next.plots.end(),
                                  [&name](PlotKind kind) { return name == plotName(kind); });
  if (found != next.plots.end() && next.plots.size() > 1)
    next.plots.erase(found);
  else if (found == next.plots.end())
    for (const PlotKind kind : allPlots())
      if (name == plotName(kind)) next.plots.push_back(kind);
  actions.settings = next;
}

void addRuns(const std::string& which, const Session& session, Actions& actions) {
  Settings next = session.settings;
  const auto add = [&next](const std::string& difference) {
    if (next.compare.size() < kMostCompared) next.compare.push_back(difference);
  };
  const auto start = [&next] {
    return "trainseed=" + std::to_string(next.training.seed + next.compare.size() + 1) + ",W0=,K0=,Q0=";
  };
  if (which == "other")
    add(next.training.parameterization == Parameterization::W ? "param=KQ,opt=normalized-gd-growing,W0="
                                                              : "param=W,K0=,Q0=");
  if (which == "start") add(start());
  if (which == "seeds") {
    next.compare.clear();
    for (int k = 0; k < 4; ++k) add(start());
  }
  actions.settings = next;
}

void openScenario(const std::string& id, const Session& session, Actions& actions) {
  Settings next = scenarioSettings(id);
  next.theme = session.settings.theme;
  next.panel = session.settings.panel;
  actions.settings = next;
  actions.newHistoryEntry = true;
}

void exportAs(const std::string& action, const Session& session, Actions& actions) {
  for (const Export& choice : exports()) {
    if (action != choice.action) continue;
    if (choice.file == nullptr)
      actions.copy = choice.text(session);
    else
      actions.save = SaveFile{choice.file, choice.mime, choice.text(session)};
  }
}

/// The words without an argument. False when it is none of them.
bool runWord(const std::string& word, const Session& session, Actions& actions) {
  const struct {
    const char* name;
    bool* flag;
  } flags[] = {
      {"play", &actions.togglePlay},  {"reset", &actions.reset},   {"undo", &actions.undo},
      {"redo", &actions.redo},        {"open", &actions.openFile}, {"help", &actions.toggleHelp},
      {"why", &actions.toggleWhy},    {"basins", &actions.basins}, {"commands", &actions.toggleCommands},
      {"run", &actions.runExperiment}};
  for (const auto& entry : flags)
    if (word == entry.name) return *entry.flag = true;
  if (word == "step") actions.steps = stepsAtOnce(session.settings);
  if (word == "path") actions.path = Norm::frobenius();
  if (word == "path-nuclear") actions.path = Norm::nuclear();
  return word == "step" || actions.path.has_value();
}

}  // namespace

const std::vector<Export>& exports() {
  static const std::vector<Export> all = {
      {"copy=link", "Copy link", "The address of this page holds everything on screen, in readable form.",
       nullptr, nullptr, [](const Session& session) { return "#" + addressOf(session.settings); }},
      {"copy=embed", "Copy embed code",
       "HTML for your own page: this figure live, and a linked picture where there are no scripts", nullptr,
       nullptr, embedCode},
      {"save=dataset", "Dataset (JSON)", "X, Z, y and the head, as \"Open a file\" reads them",
       "dataset.json", "application/json", datasetJson},
      {"save=weights", "Weights (JSON)", "W of each run, and K, Q where W = K Qᵀ, with every digit",
       "weights.json", "application/json", weightsJson},
      {"save=svm", "SVM solutions with duals (JSON)",
       "For each run and norm: W, the multipliers aₖ ≥ 0 with W = Σ aₖ Aₖ (Frobenius), duality gap, smallest "
       "constraint, rank; the certificate where there is no solution",
       "svm.json", "application/json", solutionsJson},
      {"save=session", "Whole session (JSON)",
       "Settings, data, weights and solutions in one file. Open it here again and everything comes back.",
       "session.json", "application/json", sessionJson},
      {"save=traces", "Traces (CSV)", "Loss, ‖W‖, ‖∇L‖ and 1 − correlation over the iterations, all runs",
       "traces.csv", "text/csv", traceCsv},
      {"save=draws", "Draws of the experiment (CSV)",
       "A line for each draw, with every digit, as the program attention-svm writes them", "draws.csv",
       "text/csv", [](const Session& session) { return session.draws; },
       [](const Session& session) { return !session.draws.empty(); }},
      {"copy=command", "Copy the command that runs the experiment natively",
       "For the program attention-svm, on all cores and with as many draws as you like", nullptr, nullptr,
       nativeCommand, [](const Session& session) { return session.settings.experiment.has_value(); }},
      {"copy=python", "Copy Python that reproduces this",
       "A script for NumPy alone, with this data and these settings, that ends at the same W", nullptr,
       nullptr, pythonSnippet},
      {"copy=cpp", "Copy C++ that reproduces this",
       "A program for the library behind this page, with the exported dataset.json", nullptr, nullptr,
       cppSnippet}};
  return all;
}

void runAction(const Session& session, const std::string& action, Actions& actions) {
  if (runWord(action, session, actions)) return;
  const std::size_t equals = action.find('=');
  const std::string verb = action.substr(0, equals),
                    what = action.substr(std::min(equals, action.size() - 1) + 1);
  if (verb == "scenario") return openScenario(what, session, actions);
  if (verb == "plot") return togglePlot(what, session, actions);
  if (verb == "add") return addRuns(what, session, actions);
  if (verb == "copy" || verb == "save") return exportAs(action, session, actions);
  Settings next = session.settings;
  applyFields(next, splitFields(action));
  actions.settings = next;
  actions.newHistoryEntry = true;
}

}  // namespace attention_svm::shell
