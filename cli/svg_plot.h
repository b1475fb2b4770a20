// SPDX-License-Identifier: MIT
// One plot with axes in an SVG: what figure.cpp draws with.
#pragma once

#include <string>
#include <vector>

namespace attention_svm::cli {

struct PlotPoint {
  double x = 0.0, y = 0.0;
};

struct PlotAxis {
  std::string name;
  bool log = false;
  double min = 0.0, max = 1.0;
  std::vector<std::string> labels = {};  ///< of the ticks 1, 2, ... where they are no numbers
};

class SvgPlot {
 public:
  /// The frame of the plot, names of the axes outside it.
  SvgPlot(const PlotAxis& x, const PlotAxis& y, double left, double top, double width, double height);

  void band(const std::vector<PlotPoint>& high, const std::vector<PlotPoint>& low, int series);
  void line(const std::vector<PlotPoint>& points, int series, bool marked);
  void scatter(const std::vector<PlotPoint>& points, int series);
  /// Names of the series above the frame.
  void legend(const std::vector<std::pair<int, std::string>>& entries);

  [[nodiscard]] const std::string& text() const { return svg_; }

 private:
  void axes();
  void marker(PlotPoint at, int series, double size, double opacity);
  [[nodiscard]] PlotPoint place(PlotPoint point) const;
  [[nodiscard]] std::string path(const std::vector<PlotPoint>& points) const;

  PlotAxis x_, y_;
  double left_, top_, width_, height_;
  std::string svg_;
};

/// The whole file around its plots.
std::string svgFile(double width, double height, const std::string& title, const std::string& plots);

}  // namespace attention_svm::cli
