// SPDX-License-Identifier: MIT
// Plots in their cards, and cards in a grid.
#include <imgui.h>

#include "../panels/widgets.h"
#include "../style.h"
#include "layout.h"

namespace attention_svm::shell {

constexpr float kTitledHeight = 170.0f;  // lower plots need all of it for themselves

std::vector<PlotKind> plotsShown(const Session& session) {
  if (session.settings.plots.empty()) return {PlotKind::Geometry, PlotKind::Convergence};
  return session.settings.plots;
}

void drawPlot(const Frame& frame, PlotKind kind, ImVec2 size) {
  ViewState& view = frame.screen.views[kind];
  view.plot.bare = false;
  ImGui::PushID(static_cast<int>(kind));
  ImGui::BeginChild("card", size, true, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  if (size.y >= kTitledHeight) {
    ImGui::PushFont(titleFont());
    ImGui::TextUnformatted(plotTitle(kind));
    ImGui::PopFont();
    tip(plotHelp(kind));
    ImGui::SameLine();
    ImGui::TextDisabled("(?)");
    tip(plotHelp(kind));
  }
  const ImVec2 room = ImGui::GetContentRegionAvail();
  PlotFrame drawn{frame.session, view, frame.screen.highlight, room, std::nullopt};
  viewOf(kind).draw(drawn);
  ImGui::EndChild();
  ImGui::PopID();
  if (view.plot.csvReady) {
    frame.host.saveFile(std::string(plotName(kind)) + ".csv", "text/csv", view.plot.csv);
    view.plot.csv.clear();
    view.plot.csvReady = false;
  }
  if (view.plot.pictureReady) {
    view.plot.pictureReady = false;
    const ImVec2 low = view.plot.areaMin, high = view.plot.areaMax;
    frame.host.savePicture(std::string(plotName(kind)) + ".png",
                           {low.x, low.y, high.x - low.x, high.y - low.y});
  }
  if (drawn.edit) frame.actions.edit = drawn.edit;
}

void drawGrid(const Frame& frame, const std::vector<PlotKind>& plots, int columns, int lines, ImVec2 size) {
  const ImVec2 gap = ImGui::GetStyle().ItemSpacing;
  const int count = static_cast<int>(plots.size());
  // The first plot is the one that tells the story: it is larger where there is room.
  const float first = columns == 2 ? 0.54f : 1.0f / static_cast<float>(columns);
  const float height = (size.y - gap.y * static_cast<float>(lines - 1)) / static_cast<float>(lines);
  for (int k = 0; k < count; ++k) {
    const int column = k % columns;
    const float share = columns == 2 ? (column == 0 ? first : 1.0f - first) : first;
    const bool last = column == columns - 1 || k == count - 1;
    float width = (size.x - gap.x * static_cast<float>(columns - 1)) * share;
    if (k == count - 1 && column == 0 && columns > 1) width = size.x;
    if (last) width = ImGui::GetContentRegionAvail().x;
    drawPlot(frame, plots[static_cast<std::size_t>(k)], {width, height});
    if (!last) ImGui::SameLine();
  }
}

}  // namespace attention_svm::shell
