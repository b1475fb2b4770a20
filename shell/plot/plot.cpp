// SPDX-License-Identifier: MIT
// Setup, axes and frame.
#include <algorithm>
#include <cmath>

#include "../style.h"
#include "parts.h"

namespace attention_svm::shell::plot {

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
  if (state_->bare && outerMax_.y - outerMin_.y < 150) {  // too low for names of axes
    xLabel_.clear();
    yLabel_.clear();
  }
  const float em = ImGui::GetFontSize();
  min_ = outerMin_;
  max_ = outerMax_;
  if (!plain_) {
    min_.x += (yLabel_.empty() ? 3.3f : 4.1f) * em;
    max_.x -= 0.6f * em;
    min_.y +=
        (0.8f + 1.1f * static_cast<float>(state_->bare ? 0 : state_->legendRows)) * em;  // legend and menu
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

void Plot::EndPlot() {
  finishSetup();
  draw_->PopClipRect();
  const ImVec2 after = ImGui::GetCursorScreenPos();
  if (ImGui::IsItemActive() || hovered_) handleMouse();
  if (state_->wantCsv) {
    state_->csv = "series," + csvQuoted(xLabel_.empty() ? "x" : xLabel_) + "," +
                  csvQuoted(yLabel_.empty() ? "y" : yLabel_) + "\n" + state_->csv;
    state_->csvReady = true;
    state_->wantCsv = false;
  }
  if (state_->wantPicture) {
    state_->pictureReady = true;
    state_->wantPicture = false;
  }
  if (legend_ && !state_->bare) drawLegend();
  drawReadout();
  if (!plain_ && !state_->bare) drawMenu();
  ImGui::SetCursorScreenPos(after);
  ImGui::Dummy({0, 0});
}

}  // namespace attention_svm::shell::plot
