// SPDX-License-Identifier: MIT
#include "compact.h"

#include <algorithm>

namespace attention_svm::shell {

namespace {

/// How many cells of at least `least` fit into `room`.
int fitting(float room, float gap, float least) {
  return std::max(1, static_cast<int>((room + gap) / (least + gap)));
}

}  // namespace

PlotGrid plotGrid(ImVec2 room, float gap, int count, ImVec2 least) {
  constexpr int kMostColumns = 2;  // wider plots are easier to read than more of them
  PlotGrid grid;
  grid.columns = std::min({fitting(room.x, gap, least.x), kMostColumns, count});
  grid.lines = std::min(fitting(room.y, gap, least.y), (count + grid.columns - 1) / grid.columns);
  grid.shown = std::min(grid.columns * grid.lines, count);
  return grid;
}

std::string leadingClauses(const std::string& text, float width, float height) {
  const auto fits = [=](const std::string& part) {
    return ImGui::CalcTextSize(part.c_str(), nullptr, false, width).y <= height;
  };
  if (fits(text)) return text;
  std::string best;
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if ((text[at] != ';' && text[at] != '.') || text[at + 1] != ' ') continue;
    const std::string part = text.substr(0, text[at] == ';' ? at : at + 1) + " …";
    if (!best.empty() && !fits(part)) break;
    best = part;
  }
  return best.empty() ? text : best;
}

}  // namespace attention_svm::shell
