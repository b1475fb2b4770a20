// SPDX-License-Identifier: MIT
// How well each of three directions describes W trained under an MLP head (paper, section 7; THEORY section
// 5).
#include <algorithm>

#include "attention_svm/kept_tokens.h"
#include "experiment_plan.h"

namespace attention_svm {

namespace {

enum Series : std::size_t { kEquivalent, kDirectional, kOneToken, kSeveral };

ExperimentResult frameFor(const ExperimentSpec& spec) {
  ExperimentResult frame = sweepFrame(spec, "1 − correlation", true);
  frame.series = {quantity("W_fin + R W_mm"), quantity("W_mm alone"), quantity("SVM of one token"),
                  shareOf("runs in which several tokens stay", true)};
  frame.scatterName = "largest masked probability";
  frame.note =
      "As in the paper, a run enters when no probability lies between 1e-6 and 1e-3, some lie below, the "
      "generalized SVM is feasible and a label is −1. Where every sequence keeps one token the three "
      "directions are the same. Lines: medians, bands: quartiles of the runs.";
  return frame;
}

class SeveralTokensPlan : public Experiment::Plan {
 public:
  explicit SeveralTokensPlan(const ExperimentSpec& spec)
      : Plan(spec, frameFor(spec), spec.values.size(), 20) {}

 private:
  bool draw(std::size_t cell, std::uint64_t seed) override {
    const Dataset dataset = data(cell, seed, HeadKind::Mlp);
    if (dataset.y.minCoeff() > 0.0) return false;
    Trainer run = trainer(dataset, seed);
    run.step(spec().steps);
    const KeptSets kept = keptTokens(run.model());
    if (!kept.settled || !(kept.largestMasked > 0.0)) return false;
    const Decomposition parts = decompose(run);
    if (!parts.feasible || !parts.directional.trusted()) return false;
    const auto enter = [&](std::size_t series, double off) {
      add(series, cell, off);
      addPoint(static_cast<int>(series), kept.largestMasked, off);
    };
    enter(kEquivalent, oneMinusCorrelation(run.W(), parts.finite + parts.R * parts.directional.W));
    enter(kDirectional, oneMinusCorrelation(run.W(), parts.directional.W));
    const bool several = std::any_of(kept.tokens.begin(), kept.tokens.end(),
                                     [](const std::vector<Index>& row) { return row.size() > 1; });
    add(kSeveral, cell, several ? 1.0 : 0.0);
    if (parts.correlationOneToken) enter(kOneToken, 1.0 - *parts.correlationOneToken);
    return true;
  }
};

}  // namespace

std::unique_ptr<Experiment::Plan> severalTokensPlan(const ExperimentSpec& spec) {
  return std::make_unique<SeveralTokensPlan>(spec);
}

}  // namespace attention_svm
