// SPDX-License-Identifier: MIT
// A Monte-Carlo experiment: every quantity over the sweep with its spread, shares of runs below, or single
// runs as points.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../style.h"
#include "share_table.h"
#include "small_text.h"
#include "views.h"

namespace attention_svm::shell {

namespace {

using plot::Axis;
using plot::Dash;
using plot::Marker;
using plot::Plot;
using plot::Point;
using plot::Range;
using plot::Scale;
using plot::Style;

struct ExperimentState : OwnState {
  bool scatter = false;  ///< single runs instead of the sweep
  plot::State below;     ///< the plot of the shares
};

constexpr float kBelowPart = 0.34f;  // of the height, for the series with the other axis

Style styleOf(std::size_t k) {
  constexpr Dash kDashes[] = {Dash::Solid, Dash::Dashed, Dash::DashDot, Dash::Dotted};
  constexpr Marker kMarkers[] = {Marker::Circle, Marker::Square, Marker::Diamond, Marker::Triangle};
  Style style;
  style.colour = seriesColour(static_cast<int>(k));
  style.width = 2.2f;
  style.dash = kDashes[k % 4];
  style.marker = kMarkers[k % 4];
  style.size = 3.5f;
  return style;
}

/// On a logarithmic axis the median: a few runs that are not settled would decide a mean.
const std::vector<double>& centre(const ExperimentResult& result, const ExperimentSeries& series) {
  return result.logY && !series.below ? series.median : series.mean;
}

/// From the first to the last value that has samples.
void drawSeries(Plot& plot, const ExperimentResult& result, std::size_t k) {
  const ExperimentSeries& series = result.series[k];
  const Style style = styleOf(k);
  std::vector<Point> line, low, high;
  const std::vector<double>& middle = centre(result, series);
  for (std::size_t i = 0; i < result.x.size(); ++i) {
    if (series.count[i] == 0) continue;
    line.push_back({result.x[i], middle[i]});
    low.push_back({result.x[i], series.low[i]});
    high.push_back({result.x[i], series.high[i]});
  }
  if (plot.Shown(series.name.c_str())) {
    plot.PlotShaded("##spread", high, low, withAlpha(style.colour, 0.14f));
    if (line.size() <= 24)
      for (const Point& point : line) plot.DrawMarker(point, style);
  }
  Style bare = style;
  bare.marker = Marker::None;
  plot.PlotLine(series.name.c_str(), line, bare);
  plot.Record((series.name + " (low)").c_str(), low);
  plot.Record((series.name + " (high)").c_str(), high);
}

/// Shares and probabilities have the whole of [0, 1].
Range rangeOf(const ExperimentResult& result, bool below) {
  const bool shares = std::all_of(result.series.begin(), result.series.end(),
                                  [](const ExperimentSeries& series) { return series.share; });
  if (below || shares) return {-0.03, 1.05};
  Range range{1e300, -1e300};
  for (const ExperimentSeries& series : result.series) {
    if (series.below) continue;
    for (std::size_t i = 0; i < result.x.size(); ++i) {
      if (series.count[i] == 0) continue;
      range.min = std::min({range.min, series.low[i], centre(result, series)[i]});
      range.max = std::max({range.max, series.high[i], centre(result, series)[i]});
    }
  }
  if (range.min > range.max) return {result.logY ? 1e-4 : 0.0, 1.0};
  if (result.logY) return {std::max(0.6 * range.min, 1e-16), 1.6 * range.max};
  return {std::min(0.0, range.min), range.max + 0.08 * (range.max - std::min(0.0, range.min))};
}

void drawSweep(const ExperimentResult& result, bool below, plot::State& state, ImVec2 size) {
  const char* name = below ? "below" : "experiment";
  Plot plot;
  if (!plot.BeginPlot(name, size, state)) return;
  plot.SetupAxes(result.xName.c_str(), (below ? result.belowName : result.yName).c_str());
  // Dimensions and iterations grow by factors.
  const bool wide = result.x.front() > 0.0 && result.x.back() / result.x.front() > 8.0;
  plot.SetupAxisScale(Axis::X, wide ? Scale::Log10 : Scale::Linear);
  plot.SetupAxisScale(Axis::Y, result.logY && !below ? Scale::Log10 : Scale::Linear);
  const double first = result.x.front(), last = result.x.back(), room = 0.04 * (last - first);
  plot.SetupAxisLimits(Axis::X, wide ? 0.9 * first : first - room, wide ? 1.1 * last : last + room);
  const Range range = rangeOf(result, below);
  plot.SetupAxisLimits(Axis::Y, range.min, range.max);
  for (std::size_t k = 0; k < result.series.size(); ++k)
    if (result.series[k].below == below) drawSeries(plot, result, k);
  plot.EndPlot();
}

void drawRuns(const ExperimentResult& result, plot::State& state, ImVec2 size) {
  std::vector<std::vector<Point>> points(result.series.size());
  Range x{1e-16, 1e-6}, y{1e300, 1e-300};
  for (const ExperimentPoint& point : result.points) {
    const Point at{std::max(point.x, 1e-300), std::max(point.y, 1e-16)};
    points[static_cast<std::size_t>(point.series)].push_back(at);
    x.min = std::min(x.min, at.x);
    x.max = std::max(x.max, at.x);
    y.min = std::min(y.min, at.y);
    y.max = std::max(y.max, at.y);
  }
  Plot plot;
  if (!plot.BeginPlot("runs", size, state)) return;
  plot.SetupAxes(result.scatterName.c_str(), result.yName.c_str());
  plot.SetupAxisScale(Axis::X, Scale::Log10);
  plot.SetupAxisScale(Axis::Y, Scale::Log10);
  plot.SetupAxisLimits(Axis::X, 0.5 * x.min, 2.0 * x.max);
  plot.SetupAxisLimits(Axis::Y, 0.6 * y.min, 1.6 * y.max);
  for (std::size_t k = 0; k < points.size(); ++k) {
    Style style = styleOf(k);
    style.size = 2.5f;
    style.colour = withAlpha(style.colour, 0.6f);
    plot.PlotScatter(result.series[k].name.c_str(), points[k], style);
  }
  plot.EndPlot();
}

/// What a reader must know, with the count of draws where no sentence above gives it; returns the height that
/// it took.
float drawNote(const ExperimentResult& result, bool counted, bool& scatter, float width) {
  const ImVec2 start = ImGui::GetCursorScreenPos();
  std::string text;
  if (counted) {
    text = std::to_string(result.draws) + " draws";
    if (result.leftOut > 0) text += ", " + std::to_string(result.leftOut) + " left out";
    text += ". ";
  }
  text += result.note;
  ImGui::PushFont(smallFont());
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
  ImGui::PushStyleColor(ImGuiCol_Text, palette().quiet);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopStyleColor();
  ImGui::PopTextWrapPos();
  if (!result.scatterName.empty())
    ImGui::Checkbox(("single runs, over the " + result.scatterName).c_str(), &scatter);
  ImGui::PopFont();
  return ImGui::GetCursorScreenPos().y - start.y;
}

/// Where the x are no quantity: a table of medians with their quartiles.
void drawTable(const ExperimentResult& result, ImVec2 size) {
  std::vector<ShareRow> rows;
  for (std::size_t s = 0; s < result.series.size(); ++s) {
    const ExperimentSeries& series = result.series[s];
    ShareRow row{series.name, seriesColour(static_cast<int>(s)), {}};
    for (std::size_t k = 0; k < result.x.size(); ++k) {
      char spread[48] = "";
      if (series.count[k] > 0)
        std::snprintf(spread, sizeof spread, "%.1f to %.1f", 100.0 * series.low[k], 100.0 * series.high[k]);
      row.cells.push_back({series.median[k], spread, false});
    }
    rows.push_back(std::move(row));
  }
  drawShareTable(result.xName.c_str(), result.xLabels, rows, size);
}

void drawSweeps(const ExperimentResult& result, ViewState& view, ImVec2 size) {
  const bool two = std::any_of(result.series.begin(), result.series.end(),
                               [](const ExperimentSeries& series) { return series.below; });
  const float below = two ? kBelowPart * size.y : 0.0f;
  drawSweep(result, false, view.plot, {size.x, size.y - below});
  if (two) drawSweep(result, true, view.own<ExperimentState>().below, {size.x, below});
}

void drawExperiment(const Session& session, ViewState& view, ImVec2 size) {
  if (!session.experiment || session.experiment->draws == 0)
    return drawEmpty(session.settings.experiment
                         ? "Runs start with Play, or with \"Run\" under Experiment in the panel."
                         : "Choose one of the experiments in the panel, under Experiment.",
                     size);
  const ExperimentResult& result = *session.experiment;
  bool& scatter = view.own<ExperimentState>().scatter;
  const ImVec2 start = ImGui::GetCursorScreenPos(), end{start.x + size.x, start.y + size.y};
  if (!result.xLabels.empty()) {  // a table has no menu of its own
    plot::PictureMenu("Experiment", {end.x, start.y - 28}, view.plot);
    view.plot.csvReady = view.plot.csvReady || view.plot.wantCsv;
    view.plot.wantCsv = false;
  }
  size.y -= drawNote(result, !showsExperiment(session.settings), scatter, size.x) + 4;
  if (scatter && !result.points.empty())
    drawRuns(result, view.plot, size);
  else if (!result.xLabels.empty())
    drawTable(result, size);
  else
    drawSweeps(result, view, size);
  // Picture and table are of the whole.
  view.plot.areaMin = start;
  view.plot.areaMax = end;
  if (view.plot.csvReady) view.plot.csv = toCsv(result);
}

}  // namespace

const PlotView kExperimentView = {
    .name = "experiment",
    .title = "Experiment",
    .help =
        "Many random datasets and starts instead of one: each line is the mean over the runs, on a "
        "logarithmic axis the median, and the band around it shows how far they spread.",
    .draw = [](PlotFrame& f) { drawExperiment(f.session, f.view, f.size); },
    .phoneShape = 1.7f,  // two plots and a note
    .phoneHeight = 640.0f,
};

}  // namespace attention_svm::shell
