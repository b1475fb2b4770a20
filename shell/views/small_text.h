// SPDX-License-Identifier: MIT
// Labels inside pictures, in the small font. Internal to shell/views.
#pragma once

#include <imgui.h>

#include <string>

#include "attention_svm/words.h"

namespace attention_svm::shell {

float smallSize();
ImVec2 smallExtent(const char* text);
/// At its top left corner, on the present window.
void smallText(ImVec2 at, ImU32 colour, const char* text);
/// 12 -> "₁₂"
std::string subscript(Index number);
/// A share of attention: "1", "0.84", "0.003", "10⁻⁷", "0".
std::string shareText(double share);
/// A word as it is drawn: a blank is visible.
std::string wordText(const Words& words, Index word);
/// Light for dark colours, dark for light ones.
ImU32 readableOn(ImU32 colour);

}  // namespace attention_svm::shell
