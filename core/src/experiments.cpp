// SPDX-License-Identifier: MIT
#include "attention_svm/experiments.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "attention_svm/random.h"
#include "experiment_plan.h"

namespace attention_svm {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

const char* symbol(SweepVariable variable) {
  switch (variable) {
    case SweepVariable::N: return "n";
    case SweepVariable::T: return "T";
    case SweepVariable::D: return "d";
    case SweepVariable::Lambda: return "λ";
    case SweepVariable::Iteration: return "iteration";
    case SweepVariable::Norm: return "norm";
  }
  return "";
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

double standardError(const std::vector<double>& samples, double mean) {
  if (samples.size() < 2) return kNone;
  double squares = 0.0;
  for (const double x : samples) squares += (x - mean) * (x - mean);
  const double n = static_cast<double>(samples.size());
  return std::sqrt(squares / (n - 1) / n);
}

void summarize(ExperimentSeries& series, const std::vector<double>& samples) {
  Summary summary{kNone, kNone, kNone, kNone};
  if (!samples.empty()) summary = series.share ? wilson(samples) : quartiles(samples);
  series.mean.push_back(summary.mean);
  series.median.push_back(summary.median);
  series.low.push_back(summary.low);
  series.high.push_back(summary.high);
  series.error.push_back(standardError(samples, summary.mean));
  series.count.push_back(static_cast<int>(samples.size()));
}

Experiment::Plan planOf(const ExperimentSpec& spec) {
  switch (spec.kind) {
    case ExperimentKind::LocalConvergence: return localConvergencePlan(spec);
    case ExperimentKind::GlobalOrLocal: return globalOrLocalPlan(spec);
    case ExperimentKind::Rank: return rankPlan(spec);
    case ExperimentKind::SeveralTokens: return severalTokensPlan(spec);
    case ExperimentKind::OptimizersAndNorms: return optimizersAndNormsPlan(spec);
    case ExperimentKind::QuadraticHead: break;
  }
  return quadraticHeadPlan(spec);
}

}  // namespace

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

void addColumns(Experiment::Plan& plan, const std::string& name, int series) {
  for (std::size_t k = 0; k < plan.frame.x.size(); ++k)
    plan.columns.push_back(
        {name + "_" + std::to_string(static_cast<long>(plan.frame.x[k])), series, static_cast<int>(k)});
}

Dataset ExperimentDraw::data(HeadKind head) const {
  RandomDatasetSpec wanted;
  wanted.n = spec.n;
  wanted.T = spec.T;
  wanted.d = spec.d;
  wanted.seed = seed;
  wanted.head = head;
  switch (spec.over) {
    case SweepVariable::N: wanted.n = static_cast<Index>(spec.values[value]); break;
    case SweepVariable::T: wanted.T = static_cast<Index>(spec.values[value]); break;
    case SweepVariable::D: wanted.d = static_cast<Index>(spec.values[value]); break;
    case SweepVariable::Lambda: wanted.lambda = spec.values[value]; break;
    case SweepVariable::Iteration:
    case SweepVariable::Norm: break;
  }
  return randomDataset(wanted).value();
}

Trainer ExperimentDraw::trainer(const Dataset& dataset, Parameterization parameterization) const {
  TrainerOptions options;
  options.parameterization = parameterization;
  options.stepSize = spec.stepSize;
  options.gradient = spec.gradient;
  options.seed = seed + 0x9e3779b97f4a7c15ULL;
  return Trainer::create(dataset, options).value();
}

Random ExperimentDraw::random() const { return Random(seed + 0xd1b54a32d192ed03ULL); }

struct Experiment::State {
  struct Count {
    int draws = 0, accepted = 0;
  };
  [[nodiscard]] bool done(const Count& count) const {
    return count.accepted >= spec.runs || count.draws >= spec.runs * plan.mostDraws;
  }

  ExperimentSpec spec;
  Plan plan;
  std::vector<Count> counts;                              ///< of each value
  std::size_t next = 0;                                   ///< value of the next draw: all grow together
  std::vector<std::vector<std::vector<double>>> samples;  ///< [series][x]
  std::vector<ExperimentPoint> points;
};

Experiment::Experiment(std::unique_ptr<State> state) : state_(std::move(state)) {}
Experiment::~Experiment() = default;
Experiment::Experiment(Experiment&&) noexcept = default;
Experiment& Experiment::operator=(Experiment&&) noexcept = default;

Result<Experiment> Experiment::create(const ExperimentSpec& spec) {
  if (std::string problem = experimentProblem(spec); !problem.empty()) return Error{std::move(problem)};
  auto state = std::make_unique<State>();
  state->spec = spec;
  state->plan = planOf(spec);
  const ExperimentResult& frame = state->plan.frame;
  state->counts.resize(isSweep(spec.over) ? spec.values.size() : 1);
  state->samples.assign(frame.series.size(), std::vector<std::vector<double>>(frame.x.size()));
  return Experiment(std::move(state));
}

const ExperimentSpec& Experiment::spec() const { return state_->spec; }
std::size_t Experiment::values() const { return state_->counts.size(); }

std::vector<std::string> Experiment::columns() const {
  std::vector<std::string> names;
  for (const ExperimentColumn& column : state_->plan.columns) names.push_back(column.name);
  return names;
}

ExperimentRow Experiment::draw(std::size_t value, int draw) const {
  ExperimentRow row;
  row.value = value;
  row.draw = draw;
  row.numbers.assign(state_->plan.columns.size(), kNone);
  const std::uint64_t seed = state_->spec.seed + static_cast<std::uint64_t>(draw);
  row.enters = state_->plan.draw({state_->spec, value, seed}, row.numbers);
  return row;
}

void Experiment::add(const ExperimentRow& row) {
  const Plan& plan = state_->plan;
  State::Count& count = state_->counts[row.value];
  ++count.draws;
  if (row.enters) ++count.accepted;
  for (std::size_t c = 0; c < plan.columns.size(); ++c) {
    const ExperimentColumn& column = plan.columns[c];
    const double number = row.numbers[c];
    if (column.series == ExperimentColumn::kNoSeries || std::isnan(number)) continue;
    const auto series = static_cast<std::size_t>(column.series);
    const bool ofTheValue = column.x == ExperimentColumn::kOfTheValue;
    state_->samples[series][ofTheValue ? row.value : static_cast<std::size_t>(column.x)].push_back(number);
    if (plan.scatter >= 0 && !plan.frame.series[series].share)
      state_->points.push_back({column.series, row.numbers[static_cast<std::size_t>(plan.scatter)], number});
  }
}

bool Experiment::advance() {
  for (std::size_t tried = 0; tried < state_->counts.size(); ++tried) {
    const std::size_t at = state_->next;
    state_->next = (at + 1) % state_->counts.size();
    const State::Count& count = state_->counts[at];
    if (state_->done(count)) continue;
    add(draw(at, count.draws));
    return true;
  }
  return false;
}

double Experiment::progress() const {
  const double runs = state_->spec.runs;
  double sum = 0.0;
  for (const State::Count& count : state_->counts)
    sum += std::max(count.accepted / runs, count.draws / (runs * state_->plan.mostDraws));
  return std::min(1.0, sum / static_cast<double>(state_->counts.size()));
}

ExperimentResult Experiment::result() const {
  ExperimentResult result = state_->plan.frame;
  for (std::size_t s = 0; s < result.series.size(); ++s)
    for (const std::vector<double>& samples : state_->samples[s]) summarize(result.series[s], samples);
  for (const State::Count& count : state_->counts) {
    result.draws += count.draws;
    result.leftOut += count.draws - count.accepted;
  }
  result.points = state_->points;
  result.progress = progress();
  return result;
}

Result<ExperimentResult> runExperiment(const ExperimentSpec& spec) {
  Result<Experiment> experiment = Experiment::create(spec);
  if (!experiment) return Error{experiment.error()};
  while (experiment.value().advance()) continue;
  return experiment.value().result();
}

}  // namespace attention_svm
