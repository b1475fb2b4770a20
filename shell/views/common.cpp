// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdio>

#include "../style.h"
#include "small_text.h"
#include "views.h"

namespace attention_svm::shell {

void drawEmpty(const char* text, ImVec2 size) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = std::min(size.x - 24, 420.0f);
  const ImVec2 extent = ImGui::CalcTextSize(text, nullptr, false, width);
  ImGui::SetCursorScreenPos({at.x + 0.5f * (size.x - extent.x), at.y + 0.5f * (size.y - extent.y)});
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
  ImGui::TextDisabled("%s", text);
  ImGui::PopTextWrapPos();
  ImGui::SetCursorScreenPos({at.x, at.y + size.y});
  ImGui::Dummy({0, 0});
}

float smallSize() { return smallFont()->FontSize * ImGui::GetIO().FontGlobalScale; }

ImVec2 smallExtent(const char* text) { return smallFont()->CalcTextSizeA(smallSize(), FLT_MAX, 0, text); }

void smallText(ImVec2 at, ImU32 colour, const char* text) {
  ImGui::GetWindowDrawList()->AddText(smallFont(), smallSize(), at, colour, text);
}

std::string subscript(Index number) {
  static constexpr const char* kDigits[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};
  std::string text;
  for (const char c : std::to_string(number)) text += kDigits[c - '0'];
  return text;
}

std::string shareText(double share) {
  if (share >= 0.995) return "1";
  if (share <= 0.0) return "0";
  if (share < 0.001) return plot::decadeText(static_cast<int>(std::floor(std::log10(share))));
  char text[16];
  std::snprintf(text, sizeof text, share < 0.01 ? "%.3f" : "%.2f", share);
  return text;
}

ImU32 readableOn(ImU32 colour) {
  const ImVec4 c = ImGui::ColorConvertU32ToFloat4(colour);
  const float luminance = 0.2126f * c.x * c.x + 0.7152f * c.y * c.y + 0.0722f * c.z * c.z;
  return luminance > 0.2f ? IM_COL32(16, 20, 26, 255) : IM_COL32(255, 255, 255, 255);
}

plot::Marker sequenceMarker(Index sequence) {
  constexpr plot::Marker kMarkers[] = {plot::Marker::Circle, plot::Marker::Square, plot::Marker::Diamond,
                                       plot::Marker::Triangle, plot::Marker::TriangleDown};
  return kMarkers[sequence % 5];
}

}  // namespace attention_svm::shell
