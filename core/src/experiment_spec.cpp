// SPDX-License-Identifier: MIT
// What an experiment is asked for: names, the paper's settings, text in and out.
#include <cmath>
#include <cstdio>

#include "attention_svm/experiments.h"
#include "attention_svm/names.h"
#include "number_text.h"

namespace attention_svm {

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

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text)
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
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
  double x = 0;
  if (!readNumber(value, x) || !(x >= 0.0 && x <= 1e9)) return false;
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
bool setNamed(Enum& member, const std::string& id) {
  const std::optional<Enum> named = valueNamed<Enum>(id);
  if (named) member = *named;
  return named.has_value();
}

bool setMember(ExperimentSpec& spec, const std::string& key, const std::string& value) {
  if (key == "over") return setNamed(spec.over, value);
  if (key == "grad") return setNamed(spec.gradient, value);
  if (key == "values") {
    spec.values.clear();
    for (const std::string& part : split(value, ':')) readNumber(part, spec.values.emplace_back(0.0));
    return true;
  }
  for (const auto& [known, now] : membersOf(spec))
    if (key == known) return setNumber(spec, key, value);
  return false;
}

/// What the horizontal axis of a kind can show.
std::string axisProblem(const ExperimentSpec& spec) {
  const bool lambda = spec.over == SweepVariable::Lambda, time = spec.over == SweepVariable::Iteration,
             norms = spec.over == SweepVariable::Norm;
  if (spec.kind == ExperimentKind::OptimizersAndNorms)
    return norms ? "" : "over: this experiment shows norms (over=norm)";
  if (norms) return "over: only optimizers-and-norms shows norms";
  switch (spec.kind) {
    case ExperimentKind::LocalConvergence:
      return time ? "" : "over: this experiment shows iterations (over=iteration)";
    case ExperimentKind::QuadraticHead: return lambda ? "" : "over: this experiment sweeps lambda";
    case ExperimentKind::SeveralTokens:
      return lambda ? "over: this experiment sweeps n, T or d, or shows iterations" : "";
    default: return lambda || time ? "over: this experiment sweeps n, T or d" : "";
  }
}

std::string valueProblem(const ExperimentSpec& spec) {
  if (!isSweep(spec.over)) return {};
  if (spec.values.empty() || spec.values.size() > 100) return "values: expected 1 to 100 of them";
  const bool lambda = spec.over == SweepVariable::Lambda;
  for (std::size_t k = 0; k < spec.values.size(); ++k) {
    const double value = spec.values[k];
    const std::string place = "values[" + std::to_string(k) + "]";
    if (lambda ? !(value >= 0.0 && value <= 1e6)
               : !(value >= 1.0 && value <= 1000.0 && value == std::floor(value)))
      return place + (lambda ? ": expected a number from 0" : ": expected a whole number from 1 to 1000");
    if (k > 0 && !(value > spec.values[k - 1])) return place + ": expected ascending values";
  }
  return {};
}

}  // namespace

std::string experimentProblem(const ExperimentSpec& spec) {
  const auto size = [](const char* name, Index value) {
    return value >= 1 && value <= 1000 ? std::string()
                                       : std::string(name) + ": expected a number from 1 to 1000";
  };
  for (std::string problem : {size("n", spec.n), size("T", spec.T), size("d", spec.d)})
    if (!problem.empty()) return problem;
  if (spec.runs < 1 || spec.runs > 100000) return "runs: expected a number from 1 to 100000";
  if (spec.steps < 1 || spec.steps > 1000000) return "steps: expected a number from 1 to 1000000";
  if (!(spec.stepSize > 0.0) || !std::isfinite(spec.stepSize)) return "stepSize: expected a positive number";
  if (std::string problem = axisProblem(spec); !problem.empty()) return problem;
  return valueProblem(spec);
}

ExperimentSpec paperExperiment(ExperimentKind kind) {
  ExperimentSpec spec;
  spec.kind = kind;
  switch (kind) {
    case ExperimentKind::LocalConvergence: spec.over = SweepVariable::Iteration; break;
    case ExperimentKind::GlobalOrLocal:
      spec.n = 4;
      spec.T = 6;
      spec.values = {2, 4, 6, 8, 10, 15, 20, 30, 50, 100};
      break;
    case ExperimentKind::Rank:
      spec.n = 15;
      spec.T = 5;
      spec.values = {1, 2, 3, 4, 5, 10, 15, 20};
      break;
    case ExperimentKind::SeveralTokens:
      spec.n = 3;
      spec.T = 4;
      spec.values = {4, 6, 8, 10};
      spec.runs = 500;
      spec.steps = 2001;
      spec.gradient = GradientMode::Plain;
      break;
    case ExperimentKind::QuadraticHead:
      spec.n = 4;
      spec.T = 6;
      spec.d = 6;
      spec.over = SweepVariable::Lambda;
      spec.values = {0, 0.1, 0.2, 0.5, 1, 2, 4};
      spec.stepSize = 0.02;
      spec.steps = 4000;
      break;
    case ExperimentKind::OptimizersAndNorms:
      spec.n = 4;
      spec.T = 5;
      spec.d = 6;
      spec.over = SweepVariable::Norm;
      spec.steps = 4000;
      break;
  }
  return spec;
}

std::string toText(const ExperimentSpec& spec) {
  std::string text = nameOf(spec.kind).id;
  const auto base = membersOf(paperExperiment(spec.kind)), now = membersOf(spec);
  for (std::size_t k = 0; k < now.size(); ++k)
    if (now[k].second != base[k].second) text += "," + now[k].first + "=" + now[k].second;
  return text;
}

Result<ExperimentSpec> parseExperiment(const std::string& text) {
  const std::vector<std::string> parts = split(text, ',');
  const std::optional<ExperimentKind> kind = valueNamed<ExperimentKind>(parts.front());
  if (!kind) return Error{"expected one of " + idsOf<ExperimentKind>()};
  ExperimentSpec spec = paperExperiment(*kind);
  for (std::size_t k = 1; k < parts.size(); ++k) {
    const std::size_t equals = parts[k].find('=');
    if (equals == std::string::npos ||
        !setMember(spec, parts[k].substr(0, equals), parts[k].substr(equals + 1)))
      return Error{"\"" + parts[k] + "\" is no setting of an experiment"};
  }
  if (std::string problem = experimentProblem(spec); !problem.empty()) return Error{std::move(problem)};
  return spec;
}

}  // namespace attention_svm
