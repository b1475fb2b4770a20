// SPDX-License-Identifier: MIT
// The experiments against independent runs of the paper's program over many draws (tests/reference/
// several-tokens.json and experiments.json): means agree within three standard errors of the difference. The
// runs here are few, so that the tests stay quick; docs/experiments.md has the whole comparison.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "attention_svm/experiments.h"
#include "support/reference_files.h"

namespace attention_svm {
namespace {

using test::number;

struct Estimate {
  double mean, error;
};

Estimate share(double part, double whole) {
  const double p = part / whole;
  return {p, std::sqrt(p * (1 - p) / whole)};
}

/// Of a series at its k-th x.
Estimate estimate(const ExperimentSeries& series, std::size_t k) {
  if (!series.share) return {series.mean[k], series.error[k]};
  return share(series.mean[k] * series.count[k], series.count[k]);
}

void expectAgree(const Estimate& here, const Estimate& there, const std::string& what) {
  EXPECT_LE(std::abs(here.mean - there.mean), 3.0 * std::hypot(here.error, there.error))
      << what << ": " << here.mean << " ± " << here.error << ", published program " << there.mean << " ± "
      << there.error;
}

TEST(ExperimentsReference, SeveralTokensAreThoseOfThePublishedProgram) {
  ExperimentSpec spec = paperExperiment(ExperimentKind::SeveralTokens);
  spec.values = {4, 6};
  const int draws[] = {200, 300};
  const json::Value file = test::readJsonFile("tests/reference/several-tokens.json");
  Experiment experiment = Experiment::create(spec).value();
  for (std::size_t v = 0; v < spec.values.size(); ++v) {
    int withNegative = 0, kept = 0;
    for (int k = 0; k < draws[v]; ++k) {
      const ExperimentRow row = experiment.draw(v, k);
      experiment.add(row);
      withNegative += row.numbers[5] == 1.0 ? 1 : 0;
      kept += row.enters ? 1 : 0;
      EXPECT_TRUE(row.numbers[5] == 1.0 || !row.enters);
    }
    const std::string d = std::to_string(static_cast<int>(spec.values[v]));
    const json::Value& there = *file.find("one_minus_correlation_at_the_end")->find(d.c_str());
    expectAgree(share(withNegative, draws[v]), {0.875, 0.0}, "d = " + d + ", a label -1");
    expectAgree(share(kept, withNegative),
                share(number(there, "kept"), number(there, "draws_with_a_negative_label")),
                "d = " + d + ", kept");
    const ExperimentResult result = experiment.result();
    const char* names[] = {"svm_equivalent", "directional", "one_token", "several_kept"};
    for (std::size_t s = 0; s < 4; ++s)
      expectAgree(estimate(result.series[s], v),
                  {number(*there.find("mean"), names[s]), number(*there.find("standard_error"), names[s])},
                  "d = " + d + ", " + names[s]);
  }
}

TEST(ExperimentsReference, LocalConvergenceIsThatOfThePublishedProgram) {
  ExperimentSpec spec = paperExperiment(ExperimentKind::LocalConvergence);
  spec.gradient = GradientMode::Plain;
  spec.runs = 16;
  const ExperimentResult result = runExperiment(spec).value();
  const json::Value file = test::readJsonFile("tests/reference/experiments.json");
  const json::Value& reference = (*file.find("local_convergence")->array())[0];
  for (const int at : {300, 1000, 2000}) {
    const auto k =
        static_cast<std::size_t>(std::find(result.x.begin(), result.x.end(), at) - result.x.begin());
    ASSERT_LT(k, result.x.size()) << at;
    for (const int s : {0, 1}) {
      const json::Value& there = *reference.find(s == 0 ? "W" : "KQ")->find(std::to_string(at).c_str());
      const auto compare = [&](int series, const char* name) {
        const json::Value& figures = *there.find(name);
        expectAgree(estimate(result.series[static_cast<std::size_t>(series)], k),
                    {number(figures, "mean"), number(figures, "standard_error")},
                    std::to_string(at) + " steps, " + name + (s == 0 ? ", W" : ", (K, Q)"));
      };
      compare(s, "one_minus_correlation");
      if (at == 300) compare(s + 2, "largest_probability");  // later it is 1 but for rounding
    }
  }
}

TEST(ExperimentsReference, SharesOfGlobalAndLocalAreThoseOfThePublishedProgram) {
  const json::Value file = test::readJsonFile("tests/reference/experiments.json");
  for (const json::Value& there : *file.find("global_or_local_after_2000_steps")->array()) {
    if (number(there, "d") > 10.0) continue;
    ExperimentSpec spec = paperExperiment(ExperimentKind::GlobalOrLocal);
    spec.gradient = GradientMode::Plain;
    spec.n = static_cast<Index>(number(there, "n"));
    spec.T = static_cast<Index>(number(there, "T"));
    spec.values = {number(there, "d")};
    spec.runs = 30;
    const ExperimentResult result = runExperiment(spec).value();
    const char* names[] = {"global", "local", "not_local"};
    for (std::size_t s = 0; s < 3; ++s)
      expectAgree(estimate(result.series[s], 0),
                  share(number(there, names[s]) * number(there, "draws"), number(there, "draws")),
                  "n = " + std::to_string(spec.n) + ", T = " + std::to_string(spec.T) +
                      ", d = " + std::to_string(static_cast<int>(spec.values[0])) + ", " + names[s]);
  }
}

}  // namespace
}  // namespace attention_svm
