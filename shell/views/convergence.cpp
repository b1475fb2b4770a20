// SPDX-License-Identifier: MIT
// How far the direction of W is from the SVM that the theory names, over the iterations.
#include <algorithm>
#include <cmath>
#include <string>

#include "../style.h"
#include "curves.h"

namespace attention_svm::shell {

namespace {

using plot::Dash;
using plot::Point;
using plot::Style;

/// One run: its distance to every SVM.
std::vector<Series> distancesToAll(const Run& run) {
  constexpr Dash kDashes[] = {Dash::Solid, Dash::DashDot, Dash::Dashed};
  std::vector<Series> all;
  const std::vector<Prediction::Solved> solved = run.prediction.solutions();
  for (std::size_t k = 0; k < solved.size(); ++k)
    addSeries(all, "to the " + std::string(infoOf(solved[k].norm).name) + " SVM",
              listCurve(run.trace, &TraceSample::off, k), seriesStyle(static_cast<int>(k), kDashes[k % 3]));
  const Trace& trace = run.trace;
  addSeries(all, "to the growing part alone",
            curve(trace, [](const TraceSample& s) { return s.offDirectional; }),
            seriesStyle(0, Dash::Dashed));
  addSeries(all, "to finite + growing part",
            curve(trace, [](const TraceSample& s) { return s.offEquivalent; }), seriesStyle(1, Dash::Solid));
  addSeries(all, "to the SVM of one token", curve(trace, [](const TraceSample& s) { return s.offOneToken; }),
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
        addSeries(all, run.label + " → " + infoOf(named).name + " SVM",
                  listCurve(run.trace, &TraceSample::off, k), runStyle(run));
    addSeries(all, run.label + " → finite + growing part",
              curve(run.trace, [](const TraceSample& s) { return s.offEquivalent; }), runStyle(run));
  }
  return all;
}

/// No run has a norm whose SVM has one solution, but there are solutions.
bool manySolutions(const Session& session) {
  for (const Run& run : session.runs) {
    const Norm named = predictedNorm(run.trainer.options());
    const SvmSolution* svm = run.prediction.in(named.kind);
    if (infoOf(named).unique || svm == nullptr || !svm->feasible) return false;
  }
  return true;
}

void drawConvergence(const Session& session, ViewState& view, ImVec2 size) {
  const std::vector<Series> all = distances(session);
  if (all.empty()) {
    if (!session.runs.front().prediction.ready())
      return drawEmpty(session.runs.front().verdict.sentence.c_str(), size);
    if (manySolutions(session))
      return drawEmpty(
          "The SVMs in these norms may have many solutions, so there is no one direction to measure against. "
          "Show the plot \"Margin ratio\" instead.",
          size);
    drawEmpty(
        "No SVM separates the tokens selected now, so there is no direction to measure against. Train on, "
        "or choose data with a larger d.",
        size);
    return;
  }
  plotFalling("Distance to the SVM direction", "1 − correlation", all, session, view, size);
}

}  // namespace

const PlotView kConvergenceView = {
    .name = "convergence",
    .title = "Distance to the SVM direction",
    .help =
        "How far the direction of W is from the solution of the SVM: 1 − ⟨W, W_svm⟩ / (‖W‖ ‖W_svm‖), on "
        "a "
        "logarithmic axis. 0.01 is an angle of 8°, 0.0001 of 0.8°. The curve of the norm that the "
        "theorem "
        "names goes on falling. When other tokens become selected the SVM is another one, and the whole "
        "curve "
        "is drawn against that.",
    .draw = [](PlotFrame& f) { drawConvergence(f.session, f.view, f.size); },
};

}  // namespace attention_svm::shell
