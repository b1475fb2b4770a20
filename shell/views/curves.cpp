// Curves over the iterations: distance to the SVMs, loss and norms, singular values, regularization path.
#include <algorithm>
#include <cmath>
#include <string>

#include "../style.h"
#include "small_text.h"
#include "views.h"

namespace attention_svm::shell {

namespace {

using plot::Axis;
using plot::Dash;
using plot::Plot;
using plot::Point;
using plot::Scale;
using plot::Style;

template <class Value>
std::vector<Point> curve(const Trace& trace, Value value) {
  std::vector<Point> points;
  points.reserve(trace.samples.size());
  for (const TraceSample& sample : trace.samples) points.push_back({sample.iteration, value(sample)});
  return points;
}

double lastIteration(const Session& session) {
  double last = 10;
  for (const Run& run : session.runs) last = std::max(last, run.trace.samples.back().iteration);
  return last;
}

struct Extent {
  double min = 1e300, max = -1e300;
  void include(const std::vector<Point>& points) {
    for (const Point& p : points) {
      if (!std::isfinite(p.y)) continue;
      min = std::min(min, p.y);
      max = std::max(max, p.y);
    }
  }
};

struct Series {
  std::string label;
  std::vector<Point> points;
  Style style;
};

Style seriesStyle(int colour, Dash dash) {
  Style style;
  style.colour = seriesColour(colour);
  style.dash = dash;
  style.width = 2.2f;
  return style;
}

void add(std::vector<Series>& all, const std::string& label, std::vector<Point> points, Style style) {
  const bool any =
      std::any_of(points.begin(), points.end(), [](const Point& p) { return std::isfinite(p.y); });
  if (any) all.push_back({label, std::move(points), style});
}

}  // namespace

/// Each run has its colour, and a dash pattern so that colour is never alone. Where two curves
/// coincide, the narrower one on top lets the wider one show.
Style runStyle(const Run& run) {
  constexpr Dash kDashes[] = {Dash::Solid, Dash::Dashed, Dash::DashDot, Dash::Dotted};
  Style style = seriesStyle(run.colour, kDashes[run.colour % 4]);
  style.width = run.colour == 0 ? 3.0f : 1.8f;
  return style;
}

namespace {

/// Distance to the k-th solution of the run's prediction.
std::vector<Point> offCurve(const Run& run, std::size_t k) {
  return curve(run.trace, [k](const TraceSample& s) { return k < s.off.size() ? s.off[k] : std::nan(""); });
}

/// One run: its distance to every SVM.
std::vector<Series> distancesToAll(const Run& run) {
  constexpr Dash kDashes[] = {Dash::Solid, Dash::DashDot, Dash::Dashed};
  std::vector<Series> all;
  const std::vector<Prediction::Solved> solved = run.prediction.solutions();
  for (std::size_t k = 0; k < solved.size(); ++k)
    add(all, "to the " + std::string(infoOf(solved[k].norm).name) + " SVM", offCurve(run, k),
        seriesStyle(static_cast<int>(k), kDashes[k % 3]));
  const Trace& trace = run.trace;
  add(all, "to the growing part alone", curve(trace, [](const TraceSample& s) { return s.offDirectional; }),
      seriesStyle(0, Dash::Dashed));
  add(all, "to finite + growing part", curve(trace, [](const TraceSample& s) { return s.offEquivalent; }),
      seriesStyle(1, Dash::Solid));
  add(all, "to the SVM of one token", curve(trace, [](const TraceSample& s) { return s.offOneToken; }),
      seriesStyle(2, Dash::Dotted));
  return all;
}

/// Of several runs: the distance to what the theorem names for each.
std::vector<Series> distances(const Session& session) {
  if (session.runs.size() == 1) return distancesToAll(session.runs.front());
  std::vector<Series> all;
  for (const Run& run : session.runs) {
    const Norm named = predictedNorm(run.trainer.options());
    const std::vector<Prediction::Solved> solved = run.prediction.solutions();
    for (std::size_t k = 0; k < solved.size(); ++k)
      if (solved[k].norm.kind == named.kind)
        add(all, run.label + " → " + infoOf(named).name + " SVM", offCurve(run, k), runStyle(run));
    add(all, run.label + " → finite + growing part",
        curve(run.trace, [](const TraceSample& s) { return s.offEquivalent; }), runStyle(run));
  }
  return all;
}

void drawSeries(Plot& plot, const std::vector<Series>& all) {
  for (const Series& series : all) plot.PlotLine(series.label.c_str(), series.points, series.style);
}

}  // namespace

namespace {

/// Before the first step there is no curve yet.
void hintAtStart(const Session& session, const ViewState& view) {
  if (session.runs.front().trace.samples.size() > 1) return;
  const char* text = "The curves begin when you press play.";
  const ImVec2 extent = smallExtent(text), low = view.plot.areaMin, high = view.plot.areaMax;
  smallText({0.5f * (low.x + high.x - extent.x) + 20, 0.5f * (low.y + high.y - extent.y)}, palette().quiet,
            text);
}

}  // namespace

void drawConvergence(const Session& session, ViewState& view, ImVec2 size) {
  const std::vector<Series> all = distances(session);
  if (all.empty()) {
    if (!session.runs.front().prediction.ready())
      return drawEmpty(session.runs.front().verdict.sentence.c_str(), size);
    drawEmpty(
        "No SVM separates the tokens selected now, so there is no direction to measure against. Train on, "
        "or choose data with a larger d.",
        size);
    return;
  }
  Extent extent;
  for (const Series& series : all) extent.include(series.points);
  Plot plot;
  if (!plot.BeginPlot("Distance to the SVM direction", size, view.plot)) return;
  plot.SetupAxes("iteration", "1 − correlation");
  plot.SetupAxisScale(Axis::X, Scale::Linear);
  plot.SetupAxisScale(Axis::Y, Scale::Log10);
  plot.SetupAxisLimits(Axis::X, view.plot.flipX ? 1 : 0, lastIteration(session));
  plot.SetupAxisLimits(Axis::Y, std::max(0.5 * extent.min, 1e-16), std::max(1.5, 1.2 * extent.max));
  drawSeries(plot, all);
  hintAtStart(session, view);
  plot.EndPlot();
}

namespace {

struct Quantity {
  const char* name;
  Dash dash;
  double (*value)(const TraceSample&);
};

constexpr Quantity kQuantities[] = {
    {"loss", Dash::Solid, [](const TraceSample& s) { return std::max(s.loss, 1e-300); }},
    {"‖W‖", Dash::Dashed, [](const TraceSample& s) { return s.norm; }},
    {"‖∇L‖", Dash::Dotted,
     [](const TraceSample& s) { return std::exp(std::max(s.logGradientNorm, -690.0)); }}};

}  // namespace

/// One run: a colour and a dash for each quantity. Several: dash for the quantity, colour for the run.
void drawLossAndNorm(const Session& session, ViewState& view, ImVec2 size) {
  const bool several = session.runs.size() > 1;
  Plot plot;
  if (!plot.BeginPlot("Loss and norm", size, view.plot)) return;
  std::vector<Series> all;
  for (const Run& run : session.runs) {
    if (several && !plot.Shown(run.label.c_str())) continue;
    for (int q = 0; q < 3; ++q) {
      if (!plot.Shown(kQuantities[q].name)) continue;
      Style style = seriesStyle(several ? run.colour : q, kQuantities[q].dash);
      if (several) style.width = run.colour == 0 ? 2.8f : 1.6f;
      const std::string label =
          several ? run.label + ": " + kQuantities[q].name : std::string(kQuantities[q].name);
      add(all, label, curve(run.trace, kQuantities[q].value), style);
    }
  }
  Extent extent;
  for (const Series& series : all) extent.include(series.points);
  plot.SetupAxes("iteration", several ? "" : "loss · ‖W‖ · ‖∇L‖");
  plot.SetupAxisScale(Axis::X, Scale::Linear);
  plot.SetupAxisScale(Axis::Y, Scale::Log10);
  plot.SetupAxisLimits(Axis::X, view.plot.flipX ? 1 : 0, lastIteration(session));
  plot.SetupAxisLimits(Axis::Y, std::max(0.5 * extent.min, 1e-30), 2.0 * std::max(extent.max, 1.0));
  for (int q = 0; q < 3; ++q) {
    Style style = seriesStyle(q, kQuantities[q].dash);
    if (several) style.colour = palette().quiet;
    plot.LegendItem(kQuantities[q].name, style);
  }
  if (several)
    for (const Run& run : session.runs)
      plot.LegendItem(run.label.c_str(), seriesStyle(run.colour, Dash::Solid));
  for (const Series& series : all) plot.PlotLine(series.label.c_str(), series.points, series.style, false);
  hintAtStart(session, view);
  plot.EndPlot();
}

void drawSingularValues(const Session& session, ViewState& view, ImVec2 size) {
  const Run& run = session.runs.front();
  if (run.trace.samples.front().singularValues.empty()) {
    drawEmpty("Singular values are followed up to d = 32. Choose a smaller d.", size);
    return;
  }
  const std::size_t count = run.trace.samples.front().singularValues.size();
  Plot plot;
  if (!plot.BeginPlot("Singular values of W", size, view.plot)) return;
  plot.SetupAxes("iteration", "σ / ‖W‖");
  plot.SetupAxisScale(Axis::X, Scale::Linear);
  plot.SetupAxisScale(Axis::Y, Scale::Log10);
  plot.SetupAxisLimits(Axis::X, view.plot.flipX ? 1 : 0, lastIteration(session));
  plot.SetupAxisLimits(Axis::Y, 1e-4, 1.4);
  for (std::size_t k = 0; k < count; ++k) {
    Style style = seriesStyle(0, Dash::Solid);
    style.width = k == 0 ? 2.4f : 1.5f;
    style.colour = withAlpha(style.colour, k < 4 ? 1.0f : 0.6f);
    const auto share = [k](const TraceSample& s) {
      return s.norm > 0 ? std::max(s.singularValues[k] / s.norm, 1e-17) : 1e-17;
    };
    const std::string name = "σ" + std::to_string(k + 1) + " of the trained W";
    const std::vector<Point> points = curve(run.trace, share);
    if (plot.LegendItem("σ of the trained W", style)) plot.PlotLine(name.c_str(), points, style, false);
  }
  const auto levels = [&](const SvmSolution& solution, const char* label, int colour, Dash dash) {
    if (!solution.feasible) return;
    const double norm = solution.W.norm();
    Style style = seriesStyle(colour, dash);
    style.width = 1.4f;
    for (Index k = 0; k < solution.rank; ++k) plot.PlotHLine(label, solution.singularValues(k) / norm, style);
    std::vector<Point> table;
    for (Index k = 0; k < solution.rank; ++k)
      table.push_back({static_cast<double>(k) + 1, solution.singularValues(k) / norm});
    plot.Record(label, table);
  };
  for (const Prediction::Solved& solved : run.prediction.solutions()) {
    if (solved.norm.kind == Norm::Kind::Frobenius) levels(*solved.solution, "Frobenius SVM", 1, Dash::Dashed);
    if (solved.norm.kind == Norm::Kind::Nuclear) levels(*solved.solution, "nuclear SVM", 2, Dash::DashDot);
  }
  plot.EndPlot();
}

void drawPath(const Session& session, ViewState& view, ImVec2 size) {
  const std::vector<PathPoint>& path = session.path.points;
  if (path.empty()) {
    drawEmpty(
        "The best W inside a ball of radius R, for growing R. Choose one of the two balls under \"Try this\" "
        "to compute the path.",
        size);
    return;
  }
  std::vector<Point> residual;
  for (const PathPoint& point : path) residual.push_back({point.radius, std::max(point.stationarity, 1e-16)});
  Plot plot;
  if (!plot.BeginPlot("Regularization path", size, view.plot)) return;
  plot.SetupAxes("radius R", "1 − correlation");
  plot.SetupAxisScale(Axis::X, Scale::Log10);
  plot.SetupAxisScale(Axis::Y, Scale::Log10);
  plot.SetupAxisLimits(Axis::X, path.front().radius, std::max(path.back().radius, 2 * path.front().radius));
  plot.SetupAxisLimits(Axis::Y, 1e-7, 2.5);
  const auto style = [](int colour, Dash dash) {
    Style s = seriesStyle(colour, dash);
    s.marker = plot::Marker::Circle;
    s.size = 3.5f;
    return s;
  };
  constexpr Dash kDashes[] = {Dash::Solid, Dash::DashDot};
  int k = 0;
  for (const auto& [norm, svm] : session.path.solutions) {
    std::vector<Point> curve;
    for (const PathPoint& point : path)
      if (svm.feasible && svm.trusted()) curve.push_back({point.radius, oneMinusCorrelation(point.W, svm.W)});
    const std::string label = "to the " + std::string(infoOf(norm).name) + " SVM";
    plot.PlotLine(label.c_str(), curve, style(k, kDashes[k % 2]));
    plot.PlotScatter(label.c_str(), curve, style(k, kDashes[k % 2]));
    ++k;
  }
  plot.PlotLine("stationarity residual", residual, style(3, Dash::Dotted));
  plot.EndPlot();
}

}  // namespace attention_svm::shell
