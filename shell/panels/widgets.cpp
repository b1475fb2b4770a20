// SPDX-License-Identifier: MIT
#include "widgets.h"

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

}  // namespace attention_svm::shell
