// SPDX-License-Identifier: MIT
#include "widgets.h"

#include <algorithm>

#include "../style.h"

namespace attention_svm::shell {

void tip(const char* text) {
  if (!ImGui::IsItemHovered(ImGuiHoveredFlags_DelayShort | ImGuiHoveredFlags_AllowWhenDisabled)) return;
  if (!ImGui::BeginTooltip()) return;
  ImGui::PushTextWrapPos(340.0f);
  ImGui::TextUnformatted(text);
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

Row::Row(const char* label, const char* explanation) : explanation_(explanation) {
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(label);
  tip(explanation);
  ImGui::SameLine(112);
  ImGui::SetNextItemWidth(-1);
}

bool button(const char* label, const char* explanation, ImVec2 size) {
  const bool pressed = ImGui::Button(label, size);
  tip(explanation);
  return pressed;
}

bool checkbox(const char* label, bool& value, const char* explanation) {
  const bool changed = ImGui::Checkbox(label, &value);
  tip(explanation);
  return changed;
}

bool slider(const char* id, float& share) {
  const float height = ImGui::GetFrameHeight(), radius = 0.34f * height;
  const float width = std::max(ImGui::GetContentRegionAvail().x, 4 * height);
  const ImVec2 low = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton(id, {width, height});
  const float from = low.x + radius, to = low.x + width - radius, y = low.y + 0.5f * height;
  const bool held = ImGui::IsItemActive();
  if (held) share = std::clamp((ImGui::GetIO().MousePos.x - from) / (to - from), 0.0f, 1.0f);
  const float x = from + std::clamp(share, 0.0f, 1.0f) * (to - from);
  ImDrawList* draw = ImGui::GetWindowDrawList();
  draw->AddLine({from, y}, {to, y}, palette().border, 4);
  draw->AddLine({from, y}, {x, y}, palette().accent, 4);
  draw->AddCircleFilled({x, y}, held || ImGui::IsItemHovered() ? radius : 0.8f * radius, palette().accent);
  return held;
}

}  // namespace attention_svm::shell
