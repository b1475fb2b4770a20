#include "views.h"

namespace attention_svm::shell {

const std::vector<PlotKind>& allPlots() {
  static const std::vector<PlotKind> all = {
      PlotKind::Geometry, PlotKind::Convergence, PlotKind::LossAndNorm,    PlotKind::Attention,
      PlotKind::Scores,   PlotKind::Margins,     PlotKind::SingularValues, PlotKind::Certificate,
      PlotKind::Images,   PlotKind::Path,        PlotKind::Experiment};
  return all;
}

const char* plotHelp(PlotKind kind) {
  switch (kind) {
    case PlotKind::Experiment:
      return "Many random datasets and starts instead of one: each line is the mean over the runs, on a "
             "logarithmic axis the median, and the band around it shows how far they spread.";
    case PlotKind::Geometry:
      return "The tokens of all sequences: colour and shape name the sequence, size and filling the share of "
             "attention. The solid arrow of a sequence is W z: the token that lies furthest along it gets "
             "the most "
             "attention. Training turns the arrows. The dashed ray is the support vector machine of the "
             "tokens that lead now: where the arrow ends if they keep the lead. ★ marks the highest score "
             "γ = y vᵀx, several tokens where they are equal. Across each ray runs the line that "
             "separates the selected token from the others, with its margin as a band. In more than two "
             "dimensions "
             "this is the plane in which the tokens vary most.";
    case PlotKind::Convergence:
      return "How far the direction of W is from the solution of the SVM: 1 − ⟨W, W_svm⟩ / (‖W‖ ‖W_svm‖), on "
             "a "
             "logarithmic axis. 0.01 is an angle of 8°, 0.0001 of 0.8°. The curve of the norm that the "
             "theorem "
             "names goes on falling. When other tokens become selected the SVM is another one, and the whole "
             "curve "
             "is drawn against that.";
    case PlotKind::LossAndNorm:
      return "The loss L(W) falls for ever, because ‖W‖ grows for ever: only the direction of W settles. "
             "‖∇L‖ shows "
             "how fast the gradient fades; normalized steps do not care.";
    case PlotKind::Attention:
      return "One line for each query, one cell for each token: its share s = softmax(X W z) of the "
             "attention. The "
             "frame marks the selected token, ★ the one with the best score. With a linear head, training "
             "ends "
             "with a 1 in each line.";
    case PlotKind::SingularValues:
      return "Singular values σₖ of the trained W, divided by ‖W‖, over the iterations; dashed, the levels "
             "of the SVM "
             "solutions. A small nuclear norm, the sum of the σₖ, leaves only a few of them: low rank.";
    case PlotKind::Margins:
      return "For each token t that is not selected: (x_selected − x_t)ᵀ W z. The SVM (rings) keeps every "
             "margin at 1 "
             "or more; those at 1 are support tokens, drawn larger. The dots are the trained W, scaled to "
             "the norm "
             "of the SVM: they move into the rings.";
    case PlotKind::Certificate:
      return "Why no matrix can do it: weights aₖ ≥ 0 of sum 1 under which the constraints cancel, Σ aₖ Aₖ = "
             "0 with "
             "Aₖ = (x_wanted − x_other) zᵀ. Were every ⟨Aₖ, W⟩ ≥ 1, their weighted sum would be at least 1, "
             "yet it is "
             "⟨0, W⟩ = 0. A tall bar is a constraint in the conflict.";
    case PlotKind::Scores:
      return "γ = y vᵀx of every token: what the head gains when attention goes to it. ★ is the best token "
             "of a "
             "sequence, the ring the selected one. The global direction selects all stars.";
    case PlotKind::Images:
      return "The images behind the data. Each row of pixels is a token; the bar is its share of attention, "
             "the frame "
             "marks the selected row.";
    case PlotKind::Path:
      return "Instead of training: the W of least loss inside a ball of radius R, for growing R. Its "
             "direction tends to "
             "the SVM of the ball's norm. The dotted line says how nearly each point is stationary.";
  }
  return "";
}

}  // namespace attention_svm::shell
