// SPDX-License-Identifier: MIT
// The lab in a small place, an element in somebody's article or a frame: how many plots can be read there,
// and how much of the verdict stands below them.
#pragma once

#include <imgui.h>

#include <string>

namespace attention_svm::shell {

/// The first `shown` plots, in cells of one size.
struct PlotGrid {
  int shown = 0, columns = 0, lines = 0;
};

/// As many of `count` plots as fit into `room` (CSS pixels, `gap` between them) at a size that can be read,
/// at least one. `least`: the smallest cell that can be read, where there is more than one.
PlotGrid plotGrid(ImVec2 room, float gap, int count, ImVec2 least);

/// The whole clauses of `text` (up to a semicolon, or a stop at the end of a sentence) from its beginning
/// that fit into `height` pixels at `width` in the font in force; at least the first one. What is left out is
/// marked "…".
std::string leadingClauses(const std::string& text, float width, float height);

}  // namespace attention_svm::shell
