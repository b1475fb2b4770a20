// SPDX-License-Identifier: MIT
// Panel::Compact and Panel::None: the lab in somebody's page.
#include <imgui.h>

#include <algorithm>

#include "../metrics.h"
#include "../panels/widgets.h"
#include "../style.h"
#include "compact.h"
#include "layout.h"

namespace attention_svm::shell {

namespace {

/// One line: what moves time, why, the next plots, and figures as far as there is room for them.
void drawCompactRow(const PlotGrid& grid, int count, const Frame& frame) {
  const auto next = [](float width) {
    ImGui::SameLine();
    return ImGui::GetContentRegionAvail().x >= width;
  };
  drawPlayControls(frame.session, frame.actions);
  if (next(40) && !showsExperiment(frame.session.settings) &&
      button("why?", "The check behind each claim (w)"))
    frame.actions.toggleWhy = true;
  if (grid.shown < count && next(54)) {
    const std::string label =
        std::to_string(frame.screen.firstPlot + 1) + "/" + std::to_string(count) + " ▶###next";
    if (button(label.c_str(), "Shows the next plot"))
      frame.screen.firstPlot = (frame.screen.firstPlot + grid.shown) % count;
  }
  const std::string figures = figuresText(frame.session);
  if (!next(ImGui::CalcTextSize(figures.c_str()).x)) return ImGui::NewLine();
  ImGui::AlignTextToFramePadding();
  ImGui::TextDisabled("%s", figures.c_str());
}

}  // namespace

/// The plots that fit, the verdict below them, nothing cut off.
void drawCompact(const Frame& frame) {
  constexpr ImVec2 kLeast = {270, 190};                       // what can be read, where there is a choice
  constexpr float kLeastPlot = 180.0f, kLowestPlot = 126.0f;  // before, and after the verdict is shortened
  const bool row = frame.session.settings.panel == Panel::Compact;
  const float gap = ImGui::GetStyle().ItemSpacing.y;
  drawNotices(frame.screen.notices);
  if (ImGui::GetContentRegionAvail().y > 360) drawJobs(frame.session, frame.actions);
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float rest = room.y - gap - (row ? ImGui::GetFrameHeightWithSpacing() : 0.0f);

  ImGui::PushFont(rest > 300 ? titleFont() : regularFont());
  const std::string note = noteBeside(frame.session.runs.front());
  const std::string plain = rest > 300 && room.x > 500 ? plainSentence(frame.session) : std::string();
  const std::string whole =
      plain + (plain.empty() ? "" : " ") + sentenceOf(frame.session) + (note.empty() ? "" : " ") + note;
  const float full = ImGui::CalcTextSize(whole.c_str(), nullptr, false, room.x).y;
  const float most =
      std::max(rest - (rest - full >= kLeastPlot ? kLeastPlot : kLowestPlot), ImGui::GetTextLineHeight());
  const std::string text = leadingClauses(whole, room.x, most);
  const float words = ImGui::CalcTextSize(text.c_str(), nullptr, false, room.x).y;
  ImGui::PopFont();

  const std::vector<PlotKind> plots = plotsShown(frame.session);
  const int count = static_cast<int>(plots.size());
  const ImVec2 left = {room.x, rest - words};
  const PlotGrid grid = plotGrid(left, gap, count, kLeast);
  frame.screen.firstPlot = grid.shown == count ? 0 : frame.screen.firstPlot % count;
  if (row) drawCompactRow(grid, count, frame);
  std::vector<PlotKind> shown;
  for (int k = 0; k < grid.shown; ++k)
    shown.push_back(plots[static_cast<std::size_t>((frame.screen.firstPlot + k) % count)]);
  drawGrid(frame, shown, grid.columns, grid.lines, left);

  ImGui::PushFont(rest > 300 ? titleFont() : regularFont());
  ImGui::PushTextWrapPos(0.0f);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopTextWrapPos();
  ImGui::PopFont();
  if (text != whole) tip(whole.c_str());
}

}  // namespace attention_svm::shell
