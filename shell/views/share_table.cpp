// SPDX-License-Identifier: MIT
#include "share_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../style.h"
#include "attention_svm/json.h"
#include "small_text.h"

namespace attention_svm::shell {

namespace {

std::string percent(double share) {
  if (!std::isfinite(share)) return "–";
  char text[24];
  std::snprintf(text, sizeof text, share > 0.9995 && share < 1.0 ? "%.3f %%" : "%.1f %%", 100.0 * share);
  return text;
}

void centred(ImVec2 low, ImVec2 high, float y, const std::string& text, ImU32 colour, bool small) {
  const ImVec2 extent = small ? smallExtent(text.c_str()) : ImGui::CalcTextSize(text.c_str());
  const ImVec2 at{0.5f * (low.x + high.x - extent.x), y - 0.5f * extent.y};
  if (small)
    smallText(at, colour, text.c_str());
  else
    ImGui::GetWindowDrawList()->AddText(at, colour, text.c_str());
}

void drawCell(const ShareCell& cell, ImVec2 low, ImVec2 high) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float share = std::isfinite(cell.share) ? static_cast<float>(std::clamp(cell.share, 0.0, 1.0)) : 0.0f;
  const ImU32 ground = mixed(palette().card, palette().accent, 0.9f * std::pow(share, 4.0f));
  list->AddRectFilled(low, high, ground, 4);
  if (cell.named) list->AddRect(low, high, palette().text, 4, 0, 2.0f);
  const bool narrow = ImGui::CalcTextSize("100.0 %").x > high.x - low.x - 8;
  const bool two =
      !cell.spread.empty() && high.y - low.y > 34 && smallExtent(cell.spread.c_str()).x < high.x - low.x - 6;
  const float middle = 0.5f * (low.y + high.y);
  centred(low, high, two ? middle - 8 : middle, percent(cell.share), readableOn(ground), narrow);
  if (two) centred(low, high, middle + 10, cell.spread, readableOn(ground), true);
}

}  // namespace

void drawShareTable(const char* corner, const std::vector<std::string>& columns,
                    const std::vector<ShareRow>& rows, ImVec2 size) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  float head = smallExtent(corner).x;
  for (const ShareRow& row : rows) head = std::max(head, smallExtent(row.name.c_str()).x + 16);
  head = std::min(head + 8, 0.4f * size.x);
  const float width = (size.x - head) / static_cast<float>(columns.size());
  bool crowded = false;  // then the names of the columns stand on two lines in turn
  for (const std::string& column : columns) crowded = crowded || smallExtent(column.c_str()).x > width - 4;
  const float line = 18, top = crowded ? 2 * line + 4 : line + 4;
  const auto lines = static_cast<float>(std::max<std::size_t>(rows.size(), 1));
  const float height = std::min(76.0f, (size.y - top) / lines);
  smallText({at.x, at.y + 4}, palette().quiet, corner);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const float x = at.x + head + width * static_cast<float>(c);
    const float y = at.y + (crowded && c % 2 == 1 ? 1.5f : 0.5f) * line;
    centred({x, y}, {x + width, y}, y, columns[c], palette().quiet, true);
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const float y = at.y + top + height * static_cast<float>(r), middle = y + 0.5f * height;
    ImGui::GetWindowDrawList()->AddRectFilled({at.x, middle - 5}, {at.x + 10, middle + 5}, rows[r].colour, 2);
    ImGui::PushClipRect({at.x, y}, {at.x + head - 4, y + height}, true);
    smallText({at.x + 16, middle - 0.5f * smallSize()}, palette().text, rows[r].name.c_str());
    ImGui::PopClipRect();
    for (std::size_t c = 0; c < rows[r].cells.size(); ++c) {
      const float x = at.x + head + width * static_cast<float>(c);
      drawCell(rows[r].cells[c], {x + 1.5f, y + 1.5f}, {x + width - 1.5f, y + height - 1.5f});
    }
  }
  ImGui::Dummy(size);
}

std::string shareCsv(const std::vector<std::string>& columns, const std::vector<ShareRow>& rows) {
  std::string text = "run,norm,share\n";
  for (const ShareRow& row : rows)
    for (std::size_t c = 0; c < columns.size(); ++c)
      text += "\"" + row.name + "\",\"" + columns[c] + "\"," +
              (std::isfinite(row.cells[c].share) ? json::writeNumber(row.cells[c].share) : "") + "\n";
  return text;
}

}  // namespace attention_svm::shell
