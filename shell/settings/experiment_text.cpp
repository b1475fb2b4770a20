// SPDX-License-Identifier: MIT
#include "experiment_text.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "attention_svm/names.h"
#include "text.h"

namespace attention_svm::shell {

namespace {

std::string number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", x);
  return text;
}

std::string joined(const std::vector<double>& values) {
  std::string text;
  for (const double x : values) text += (text.empty() ? "" : ":") + number(x);
  return text;
}

/// Key and value of everything but the kind, in a fixed order.
std::vector<std::pair<std::string, std::string>> membersOf(const ExperimentSpec& spec) {
  return {{"n", std::to_string(spec.n)},         {"T", std::to_string(spec.T)},
          {"d", std::to_string(spec.d)},         {"over", nameOf(spec.over).id},
          {"values", joined(spec.values)},       {"runs", std::to_string(spec.runs)},
          {"steps", std::to_string(spec.steps)}, {"eta", number(spec.stepSize)},
          {"grad", nameOf(spec.gradient).id},    {"seed", std::to_string(spec.seed)}};
}

bool setNumber(ExperimentSpec& spec, const std::string& key, const std::string& value) {
  char* end = nullptr;
  const double x = std::strtod(value.c_str(), &end);
  if (value.empty() || *end != '\0' || !(x >= 0.0 && x <= 1e9)) return false;
  if (key == "n") spec.n = static_cast<Index>(x);
  if (key == "T") spec.T = static_cast<Index>(x);
  if (key == "d") spec.d = static_cast<Index>(x);
  if (key == "runs") spec.runs = static_cast<int>(x);
  if (key == "steps") spec.steps = static_cast<int>(x);
  if (key == "eta") spec.stepSize = x;
  if (key == "seed") spec.seed = static_cast<std::uint64_t>(x);
  return true;
}

template <class Enum>
bool choose(const std::string& id, Enum& value) {
  const std::optional<Enum> found = valueNamed<Enum>(id);
  if (found) value = *found;
  return found.has_value();
}

bool setMember(ExperimentSpec& spec, const std::string& key, const std::string& value) {
  if (key == "over") return choose(value, spec.over);
  if (key == "values") {
    spec.values.clear();
    for (const std::string& part : split(value, ':'))
      spec.values.push_back(std::strtod(part.c_str(), nullptr));
    return true;
  }
  if (key == "grad") return choose(value, spec.gradient);
  for (const auto& [known, now] : membersOf(spec))
    if (key == known) return setNumber(spec, key, value);
  return false;
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

}  // namespace

std::string experimentSentence(const ExperimentSpec& spec, const std::optional<ExperimentResult>& result) {
  if (!result || result->draws == 0) return "No run has ended yet.";
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
    case ExperimentKind::SeveralTokens:
      return "At " + result->xName + " = " + number(result->x[0]) + ", the mean of " +
             std::to_string(s[0].count[0]) + " runs: W is " + rounded(s[0].mean[0]) +
             " from W_fin + R W_mm, " + rounded(s[1].mean[0]) + " from W_mm, " + rounded(s[2].mean[0]) +
             " from the SVM of one token.";
    case ExperimentKind::QuadraticHead: break;
  }
  return "From " + rounded(s[0].mean[0]) + " kept tokens in a sequence at λ = " + number(result->x[0]) +
         " to " + rounded(s[0].mean[k]) + " at " + at + ", the mean of " + runs + ".";
}

std::string experimentText(const std::optional<ExperimentSpec>& spec) {
  if (!spec) return {};
  std::string text = nameOf(spec->kind).id;
  const auto base = membersOf(paperExperiment(spec->kind)), now = membersOf(*spec);
  for (std::size_t k = 0; k < now.size(); ++k)
    if (now[k].second != base[k].second) text += "," + now[k].first + "=" + now[k].second;
  return text;
}

std::string parseExperiment(const std::string& text, std::optional<ExperimentSpec>& spec) {
  if (text.empty()) {
    spec.reset();
    return {};
  }
  const std::vector<std::string> parts = split(text, ',');
  const std::optional<ExperimentKind> kind = valueNamed<ExperimentKind>(parts.front());
  const std::string ids = idsOf<ExperimentKind>();
  if (!kind) return "expected one of " + ids;
  ExperimentSpec result = paperExperiment(*kind);
  for (std::size_t k = 1; k < parts.size(); ++k) {
    const std::size_t equals = parts[k].find('=');
    if (equals == std::string::npos ||
        !setMember(result, parts[k].substr(0, equals), parts[k].substr(equals + 1)))
      return "\"" + parts[k] + "\" is no setting of an experiment";
  }
  if (std::string problem = experimentProblem(result); !problem.empty()) return problem;
  spec = result;
  return {};
}

}  // namespace attention_svm::shell
