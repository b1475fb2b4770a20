// SPDX-License-Identifier: MIT
// What can be drawn into a plot.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../style.h"
#include "parts.h"

namespace attention_svm::shell::plot {

bool Plot::LegendItem(const char* label, const Style& style) {
  finishSetup();
  if (label[0] == '\0' || label[0] == '#') return true;
  const bool known = std::any_of(entries_.begin(), entries_.end(),
                                 [label](const LegendEntry& entry) { return entry.label == label; });
  if (!known) entries_.push_back({label, style});
  return Shown(label);
}

namespace {

struct DashPattern {
  float on, off, on2, off2;
};

DashPattern pattern(Dash dash) {
  switch (dash) {
    case Dash::Dashed: return {8, 5, 8, 5};
    case Dash::Dotted: return {2, 4, 2, 4};
    case Dash::DashDot: return {9, 4, 2, 4};
    case Dash::Solid: break;
  }
  return {1e9f, 0, 0, 0};
}

}  // namespace

/// Polyline with dashes measured along the path.
void drawPath(ImDrawList* draw, const std::vector<ImVec2>& points, const Style& style) {
  if (points.size() < 2) return;
  if (style.dash == Dash::Solid) {
    draw->AddPolyline(points.data(), static_cast<int>(points.size()), style.colour, 0, style.width);
    return;
  }
  const DashPattern p = pattern(style.dash);
  const float lengths[4] = {p.on, p.off, p.on2, p.off2};
  int phase = 0;
  float left = lengths[0];
  int budget = 4000;  // a path that leaves the frame by far must not cost a million dashes
  for (std::size_t i = 1; i < points.size(); ++i) {
    ImVec2 from = points[i - 1];
    const ImVec2 to = points[i];
    float rest = std::hypot(to.x - from.x, to.y - from.y);
    while (rest > 0.0f && budget-- > 0) {
      const float length = std::min(rest, left);
      const float share = length / rest;
      const ImVec2 next{from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share};
      if (phase % 2 == 0) draw->AddLine(from, next, style.colour, style.width);
      from = next;
      rest -= length;
      left -= length;
      if (left <= 0.0f) {
        phase = (phase + 1) % 4;
        left = lengths[phase];
      }
    }
  }
}

void drawMarkerAt(ImDrawList* draw, ImVec2 c, const Style& style) {
  const float r = style.size;
  std::vector<ImVec2> corners;
  switch (style.marker) {
    case Marker::None: return;
    case Marker::Circle:
      if (style.filled)
        draw->AddCircleFilled(c, r, style.colour);
      else
        draw->AddCircle(c, r, style.colour, 0, style.width);
      return;
    case Marker::Cross:
      draw->AddLine({c.x - r, c.y - r}, {c.x + r, c.y + r}, style.colour, style.width);
      draw->AddLine({c.x - r, c.y + r}, {c.x + r, c.y - r}, style.colour, style.width);
      return;
    case Marker::Square:
      corners = {{c.x - r, c.y - r}, {c.x + r, c.y - r}, {c.x + r, c.y + r}, {c.x - r, c.y + r}};
      break;
    case Marker::Diamond:
      corners = {{c.x, c.y - 1.3f * r}, {c.x + 1.3f * r, c.y}, {c.x, c.y + 1.3f * r}, {c.x - 1.3f * r, c.y}};
      break;
    case Marker::Triangle:
      corners = {{c.x, c.y - 1.2f * r}, {c.x + 1.1f * r, c.y + 0.8f * r}, {c.x - 1.1f * r, c.y + 0.8f * r}};
      break;
    case Marker::TriangleDown:
      corners = {{c.x, c.y + 1.2f * r}, {c.x - 1.1f * r, c.y - 0.8f * r}, {c.x + 1.1f * r, c.y - 0.8f * r}};
      break;
    case Marker::Star:
      for (int k = 0; k < 5; ++k) {  // five kites from the centre: a star is not convex
        const auto at = [&](float turn, float radius) {
          const float angle = (turn / 10.0f) * 6.2831853f - 1.5707963f;
          return ImVec2{c.x + radius * std::cos(angle), c.y + radius * std::sin(angle)};
        };
        const float turn = static_cast<float>(2 * k);
        const ImVec2 kite[4] = {c, at(turn - 1, 0.45f * r), at(turn, r), at(turn + 1, 0.45f * r)};
        draw->AddConvexPolyFilled(kite, 4, style.colour);
      }
      return;
  }
  const int count = static_cast<int>(corners.size());
  if (style.filled)
    draw->AddConvexPolyFilled(corners.data(), count, style.colour);
  else
    draw->AddPolyline(corners.data(), count, style.colour, ImDrawFlags_Closed, style.width);
}

void LineSample(ImVec2 from, ImVec2 to, const Style& style) {
  drawPath(ImGui::GetWindowDrawList(), {from, to}, style);
}

void Plot::considerReadout(const std::string& label, const std::vector<Point>& points, ImU32 colour) {
  if (!hovered_ || label.empty() || label[0] == '#') return;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  for (const Point& point : points) {
    if (!std::isfinite(point.y)) continue;
    const ImVec2 at = ToPixels(point);
    const float distance = std::hypot(at.x - mouse.x, at.y - mouse.y);
    if (distance < readout_.distance) readout_ = {distance, at, point, label, colour};
  }
}

std::string csvQuoted(const std::string& text) {
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell += c;
    cell += c;
  }
  return cell + "\"";
}

void Plot::Record(const char* label, const std::vector<Point>& points) {
  if (!state_->wantCsv || label[0] == '#') return;
  char line[96];
  for (const Point& point : points) {
    std::snprintf(line, sizeof line, ",%.17g,%.17g\n", point.x, point.y);
    state_->csv += csvQuoted(label) + line;
  }
}

void Plot::PlotLine(const char* label, const std::vector<Point>& points, const Style& style, bool legend) {
  finishSetup();
  Record(label, points);
  if (legend && !LegendItem(label, style)) return;
  std::vector<ImVec2> path;
  path.reserve(points.size());
  ImVec2 last{-1e9f, -1e9f};
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool gap = !std::isfinite(points[i].y) || !std::isfinite(points[i].x);
    if (gap) {
      drawPath(draw_, path, style);
      path.clear();
      continue;
    }
    const ImVec2 at = ToPixels(points[i]);
    // Samples closer than a third of a pixel add nothing to see
    const bool near = std::abs(at.x - last.x) + std::abs(at.y - last.y) < 0.35f;
    if (!path.empty() && near && i + 1 < points.size()) continue;
    path.push_back(at);
    last = at;
  }
  drawPath(draw_, path, style);
  considerReadout(label, points, style.colour);
}

void Plot::PlotScatter(const char* label, const std::vector<Point>& points, const Style& style) {
  Record(label, points);
  if (!LegendItem(label, style)) return;
  for (const Point& point : points) drawMarkerAt(draw_, ToPixels(point), style);
  considerReadout(label, points, style.colour);
}

void Plot::DrawMarker(Point at, const Style& style) { drawMarkerAt(draw_, ToPixels(at), style); }

void Plot::PlotInfLine(const char* label, Point at, Point direction, const Style& style) {
  if (!LegendItem(label, style)) return;
  const Point far = toFrameEdge(at, direction);
  drawPath(draw_, {ToPixels({at.x - far.x, at.y - far.y}), ToPixels({at.x + far.x, at.y + far.y})}, style);
}

void Plot::PlotInfBand(const char* label, Point oneSide, Point otherSide, Point direction, ImU32 colour) {
  Style style;
  style.colour = colour;
  if (!LegendItem(label, style)) return;
  const Point a = toFrameEdge(oneSide, direction), b = toFrameEdge(otherSide, direction);
  draw_->AddQuadFilled(ToPixels({oneSide.x - a.x, oneSide.y - a.y}),
                       ToPixels({oneSide.x + a.x, oneSide.y + a.y}),
                       ToPixels({otherSide.x + b.x, otherSide.y + b.y}),
                       ToPixels({otherSide.x - b.x, otherSide.y - b.y}), colour);
}

/// A step from `at` along `direction` that is sure to leave the frame, either way.
Point Plot::toFrameEdge(Point at, Point direction) const {
  const double size = std::hypot(direction.x, direction.y);
  if (!(size > 0.0)) return {0, 0};
  const double width = range_[kX].max - range_[kX].min, height = range_[kY].max - range_[kY].min;
  const double reach = width + height + std::hypot(at.x - range_[kX].min, at.y - range_[kY].min);
  return {direction.x / size * reach, direction.y / size * reach};
}

void Plot::PlotHLine(const char* label, double y, const Style& style) {
  if (!LegendItem(label, style)) return;
  drawPath(draw_, {ToPixels({range_[kX].min, y}), ToPixels({range_[kX].max, y})}, style);
}

void Plot::PlotShaded(const char* label, const std::vector<Point>& upper, const std::vector<Point>& lower,
                      ImU32 colour) {
  Style style;
  style.colour = colour;
  if (!LegendItem(label, style)) return;
  for (std::size_t i = 1; i < std::min(upper.size(), lower.size()); ++i)
    draw_->AddQuadFilled(ToPixels(upper[i - 1]), ToPixels(upper[i]), ToPixels(lower[i]),
                         ToPixels(lower[i - 1]), colour);
}

void Plot::PlotText(const char* text, Point at, ImVec2 offset, ImU32 colour) {
  const ImVec2 p = ToPixels(at);
  ImFont* font = smallFont();
  const float size = font->FontSize * ImGui::GetIO().FontGlobalScale;
  draw_->AddText(font, size, {p.x + offset.x, p.y + offset.y}, colour, text);
}

void Plot::PlotArrow(Point from, Point to, const Style& style) {
  const ImVec2 a = ToPixels(from), b = ToPixels(to);
  const float length = std::hypot(b.x - a.x, b.y - a.y);
  if (!(length > 1.0f)) return;
  const ImVec2 u{(b.x - a.x) / length, (b.y - a.y) / length};
  const float head = std::min(4.0f + 2.5f * style.width, 0.6f * length);
  const ImVec2 neck{b.x - u.x * head, b.y - u.y * head};
  drawPath(draw_, {a, neck}, style);
  draw_->AddTriangleFilled(b, {neck.x - 0.5f * head * u.y, neck.y + 0.5f * head * u.x},
                           {neck.x + 0.5f * head * u.y, neck.y - 0.5f * head * u.x}, style.colour);
}

}  // namespace attention_svm::shell::plot
