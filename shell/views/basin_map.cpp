// SPDX-License-Identifier: MIT
// Where starts lead: a map over the first angles of two arrows, coloured by the tokens that win in the end.
#include <algorithm>
#include <cmath>

#include "../style.h"
#include "curves.h"
#include "small_text.h"

namespace attention_svm::shell {

namespace {

using plot::Axis;
using plot::Plot;
using plot::Point;

constexpr double kDegrees = 57.29577951308232;

/// No colour of a sequence: the best choice in one of its own, the others in shades of grey.
ImU32 colourOf(const BasinMap& map, int selection) {
  if (selection < 0) return palette().card;
  if (map.best[static_cast<std::size_t>(selection)] != 0) return mixed(palette().card, palette().good, 0.45f);
  constexpr float kShades[] = {0.55f, 0.3f, 0.8f, 0.15f};
  int rank = 0;
  for (int k = 0; k < selection; ++k) rank += map.best[static_cast<std::size_t>(k)] == 0 ? 1 : 0;
  return mixed(palette().card, palette().axis, kShades[rank % 4]);
}

std::string nameOf(const BasinMap& map, int selection) {
  std::string text = map.best[static_cast<std::size_t>(selection)] != 0 ? "★ tokens" : "tokens";
  for (const Index t : map.selections[static_cast<std::size_t>(selection)])
    text += " " + std::to_string(t + 1);
  return text;
}

/// The cell's place: column by the first arrow, row by the second.
Point corner(const BasinMap& map, double column, double row) {
  return {-180.0 + 360.0 * column / map.side, -180.0 + 360.0 * row / map.side};
}

/// Neighbours of one colour in a row as one rectangle.
void drawCells(Plot& plot, const BasinMap& map) {
  for (int row = 0; row < map.side; ++row)
    for (int from = 0, to = 0; from < map.side; from = to) {
      const auto cell = [&](int column) {
        return map.cells[static_cast<std::size_t>(row * map.side + column)];
      };
      for (to = from; to < map.side && cell(to) == cell(from);) ++to;
      const ImVec2 a = plot.ToPixels(corner(map, from, row + 1)), b = plot.ToPixels(corner(map, to, row));
      plot.DrawList()->AddRectFilled(a, {std::ceil(b.x), std::ceil(b.y)}, colourOf(map, cell(from)));
    }
}

/// How far a cell is from any other kind, in cells, at most `most`.
int clearance(const BasinMap& map, int column, int row, int most) {
  const auto at = [&](int c, int r) { return map.cells[static_cast<std::size_t>(r * map.side + c)]; };
  for (int k = 1; k <= most; ++k)
    for (int dx = -k; dx <= k; ++dx)
      for (const int dy : {-k, 0, k}) {
        const int c = column + dx, r = row + dy;
        if (c < 0 || r < 0 || c >= map.side || r >= map.side || at(c, r) != at(column, row)) return k - 1;
      }
  return most;
}

/// The name of each choice where its region is widest.
void drawNames(Plot& plot, const BasinMap& map) {
  for (int s = 0; s < static_cast<int>(map.selections.size()); ++s) {
    int best = 0;
    Point place;
    for (int k = 0; k < map.side * map.side; ++k) {
      if (map.cells[static_cast<std::size_t>(k)] != s) continue;
      const int wide = clearance(map, k % map.side, k / map.side, map.side / 3);
      if (wide <= best) continue;
      best = wide;
      place = corner(map, k % map.side + 0.5, k / map.side + 0.5);
    }
    if (best * 12 < map.side) continue;
    const std::string text = nameOf(map, s);
    const ImVec2 extent = smallExtent(text.c_str());
    plot.PlotText(text.c_str(), place, {-0.5f * extent.x, -0.5f * extent.y}, readableOn(colourOf(map, s)));
  }
}

/// The middle of every cell, by where it leads.
void recordCells(Plot& plot, const BasinMap& map) {
  for (int s = 0; s < static_cast<int>(map.selections.size()); ++s) {
    std::vector<Point> cells;
    for (int k = 0; k < map.side * map.side; ++k)
      if (map.cells[static_cast<std::size_t>(k)] == s)
        cells.push_back(corner(map, k % map.side + 0.5, k / map.side + 0.5));
    plot.Record(nameOf(map, s).c_str(), cells);
  }
}

/// The way of the run's own arrows through the map, from a ring to a disc.
void drawWay(Plot& plot, const Session& session) {
  std::vector<Point> piece;
  plot::Style style;
  style.colour = palette().text;
  style.width = 2.0f;
  const auto& samples = session.runs.front().trace.samples;
  for (const TraceSample& sample : samples) {
    const auto angle = [&](std::size_t row) {
      return kDegrees * std::atan2(sample.path[2 * row + 1], sample.path[2 * row]);
    };
    const Point now{angle(0), angle(1)};
    if (!piece.empty() &&
        (std::abs(now.x - piece.back().x) > 180 || std::abs(now.y - piece.back().y) > 180)) {
      plot.PlotLine("##way", piece, style);
      piece.clear();
    }
    piece.push_back(now);
    if (&sample != &samples.front()) continue;
    plot::Style ring = style;
    ring.marker = plot::Marker::Circle;
    ring.filled = false;
    ring.size = 8;
    plot.DrawMarker(now, ring);
  }
  plot.PlotLine("##way", piece, style);
  style.marker = plot::Marker::Circle;
  plot.DrawMarker(piece.back(), style);
}

std::optional<Edit> drawBasinMap(const Session& session, ViewState& view, ImVec2 size) {
  const BasinMap& map = session.basinMap;
  if (!session.basinMapProblem.empty()) {
    drawEmpty(("There is no map here: " + session.basinMapProblem + ".").c_str(), size);
    return std::nullopt;
  }
  const float spare = std::max(size.x - 1.12f * size.y, 0.0f);  // a square map, in the middle
  size.x -= spare;
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + 0.5f * spare);
  Plot plot;
  if (!plot.BeginPlot("Map of starts", size, view.plot, false)) return std::nullopt;
  plot.SetupAxes("first angle of arrow 1 (°)", "first angle of arrow 2 (°)");
  plot.SetupAxisLimits(Axis::X, -180, 180);
  plot.SetupAxisLimits(Axis::Y, -180, 180);
  plot.SetupAxisTicks(Axis::X, {-180, -90, 0, 90, 180}, {"−180", "−90", "0", "90", "180"});
  plot.SetupAxisTicks(Axis::Y, {-180, -90, 0, 90, 180}, {"−180", "−90", "0", "90", "180"});
  if (map.side > 0) {
    drawCells(plot, map);
    drawNames(plot, map);
    recordCells(plot, map);
  }
  drawWay(plot, session);
  std::optional<Edit> edit;
  if (plot.Hovered()) {
    plot.TakeMouse();
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    const Point at = plot.MousePosition();
    const bool pressed = ImGui::IsMouseClicked(ImGuiMouseButton_Left);
    const ImVec2 moved = ImGui::GetIO().MouseDelta;
    const bool dragged = ImGui::IsMouseDown(ImGuiMouseButton_Left) && (moved.x != 0 || moved.y != 0);
    if (pressed || dragged) {
      Vector angles(2);
      angles << at.x, at.y;
      edit = Edit{Edit::Kind::Start, 0, 0, angles, pressed};
    }
  }
  plot.EndPlot();
  return edit;
}

}  // namespace

const PlotView kBasinMapView = {
    .name = "basin-map",
    .title = "Where starts lead",
    .help =
        "Every place is a start: its column is the first angle of W z of sequence 1, its row that of "
        "sequence 2. The "
        "colour says which tokens win in the end; ★ are those of highest score. The line is the way of the "
        "run on "
        "screen. Press a place to start from there. For tokens in the plane.",
    .draw = [](PlotFrame& f) { f.edit = drawBasinMap(f.session, f.view, f.size); },
};

}  // namespace attention_svm::shell
