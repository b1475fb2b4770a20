// SPDX-License-Identifier: MIT
// Everything below each other.
#include <imgui.h>

#include <algorithm>

#include "layout.h"

namespace attention_svm::shell {

namespace {

/// Below each other, as wide as the screen.
void drawPhonePlots(const Frame& frame, const std::vector<PlotKind>& plots, std::size_t from,
                    std::size_t to) {
  const float width = ImGui::GetContentRegionAvail().x;
  for (std::size_t k = from; k < std::min(to, plots.size()); ++k) {
    const PlotView& view = viewOf(plots[k]);
    drawPlot(frame, plots[k], {width, std::min(view.phoneShape * width, view.phoneHeight)});
  }
}

}  // namespace

void drawPhone(const Frame& frame) {
  drawNotices(frame.screen.notices);
  drawJobs(frame.session, frame.actions);
  drawOffer(frame);
  drawSentence(frame.session, frame.actions);
  if (!frame.screen.pageHasControls) drawTransport(frame.session, frame.actions);
  drawTimeline(frame.session, frame.actions);
  drawRunTable(frame.session);
  // The story beside the picture that shows it, the other plots below
  const std::vector<PlotKind> plots = plotsShown(frame.session);
  drawPhonePlots(frame, plots, 0, 1);
  drawStory(frame.session, !frame.screen.pageHasControls, frame.actions);
  drawPhonePlots(frame, plots, 1, plots.size());
  drawControls(frame.session, frame.screen.sections, frame.canUndo, frame.canRedo, frame.actions);
}

}  // namespace attention_svm::shell
