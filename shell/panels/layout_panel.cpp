// SPDX-License-Identifier: MIT
// Sections of the panel about what is shown and taken along: plots, runs to compare, exports, appearance.
#include <imgui.h>

#include <algorithm>

#include "../settings/table.h"
#include "../views/views.h"
#include "actions.h"
#include "widgets.h"

namespace attention_svm::shell {

namespace {

void plotControls(const Session& session, Actions& actions) {
  const auto& plots = session.settings.plots;
  for (const PlotKind kind : allPlots()) {
    bool shown = std::find(plots.begin(), plots.end(), kind) != plots.end();
    if (checkbox(plotTitle(kind), shown, plotHelp(kind)))
      runAction(session, std::string("plot=") + plotName(kind), actions);
  }
}

void compareControls(const Session& session, Actions& actions) {
  if (button("+ the other parameterization",
             "W beside (K, Q), drawn over each other, each against its own SVM"))
    runAction(session, "add=other", actions);
  if (button("+ another start", "A run from other initial weights, drawn over this one"))
    runAction(session, "add=start", actions);
  ImGui::SameLine();
  if (button("Five starts", "This run and four from other initial weights: which direction does each reach?"))
    runAction(session, "add=seeds", actions);
  if (!session.settings.compare.empty() && button("Only the main run", "Takes the other runs away"))
    runAction(session, "compare=", actions);
}

void exportControls(const Session& session, Actions& actions) {
  for (const Export& choice : exports())
    if ((choice.offered == nullptr || choice.offered(session)) &&
        button(choice.label, choice.explanation, {-1, 0}))
      runAction(session, choice.action, actions);
}

}  // namespace

bool drawLayoutSections(const Session& session, Sections& sections, Settings& s, Actions& actions) {
  if (beginSection("Plots", false, sections)) plotControls(session, actions);
  if (beginSection("Compare", false, sections)) compareControls(session, actions);
  if (beginSection("Take it with you", false, sections)) exportControls(session, actions);
  if (!beginSection("Appearance", false, sections)) return false;
  const Setting& theme = *findSetting("theme");
  const Row row(theme.label, theme.help);
  return combo("##theme", s.theme);
}

}  // namespace attention_svm::shell
