// SPDX-License-Identifier: MIT
// Sequences whose tokens are rows of an image, drawn as the images that they are.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../style.h"
#include "small_text.h"
#include "views.h"

namespace attention_svm::shell {

namespace {

/// Square images, one token for each row of pixels: T pixels, then the row's number as T one-hot entries
/// (web/data/digits-rows.json).
bool holdsImages(const Dataset& dataset) {
  const Index rows = dataset.length(0);
  if (dataset.d() != 2 * rows || rows < 4 || rows > 32) return false;
  const Matrix identity = Matrix::Identity(rows, rows);
  return std::all_of(dataset.X.begin(), dataset.X.end(),
                     [&](const Matrix& X) { return X.rows() == rows && X.rightCols(rows) == identity; });
}

struct Tile {
  ImVec2 origin;
  float side = 0, pixel = 0;
};

/// Columns that make the tiles largest.
int bestColumns(int count, ImVec2 room) {
  int best = 1;
  float largest = 0;
  for (int columns = 1; columns <= count; ++columns) {
    const int lines = (count + columns - 1) / columns;
    const float side = std::min(room.x / static_cast<float>(columns), room.y / static_cast<float>(lines));
    if (side > largest) {
      largest = side;
      best = columns;
    }
  }
  return best;
}

void drawPixels(const Tile& tile, const Matrix& pixels) {
  const double low = pixels.minCoeff(), high = std::max(pixels.maxCoeff(), low + 1e-9);
  ImDrawList* draw = ImGui::GetWindowDrawList();
  for (Index t = 0; t < pixels.rows(); ++t)
    for (Index c = 0; c < pixels.cols(); ++c) {
      const float shade = static_cast<float>((pixels(t, c) - low) / (high - low));
      const ImVec2 at{tile.origin.x + tile.pixel * static_cast<float>(c),
                      tile.origin.y + tile.pixel * static_cast<float>(t)};
      draw->AddRectFilled(at, {at.x + tile.pixel + 0.5f, at.y + tile.pixel + 0.5f},
                          mixed(palette().grid, palette().text, shade));
    }
}

void drawRowAttention(const Tile& tile, Index row, Index rows, double share, bool selected, ImU32 colour) {
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const float y = tile.origin.y + tile.pixel * static_cast<float>(row);
  const float right = tile.origin.x + tile.pixel * static_cast<float>(rows) + 3;
  if (share > 0.005)
    draw->AddRectFilled({right, y + 1},
                        {right + 2 + static_cast<float>(share) * 0.15f * tile.side, y + tile.pixel - 1},
                        colour, 2);
  if (selected)
    draw->AddRect({tile.origin.x - 1.5f, y - 1.5f}, {right - 1.5f, y + tile.pixel + 1.5f}, colour, 2, 0,
                  2.5f);
}

void writeTable(const Session& session, plot::State& state) {
  state.csv = "image,label,row,attention\n";
  char line[96];
  for (Index i = 0; i < session.dataset.n(); ++i)
    for (Index t = 0; t < session.dataset.length(i); ++t) {
      std::snprintf(line, sizeof line, "%d,%g,%d,%.17g\n", static_cast<int>(i) + 1, session.dataset.y(i),
                    static_cast<int>(t) + 1, session.runs.front().trainer.model().probabilities(i)(t));
      state.csv += line;
    }
  state.wantCsv = false;
  state.csvReady = true;
}

void drawImage(const Session& session, Index i, const Tile& tile) {
  const Dataset& dataset = session.dataset;
  const AttentionModel& model = session.runs.front().trainer.model();
  const Index rows = dataset.length(i);
  const ImU32 colour = seriesColour(dataset.y(i) > 0 ? 0 : 1);
  drawPixels(tile, dataset.tokens(i).leftCols(rows));
  for (Index t = 0; t < rows; ++t)
    if (model.selected(i) != t) drawRowAttention(tile, t, rows, model.probabilities(i)(t), false, colour);
  drawRowAttention(tile, model.selected(i), rows, model.probabilities(i)(model.selected(i)), true, colour);
  const float bottom = tile.origin.y + tile.pixel * static_cast<float>(rows);
  if (tile.side > 56)
    smallText({tile.origin.x, bottom + 2}, palette().quiet, dataset.y(i) > 0 ? "y = +1" : "y = −1");
  const ImVec2 end{tile.origin.x + tile.pixel * static_cast<float>(rows), bottom};
  if (!ImGui::IsWindowHovered() || !ImGui::IsMouseHoveringRect(tile.origin, end)) return;
  const auto t = std::clamp(static_cast<Index>((ImGui::GetIO().MousePos.y - tile.origin.y) / tile.pixel),
                            Index{0}, rows - 1);
  ImGui::SetTooltip("image %d (y = %+g), row %d\nattention s = %.4g%s", static_cast<int>(i) + 1, dataset.y(i),
                    static_cast<int>(t) + 1, model.probabilities(i)(t),
                    model.selected(i) == t ? "\nselected" : "");
}

void drawImages(const Session& session, ViewState& view, ImVec2 size) {
  if (!holdsImages(session.dataset))
    return drawEmpty(
        "These tokens are not rows of images. Choose the scenario \"Handwritten digits\" to see some.", size);
  if (session.runs.front().trainer.options().queries.everyToken)
    return drawEmpty("The images show one query each; here every row asks. See the attention map.", size);
  const ImVec2 start = ImGui::GetCursorScreenPos();
  view.plot.areaMin = start;
  view.plot.areaMax = {start.x + size.x, start.y + size.y};
  if (view.plot.wantCsv) writeTable(session, view.plot);
  const int count = static_cast<int>(session.dataset.n());
  const ImVec2 room{size.x, size.y - 24};
  const int columns = bestColumns(count, room);
  const int lines = (count + columns - 1) / columns;
  const ImVec2 step{room.x / static_cast<float>(columns), room.y / static_cast<float>(lines)};
  Tile tile;
  tile.side = std::min(step.x, step.y);
  tile.pixel = 0.74f * tile.side / static_cast<float>(session.dataset.length(0));
  for (int i = 0; i < count; ++i) {
    tile.origin = {start.x + step.x * static_cast<float>(i % columns) + 4,
                   start.y + step.y * static_cast<float>(i / columns) + 4};
    drawImage(session, i, tile);
  }
  smallText({start.x + 4, start.y + size.y - 16}, palette().quiet,
            "frame: selected row    bars: attention of each row");
  plot::PictureMenu("Images", {start.x + size.x, start.y - 28}, view.plot);
  ImGui::Dummy(size);
}

}  // namespace

const PlotView kImagesView = {
    .name = "images",
    .title = "Images",
    .help =
        "The images behind the data. Each row of pixels is a token; the bar is its share of attention, "
        "the frame "
        "marks the selected row.",
    .draw = [](PlotFrame& f) { drawImages(f.session, f.view, f.size); },
};

}  // namespace attention_svm::shell
