// SPDX-License-Identifier: MIT
// Every run in every norm: how much of the largest margin it has now.
#include <cmath>

#include "attention_svm/margin_ratio.h"
#include "attention_svm/optimizers_and_norms.h"
#include "share_table.h"

namespace attention_svm::shell {

namespace {

ShareRow rowOf(const Session& session, const Run& run) {
  ShareRow row{run.label, runStyle(run).colour, {}};
  const Prediction& prediction = run.prediction;
  const bool comparable = prediction.ready() && !prediction.decomposition && !run.trainer.W().isZero(0.0);
  for (const Norm& norm : comparedNorms()) {
    ShareCell cell{
        std::nan(""),
        {},
        norm == predictedNorm(run.trainer.options()) && namedBy(run.trainer.options()) != NamedBy::Nothing};
    const SvmSolution* svm = comparable ? prediction.in(norm.kind) : nullptr;
    if (svm != nullptr && svm->feasible && svm->trusted() && svm->dual.size() > 0) {
      const SvmProblem problem =
          svmProblem(session.dataset, prediction.selection, run.trainer.options().queries).value();
      cell.share = marginRatio(problem, run.trainer.W(), norm, svm->norm);
    }
    row.cells.push_back(std::move(cell));
  }
  return row;
}

void drawNorms(const Session& session, ViewState& view, ImVec2 size) {
  const ImVec2 start = ImGui::GetCursorScreenPos();
  if (!std::holds_alternative<LinearHead>(session.dataset.head))
    return drawEmpty(
        "With this head several tokens of a sequence may win together, so no margin divides one from the "
        "rest. "
        "Choose a linear head to compare margins.",
        size);
  std::vector<std::string> columns;
  for (const Norm& norm : comparedNorms()) columns.emplace_back(infoOf(norm).name);
  std::vector<ShareRow> rows;
  for (const Run& run : session.runs) rows.push_back(rowOf(session, run));
  view.plot.areaMin = start;
  view.plot.areaMax = {start.x + size.x, start.y + size.y};
  if (view.plot.wantCsv) {
    view.plot.csv = shareCsv(columns, rows);
    view.plot.wantCsv = false;
    view.plot.csvReady = true;
  }
  plot::PictureMenu("Optimizers and norms", {start.x + size.x, start.y - 28}, view.plot);
  drawShareTable("norm", columns, rows, size);
}

}  // namespace

const PlotView kNormsView = {
    .name = "norms",
    .title = "Optimizers and norms",
    .help =
        "A row for each run, a column for each norm: the margin of the trained W, min ⟨Aₖ, W⟩ / ‖W‖, as a "
        "share "
        "of the largest that any matrix has in that norm for the tokens selected now. 100 % is a solution of "
        "the SVM. Framed: the norm that belongs to the optimizer. A dash: still being solved, or nothing "
        "separates these tokens.",
    .draw = [](PlotFrame& f) { drawNorms(f.session, f.view, f.size); },
};

}  // namespace attention_svm::shell
