#include "plot.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../style.h"

namespace attention_svm::shell::plot {

namespace {

constexpr int kX = 0, kY = 1;
int index(Axis axis) { return axis == Axis::X ? kX : kY; }

/// Half the frame's text can be this long before it is cut at the left.
std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

}  // namespace

bool Plot::BeginPlot(const char* title, ImVec2 size, State& state, bool legend) {
  state_ = &state;
  title_ = title;
  legend_ = legend;
  const ImVec2 room = ImGui::GetContentRegionAvail();
  if (size.x <= 0) size.x = room.x;
  if (size.y <= 0) size.y = room.y;
  if (size.x < 40 || size.y < 40) return false;
  outerMin_ = ImGui::GetCursorScreenPos();
  outerMax_ = {outerMin_.x + size.x, outerMin_.y + size.y};
  ImGui::SetNextItemAllowOverlap();
  ImGui::InvisibleButton(title, size, ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight);
  draw_ = ImGui::GetWindowDrawList();
  state.areaMin = outerMin_;
  state.areaMax = outerMax_;
  return true;
}

void Plot::SetupAxes(const char* x, const char* y) {
  xLabel_ = x;
  yLabel_ = y;
}

void Plot::SetupAxisScale(Axis axis, Scale scale) {
  const bool flipped = axis == Axis::X ? state_->flipX : state_->flipY;
  scale_[index(axis)] = (scale == Scale::Log10) != flipped ? Scale::Log10 : Scale::Linear;
}

void Plot::SetupAxisLimits(Axis axis, double min, double max) {
  if (!(max > min)) max = min + (min == 0.0 ? 1.0 : std::abs(min) * 1e-3);
  range_[index(axis)] = {min, max};
}

void Plot::SetupAxisTicks(Axis axis, std::vector<double> values, std::vector<std::string> labels) {
  tickValues_[index(axis)] = std::move(values);
  tickLabels_[index(axis)] = std::move(labels);
}

void Plot::SetupEqualAspect() { equal_ = true; }
void Plot::SetupPlain() { plain_ = true; }

double Plot::toScale(Axis axis, double value) const {
  if (scale_[index(axis)] == Scale::Linear) return value;
  return std::log10(std::max(value, 1e-300));
}

double Plot::fromScale(Axis axis, double value) const {
  return scale_[index(axis)] == Scale::Linear ? value : std::pow(10.0, value);
}

/// Fixes ranges and frame once all Setup calls are in; items call it first.
void Plot::finishSetup() {
  if (ready_) return;
  ready_ = true;
  if (state_->zoomed) {
    range_[kX] = state_->x;
    range_[kY] = state_->y;
  }
  for (const int axis : {kX, kY})
    if (scale_[axis] == Scale::Log10) {
      range_[axis].max = std::max(range_[axis].max, 1e-290);
      range_[axis].min = std::clamp(range_[axis].min, 1e-295, 0.5 * range_[axis].max);
    }
  const float em = ImGui::GetFontSize();
  min_ = outerMin_;
  max_ = outerMax_;
  if (!plain_) {
    min_.x += (yLabel_.empty() ? 3.3f : 4.1f) * em;
    max_.x -= 0.6f * em;
    min_.y += (0.8f + 1.1f * static_cast<float>(state_->legendRows)) * em;  // legend and menu
    max_.y -= xLabel_.empty() ? 1.6f * em : 2.7f * em;
  }
  if (equal_) {
    const double wide = (range_[kX].max - range_[kX].min) / (max_.x - min_.x);
    const double high = (range_[kY].max - range_[kY].min) / (max_.y - min_.y);
    const double unit = std::max(wide, high);
    for (const int axis : {kX, kY}) {
      const double middle = 0.5 * (range_[axis].min + range_[axis].max);
      const double half = 0.5 * unit * (axis == kX ? max_.x - min_.x : max_.y - min_.y);
      range_[axis] = {middle - half, middle + half};
    }
  }
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  hovered_ = ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem) && mouse.x >= min_.x &&
             mouse.x <= max_.x && mouse.y >= min_.y && mouse.y <= max_.y;
  drawFrame();
  draw_->PushClipRect(min_, max_, true);
}

ImVec2 Plot::ToPixels(Point p) {
  finishSetup();
  const double x0 = toScale(Axis::X, range_[kX].min), x1 = toScale(Axis::X, range_[kX].max);
  const double y0 = toScale(Axis::Y, range_[kY].min), y1 = toScale(Axis::Y, range_[kY].max);
  const double x = (toScale(Axis::X, p.x) - x0) / (x1 - x0), y = (toScale(Axis::Y, p.y) - y0) / (y1 - y0);
  // Far outside the frame floats would lose the direction of a line
  const auto place = [](double share, float from, float to) {
    return from + static_cast<float>(std::clamp(share, -50.0, 50.0)) * (to - from);
  };
  return {place(x, min_.x, max_.x), place(y, max_.y, min_.y)};
}

Point Plot::FromPixels(ImVec2 p) {
  finishSetup();
  const double x0 = toScale(Axis::X, range_[kX].min), x1 = toScale(Axis::X, range_[kX].max);
  const double y0 = toScale(Axis::Y, range_[kY].min), y1 = toScale(Axis::Y, range_[kY].max);
  return {fromScale(Axis::X, x0 + (x1 - x0) * (p.x - min_.x) / (max_.x - min_.x)),
          fromScale(Axis::Y, y0 + (y1 - y0) * (max_.y - p.y) / (max_.y - min_.y))};
}

Point Plot::MousePosition() const { return const_cast<Plot*>(this)->FromPixels(ImGui::GetIO().MousePos); }

double Plot::PixelsPerUnit() {
  finishSetup();
  return (max_.x - min_.x) / (range_[kX].max - range_[kX].min);
}

void Plot::drawFrame() {
  const Palette& colours = palette();
  if (plain_) return;
  drawTicks(Axis::X);
  drawTicks(Axis::Y);
  draw_->AddLine({min_.x, max_.y}, max_, colours.axis);
  draw_->AddLine(min_, {min_.x, max_.y}, colours.axis);
  ImFont* font = smallFont();
  const float size = font->FontSize * ImGui::GetIO().FontGlobalScale;
  if (!xLabel_.empty()) {
    const ImVec2 extent = font->CalcTextSizeA(size, FLT_MAX, 0, xLabel_.c_str());
    draw_->AddText(font, size, {0.5f * (min_.x + max_.x - extent.x), outerMax_.y - extent.y - 1},
                   colours.quiet, xLabel_.c_str());
  }
  if (!yLabel_.empty())
    drawVerticalText(yLabel_.c_str(), {outerMin_.x + 0.55f * size, 0.5f * (min_.y + max_.y)});
}

/// Text from bottom to top. Dear ImGui draws only level text, so its corners are turned afterwards.
void Plot::drawVerticalText(const char* text, ImVec2 centre) {
  ImFont* font = smallFont();
  const float size = font->FontSize * ImGui::GetIO().FontGlobalScale;
  const ImVec2 extent = font->CalcTextSizeA(size, FLT_MAX, 0, text);
  const ImVec2 level{std::floor(0.5f * (min_.x + max_.x - extent.x)), std::floor(centre.y - 0.5f * extent.y)};
  const ImVec2 middle{level.x + std::floor(0.5f * extent.x), level.y + std::floor(0.5f * extent.y)};
  const int first = draw_->VtxBuffer.Size;
  draw_->AddText(font, size, level, palette().quiet, text);
  for (int k = first; k < draw_->VtxBuffer.Size; ++k) {
    ImVec2& p = draw_->VtxBuffer[k].pos;
    p = {std::floor(centre.x) + (p.y - middle.y), std::floor(centre.y) - (p.x - middle.x)};
  }
}

namespace {

bool isDecades(const std::vector<double>& ticks) {
  return std::all_of(ticks.begin(), ticks.end(), [](double tick) {
    const double exponent = std::log10(tick);
    return std::abs(exponent - std::round(exponent)) < 1e-6;
  });
}

}  // namespace

void Plot::drawTicks(Axis axis) {
  const int a = index(axis);
  const bool x = axis == Axis::X;
  const float length = x ? max_.x - min_.x : max_.y - min_.y;
  const int most = std::max(2, static_cast<int>(length / (x ? 75.0f : 38.0f)));
  const bool decades = scale_[a] == Scale::Log10 && range_[a].max / range_[a].min >= 3.0;
  const bool given = !tickValues_[a].empty();
  const std::vector<double> ticks = given     ? tickValues_[a]
                                    : decades ? decadeTicks(range_[a], most)
                                              : niceTicks(range_[a], most);
  const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : 1.0;
  const bool powers = decades && (range_[a].min < 1e-4 || range_[a].max > 1e5 || isDecades(ticks));
  ImFont* font = smallFont();
  const float size = font->FontSize * ImGui::GetIO().FontGlobalScale;
  for (std::size_t k = 0; k < ticks.size(); ++k) {
    const double tick = ticks[k];
    if (tick < range_[a].min || tick > range_[a].max) continue;
    const std::string text = given    ? tickLabels_[a][k]
                             : powers ? logTickText(tick)
                                      : tickText(tick, decades ? tick : step);
    const ImVec2 extent = font->CalcTextSizeA(size, FLT_MAX, 0, text.c_str());
    const ImVec2 at = ToPixels(x ? Point{tick, range_[kY].min} : Point{range_[kX].min, tick});
    if (x) {
      draw_->AddLine({at.x, min_.y}, {at.x, max_.y}, palette().grid);
      draw_->AddText(font, size, {at.x - 0.5f * extent.x, max_.y + 3}, palette().quiet, text.c_str());
    } else {
      draw_->AddLine({min_.x, at.y}, {max_.x, at.y}, palette().grid);
      draw_->AddText(font, size, {min_.x - extent.x - 6, at.y - 0.5f * extent.y}, palette().quiet,
                     text.c_str());
    }
  }
}

bool Plot::Shown(const char* label) const { return state_->hidden.count(label) == 0; }

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

}  // namespace

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

void Plot::Record(const char* label, const std::vector<Point>& points) {
  if (!state_->wantCsv || label[0] == '#') return;
  char line[96];
  for (const Point& point : points) {
    std::snprintf(line, sizeof line, ",%.17g,%.17g\n", point.x, point.y);
    state_->csv += "\"" + std::string(label) + "\"" + line;
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

void Plot::drawLegend() {
  ImFont* font = smallFont();
  const float size = font->FontSize * ImGui::GetIO().FontGlobalScale;
  float x = plain_ ? outerMin_.x + 4 : min_.x, y = outerMin_.y + 4;
  int rows = 1;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const LegendEntry& entry = entries_[i];
    const ImVec2 extent = font->CalcTextSizeA(size, FLT_MAX, 0, entry.label.c_str());
    const float width = 24 + extent.x + 12;
    if (x + width > outerMax_.x - 30 && x > min_.x) {
      if (rows == 3) break;
      ++rows;
      x = plain_ ? outerMin_.x + 4 : min_.x;
      y += size + 4;
    }
    const bool shown = Shown(entry.label.c_str());
    ImGui::SetCursorScreenPos({x, y - 3});
    ImGui::PushID(static_cast<int>(i));
    if (ImGui::InvisibleButton("legend", {width - 6, size + 6})) {
      if (shown)
        state_->hidden.insert(entry.label);
      else
        state_->hidden.erase(entry.label);
    }
    if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    ImGui::PopID();
    Style style = entry.style;
    style.size = 4;
    if (!shown) style.colour = withAlpha(palette().quiet, 0.35f);
    const float middle = y + 0.5f * size;
    if (style.marker == Marker::None || style.width > 2.05f)
      drawPath(draw_, {{x, middle}, {x + 19, middle}}, style);
    drawMarkerAt(draw_, {x + 9, middle}, style);
    draw_->AddText(font, size, {x + 24, y}, shown ? palette().text : palette().quiet, entry.label.c_str());
    x += width;
  }
  state_->legendRows = rows;
}

void Plot::drawReadout() {
  if (!hovered_ || readout_.distance > 60.0f || ImGui::IsMouseDown(ImGuiMouseButton_Left)) return;
  draw_->AddCircle(readout_.at, 5, palette().text, 0, 1.5f);
  const std::string text = readout_.label + "\n" + (xLabel_.empty() ? "x" : xLabel_) + " " +
                           number(readout_.value.x) + "\n" + (yLabel_.empty() ? "y" : yLabel_) + " " +
                           number(readout_.value.y);
  ImGui::SetTooltip("%s", text.c_str());
}

namespace {

/// The button at the right end of the title row; true while its menu is open.
bool beginMenu(const char* title, ImVec2 topRight) {
  const float em = ImGui::GetFontSize();
  ImGui::SetCursorScreenPos({topRight.x - 1.9f * em, topRight.y});
  ImGui::PushID(title);
  ImGui::PushStyleColor(ImGuiCol_Button, IM_COL32(0, 0, 0, 0));
  if (ImGui::Button("⋯", {1.8f * em, 1.5f * em})) ImGui::OpenPopup("menu");
  ImGui::PopStyleColor();
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s: view, picture, table", title);
  if (ImGui::BeginPopup("menu")) return true;
  ImGui::PopID();
  return false;
}

void endMenu(State& state) {
  if (ImGui::MenuItem("Copy as PNG")) state.wantPicture = true;
  if (ImGui::MenuItem("Export as CSV")) state.wantCsv = true;
  ImGui::EndPopup();
  ImGui::PopID();
}

}  // namespace

void PictureMenu(const char* title, ImVec2 topRight, State& state) {
  if (state.wantPicture) state.pictureReady = true;
  state.wantPicture = false;
  const ImVec2 after = ImGui::GetCursorScreenPos();
  if (beginMenu(title, topRight)) endMenu(state);
  ImGui::SetCursorScreenPos(after);
}

void Plot::drawMenu() {
  if (!beginMenu(title_.c_str(), {outerMax_.x, outerMin_.y})) return;
  if (ImGui::MenuItem("Reset view", "double click")) state_->zoomed = false;
  if (!plain_ && !equal_ && tickValues_[kX].empty()) {
    bool logX = scale_[kX] == Scale::Log10, logY = scale_[kY] == Scale::Log10;
    if (ImGui::MenuItem("Logarithmic x", nullptr, logX)) {
      state_->flipX = !state_->flipX;
      state_->zoomed = false;
    }
    if (ImGui::MenuItem("Logarithmic y", nullptr, logY)) {
      state_->flipY = !state_->flipY;
      state_->zoomed = false;
    }
  }
  for (const auto& [label, value] : toggles_) ImGui::MenuItem(label, nullptr, value);
  endMenu(*state_);
}

void Plot::zoom(double factor, ImVec2 about) {
  const Point centre = FromPixels(about);
  for (const Axis axis : {Axis::X, Axis::Y}) {
    const int a = index(axis);
    const double c = toScale(axis, a == kX ? centre.x : centre.y);
    const double low = c + (toScale(axis, range_[a].min) - c) * factor;
    const double high = c + (toScale(axis, range_[a].max) - c) * factor;
    if (!(high - low > 1e-12 * std::max(1.0, std::abs(c)))) return;
    (a == kX ? state_->x : state_->y) = {fromScale(axis, low), fromScale(axis, high)};
  }
  state_->zoomed = true;
}

void Plot::handleMouse() {
  if (!hovered_ || plain_) return;
  const ImGuiIO& io = ImGui::GetIO();
  if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) && !mouseTaken_) {
    state_->zoomed = false;
    return;
  }
  // One finger scrolls the page of plots, two fingers (the backend adds ctrl) zoom.
  const bool touch = io.MouseSource == ImGuiMouseSource_TouchScreen;
  if (io.MouseWheel != 0.0f && (!touch || io.KeyCtrl)) zoom(std::pow(0.85, io.MouseWheel), io.MousePos);
  if (mouseTaken_ || !ImGui::IsMouseDragging(ImGuiMouseButton_Left, 3.0f)) return;
  const ImVec2 d = io.MouseDelta;
  const Point low = FromPixels({min_.x - d.x, max_.y - d.y}), high = FromPixels({max_.x - d.x, min_.y - d.y});
  state_->x = {low.x, high.x};
  state_->y = {low.y, high.y};
  state_->zoomed = true;
}

void Plot::EndPlot() {
  finishSetup();
  draw_->PopClipRect();
  const ImVec2 after = ImGui::GetCursorScreenPos();
  if (ImGui::IsItemActive() || hovered_) handleMouse();
  if (state_->wantCsv) {
    const auto quoted = [](const std::string& text) { return "\"" + text + "\""; };
    state_->csv = "series," + quoted(xLabel_.empty() ? "x" : xLabel_) + "," +
                  quoted(yLabel_.empty() ? "y" : yLabel_) + "\n" + state_->csv;
    state_->csvReady = true;
    state_->wantCsv = false;
  }
  if (state_->wantPicture) {
    state_->pictureReady = true;
    state_->wantPicture = false;
  }
  if (legend_) drawLegend();
  drawReadout();
  drawMenu();
  ImGui::SetCursorScreenPos(after);
  ImGui::Dummy({0, 0});
}

}  // namespace attention_svm::shell::plot
