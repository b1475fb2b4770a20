// SPDX-License-Identifier: MIT
#include "widgets.h"

#include <algorithm>
#include <cstdio>

#include "../style.h"
#include "number_text.h"

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

bool inputNumber(const std::string& id, double& value, double step) {
  const float side = ImGui::GetFrameHeight(), gap = ImGui::GetStyle().ItemInnerSpacing.x;
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  double next = value;
  ImGui::BeginGroup();  // one thing for those who ask what it is
  ImGui::SetNextItemWidth(std::max(ImGui::GetContentRegionAvail().x - 2 * (side + gap), side));
  bool changed = ImGui::InputText(id.c_str(), text, sizeof text,
                                  ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
  changed |= ImGui::IsItemDeactivatedAfterEdit();
  changed = changed && readNumber(text, next);
  ImGui::PushID(id.c_str());
  ImGui::PushButtonRepeat(true);
  for (const char* sign : {"-", "+"}) {
    ImGui::SameLine(0, gap);
    if (!ImGui::Button(sign, {side, side})) continue;
    next += sign[0] == '-' ? -step : step;
    changed = true;
  }
  ImGui::PopButtonRepeat();
  ImGui::PopID();
  ImGui::EndGroup();
  if (!changed || next == value) return false;
  value = next;
  return true;
}

void textTable(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows) {
  std::vector<float> at(headings.size() + 1, 0.0f);
  for (std::size_t c = 0; c < headings.size(); ++c) {
    float width = ImGui::CalcTextSize(headings[c].c_str()).x;
    for (const std::vector<std::string>& row : rows)
      width = std::max(width, ImGui::CalcTextSize(row[c].c_str()).x);
    at[c + 1] = at[c] + width + 16;
  }
  const float left = ImGui::GetCursorPosX();
  const auto line = [&](const std::vector<std::string>& cells) {
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (c > 0) ImGui::SameLine(left + at[c]);
      ImGui::TextUnformatted(cells[c].c_str());
    }
  };
  ImGui::PushStyleColor(ImGuiCol_Text, palette().quiet);
  line(headings);
  ImGui::PopStyleColor();
  for (const std::vector<std::string>& row : rows) line(row);
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
