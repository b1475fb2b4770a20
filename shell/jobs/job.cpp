// SPDX-License-Identifier: MIT
#include "job.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "attention_svm/experiment_draws.h"
#include "attention_svm/tokens.h"
#include "import_job.h"
#include "packed.h"

namespace attention_svm::shell {

namespace {

class PredictionJob : public Job {
 public:
  PredictionJob(Trainer trainer, JobRequest request)
      : trainer_(std::move(trainer)), request_(std::move(request)) {}
  bool advance() override {
    if (answer_.empty())
      answer_ = toText(predict(trainer_, request_.selection, request_.norm, request_.more));
    return false;
  }
  [[nodiscard]] double progress() const override { return answer_.empty() ? 0.0 : 1.0; }
  [[nodiscard]] std::string answer() override { return answer_; }

 private:
  Trainer trainer_;
  JobRequest request_;
  std::string answer_;
};

class BasinsJob : public Job {
 public:
  BasinsJob(Trainer start, LocallyOptimalSearch search, const JobRequest& request)
      : run_(std::move(start)), search_(std::move(search)), request_(request) {}

  bool advance() override {
    if (run_.iteration() < request_.steps) {
      run_.step(std::min(100, request_.steps - static_cast<int>(run_.iteration())));
      return true;
    }
    return search_.found().examined < request_.limit && search_.advance();
  }
  [[nodiscard]] double progress() const override {
    return search_.found().examined / std::min(request_.limit, search_.found().total);
  }
  [[nodiscard]] std::string answer() override {
    Basins basins;
    const LocallyOptimalSelections& found = search_.found();
    basins.selections = found.selections;
    for (const LocalOptimality& one : found.found) basins.global.push_back(one.global ? 1 : 0);
    basins.total = found.total;
    basins.examined = found.examined;
    basins.complete = found.complete;
    if (run_.iteration() >= request_.steps) basins.end = run_.selected();
    return toText(basins);
  }

 private:
  Trainer run_;
  LocallyOptimalSearch search_;
  JobRequest request_;
};

/// Whose solution the path turns to: the SVM of the optimal tokens, which a nonlinear head has none of; of
/// words, the Graph-SVM.
Result<SvmProblem> limitProblem(const Dataset& dataset, QueryMode mode) {
  if (dataset.words) return graphSvmProblem(dataset);
  const Result<OptimalTokens> best = optimalTokens(dataset, mode);
  if (!best) return Error{best.error()};
  return svmProblem(dataset, best.value().tokens, mode);
}

/// Radii that grow by half from 1/2 on; the last one is where the direction has long settled.
class PathJob : public Job {
 public:
  PathJob(const Dataset& dataset, RegularizationPath path, const JobRequest& request)
      : path_(std::move(path)) {
    const Result<SvmProblem> problem = limitProblem(dataset, request.options.queries);
    if (!problem) return;
    for (const Norm& norm : {Norm::frobenius(), Norm::nuclear()})
      answer_.solutions.push_back({norm, solveSvm(problem.value(), norm)});
  }

  bool advance() override {
    if (radius_ > kLargestRadius) return false;
    answer_.points.push_back(path_.next(radius_));
    radius_ *= kGrowth;
    return radius_ <= kLargestRadius;
  }
  [[nodiscard]] double progress() const override {
    const double all = std::floor(std::log(kLargestRadius / kSmallestRadius) / std::log(kGrowth)) + 1.0;
    return static_cast<double>(answer_.points.size()) / all;
  }
  [[nodiscard]] std::string answer() override { return toText(answer_); }

 private:
  static constexpr double kSmallestRadius = 0.5, kLargestRadius = 600.0, kGrowth = 1.5;
  RegularizationPath path_;
  PathAnswer answer_;
  double radius_ = kSmallestRadius;
};

class ExperimentJob : public Job {
 public:
  explicit ExperimentJob(Experiment experiment) : experiment_(std::move(experiment)) {}

  bool advance() override {
    const std::optional<ExperimentRow> row = experiment_.advance();
    if (row) fresh_ += drawLine(experiment_, *row) + "\n";
    return row.has_value();
  }
  [[nodiscard]] double progress() const override { return experiment_.progress(); }
  [[nodiscard]] std::string answer() override {
    ExperimentAnswer answer{experiment_.result(), {}};
    std::swap(answer.draws, fresh_);
    return toText(answer);
  }
  /// Goes on after these draws; empty when all is well.
  std::string takeUp(const std::string& draws) {
    if (!draws.empty()) return addDraws(experiment_, draws);
    fresh_ = drawsHeader(experiment_) + "\n";
    return {};
  }

 private:
  Experiment experiment_;
  std::string fresh_;  ///< lines that no answer has told yet
};

class BasinMapJob : public Job {
 public:
  explicit BasinMapJob(BasinMapSearch search) : search_(std::move(search)) {}
  bool advance() override { return search_.advance(); }
  [[nodiscard]] double progress() const override { return search_.progress(); }
  [[nodiscard]] std::string answer() override { return toText(search_.finished()); }

 private:
  BasinMapSearch search_;
};

using MadeJob = Result<std::unique_ptr<Job>>;

MadeJob makeExperiment(const JobRequest& request) {
  Result<Experiment> experiment = Experiment::create(request.experiment);
  if (!experiment) return Error{experiment.error()};
  auto job = std::make_unique<ExperimentJob>(std::move(experiment).value());
  if (std::string problem = job->takeUp(request.draws); !problem.empty()) return Error{"draws: " + problem};
  return MadeJob(std::move(job));
}

MadeJob makePath(const Dataset& dataset, const JobRequest& request) {
  PathOptions options;
  options.loss = request.options.loss;
  options.queries = request.options.queries;
  Result<RegularizationPath> path = RegularizationPath::create(dataset, request.norm, options);
  if (!path) return Error{path.error()};
  return MadeJob(std::make_unique<PathJob>(dataset, std::move(path).value(), request));
}

MadeJob makeBasins(const Dataset& dataset, const JobRequest& request) {
  Result<Trainer> start = Trainer::create(dataset, request.options);
  if (!start) return Error{start.error()};
  Result<LocallyOptimalSearch> search = LocallyOptimalSearch::create(dataset, request.options.queries);
  if (!search) return Error{search.error()};
  return MadeJob(std::make_unique<BasinsJob>(std::move(start).value(), std::move(search).value(), request));
}

MadeJob makeBasinMap(const Dataset& dataset, const JobRequest& request) {
  Result<BasinMapSearch> search = BasinMapSearch::create(dataset, request.options);
  if (!search) return Error{search.error()};
  return MadeJob(std::make_unique<BasinMapJob>(std::move(search).value()));
}

MadeJob makePrediction(const Dataset& dataset, const JobRequest& request) {
  Result<Trainer> trainer = Trainer::create(dataset, request.options);
  if (!trainer) return Error{trainer.error()};
  const Result<Selection> selection = checkedSelection(dataset, request.selection, request.options.queries);
  if (!selection) return Error{selection.error()};
  return MadeJob(std::make_unique<PredictionJob>(std::move(trainer).value(), request));
}

}  // namespace

Result<std::unique_ptr<Job>> makeJob(const JobRequest& request) {
  if (request.kind == JobKind::Experiment) return makeExperiment(request);
  if (request.kind == JobKind::Import) return makeImport(request);
  if (findNorm(request.norm.kind) == nullptr) return Error{"norm: there is no such norm"};
  if (std::string why = normProblem(request.norm); !why.empty()) return Error{std::move(why)};
  const Result<Dataset> dataset = datasetFromBytes(request.dataset, request.options.budget);
  if (!dataset) return Error{dataset.error()};
  switch (request.kind) {
    case JobKind::Path: return makePath(dataset.value(), request);
    case JobKind::Basins: return makeBasins(dataset.value(), request);
    case JobKind::BasinMap: return makeBasinMap(dataset.value(), request);
    default: return makePrediction(dataset.value(), request);
  }
}

Result<std::unique_ptr<Job>> makeJob(const std::string& text) {
  const Result<JobRequest> request = requestFrom(text);
  if (!request) return Error{request.error()};
  return makeJob(request.value());
}

}  // namespace attention_svm::shell
