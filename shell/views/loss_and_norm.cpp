// SPDX-License-Identifier: MIT
// Loss, norm and gradient over the iterations.
#include <algorithm>
#include <cmath>
#include <string>

#include "../style.h"
#include "curves.h"

namespace attention_svm::shell {

namespace {

using plot::Axis;
using plot::Dash;
using plot::Plot;
using plot::Point;
using plot::Scale;
using plot::Style;

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

/// One run: a colour and a dash for each quantity. Several: dash for the quantity, colour for the run.
void drawLossAndNorm(const Session& session, ViewState& view, ImVec2 size) {
  const bool several = session.runs.size() > 1;
  const int quantities = session.settings.panel == Panel::Figure ? 1 : 3;
  Plot plot;
  if (!plot.BeginPlot("Loss and norm", size, view.plot)) return;
  std::vector<Series> all;
  for (const Run& run : session.runs) {
    if (several && !plot.Shown(run.label.c_str())) continue;
    for (int q = 0; q < quantities; ++q) {
      if (!plot.Shown(kQuantities[q].name)) continue;
      Style style = seriesStyle(several ? run.colour : q, kQuantities[q].dash);
      if (quantities == 1) style.colour = palette().text;  // the colours of its article mean sequences
      if (several) style.width = run.colour == 0 ? 2.8f : 1.6f;
      const std::string label =
          several ? run.label + ": " + kQuantities[q].name : std::string(kQuantities[q].name);
      addSeries(all, label, curve(run.trace, kQuantities[q].value), style);
    }
  }
  Extent extent;
  for (const Series& series : all) extent.include(series.points);
  plot.SetupAxes(timeName(session), several ? "" : quantities == 1 ? "loss" : "loss · ‖W‖ · ‖∇L‖");
  plot.SetupAxisScale(Axis::X, Scale::Linear);
  plot.SetupAxisScale(Axis::Y, Scale::Log10);
  plot.SetupAxisLimits(Axis::X, view.plot.flipX ? 1 : 0, lastIteration(session));
  plot.SetupAxisLimits(Axis::Y, std::max(0.5 * extent.min, 1e-30), 2.0 * std::max(extent.max, 1.0));
  for (int q = 0; q < quantities; ++q) {
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

}  // namespace

const PlotView kLossAndNormView = {
    .name = "loss",
    .title = "Loss and norm",
    .help =
        "The loss L(W) falls for ever, because ‖W‖ grows for ever: only the direction of W settles. "
        "‖∇L‖ shows "
        "how fast the gradient fades; normalized steps do not care.",
    .draw = [](PlotFrame& f) { drawLossAndNorm(f.session, f.view, f.size); },
};

}  // namespace attention_svm::shell
