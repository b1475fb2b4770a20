// SPDX-License-Identifier: MIT
// How many tokens the head v^T o - lambda |o|^2 keeps as lambda grows (paper, section 7). As in the paper's
// program the tokens of a sequence are the left singular vectors of a Gaussian matrix, and y = 1.
#include <cmath>

#include "attention_svm/kept_tokens.h"
#include "attention_svm/random.h"
#include "experiment_plan.h"

namespace attention_svm {

namespace {

enum Column : std::size_t { kKept, kSettled };

/// Gram and Schmidt, each vector twice: the rows are linearly independent but for chance of measure zero.
void orthonormalizeRows(Matrix& A) {
  for (Index r = 0; r < A.rows(); ++r) {
    for (int pass = 0; pass < 2; ++pass)
      for (Index before = 0; before < r; ++before) {
        double along = 0.0;
        for (Index k = 0; k < A.cols(); ++k) along += A(before, k) * A(r, k);
        for (Index k = 0; k < A.cols(); ++k) A(r, k) -= along * A(before, k);
      }
    double squares = 0.0;
    for (Index k = 0; k < A.cols(); ++k) squares += A(r, k) * A(r, k);
    for (Index k = 0; k < A.cols(); ++k) A(r, k) /= std::sqrt(squares);
  }
}

/// T x d with orthonormal columns where T >= d, like the left singular vectors of a Gaussian matrix, which
/// have the same distribution up to the sign of each column: v and z are as likely as their mirror images.
/// For T < d, where those would have T numbers only, with orthonormal rows.
Matrix orthonormalTokens(Index T, Index d, Random& random) {
  const bool tall = T >= d;
  Matrix A(tall ? d : T, tall ? T : d);
  for (Index r = 0; r < A.rows(); ++r)
    for (Index k = 0; k < A.cols(); ++k) A(r, k) = random.normal();
  orthonormalizeRows(A);
  return tall ? Matrix(A.transpose()) : A;
}

bool draw(const ExperimentDraw& at, std::vector<double>& numbers) {
  Dataset dataset = at.data(HeadKind::Quadratic);
  Random random = at.random();
  for (Matrix& X : dataset.X) X = orthonormalTokens(X.rows(), X.cols(), random);
  dataset.y.setOnes();
  Trainer run = at.trainer(dataset);
  run.step(at.spec.steps);
  const KeptSets kept = keptTokens(run.model());
  double tokens = 0.0;
  for (const std::vector<Index>& row : kept.tokens) tokens += static_cast<double>(row.size());
  numbers[kKept] = tokens / static_cast<double>(dataset.n());
  numbers[kSettled] = kept.settled ? 1.0 : 0.0;
  return true;
}

}  // namespace

Experiment::Plan quadraticHeadPlan(const ExperimentSpec& spec) {
  Experiment::Plan plan;
  plan.frame = sweepFrame(spec, "kept tokens in a sequence", false);
  plan.frame.series = {quantity("kept tokens"), shareOf("settled runs", true)};
  plan.frame.note =
      "Tokens with more than 1e-3 of the attention at the last step, the mean over the sequences of a run. A "
      "run is settled when no probability lies between 1e-6 and 1e-3. As in the paper the tokens of a "
      "sequence are orthonormal and every label is 1. Bands: quartiles of the runs.";
  plan.columns = {{"kept", 0}, {"settled", 1}};
  plan.draw = draw;
  return plan;
}

}  // namespace attention_svm
