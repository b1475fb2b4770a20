// SPDX-License-Identifier: MIT
// How the lab looks: colours for light and dark, fonts, and Dear ImGui's style made of them.
#pragma once

#include <imgui.h>

namespace attention_svm::shell {

struct Palette {
  ImU32 background, card, border, text, quiet, accent, accentText, grid, axis, good, bad, warn;
};

/// Colours of the theme in force (set by applyStyle).
const Palette& palette();
/// A series colour that colour-blind readers can tell apart (Okabe and Ito 2008, tuned to the theme's
/// contrast); index 0, 1, 2, ... wraps after 8.
ImU32 seriesColour(int index);
ImU32 withAlpha(ImU32 colour, float alpha);
/// Between two colours; t in [0, 1].
ImU32 mixed(ImU32 from, ImU32 to, float t);

void applyStyle(bool dark);
bool darkStyle();

ImFont* regularFont();
ImFont* titleFont();  ///< semi-bold, a little larger
ImFont* smallFont();

}  // namespace attention_svm::shell
