// SPDX-License-Identifier: MIT
// What the files of the plot share. Internal to shell/plot.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "plot.h"

namespace attention_svm::shell::plot {

constexpr int kX = 0, kY = 1;
inline int index(Axis axis) { return axis == Axis::X ? kX : kY; }

/// Half the frame's text can be this long before it is cut at the left.
inline std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

void drawPath(ImDrawList* draw, const std::vector<ImVec2>& points, const Style& style);
void drawMarkerAt(ImDrawList* draw, ImVec2 c, const Style& style);

}  // namespace attention_svm::shell::plot
