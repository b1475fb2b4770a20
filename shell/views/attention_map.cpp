// SPDX-License-Identifier: MIT
// The attention map: one row of cells for each query, one cell for each token that it sees.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../style.h"
#include "small_text.h"
#include "views.h"

namespace attention_svm::shell {

namespace {

constexpr std::size_t kMostRows = 200;

struct Grid {
  ImVec2 origin;  ///< of the first cell
  float width = 0, height = 0;
  bool numbers = false;

  [[nodiscard]] ImVec2 low(std::size_t row, Index token) const {
    return {origin.x + static_cast<float>(token) * width + 1,
            origin.y + static_cast<float>(row) * height + 1};
  }
  [[nodiscard]] ImVec2 high(std::size_t row, Index token) const {
    const ImVec2 at = low(row, token);
    return {at.x + std::max(width - 2, 1.0f), at.y + std::max(height - 2, 1.0f)};
  }
};

struct Cell {
  AttentionRow row;
  Index token = 0;
  double share = 0;
  bool best = false, selected = false;
};

std::string rowName(const AttentionRow& row, bool everyToken) {
  const std::string sequence = "seq " + std::to_string(row.sequence + 1);
  return everyToken ? sequence + ", z = x" + subscript(row.query + 1) : sequence;
}

void drawColumnNames(const Grid& grid, Index longest, float top) {
  for (Index t = 0; t < longest; ++t) {
    const std::string text = t == 0 ? "token 1" : std::to_string(t + 1);
    const ImVec2 extent = smallExtent(text.c_str());
    if (grid.width < extent.x + 2 && t > 0) continue;
    const float middle = grid.origin.x + (static_cast<float>(t) + 0.5f) * grid.width;
    smallText({middle - 0.5f * extent.x, top}, palette().quiet, text.c_str());
  }
}

void drawCellText(const Grid& grid, const Cell& cell, ImVec2 centre, ImU32 background) {
  const ImU32 colour = readableOn(background);
  if (!grid.numbers) {
    if (cell.best)
      ImGui::GetWindowDrawList()->AddCircleFilled(
          centre, std::min({3.0f, 0.3f * grid.width, 0.3f * grid.height}), colour);
    return;
  }
  const std::string number = shareText(cell.share);
  for (const std::string& text : {cell.best ? number + " ★" : number, std::string(cell.best ? "★" : "")}) {
    const ImVec2 extent = smallExtent(text.c_str());
    if (extent.x > grid.width - 4) continue;
    smallText({centre.x - 0.5f * extent.x, centre.y - 0.5f * extent.y}, colour, text.c_str());
    return;
  }
}

void drawCell(const Grid& grid, std::size_t r, const Cell& cell, bool everyToken, Highlight& highlight) {
  const ImVec2 low = grid.low(r, cell.token), high = grid.high(r, cell.token);
  const ImU32 colour = mixed(palette().grid, seriesColour(static_cast<int>(cell.row.sequence)),
                             static_cast<float>(std::sqrt(cell.share)));
  ImDrawList* draw = ImGui::GetWindowDrawList();
  draw->AddRectFilled(low, high, colour, 4);
  if (cell.selected) draw->AddRect(low, high, palette().text, 4, 0, 2.0f);
  if (highlight.sequence == cell.row.sequence && highlight.token == cell.token && !cell.selected)
    draw->AddRect(low, high, palette().quiet, 4, 0, 1.5f);
  drawCellText(grid, cell, {0.5f * (low.x + high.x), 0.5f * (low.y + high.y)}, colour);
  if (!ImGui::IsWindowHovered() || !ImGui::IsMouseHoveringRect(low, high)) return;
  highlight.pointAt(cell.row.sequence, cell.token);
  ImGui::SetTooltip("%s, token %d\nattention s = %.6g%s%s", rowName(cell.row, everyToken).c_str(),
                    static_cast<int>(cell.token) + 1, cell.share, cell.best ? "\n★ highest score" : "",
                    cell.selected ? "\nselected" : "");
}

void writeTable(const AttentionModel& model, plot::State& state) {
  state.csv = "sequence,query,token,attention\n";
  char line[96];
  for (std::size_t r = 0; r < model.rows().size(); ++r)
    for (Index t = 0; t < model.rows()[r].visible; ++t) {
      std::snprintf(line, sizeof line, "%d,%d,%d,%.17g\n", static_cast<int>(model.rows()[r].sequence) + 1,
                    static_cast<int>(model.rows()[r].query) + 1, static_cast<int>(t) + 1,
                    model.probabilities(static_cast<Index>(r))(t));
      state.csv += line;
    }
  state.wantCsv = false;
  state.csvReady = true;
}

void drawAttention(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size) {
  const Run& run = session.runs.front();
  const AttentionModel& model = run.trainer.model();
  const auto& rows = model.rows();
  if (rows.size() > kMostRows) {
    drawEmpty("More than 200 rows of attention do not fit a picture; choose smaller n or T.", size);
    return;
  }
  const bool everyToken = run.trainer.options().queries.everyToken;
  const Result<OptimalTokens> optimal = optimalTokens(session.dataset, run.trainer.options().queries);
  Index longest = 1;
  for (const AttentionRow& row : rows) longest = std::max(longest, session.dataset.length(row.sequence));
  const ImVec2 start = ImGui::GetCursorScreenPos();
  view.plot.areaMin = start;
  view.plot.areaMax = {start.x + size.x, start.y + size.y};
  if (view.plot.wantCsv) writeTable(model, view.plot);

  const float names = smallExtent(rowName(rows.back(), everyToken).c_str()).x + 10, head = 26, foot = 24;
  Grid grid;
  grid.origin = {start.x + names, start.y + head};
  grid.width = (size.x - names - 2) / static_cast<float>(longest);
  grid.height = std::min((size.y - head - foot) / static_cast<float>(rows.size()), 150.0f);
  grid.numbers = grid.width > 32 && grid.height > 15;
  drawColumnNames(grid, longest, start.y + 6);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const float middle = grid.low(r, 0).y + 0.5f * (grid.height - 2);
    if (grid.height > 0.8f * smallSize())
      smallText({start.x, middle - 0.5f * smallSize()},
                highlight.sequence == rows[r].sequence ? palette().text : palette().quiet,
                rowName(rows[r], everyToken).c_str());
    for (Index t = 0; t < rows[r].visible; ++t)
      drawCell(grid, r,
               {rows[r], t, model.probabilities(static_cast<Index>(r))(t),
                optimal && optimal.value().isBest(r, t), model.selected(static_cast<Index>(r)) == t},
               everyToken, highlight);
  }
  const float bottom = grid.low(rows.size() - 1, 0).y + grid.height + 3;
  smallText({grid.origin.x, bottom}, palette().quiet,
            optimal ? "★ highest score    frame: selected" : "frame: selected");
  plot::PictureMenu("Attention map", {start.x + size.x, start.y - 28}, view.plot);
  ImGui::Dummy(size);
}

}  // namespace

const PlotView kAttentionView = {
    .name = "attention",
    .title = "Attention map",
    .help =
        "One line for each query, one cell for each token: its share s = softmax(X W z) of the "
        "attention. The "
        "frame marks the selected token, ★ the one with the best score. With a linear head, training "
        "ends "
        "with a 1 in each line.",
    .draw = [](PlotFrame& f) { drawAttention(f.session, f.view, f.highlight, f.size); },
};

}  // namespace attention_svm::shell
