// SPDX-License-Identifier: MIT
// How many tokens the head v^T o - lambda |o|^2 keeps as lambda grows (paper, section 7).
#include "attention_svm/kept_tokens.h"
#include "experiment_plan.h"

namespace attention_svm {

namespace {

ExperimentResult frameFor(const ExperimentSpec& spec) {
  ExperimentResult frame = sweepFrame(spec, "kept tokens in a sequence", false);
  frame.series = {quantity("kept tokens"), shareOf("settled runs", true)};
  frame.note =
      "Tokens with more than 1e-3 of the attention at the last step, the mean over the sequences of a run. A "
      "run is settled when no probability lies between 1e-6 and 1e-3. Bands: quartiles of the runs.";
  return frame;
}

class QuadraticHeadPlan : public Experiment::Plan {
 public:
  explicit QuadraticHeadPlan(const ExperimentSpec& spec)
      : Plan(spec, frameFor(spec), spec.values.size(), 1) {}

 private:
  bool draw(std::size_t cell, std::uint64_t seed) override {
    const Dataset dataset = data(cell, seed, HeadKind::Quadratic);
    Trainer run = trainer(dataset, seed);
    run.step(spec().steps);
    const KeptSets kept = keptTokens(run.model());
    double tokens = 0.0;
    for (const std::vector<Index>& row : kept.tokens) tokens += static_cast<double>(row.size());
    add(0, cell, tokens / static_cast<double>(dataset.n()));
    add(1, cell, kept.settled ? 1.0 : 0.0);
    return true;
  }
};

}  // namespace

std::unique_ptr<Experiment::Plan> quadraticHeadPlan(const ExperimentSpec& spec) {
  return std::make_unique<QuadraticHeadPlan>(spec);
}

}  // namespace attention_svm
