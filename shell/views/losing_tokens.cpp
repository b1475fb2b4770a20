// SPDX-License-Identifier: MIT
// Shares of the tokens that lose, over the iterations on a logarithmic axis: the edge tokens are the last to
// go.
#include <algorithm>
#include <cmath>

#include "../style.h"
#include "curves.h"
#include "geometry_scene.h"
#include "small_text.h"

namespace attention_svm::shell {

namespace {

using plot::Axis;
using plot::Plot;
using plot::Point;

constexpr double kLeast = 1e-290;
constexpr Index kMostTokens = 120;

/// Decimal exponents are what the axis shows; shares themselves underflow.
void addShares(std::vector<std::vector<Point>>& lines, const std::vector<TraceSample>& samples,
               const Matrix& X, const Vector& z) {
  for (const TraceSample& sample : samples) {
    if (sample.W.size() == 0) return;
    const Vector u = sample.W * z;
    const Vector logits = X * u;
    const double most = logits.maxCoeff();
    double sum = 0.0;
    for (const double logit : logits) sum += std::exp(logit - most);
    sum = most + std::log(sum);
    for (Index t = 0; t < X.rows(); ++t)
      lines[static_cast<std::size_t>(t)].push_back(
          {sample.iteration, std::max(std::exp(logits(t) - sum), kLeast)});
  }
}

/// A token that keeps the SVM of the selected ones in place.
bool isEdge(const SvmSolution* svm, Index sequence, Index query, Index token) {
  return svm != nullptr &&
         std::any_of(svm->support.begin(), svm->support.end(), [=](const TokenConstraint& c) {
           return c.sequence == sequence && c.query == query && c.token == token;
         });
}

void drawRow(Plot& plot, const Session& session, std::size_t r, Highlight& highlight) {
  const Run& run = session.runs.front();
  const AttentionRow& row = run.trainer.model().rows()[r];
  const Matrix X = session.dataset.tokens(row.sequence).topRows(row.visible);
  const Vector z = run.trainer.model().queries().row(static_cast<Index>(r)).transpose();
  std::vector<std::vector<Point>> lines(static_cast<std::size_t>(row.visible));
  addShares(lines, run.trace.samples, X, z);
  addShares(lines, run.trace.later, X, z);
  const Index selected = run.trainer.model().selected(static_cast<Index>(r));
  for (Index t = 0; t < row.visible; ++t) {
    const std::vector<Point>& line = lines[static_cast<std::size_t>(t)];
    if (t == selected || line.empty()) continue;
    const bool edge = isEdge(namedSolution(run), row.sequence, row.query, t);
    plot::Style style =
        seriesStyle(static_cast<int>(row.sequence), edge ? plot::Dash::Solid : plot::Dash::Dashed);
    style.width = edge ? 3.0f : 1.3f;
    if (highlight.sequence == row.sequence && highlight.token == t) style.width += 1.5f;
    const std::string name =
        "sequence " + std::to_string(row.sequence + 1) + " token " + std::to_string(t + 1);
    plot.PlotLine(name.c_str(), line, style, false);
    const std::string number = std::to_string(t + 1);
    plot.PlotText(number.c_str(), line.back(), {-smallExtent(number.c_str()).x - 4, -15}, style.colour);
  }
}

void drawLosing(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size) {
  const auto& rows = session.runs.front().trainer.model().rows();
  Index tokens = 0;
  for (const AttentionRow& row : rows) tokens += row.visible;
  if (tokens > kMostTokens) return drawEmpty("Too many tokens for a line each; choose smaller n or T.", size);
  const Run& run = session.runs.front();
  Plot plot;
  if (!plot.BeginPlot("Losing tokens", size, view.plot, false)) return;
  // The largest losing share at the end is at least the unsaturated rest by the number of tokens
  const double last = lastIteration(session);
  double lowest = 1e-3;
  for (const auto* samples : {&run.trace.samples, &run.trace.later})
    if (!samples->empty()) lowest = std::min(lowest, samples->back().unsaturated * 1e-4);
  plot.SetupAxes(timeName(session), "share of attention");
  plot.SetupAxisScale(Axis::X, plot::Scale::Linear);
  plot.SetupAxisScale(Axis::Y, plot::Scale::Log10);
  plot.SetupAxisLimits(Axis::X, 0, last);
  plot.SetupAxisLimits(Axis::Y, std::max(lowest, kLeast), 1.5);
  for (std::size_t r = 0; r < rows.size(); ++r) drawRow(plot, session, r, highlight);
  if (!run.trace.later.empty()) {
    plot::Style now;
    now.colour = palette().text;
    now.width = 1.4f;
    const double at = run.trace.samples.back().iteration;
    plot.PlotLine("now", {{at, std::max(lowest, kLeast)}, {at, 1.5}}, now, false);
  }
  hintAtStart(session, view);
  plot.EndPlot();
}

}  // namespace

const PlotView kLosingTokensView = {
    .name = "losing-tokens",
    .title = "What the losing tokens keep",
    .help =
        "The share of attention of each token that is not selected, over the iterations. On the logarithmic "
        "axis every "
        "line falls; the thick ones, of the tokens on the edge of the band, fall last. What is left of the "
        "gradient "
        "comes from them.",
    .draw = [](PlotFrame& f) { drawLosing(f.session, f.view, f.highlight, f.size); },
};

}  // namespace attention_svm::shell
