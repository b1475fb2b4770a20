// Curves over the iterations: distance to the SVMs, loss and norms, singular values, regularization path.
#include <algorithm>
#include <cmath>
#include <string>

#include "../style.h"
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

/// Several runs: their curves to the SVM that the theorem names for each; one run: to every SVM.
std::vector<Series> distances(const Session& session) {
  std::vector<Series> all;
  const bool several = session.runs.size() > 1;
  for (const Run& run : session.runs) {
    const int c = several ? run.colour : 0;
    const std::string of = several ? run.label + " → " : "to the ";
    const Norm norm = predictedNorm(run.trainer.options());
    const auto wanted = [&](Norm::Kind kind) { return !several || norm.kind == kind; };
    if (wanted(Norm::Kind::Frobenius))
      add(all, of + "Frobenius SVM", curve(run.trace, [](const TraceSample& s) { return s.offFrobenius; }),
          seriesStyle(c, Dash::Solid));
    if (wanted(Norm::Kind::Nuclear))
      add(all, of + "nuclear SVM", curve(run.trace, [](const TraceSample& s) { return s.offNuclear; }),
          seriesStyle(several ? c : 1, Dash::DashDot));
    if (wanted(Norm::Kind::Lp))
      add(all, of + "ℓp SVM", curve(run.trace, [](const TraceSample& s) { return s.offLp; }),
          seriesStyle(several ? c : 2, Dash::Dashed));
    add(all, (several ? run.label + " → " : "") + "growing part alone",
        curve(run.trace, [](const TraceSample& s) { return s.offDirectional; }),
        seriesStyle(c, Dash::Dashed));
    add(all, (several ? run.label + " → " : "") + "finite + growing part",
        curve(run.trace, [](const TraceSample& s) { return s.offEquivalent; }),
        seriesStyle(several ? c : 1, Dash::Solid));
    if (!several)
      add(all, "SVM of one token", curve(run.trace, [](const TraceSample& s) { return s.offOneToken; }),
          seriesStyle(2, Dash::Dotted));
  }
  return all;
}

void drawSeries(Plot& plot, const std::vector<Series>& all) {
  for (const Series& series : all) plot.PlotLine(series.label.c_str(), series.points, series.style);
}

}  // namespace

void drawConvergence(const Session& session, ViewState& view, ImVec2 size) {
  const std::vector<Series> all = distances(session);
  if (all.empty()) {
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
  plot.EndPlot();
}

void drawLossAndNorm(const Session& session, ViewState& view, ImVec2 size) {
  std::vector<Series> all;
  for (const Run& run : session.runs) {
    const bool several = session.runs.size() > 1;
    const std::string of = several ? run.label + ": " : "";
    const int c = run.colour;
    add(all, of + "loss", curve(run.trace, [](const TraceSample& s) { return std::max(s.loss, 1e-300); }),
        seriesStyle(c, Dash::Solid));
    add(all, of + "‖W‖", curve(run.trace, [](const TraceSample& s) { return s.norm; }),
        seriesStyle(several ? c : 1, Dash::Dashed));
    add(all, of + "‖∇L‖",
        curve(run.trace, [](const TraceSample& s) { return std::exp(std::max(s.logGradientNorm, -690.0)); }),
        seriesStyle(several ? c : 2, Dash::Dotted));
  }
  Extent extent;
  for (const Series& series : all) extent.include(series.points);
  Plot plot;
  if (!plot.BeginPlot("Loss and norm", size, view.plot)) return;
  plot.SetupAxes("iteration", "");
  plot.SetupAxisScale(Axis::X, Scale::Linear);
  plot.SetupAxisScale(Axis::Y, Scale::Log10);
  plot.SetupAxisLimits(Axis::X, view.plot.flipX ? 1 : 0, lastIteration(session));
  plot.SetupAxisLimits(Axis::Y, std::max(0.5 * extent.min, 1e-30), 2.0 * std::max(extent.max, 1.0));
  drawSeries(plot, all);
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
    plot.PlotLine(k == 0 ? "σ of the trained W" : "##σ", curve(run.trace, share), style);
  }
  const auto levels = [&](const SvmSolution& solution, const char* label, int colour, Dash dash) {
    if (!solution.feasible) return;
    const double norm = solution.W.norm();
    Style style = seriesStyle(colour, dash);
    style.width = 1.4f;
    for (Index k = 0; k < solution.rank; ++k) plot.PlotHLine(label, solution.singularValues(k) / norm, style);
  };
  if (run.prediction.tooLarge.empty()) {
    levels(run.prediction.optimality.solution, "Frobenius SVM", 1, Dash::Dashed);
    if (run.prediction.nuclear) levels(*run.prediction.nuclear, "nuclear SVM", 2, Dash::DashDot);
  }
  plot.EndPlot();
}

void drawPath(const Session& session, ViewState& view, ImVec2 size) {
  if (session.path.empty()) {
    drawEmpty(
        "The best W inside a ball of radius R, for growing R. Choose one of the two balls under \"Try this\" "
        "to compute the path.",
        size);
    return;
  }
  std::vector<Point> toFrobenius, toNuclear, residual;
  const SvmSolution &frobenius = session.pathFrobenius, &nuclear = session.pathNuclear;
  for (const PathPoint& point : session.path) {
    if (frobenius.feasible) toFrobenius.push_back({point.radius, oneMinusCorrelation(point.W, frobenius.W)});
    if (nuclear.feasible) toNuclear.push_back({point.radius, oneMinusCorrelation(point.W, nuclear.W)});
    residual.push_back({point.radius, std::max(point.stationarity, 1e-16)});
  }
  Plot plot;
  if (!plot.BeginPlot("Regularization path", size, view.plot)) return;
  plot.SetupAxes("radius R", "1 − correlation");
  plot.SetupAxisScale(Axis::X, Scale::Log10);
  plot.SetupAxisScale(Axis::Y, Scale::Log10);
  plot.SetupAxisLimits(Axis::X, session.path.front().radius, session.path.back().radius);
  plot.SetupAxisLimits(Axis::Y, 1e-7, 2.5);
  const auto style = [](int colour, Dash dash) {
    Style s = seriesStyle(colour, dash);
    s.marker = plot::Marker::Circle;
    s.size = 3.5f;
    return s;
  };
  plot.PlotLine("to the Frobenius SVM", toFrobenius, style(0, Dash::Solid));
  plot.PlotScatter("to the Frobenius SVM", toFrobenius, style(0, Dash::Solid));
  plot.PlotLine("to the nuclear SVM", toNuclear, style(1, Dash::DashDot));
  plot.PlotScatter("to the nuclear SVM", toNuclear, style(1, Dash::DashDot));
  plot.PlotLine("stationarity residual", residual, style(3, Dash::Dotted));
  plot.EndPlot();
}

}  // namespace attention_svm::shell
