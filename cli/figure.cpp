// SPDX-License-Identifier: MIT
#include "figure.h"

#include <algorithm>
#include <cmath>

#include "svg_plot.h"

namespace attention_svm::cli {

namespace {

constexpr double kWidth = 760, kLeft = 84, kRight = 20, kAbove = 50, kUnder = 52, kMain = 330, kBelow = 150;

/// On a logarithmic axis the median: a few runs that are not settled would decide a mean. As on the page.
const std::vector<double>& centre(const ExperimentResult& result, const ExperimentSeries& series) {
  return result.logY && !series.below ? series.median : series.mean;
}

PlotAxis xAxis(const ExperimentResult& result) {
  const double first = result.x.front(), last = result.x.back();
  const bool wide = first > 0.0 && last / first > 8.0;
  const double room = last > first ? 0.04 * (last - first) : 0.5;
  return wide ? PlotAxis{result.xName, true, 0.9 * first, 1.1 * last, {}}
              : PlotAxis{result.xName, false, first - room, last + room, result.xLabels};
}

/// Shares and probabilities have the whole of [0, 1].
PlotAxis yAxis(const ExperimentResult& result, bool below) {
  const bool shares = std::all_of(result.series.begin(), result.series.end(),
                                  [](const ExperimentSeries& series) { return series.share; });
  if (below || shares) return {below ? result.belowName : result.yName, false, -0.03, 1.05};
  double low = INFINITY, high = -INFINITY;
  for (const ExperimentSeries& series : result.series)
    for (std::size_t k = 0; k < result.x.size() && !series.below; ++k)
      if (series.count[k] > 0) {
        low = std::min({low, series.low[k], centre(result, series)[k]});
        high = std::max({high, series.high[k], centre(result, series)[k]});
      }
  if (!(low <= high)) return {result.yName, result.logY, result.logY ? 1e-4 : 0.0, 1.0};
  if (result.logY) return {result.yName, true, std::max(0.6 * low, 1e-16), 1.6 * std::max(high, 1e-15)};
  low = std::min(0.0, low);
  return {result.yName, false, low, high > low ? high + 0.08 * (high - low) : low + 1.0};
}

void drawSeries(SvgPlot& plot, const ExperimentResult& result, std::size_t s) {
  const ExperimentSeries& series = result.series[s];
  std::vector<PlotPoint> line, low, high;
  for (std::size_t k = 0; k < result.x.size(); ++k) {
    if (series.count[k] == 0) continue;
    line.push_back({result.x[k], centre(result, series)[k]});
    low.push_back({result.x[k], series.low[k]});
    high.push_back({result.x[k], series.high[k]});
  }
  plot.band(high, low, static_cast<int>(s));
  plot.line(line, static_cast<int>(s), line.size() <= 24);
}

std::string panel(const ExperimentResult& result, bool below, double top, double height) {
  SvgPlot plot(xAxis(result), yAxis(result, below), kLeft, top, kWidth - kLeft - kRight, height);
  std::vector<std::pair<int, std::string>> names;
  for (std::size_t s = 0; s < result.series.size(); ++s) {
    if (result.series[s].below != below) continue;
    drawSeries(plot, result, s);
    names.emplace_back(static_cast<int>(s), result.series[s].name);
  }
  plot.legend(names);
  return plot.text();
}

Figure sweep(const ExperimentResult& result) {
  const bool two = std::any_of(result.series.begin(), result.series.end(),
                               [](const ExperimentSeries& series) { return series.below; });
  const double under = kAbove + kMain + kUnder;
  std::string plots = panel(result, false, kAbove, kMain);
  if (two) plots += panel(result, true, under + kAbove, kBelow);
  const double height = two ? under + kAbove + kBelow + kUnder : under;
  return {"figure", svgFile(kWidth, height, result.yName + " over " + result.xName, plots)};
}

Figure runs(const ExperimentResult& result) {
  PlotAxis x{result.scatterName, true, 1e-16, 1e-6}, y{result.yName, true, 1.0, 1e-15};
  std::vector<std::vector<PlotPoint>> points(result.series.size());
  for (const ExperimentPoint& point : result.points) {
    const PlotPoint at{std::max(point.x, 1e-300), std::max(point.y, 1e-16)};
    points[static_cast<std::size_t>(point.series)].push_back(at);
    x.min = std::min(x.min, 0.5 * at.x);
    x.max = std::max(x.max, 2.0 * at.x);
    y.min = std::min(y.min, 0.6 * at.y);
    y.max = std::max(y.max, 1.6 * at.y);
  }
  SvgPlot plot(x, y, kLeft, kAbove, kWidth - kLeft - kRight, kMain);
  std::vector<std::pair<int, std::string>> names;
  for (std::size_t s = 0; s < points.size(); ++s) {
    if (points[s].empty()) continue;
    plot.scatter(points[s], static_cast<int>(s));
    names.emplace_back(static_cast<int>(s), result.series[s].name);
  }
  plot.legend(names);
  return {"runs", svgFile(kWidth, kAbove + kMain + kUnder, result.yName + " over " + result.scatterName,
                          plot.text())};
}

}  // namespace

std::vector<Figure> figuresOf(const ExperimentResult& result) {
  std::vector<Figure> figures{sweep(result)};
  if (!result.points.empty()) figures.push_back(runs(result));
  return figures;
}

}  // namespace attention_svm::cli
