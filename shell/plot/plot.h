// SPDX-License-Identifier: MIT
// Plots in immediate mode, in the grammar of ImPlot (begin, set up axes, add items, end), as small as the
// lab needs. What survives from frame to frame is a State that the caller keeps: nothing is hidden.
//
//   static plot::State state;                  // or a member
//   plot::Plot plot;
//   if (plot.BeginPlot("Convergence", size, state)) {
//     plot.SetupAxes("iteration", "1 - correlation");
//     plot.SetupAxisScale(plot::Axis::Y, plot::Scale::Log10);
//     plot.SetupAxisLimits(plot::Axis::X, 0, 100);
//     plot.PlotLine("W", points, style);
//     plot.EndPlot();
//   }
#pragma once

#include <imgui.h>

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace attention_svm::shell::plot {

enum class Axis { X = 0, Y = 1 };
enum class Scale { Linear, Log10 };
enum class Marker { None, Circle, Square, Diamond, Triangle, TriangleDown, Star, Cross };
enum class Dash { Solid, Dashed, Dotted, DashDot };

struct Style {
  ImU32 colour = IM_COL32_WHITE;
  float width = 2.0f;
  Dash dash = Dash::Solid;
  Marker marker = Marker::None;
  float size = 5.0f;  ///< radius of markers
  bool filled = true;
};

struct Point {
  double x = 0, y = 0;
};

struct Range {
  double min = 0, max = 1;
};

/// What the reader changed, and what the reader asks for.
struct State {
  bool zoomed = false;  ///< the ranges below hold instead of the caller's limits
  Range x, y;
  bool flipX = false, flipY = false;  ///< the reader switched between linear and logarithmic
  std::set<std::string> hidden;       ///< labels switched off in the legend
  bool wantCsv = false;
  bool wantPicture = false;
  std::string csv;                              ///< written by EndPlot when wanted
  bool csvReady = false, pictureReady = false;  ///< to be taken and cleared by the caller
  ImVec2 areaMin, areaMax;                      ///< of the whole plot on screen
  bool bare = false;                            ///< no legend and no menu
  int legendRows = 1;                           ///< of the last frame, for which the next one leaves room
};

class Plot {
 public:
  /// False when there is no room to draw. `title` also names the plot for ImGui.
  bool BeginPlot(const char* title, ImVec2 size, State& state, bool legend = true);
  void SetupAxes(const char* x, const char* y);
  void SetupAxisScale(Axis axis, Scale scale);
  /// Shown until the reader pans or zooms.
  void SetupAxisLimits(Axis axis, double min, double max);
  /// Ticks at these places instead of round numbers.
  void SetupAxisTicks(Axis axis, std::vector<double> values, std::vector<std::string> labels);
  /// One unit is as long on both axes.
  void SetupEqualAspect();
  /// No axes, ticks or grid.
  void SetupPlain();

  /// `legend` false: the line has a name under the cursor and in the table, but no entry of its own.
  void PlotLine(const char* label, const std::vector<Point>& points, const Style& style, bool legend = true);
  void PlotScatter(const char* label, const std::vector<Point>& points, const Style& style);
  /// A line without end through `at` in `direction`, clipped to the frame.
  void PlotInfLine(const char* label, Point at, Point direction, const Style& style);
  /// The area between two such lines.
  void PlotInfBand(const char* label, Point oneSide, Point otherSide, Point direction, ImU32 colour);
  void PlotHLine(const char* label, double y, const Style& style);
  void PlotShaded(const char* label, const std::vector<Point>& upper, const std::vector<Point>& lower,
                  ImU32 colour);
  void PlotText(const char* text, Point at, ImVec2 offset, ImU32 colour);
  void PlotArrow(Point from, Point to, const Style& style);
  void DrawMarker(Point at, const Style& style);
  /// Puts points that were drawn by hand into the table that the reader can export.
  void Record(const char* label, const std::vector<Point>& points);
  /// A line with a tick in the plot's menu.
  void MenuToggle(const char* label, bool* value) { toggles_.push_back({label, value}); }
  /// Entry in the legend for items that were drawn by hand.
  bool LegendItem(const char* label, const Style& style);
  [[nodiscard]] bool Shown(const char* label) const;

  [[nodiscard]] bool Hovered() const { return hovered_; }
  [[nodiscard]] Point MousePosition() const;
  [[nodiscard]] ImVec2 ToPixels(Point p);
  [[nodiscard]] Point FromPixels(ImVec2 p);
  [[nodiscard]] double PixelsPerUnit();  ///< on the x axis, linear
  /// Call before items: the drag of the mouse belongs to the caller, not to panning.
  void TakeMouse() { mouseTaken_ = true; }
  [[nodiscard]] ImDrawList* DrawList() const { return draw_; }

  /// Draws legend and readout, handles pan and zoom.
  void EndPlot();

 private:
  struct LegendEntry {
    std::string label;
    Style style;
  };
  struct Readout {
    float distance = 1e9f;
    ImVec2 at;
    Point value;
    std::string label;
    ImU32 colour = 0;
  };
  void finishSetup();
  void drawFrame();
  void drawTicks(Axis axis);
  void drawVerticalText(const char* text, ImVec2 centre);
  void drawLegend();
  void drawReadout();
  void drawMenu();
  void handleMouse();
  void zoom(double factor, ImVec2 about);
  void considerReadout(const std::string& label, const std::vector<Point>& points, ImU32 colour);
  [[nodiscard]] Point toFrameEdge(Point at, Point direction) const;
  [[nodiscard]] double toScale(Axis axis, double value) const;
  [[nodiscard]] double fromScale(Axis axis, double value) const;

  State* state_ = nullptr;
  std::string title_, xLabel_, yLabel_;
  Scale scale_[2] = {Scale::Linear, Scale::Linear};
  Range range_[2];
  bool equal_ = false, plain_ = false, legend_ = true, ready_ = false, hovered_ = false, mouseTaken_ = false;
  ImVec2 outerMin_, outerMax_, min_, max_;
  ImDrawList* draw_ = nullptr;
  std::vector<double> tickValues_[2];
  std::vector<std::string> tickLabels_[2];
  std::vector<LegendEntry> entries_;
  std::vector<std::pair<const char*, bool*>> toggles_;
  Readout readout_;
};

/// A piece of line as a legend shows it, on the present window.
void LineSample(ImVec2 from, ImVec2 to, const Style& style);

/// A cell of a table: in quotes, those within doubled (RFC 4180).
std::string csvQuoted(const std::string& text);

/// The menu (picture, table) of a view that draws itself, without axes; its right end is at `topRight`.
void PictureMenu(const char* title, ImVec2 topRight, State& state);

/// Ticks that people like: 1, 2, 5 times a power of ten; on a logarithmic axis decades (values, not logs),
/// with 2 and 5 between them where there are few.
std::vector<double> niceTicks(Range range, int most);
std::vector<double> decadeTicks(Range range, int most);
/// "0.25", "1500", "2.5e-7"; on a logarithmic axis "10⁻³", "2·10⁻³".
std::string tickText(double value, double step);
std::string decadeText(int exponent);
std::string logTickText(double value);

}  // namespace attention_svm::shell::plot
