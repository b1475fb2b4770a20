// SPDX-License-Identifier: MIT
#include "style.h"

#include <array>

namespace attention_svm::shell {

namespace {

constexpr ImU32 rgb(unsigned hex) { return IM_COL32((hex >> 16) & 255, (hex >> 8) & 255, hex & 255, 255); }

constexpr Palette kLight{rgb(0xf4f5f7), rgb(0xffffff), rgb(0xdfe2e8), rgb(0x1b1f27),
                         rgb(0x5a6270), rgb(0x1f5fbf), rgb(0xffffff), rgb(0xeceef2),
                         rgb(0x9aa1ad), rgb(0x1a7a3c), rgb(0xb3261e), rgb(0x8a5a00)};
constexpr Palette kDark{rgb(0x101318), rgb(0x191d24), rgb(0x2d333d), rgb(0xe8eaee),
                        rgb(0xa4acb9), rgb(0x7db2ff), rgb(0x0c1016), rgb(0x262b34),
                        rgb(0x69717e), rgb(0x6fd08c), rgb(0xff8a80), rgb(0xffc768)};
constexpr std::array<unsigned, 8> kSeriesLight{0x0068a8, 0xc44f00, 0x007a5a, 0xa84a83,
                                               0x8a6d00, 0x2c8fc4, 0x5b4bb0, 0x4d4d4d};
constexpr std::array<unsigned, 8> kSeriesDark{0x56b4e9, 0xff8f4a, 0x3ccf9f, 0xe79ac5,
                                              0xf0d34a, 0x2f7fd0, 0xb3a6ff, 0xc9c9c9};

// The theme belongs to the ImGui context, like the style it is part of: one lab, one context.
const Palette*& current() {
  static const Palette* palette = &kLight;
  return palette;
}

ImVec4 vec(ImU32 colour, float alpha = 1.0f) {
  ImVec4 v = ImGui::ColorConvertU32ToFloat4(colour);
  v.w = alpha;
  return v;
}

void applyColours(ImGuiStyle& style, const Palette& p) {
  for (ImVec4& colour : style.Colors) colour = vec(p.border);
  const auto set = [&style](ImGuiCol index, ImVec4 colour) { style.Colors[index] = colour; };
  set(ImGuiCol_Text, vec(p.text));
  set(ImGuiCol_TextDisabled, vec(p.quiet));
  set(ImGuiCol_WindowBg, vec(p.background));
  set(ImGuiCol_ChildBg, vec(p.card));
  set(ImGuiCol_PopupBg, vec(p.card));
  set(ImGuiCol_Border, vec(p.border));
  set(ImGuiCol_BorderShadow, vec(p.border, 0.0f));
  set(ImGuiCol_FrameBg, vec(p.grid));
  set(ImGuiCol_FrameBgHovered, vec(p.border));
  set(ImGuiCol_FrameBgActive, vec(p.border));
  set(ImGuiCol_TitleBg, vec(p.card));
  set(ImGuiCol_TitleBgActive, vec(p.card));
  set(ImGuiCol_TitleBgCollapsed, vec(p.card));
  set(ImGuiCol_ScrollbarBg, vec(p.card, 0.0f));
  set(ImGuiCol_ScrollbarGrab, vec(p.axis, 0.5f));
  set(ImGuiCol_ScrollbarGrabHovered, vec(p.axis, 0.8f));
  set(ImGuiCol_ScrollbarGrabActive, vec(p.axis));
  set(ImGuiCol_CheckMark, vec(p.accent));
  set(ImGuiCol_SliderGrab, vec(p.accent));
  set(ImGuiCol_SliderGrabActive, vec(p.accent));
  set(ImGuiCol_Button, vec(p.grid));
  set(ImGuiCol_ButtonHovered, vec(p.border));
  set(ImGuiCol_ButtonActive, vec(p.axis, 0.5f));
  set(ImGuiCol_Header, vec(p.accent, 0.12f));
  set(ImGuiCol_HeaderHovered, vec(p.accent, 0.18f));
  set(ImGuiCol_HeaderActive, vec(p.accent, 0.25f));
  set(ImGuiCol_Separator, vec(p.border));
  set(ImGuiCol_ResizeGrip, vec(p.border, 0.0f));
  set(ImGuiCol_TableHeaderBg, vec(p.grid));
  set(ImGuiCol_TableBorderStrong, vec(p.border));
  set(ImGuiCol_TableBorderLight, vec(p.border));
  set(ImGuiCol_TableRowBg, vec(p.card, 0.0f));
  set(ImGuiCol_TableRowBgAlt, vec(p.grid, 0.5f));
  set(ImGuiCol_TextSelectedBg, vec(p.accent, 0.3f));
  set(ImGuiCol_NavHighlight, vec(p.accent));
  set(ImGuiCol_PlotLines, vec(p.accent));
  set(ImGuiCol_PlotHistogram, vec(p.accent));
  set(ImGuiCol_ModalWindowDimBg, vec(p.background, 0.6f));
}

}  // namespace

const Palette& palette() { return *current(); }

bool darkStyle() { return current() == &kDark; }

ImU32 seriesColour(int index) {
  const std::size_t i = static_cast<std::size_t>(index) % kSeriesLight.size();
  return rgb(darkStyle() ? kSeriesDark[i] : kSeriesLight[i]);
}

ImU32 withAlpha(ImU32 colour, float alpha) {
  return (colour & 0x00ffffffu) | (static_cast<ImU32>(alpha * 255.0f + 0.5f) << IM_COL32_A_SHIFT);
}

ImU32 mixed(ImU32 from, ImU32 to, float t) {
  const ImVec4 a = ImGui::ColorConvertU32ToFloat4(from), b = ImGui::ColorConvertU32ToFloat4(to);
  const auto mix = [t](float x, float y) { return x + (y - x) * t; };
  return ImGui::ColorConvertFloat4ToU32({mix(a.x, b.x), mix(a.y, b.y), mix(a.z, b.z), mix(a.w, b.w)});
}

void applyStyle(bool dark) {
  current() = dark ? &kDark : &kLight;
  ImGuiStyle& style = ImGui::GetStyle();
  style.WindowPadding = {14, 12};
  style.FramePadding = {9, 5};
  style.ItemSpacing = {8, 7};
  style.ItemInnerSpacing = {6, 5};
  style.WindowRounding = 10;
  style.ChildRounding = 10;
  style.FrameRounding = 6;
  style.PopupRounding = 8;
  style.GrabRounding = 6;
  style.ScrollbarSize = 11;
  style.WindowBorderSize = 1;
  style.ChildBorderSize = 1;
  style.FrameBorderSize = 0;
  style.DisabledAlpha = 0.5f;
  applyColours(style, palette());
}

ImFont* regularFont() { return ImGui::GetIO().Fonts->Fonts[0]; }
ImFont* titleFont() { return ImGui::GetIO().Fonts->Fonts[1]; }
ImFont* smallFont() { return ImGui::GetIO().Fonts->Fonts[2]; }

}  // namespace attention_svm::shell
