// SPDX-License-Identifier: MIT
// Panel::Figure: the first plot large, the others small beside it or below; no words but theirs.
#include <imgui.h>

#include <algorithm>

#include "../style.h"
#include "layout.h"

namespace attention_svm::shell {

namespace {

/// A plot without a card, its title above it where it is not the only one.
void drawBare(const Frame& frame, PlotKind kind, ImVec2 size, bool titled) {
  ViewState& view = frame.screen.views[kind];
  view.plot.bare = true;
  ImGui::PushID(static_cast<int>(kind));
  ImGui::PushStyleColor(ImGuiCol_ChildBg, palette().background);
  ImGui::BeginChild("figure", size, false, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  if (titled && kind != PlotKind::Geometry)
    ImGui::TextUnformatted(kind == PlotKind::LossAndNorm ? "Loss" : plotTitle(kind));
  PlotFrame drawn{frame.session, view, frame.screen.highlight, ImGui::GetContentRegionAvail(), std::nullopt};
  viewOf(kind).draw(drawn);
  ImGui::EndChild();
  ImGui::PopStyleColor();
  ImGui::PopID();
  if (drawn.edit) frame.actions.edit = drawn.edit;
}

}  // namespace

void drawFigure(const Frame& frame) {
  constexpr float kWide = 1.25f;  // from which on the small plots stand beside the large one
  const std::vector<PlotKind> plots = plotsShown(frame.session);
  const auto small = static_cast<int>(plots.size()) - 1;
  const ImVec2 room = ImGui::GetContentRegionAvail(), gap = ImGui::GetStyle().ItemSpacing;
  if (small == 0) return drawBare(frame, plots[0], room, false);
  const auto count = static_cast<float>(small);
  const bool beside = room.x > kWide * room.y;
  ImVec2 large = room, each;
  if (beside) {
    large.x = std::max(room.x - std::max(0.36f * room.x, 220.0f), 0.5f * room.x) - gap.x;
    each = {room.x - large.x - gap.x, (room.y - gap.y * (count - 1)) / count};
  } else {
    each = {(room.x - gap.x * (count - 1)) / count,
            std::clamp((small == 1 ? 0.44f : 0.34f) * room.y, 90.0f, 360.0f)};
    if (plots.back() == PlotKind::Shares) each.y = std::min(each.y, 110.0f);
    large.y = room.y - each.y - gap.y;
  }
  drawBare(frame, plots[0], large, false);
  if (beside) ImGui::SameLine();
  ImGui::BeginGroup();
  for (int k = 1; k <= small; ++k) {
    drawBare(frame, plots[static_cast<std::size_t>(k)], each, true);
    if (!beside && k < small) ImGui::SameLine();
  }
  ImGui::EndGroup();
}

}  // namespace attention_svm::shell
