// SPDX-License-Identifier: MIT
// How large a margin the trained W keeps, over the iterations, as a share of the largest one there is. In
// norms whose SVM has many solutions this is what training is measured by.
#include <algorithm>
#include <cmath>
#include <string>

#include "../style.h"
#include "attention_svm/margin_ratio.h"
#include "curves.h"

namespace attention_svm::shell {

namespace {

using plot::Dash;
using plot::Point;

/// 1 - ratio of every sample of one run, in one norm. Computed once for a sample.
struct RatioCurve {
  Selection selection;
  double largestMargin = 0.0;
  std::vector<Point> points;
};

struct MarginRatioState : OwnState {
  std::vector<std::vector<RatioCurve>> runs;  ///< a list for each run: one curve for each solution
};

/// 0 at a solution of the SVM; no number where W has no direction.
double off(const SvmProblem& problem, const Prediction::Solved& solved, const Matrix& W) {
  if (W.size() == 0 || W.isZero(0.0)) return std::nan("");
  return 1.0 - marginRatio(problem, W, solved.norm, solved.solution->norm);
}

/// Beside others a run is shown in one norm: its own. Adam, which has none, in that of sign descent, its
/// limit.
Norm ownNorm(const Run& run) {
  const TrainerOptions& options = run.trainer.options();
  const bool adam = options.optimizer == Optimizer::Adam;
  return adam && run.prediction.in(Norm::Kind::Linf) != nullptr ? Norm::linf() : predictedNorm(options);
}

void follow(RatioCurve& curve, const Run& run, const SvmProblem& problem, const Prediction::Solved& solved) {
  const auto& samples = run.trace.samples;
  const double margin = solved.solution->margin;
  if (curve.selection != run.prediction.selection || curve.largestMargin != margin ||
      curve.points.size() > samples.size() || samples.size() < 2)
    curve = {run.prediction.selection, margin, {}};
  for (std::size_t k = curve.points.size(); k < samples.size(); ++k) {
    const double y = off(problem, solved, samples[k].W);
    curve.points.push_back({samples[k].iteration, std::max(y, 1e-16)});
  }
}

std::vector<Series> ratios(const Session& session, MarginRatioState& state) {
  std::vector<Series> all;
  const bool several = session.runs.size() > 1;
  state.runs.resize(session.runs.size());
  for (std::size_t r = 0; r < session.runs.size(); ++r) {
    const Run& run = session.runs[r];
    if (!run.prediction.ready() || run.prediction.decomposition) continue;
    const SvmProblem problem =
        svmProblem(session.dataset, run.prediction.selection, run.trainer.options().queries).value();
    if (problem.K() == 0) continue;
    const std::vector<Prediction::Solved> solved = run.prediction.solutions();
    state.runs[r].resize(solved.size());
    for (std::size_t k = 0; k < solved.size(); ++k) {
      const bool named = solved[k].norm == ownNorm(run);
      if (!solved[k].solution->feasible || (several && !named)) continue;
      follow(state.runs[r][k], run, problem, solved[k]);
      const std::string norm = infoOf(solved[k].norm).name;
      constexpr Dash kDashes[] = {Dash::Solid, Dash::DashDot, Dash::Dashed};
      addSeries(all, several ? run.label + ", " + norm + " norm" : norm + " norm", state.runs[r][k].points,
                several ? runStyle(run) : seriesStyle(static_cast<int>(k), kDashes[k % 3]));
    }
  }
  return all;
}

void drawMarginRatio(const Session& session, ViewState& view, ImVec2 size) {
  const std::vector<Series> all = ratios(session, view.own<MarginRatioState>());
  if (all.empty()) {
    const Run& run = session.runs.front();
    if (!run.prediction.ready()) return drawEmpty(run.verdict.sentence.c_str(), size);
    return drawEmpty(
        run.prediction.decomposition
            ? "With this head several tokens of a sequence may win together, so no margin divides "
              "one from the rest. Choose a linear head to compare margins."
            : "No SVM separates the tokens selected now, so there is no largest margin. Train on, "
              "or choose data with a larger d.",
        size);
  }
  plotFalling("Margin ratio", "1 − margin / largest margin", all, session, view, size);
}

}  // namespace

const PlotView kMarginRatioView = {
    .name = "margin-ratio",
    .title = "Margin ratio",
    .help =
        "The margin of the trained W, min ⟨Aₖ, W⟩ / ‖W‖, as a share of the largest margin that any matrix "
        "has in that norm, which the SVM knows: 1 − share, on a logarithmic axis. Above 1 some token still "
        "beats the selected one. In norms whose SVM has many solutions a direction cannot be compared, but "
        "the margin can.",
    .draw = [](PlotFrame& f) { drawMarginRatio(f.session, f.view, f.size); },
};

}  // namespace attention_svm::shell
