// SPDX-License-Identifier: MIT
// A panel at the left, the verdict and the plots beside it.
#include <imgui.h>

#include "../metrics.h"
#include "../panels/widgets.h"
#include "../style.h"
#include "layout.h"
#include "number_text.h"

namespace attention_svm::shell {

namespace {

constexpr float kPanelWidth = 312.0f, kNarrowestPanel = 230.0f, kWidestPanel = 640.0f;

/// Between panel and plots: drags the width of the panel, which the browser remembers.
void drawSplitter(const Frame& frame) {
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  ImGui::SameLine(0, 0);
  ImGui::InvisibleButton("splitter", {gap, std::max(ImGui::GetContentRegionAvail().y, 1.0f)});
  tip("Drag to make the panel wider or narrower; double click for the usual width");
  const bool reset = ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
  if (ImGui::IsItemHovered() || ImGui::IsItemActive()) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    ImGui::GetWindowDrawList()->AddRectFilled({low.x + 2, low.y + 8}, {high.x - 2, high.y - 8},
                                              withAlpha(palette().accent, 0.6f), 2);
  }
  if (ImGui::IsItemActive()) {
    const float widest = std::min(kWidestPanel, 0.6f * ImGui::GetIO().DisplaySize.x);
    frame.screen.panelWidth =
        std::clamp(ImGui::GetIO().MousePos.x - 8.0f - 0.5f * gap, kNarrowestPanel, widest);
  }
  if (reset) frame.screen.panelWidth = kPanelWidth;
  if (reset || ImGui::IsItemDeactivated())
    frame.host.remember("panel-width", std::to_string(static_cast<int>(frame.screen.panelWidth)));
  ImGui::SameLine(0, 0);
}

void drawPlots(const Frame& frame, ImVec2 size) {
  const std::vector<PlotKind> plots = plotsShown(frame.session);
  const int count = static_cast<int>(plots.size());
  const bool wide = size.x > 1.1f * size.y;
  const int columns = count == 1 ? 1 : count == 2 ? (wide ? 2 : 1) : count <= 4 ? 2 : 3;
  const int lines = (count + columns - 1) / columns;
  const float gap = ImGui::GetStyle().ItemSpacing.y * static_cast<float>(lines - 1);
  drawGrid(frame, plots, columns, lines,
           {size.x, std::max(size.y, 190.0f * static_cast<float>(lines) + gap)});
}

}  // namespace

void recallScreen(Screen& screen, const Host& host) {
  double remembered = 0;
  const float width =
      readNumber(host.remembered("panel-width"), remembered) ? static_cast<float>(remembered) : 0.0f;
  screen.panelWidth = width >= kNarrowestPanel && width <= kWidestPanel ? width : kPanelWidth;
  std::string name;
  for (const char c : host.remembered("sections")) {
    if (c != ';') {
      name.push_back(c);
      continue;
    }
    screen.sections.flipped.insert(name);
    name.clear();
  }
}

void drawDesktop(const Frame& frame) {
  ImGui::BeginChild("panel", {frame.screen.panelWidth, 0}, true);
  drawStory(frame.session, !frame.screen.pageHasControls, frame.actions);
  ImGui::Separator();
  if (!frame.screen.pageHasControls) drawTransport(frame.session, frame.actions);
  drawRunTable(frame.session);
  drawControls(frame.session, frame.screen.sections, frame.canUndo, frame.canRedo, frame.actions);
  ImGui::EndChild();
  drawSplitter(frame);
  ImGui::BeginGroup();
  drawNotices(frame.screen.notices);
  drawJobs(frame.session, frame.actions);
  drawOffer(frame);
  const float wrap = ImGui::GetContentRegionAvail().x - 30;
  const std::string plain = plainSentence(frame.session), words = sentenceOf(frame.session);
  float text = plain.empty() ? 0.0f : ImGui::CalcTextSize(words.c_str(), nullptr, false, wrap).y + 6;
  ImGui::PushFont(titleFont());
  text += ImGui::CalcTextSize((plain.empty() ? words : plain).c_str(), nullptr, false, wrap).y;
  ImGui::PopFont();
  const std::string note = noteBeside(frame.session.runs.front());
  const float below = note.empty() ? 0.0f : ImGui::CalcTextSize(note.c_str(), nullptr, false, wrap).y + 6;
  ImGui::BeginChild("verdict", {0, text + 50 + below}, true, ImGuiWindowFlags_NoScrollbar);
  drawSentence(frame.session, frame.actions);
  ImGui::EndChild();
  ImVec2 room = ImGui::GetContentRegionAvail();
  if (!showsExperiment(frame.session.settings)) room.y -= ImGui::GetFrameHeightWithSpacing();
  drawPlots(frame, room);
  drawTimeline(frame.session, frame.actions);
  ImGui::EndGroup();
}

}  // namespace attention_svm::shell
