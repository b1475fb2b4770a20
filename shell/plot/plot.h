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
  /// One unit is as long on both axes.
  void SetupEqualAspect();
  /// No axes, ticks or grid.
  void SetupPlain();

  void PlotLine(const char* label, const std::vector<Point>& points, const Style& style);
  void PlotScatter(const char* label, const std::vector<Point>& points, const Style& style);
  /// A line without end through `at` in `direction`, clipped to the frame.
  void PlotInfLine(const char* label, Point at, Point direction, const Style& style);
  void PlotHLine(const char* label, double y, const Style& style);
  void PlotShaded(const char* label, const std::vector<Point>& upper, const std::vector<Point>& lower,
                  ImU32 colour);
  void PlotText(const char* text, Point at, ImVec2 offset, ImU32 colour);
  void PlotArrow(Point from, Point to, const Style& style);
  void DrawMarker(Point at, const Style& style);
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
  void drawLegend();
  void drawReadout();
  void drawMenu();
  void handleMouse();
  void zoom(double factor, ImVec2 about);
  void considerReadout(const std::string& label, const std::vector<Point>& points, ImU32 colour);
  void remember(const char* label, const std::vector<Point>& points);
  [[nodiscard]] double toScale(Axis axis, double value) const;
  [[nodiscard]] double fromScale(Axis axis, double value) const;

  State* state_ = nullptr;
  std::string title_, xLabel_, yLabel_;
  Scale scale_[2] = {Scale::Linear, Scale::Linear};
  Range range_[2];
  bool equal_ = false, plain_ = false, legend_ = true, ready_ = false, hovered_ = false, mouseTaken_ = false;
  ImVec2 outerMin_, outerMax_, min_, max_;
  ImDrawList* draw_ = nullptr;
  std::vector<LegendEntry> entries_;
  Readout readout_;
};

/// Ticks that people like: 1, 2, 5 times a power of ten; decades on a logarithmic axis (values, not logs).
std::vector<double> niceTicks(Range range, int most);
std::vector<double> decadeTicks(Range range, int most);
/// "0.25", "1500", "2.5e-7"; on a logarithmic axis "10⁻³".
std::string tickText(double value, double step);
std::string decadeText(int exponent);

}  // namespace attention_svm::shell::plot
