// SPDX-License-Identifier: MIT
// For the reader of a plot: legend, value under the cursor, menu, pan and zoom.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../style.h"
#include "parts.h"

namespace attention_svm::shell::plot {

void Plot::drawLegend() {
  ImFont* font = smallFont();
  const float size = font->FontSize * ImGui::GetIO().FontGlobalScale;
  float x = plain_ ? outerMin_.x + 4 : min_.x, y = outerMin_.y + 4;
  int rows = 1;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const LegendEntry& entry = entries_[i];
    const ImVec2 extent = font->CalcTextSizeA(size, FLT_MAX, 0, entry.label.c_str());
    const float width = 24 + extent.x + 12;
    if (x + width > outerMax_.x - 30 && x > min_.x) {
      if (rows == 3) break;
      ++rows;
      x = plain_ ? outerMin_.x + 4 : min_.x;
      y += size + 4;
    }
    const bool shown = Shown(entry.label.c_str());
    ImGui::SetCursorScreenPos({x, y - 3});
    ImGui::PushID(static_cast<int>(i));
    if (ImGui::InvisibleButton("legend", {width - 6, size + 6})) {
      if (shown)
        state_->hidden.insert(entry.label);
      else
        state_->hidden.erase(entry.label);
    }
    if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    ImGui::PopID();
    Style style = entry.style;
    style.size = 4;
    if (!shown) style.colour = withAlpha(palette().quiet, 0.35f);
    const float middle = y + 0.5f * size;
    if (style.marker == Marker::None || style.width > 2.05f)
      drawPath(draw_, {{x, middle}, {x + 19, middle}}, style);
    drawMarkerAt(draw_, {x + 9, middle}, style);
    draw_->AddText(font, size, {x + 24, y}, shown ? palette().text : palette().quiet, entry.label.c_str());
    x += width;
  }
  state_->legendRows = rows;
}

void Plot::drawReadout() {
  if (!hovered_ || readout_.distance > 60.0f || ImGui::IsMouseDown(ImGuiMouseButton_Left)) return;
  draw_->AddCircle(readout_.at, 5, palette().text, 0, 1.5f);
  const std::string text = readout_.label + "\n" + (xLabel_.empty() ? "x" : xLabel_) + " " +
                           number(readout_.value.x) + "\n" + (yLabel_.empty() ? "y" : yLabel_) + " " +
                           number(readout_.value.y);
  ImGui::SetTooltip("%s", text.c_str());
}

namespace {

/// The button at the right end of the title row; true while its menu is open.
bool beginMenu(const char* title, ImVec2 topRight) {
  const float em = ImGui::GetFontSize();
  ImGui::SetCursorScreenPos({topRight.x - 1.9f * em, topRight.y});
  ImGui::PushID(title);
  ImGui::PushStyleColor(ImGuiCol_Button, IM_COL32(0, 0, 0, 0));
  if (ImGui::Button("⋯", {1.8f * em, 1.5f * em})) ImGui::OpenPopup("menu");
  ImGui::PopStyleColor();
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s: view, picture, table", title);
  if (ImGui::BeginPopup("menu")) return true;
  ImGui::PopID();
  return false;
}

void endMenu(State& state) {
  if (ImGui::MenuItem("Copy as PNG")) state.wantPicture = true;
  if (ImGui::MenuItem("Export as CSV")) state.wantCsv = true;
  ImGui::EndPopup();
  ImGui::PopID();
}

}  // namespace

void PictureMenu(const char* title, ImVec2 topRight, State& state) {
  if (state.wantPicture) state.pictureReady = true;
  state.wantPicture = false;
  if (state.bare) return;
  const ImVec2 after = ImGui::GetCursorScreenPos();
  if (beginMenu(title, topRight)) endMenu(state);
  ImGui::SetCursorScreenPos(after);
}

void Plot::drawMenu() {
  if (!beginMenu(title_.c_str(), {outerMax_.x, outerMin_.y})) return;
  if (ImGui::MenuItem("Reset view", "double click")) state_->zoomed = false;
  if (!plain_ && !equal_ && tickValues_[kX].empty()) {
    bool logX = scale_[kX] == Scale::Log10, logY = scale_[kY] == Scale::Log10;
    if (ImGui::MenuItem("Logarithmic x", nullptr, logX)) {
      state_->flipX = !state_->flipX;
      state_->zoomed = false;
    }
    if (ImGui::MenuItem("Logarithmic y", nullptr, logY)) {
      state_->flipY = !state_->flipY;
      state_->zoomed = false;
    }
  }
  for (const auto& [label, value] : toggles_) ImGui::MenuItem(label, nullptr, value);
  endMenu(*state_);
}

void Plot::zoom(double factor, ImVec2 about) {
  const Point centre = FromPixels(about);
  for (const Axis axis : {Axis::X, Axis::Y}) {
    const int a = index(axis);
    const double c = toScale(axis, a == kX ? centre.x : centre.y);
    const double low = c + (toScale(axis, range_[a].min) - c) * factor;
    const double high = c + (toScale(axis, range_[a].max) - c) * factor;
    if (!(high - low > 1e-12 * std::max(1.0, std::abs(c)))) return;
    (a == kX ? state_->x : state_->y) = Range{fromScale(axis, low), fromScale(axis, high)};
  }
  state_->zoomed = true;
}

void Plot::handleMouse() {
  if (!hovered_ || plain_) return;
  const ImGuiIO& io = ImGui::GetIO();
  if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) && !mouseTaken_) {
    state_->zoomed = false;
    return;
  }
  // One finger scrolls the page of plots, two fingers (the backend adds ctrl) zoom.
  const bool touch = io.MouseSource == ImGuiMouseSource_TouchScreen;
  if (io.MouseWheel != 0.0f && (!touch || io.KeyCtrl)) zoom(std::pow(0.85, io.MouseWheel), io.MousePos);
  if (mouseTaken_ || !ImGui::IsMouseDragging(ImGuiMouseButton_Left, 3.0f)) return;
  const ImVec2 d = io.MouseDelta;
  const Point low = FromPixels({min_.x - d.x, max_.y - d.y}), high = FromPixels({max_.x - d.x, min_.y - d.y});
  state_->x = {low.x, high.x};
  state_->y = {low.y, high.y};
  state_->zoomed = true;
}

}  // namespace attention_svm::shell::plot
