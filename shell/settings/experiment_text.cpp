// SPDX-License-Identifier: MIT
#include "experiment_text.h"

#include <algorithm>
#include <cstdio>
#include <vector>

namespace attention_svm::shell {

namespace {

std::string number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", x);
  return text;
}

/// The last x at which every one of the first `series` has samples.
std::optional<std::size_t> lastWithSamples(const ExperimentResult& result, std::size_t series) {
  for (std::size_t k = result.x.size(); k-- > 0;) {
    bool all = true;
    for (std::size_t s = 0; s < series; ++s) all = all && result.series[s].count[k] > 0;
    if (all) return k;
  }
  return std::nullopt;
}

std::string rounded(double x) {
  char text[32];
  std::snprintf(text, sizeof text, x < 1e-4 ? "%.1e" : x < 0.01 ? "%.2g" : "%.3g", x);
  return text;
}

std::string percent(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.0f %%", 100.0 * share);
  return text;
}

/// In which norm each optimizer has most of the largest margin.
std::string normsSentence(const ExperimentResult& result) {
  const int runs = result.series[0].count[0];
  if (runs == 0) return "No draw has entered yet: " + std::to_string(result.leftOut) + " were left out.";
  std::string text =
      "The norm in which each optimizer comes closest to the largest margin, by the median of " +
      std::to_string(runs) + (runs == 1 ? " run: " : " runs: ");
  for (std::size_t s = 0; s < result.series.size(); ++s) {
    const std::vector<double>& median = result.series[s].median;
    const auto best =
        static_cast<std::size_t>(std::max_element(median.begin(), median.end()) - median.begin());
    char share[16];
    std::snprintf(share, sizeof share, "%.1f %%", 100.0 * median[best]);
    text += (s > 0 ? "; " : "") + result.series[s].name + " " + result.xLabels[best] + " (" + share + ")";
  }
  return text + ".";
}

}  // namespace

std::string experimentSentence(const ExperimentSpec& spec, const std::optional<ExperimentResult>& result) {
  if (!result || result->draws == 0) return "No run has ended yet.";
  if (spec.kind == ExperimentKind::OptimizersAndNorms) return normsSentence(*result);
  const std::size_t needed = spec.kind == ExperimentKind::QuadraticHead ? 1 : 2;
  const std::optional<std::size_t> last = lastWithSamples(*result, needed);
  if (!last) return "No draw has entered yet: " + std::to_string(result->leftOut) + " were left out.";
  const std::size_t k = *last;
  const auto& s = result->series;
  const std::string at = result->xName + " = " + number(result->x[k]);
  const std::string runs = std::to_string(s[0].count[k]) + (s[0].count[k] == 1 ? " run" : " runs");
  switch (spec.kind) {
    case ExperimentKind::LocalConvergence:
      return "After " + number(result->x[k]) + " iterations, the median of " + runs + ": W is " +
             rounded(s[0].median[k]) + " from its Frobenius SVM, (K, Q) is " + rounded(s[1].median[k]) +
             " from its nuclear SVM.";
    case ExperimentKind::GlobalOrLocal:
      return "At " + at + ", " + percent(s[0].mean[k]) + " of " + runs + " end in the global selection, " +
             percent(s[1].mean[k]) + " in one that is only locally optimal; at " + result->xName + " = " +
             number(result->x[0]) + " " + percent(s[0].mean[0]) + " and " + percent(s[1].mean[0]) + ".";
    case ExperimentKind::Rank:
      return "At " + at + ", over " + runs + " with feasible data, W_mm has rank " + rounded(s[0].mean[k]) +
             " on average and W*_mm rank " + rounded(s[1].mean[k]) + ".";
    case ExperimentKind::SeveralTokens: {
      const std::size_t here = spec.over == SweepVariable::Iteration ? k : 0;
      return "At " + result->xName + " = " + number(result->x[here]) + ", the mean of " +
             std::to_string(s[0].count[here]) + " runs: W is " + rounded(s[0].mean[here]) +
             " from W_fin + R W_mm, " + rounded(s[1].mean[here]) + " from W_mm, " + rounded(s[2].mean[here]) +
             " from the SVM of one token.";
    }
    case ExperimentKind::OptimizersAndNorms:
    case ExperimentKind::QuadraticHead: break;
  }
  return "From " + rounded(s[0].mean[0]) + " kept tokens in a sequence at λ = " + number(result->x[0]) +
         " to " + rounded(s[0].mean[k]) + " at " + at + ", the mean of " + runs + ".";
}

std::string experimentText(const std::optional<ExperimentSpec>& spec) {
  return spec ? toText(*spec) : std::string();
}

std::string parseExperiment(const std::string& text, std::optional<ExperimentSpec>& spec) {
  if (text.empty()) {
    spec.reset();
    return {};
  }
  Result<ExperimentSpec> parsed = attention_svm::parseExperiment(text);
  if (!parsed) return parsed.error();
  spec = std::move(parsed).value();
  return {};
}

}  // namespace attention_svm::shell
