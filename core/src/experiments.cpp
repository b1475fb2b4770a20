// SPDX-License-Identifier: MIT
#include "attention_svm/experiments.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "attention_svm/json.h"
#include "experiment_plan.h"

namespace attention_svm {

namespace {

const char* symbol(SweepVariable variable) {
  switch (variable) {
    case SweepVariable::N: return "n";
    case SweepVariable::T: return "T";
    case SweepVariable::D: return "d";
    case SweepVariable::Lambda: return "λ";
  }
  return "";
}

std::string valueProblem(const ExperimentSpec& spec) {
  if (spec.kind == ExperimentKind::LocalConvergence) return {};
  if (spec.values.empty() || spec.values.size() > 100) return "values: expected 1 to 100 of them";
  const bool lambda = spec.over == SweepVariable::Lambda;
  if (lambda != (spec.kind == ExperimentKind::QuadraticHead))
    return std::string("over: this experiment sweeps ") + (lambda ? "n, T or d" : "lambda");
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

/// Linear interpolation between order statistics (Hyndman, Fan 1996, type 7); `sorted` is not empty.
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

struct Summary {
  double mean, median, low, high;
};

Summary quartiles(std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  double sum = 0.0;
  for (const double x : samples) sum += x;
  return {sum / static_cast<double>(samples.size()), quantile(samples, 0.5), quantile(samples, 0.25),
          quantile(samples, 0.75)};
}

/// Wilson's score interval at 95 % for a share (Wilson 1927): stays within [0, 1] also for 0 of n.
Summary wilson(const std::vector<double>& samples) {
  constexpr double z = 1.959963984540054;
  const double n = static_cast<double>(samples.size());
  double sum = 0.0;
  for (const double x : samples) sum += x;
  const double p = sum / n, middle = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  // At p = 0 or 1 rounding may put an end on the wrong side of p.
  return {p,
          p > 0.5   ? 1.0
          : p < 0.5 ? 0.0
                    : 0.5,
          std::clamp(middle - half, 0.0, p), std::clamp(middle + half, p, 1.0)};
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
  return valueProblem(spec);
}

ExperimentResult sweepFrame(const ExperimentSpec& spec, std::string yName, bool logY) {
  ExperimentResult frame;
  frame.xName = symbol(spec.over);
  frame.yName = std::move(yName);
  frame.logY = logY;
  frame.belowName = "share of runs";
  frame.x = spec.values;
  return frame;
}

ExperimentSeries quantity(std::string name, bool below) {
  ExperimentSeries series;
  series.below = below;
  series.name = std::move(name);
  return series;
}

ExperimentSeries shareOf(std::string name, bool below) {
  ExperimentSeries series = quantity(std::move(name), below);
  series.share = true;
  return series;
}

Experiment::Plan::Plan(const ExperimentSpec& spec, ExperimentResult frame, std::size_t cells, int mostDraws)
    : spec_(spec), frame_(std::move(frame)), mostDraws_(mostDraws), cells_(cells) {
  samples_.assign(frame_.series.size(), std::vector<std::vector<double>>(frame_.x.size()));
}

bool Experiment::Plan::done(const Cell& cell) const {
  return cell.accepted >= spec_.runs || cell.draws >= spec_.runs * mostDraws_;
}

bool Experiment::Plan::advance() {
  for (std::size_t tried = 0; tried < cells_.size(); ++tried) {
    const std::size_t at = next_;
    next_ = (next_ + 1) % cells_.size();
    Cell& cell = cells_[at];
    if (done(cell)) continue;
    const bool accepted = draw(at, spec_.seed + static_cast<std::uint64_t>(cell.draws));
    ++cell.draws;
    if (accepted) ++cell.accepted;
    return true;
  }
  return false;
}

double Experiment::Plan::progress() const {
  double sum = 0.0;
  for (const Cell& cell : cells_)
    sum += std::max(static_cast<double>(cell.accepted) / spec_.runs,
                    static_cast<double>(cell.draws) / (static_cast<double>(spec_.runs) * mostDraws_));
  return sum / static_cast<double>(cells_.size());
}

ExperimentResult Experiment::Plan::result() const {
  ExperimentResult result = frame_;
  for (std::size_t s = 0; s < result.series.size(); ++s) {
    ExperimentSeries& series = result.series[s];
    for (const std::vector<double>& samples : samples_[s]) {
      constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
      Summary summary{kNone, kNone, kNone, kNone};
      if (!samples.empty()) summary = series.share ? wilson(samples) : quartiles(samples);
      series.mean.push_back(summary.mean);
      series.median.push_back(summary.median);
      series.low.push_back(summary.low);
      series.high.push_back(summary.high);
      series.count.push_back(static_cast<int>(samples.size()));
    }
  }
  for (const Cell& cell : cells_) {
    result.draws += cell.draws;
    result.leftOut += cell.draws - cell.accepted;
  }
  result.progress = progress();
  return result;
}

Dataset Experiment::Plan::data(std::size_t cell, std::uint64_t seed, HeadKind head) const {
  RandomDatasetSpec spec;
  spec.n = spec_.n;
  spec.T = spec_.T;
  spec.d = spec_.d;
  spec.seed = seed;
  spec.head = head;
  if (spec_.kind != ExperimentKind::LocalConvergence) {
    const double value = spec_.values[cell];
    switch (spec_.over) {
      case SweepVariable::N: spec.n = static_cast<Index>(value); break;
      case SweepVariable::T: spec.T = static_cast<Index>(value); break;
      case SweepVariable::D: spec.d = static_cast<Index>(value); break;
      case SweepVariable::Lambda: spec.lambda = value; break;
    }
  }
  return randomDataset(spec).value();
}

Trainer Experiment::Plan::trainer(const Dataset& dataset, std::uint64_t seed,
                                  Parameterization parameterization) const {
  TrainerOptions options;
  options.parameterization = parameterization;
  options.stepSize = spec_.stepSize;
  options.gradient = spec_.gradient;
  options.seed = seed + 0x9e3779b97f4a7c15ULL;
  return Trainer::create(dataset, options).value();
}

ExperimentSpec paperExperiment(ExperimentKind kind) {
  ExperimentSpec spec;
  spec.kind = kind;
  switch (kind) {
    case ExperimentKind::LocalConvergence: break;
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
      break;
    case ExperimentKind::QuadraticHead:
      spec.n = 4;
      spec.T = 5;
      spec.d = 6;
      spec.over = SweepVariable::Lambda;
      spec.values = {0, 0.1, 0.2, 0.5, 1, 2, 4};
      spec.stepSize = 0.02;
      spec.steps = 4000;
      break;
  }
  return spec;
}

Result<Experiment> Experiment::create(const ExperimentSpec& spec) {
  if (std::string problem = experimentProblem(spec); !problem.empty()) return Error{std::move(problem)};
  switch (spec.kind) {
    case ExperimentKind::LocalConvergence: return Experiment(localConvergencePlan(spec));
    case ExperimentKind::GlobalOrLocal: return Experiment(globalOrLocalPlan(spec));
    case ExperimentKind::Rank: return Experiment(rankPlan(spec));
    case ExperimentKind::SeveralTokens: return Experiment(severalTokensPlan(spec));
    case ExperimentKind::QuadraticHead: break;
  }
  return Experiment(quadraticHeadPlan(spec));
}

Experiment::Experiment(std::unique_ptr<Plan> plan) : plan_(std::move(plan)) {}
Experiment::~Experiment() = default;
Experiment::Experiment(Experiment&&) noexcept = default;
Experiment& Experiment::operator=(Experiment&&) noexcept = default;

bool Experiment::advance() { return plan_->advance(); }
double Experiment::progress() const { return plan_->progress(); }
ExperimentResult Experiment::result() const { return plan_->result(); }

Result<ExperimentResult> runExperiment(const ExperimentSpec& spec) {
  Result<Experiment> experiment = Experiment::create(spec);
  if (!experiment) return Error{experiment.error()};
  while (experiment.value().advance()) continue;
  return experiment.value().result();
}

std::string toText(const ExperimentResult& result) {
  std::string text = result.note + "\n" + std::to_string(result.draws) + " draws, " +
                     std::to_string(result.leftOut) + " left out\n";
  char cell[96];
  for (std::size_t k = 0; k < result.x.size(); ++k) {
    std::snprintf(cell, sizeof cell, "%s = %g:", result.xName.c_str(), result.x[k]);
    text += cell;
    for (const ExperimentSeries& series : result.series) {
      std::snprintf(cell, sizeof cell, " %.4g [%.4g, %.4g] of %d", series.mean[k], series.low[k],
                    series.high[k], series.count[k]);
      text += "  " + series.name + cell;
    }
    text += "\n";
  }
  return text;
}

std::string toCsv(const ExperimentResult& result) {
  std::string text = result.xName + ",series,mean,median,low,high,count\n";
  const auto number = [](double x) { return std::isfinite(x) ? json::writeNumber(x) : std::string(); };
  for (std::size_t k = 0; k < result.x.size(); ++k)
    for (const ExperimentSeries& series : result.series)
      text += number(result.x[k]) + ",\"" + series.name + "\"," + number(series.mean[k]) + "," +
              number(series.median[k]) + "," + number(series.low[k]) + "," + number(series.high[k]) + "," +
              std::to_string(series.count[k]) + "\n";
  return text;
}

}  // namespace attention_svm
