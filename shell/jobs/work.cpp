// SPDX-License-Identifier: MIT
#include "work.h"

#include <algorithm>

#include "../settings/table.h"
#include "attention_svm/optimizers_and_norms.h"

namespace attention_svm::shell {

namespace {

std::string basinsText(const Basins& basins) {
  std::string text = std::to_string(basins.selections.size()) + " locally optimal among " +
                     std::to_string(static_cast<long>(basins.examined)) + " selections";
  if (!basins.complete) text += " of " + std::to_string(static_cast<long long>(basins.total));
  text += ":";
  constexpr std::size_t kListed = 12;
  for (std::size_t k = 0; k < basins.selections.size() && k < kListed; ++k) {
    text += "\n    tokens";
    for (const Index t : basins.selections[k]) text += " " + std::to_string(t + 1);
    if (basins.global[k] != 0) text += "  ★ global";
    if (basins.selections[k] == basins.end) text += "  ← this start leads here";
  }
  if (basins.selections.size() > kListed)
    text += "\n    and " + std::to_string(basins.selections.size() - kListed) + " more";
  return text;
}

/// What the map depends on: everything but where the run itself starts.
std::string mapKey(const Session& session) {
  std::string key = toJson(session.dataset);
  for (const Setting& setting : allSettings())
    if (setting.kind == SettingKind::Training && setting.key != std::string("W0") &&
        setting.key != std::string("compare"))
      key += setting.read(session.settings) + "\n";
  return key;
}

/// A plot compares the run in all norms, and the prediction has not all of them yet.
bool lacksNorms(const Run& run) {
  const Prediction& prediction = run.prediction;
  if (!prediction.ready() || prediction.decomposition || run.normsAskedFor == prediction.selection)
    return false;
  const auto& norms = comparedNorms();
  return std::any_of(norms.begin(), norms.end(),
                     [&](const Norm& norm) { return prediction.in(norm.kind) == nullptr; });
}

}  // namespace

void Work::predict(Session& session) {
  std::vector<Norm> more;
  if (comparesNorms(session.settings)) more.assign(comparedNorms().begin(), comparedNorms().end());
  for (std::size_t k = 0; k < session.runs.size(); ++k) {
    Run& run = session.runs[k];
    if (!more.empty() && lacksNorms(run)) run.wantsJob = true;
    if (!run.wantsJob || desk_.predicting(k)) continue;
    run.wantsJob = false;
    if (!more.empty()) run.normsAskedFor = run.trainer.selected();
    desk_.start(
        predictionRequest(run.trainer, run.trainer.selected(), predictedNorm(run.trainer.options()), more),
        "Solving the SVM", k, static_cast<double>(run.trainer.iteration()));
  }
}

void Work::runExperiment(Session& session) {
  if (!session.settings.experiment || busy(JobKind::Experiment)) return;
  if (!experimentGoesOn(session)) forgetExperiment(session);
  desk_.start(experimentRequest(*session.settings.experiment, session.draws), "Experiment");
}

void Work::forgetExperiment(Session& session) {
  stop(JobKind::Experiment);
  session.experiment.reset();
  session.draws.clear();
}

void Work::findBasins(const Session& session) {
  stop(JobKind::Basins);
  desk_.start(basinsRequest(session.dataset, session.runs.front().trainer.options()),
              "Locally optimal selections");
}

void Work::mapBasins(Session& session) {
  const auto& plots = session.settings.plots;
  const bool wanted = std::find(plots.begin(), plots.end(), PlotKind::BasinMap) != plots.end();
  if (!wanted || session.basinMapOf == mapKey(session)) return;
  // While tokens are dragged, what has begun is shown once before the next map begins.
  if (busy(JobKind::BasinMap) && !session.basinMapNew) return;
  stop(JobKind::BasinMap);
  session.basinMapOf = mapKey(session);
  session.basinMapNew = false;
  TrainerOptions options = session.runs.front().trainer.options();
  options.W0.reset();
  const Result<BasinMapSearch> search = BasinMapSearch::create(session.dataset, options);
  session.basinMapProblem = search ? std::string() : search.error();
  if (search) desk_.start(basinMapRequest(session.dataset, options), "Map of starts");
}

void Work::followPath(Session& session, const Norm& norm) {
  stop(JobKind::Path);
  session.path = {};
  desk_.start(pathRequest(session.dataset, session.settings.training, norm),
              std::string("Path in the ") + infoOf(norm).name + " ball");
}

void Work::read(const std::string& name, const std::string& bytes, const Budget& budget) {
  stop(JobKind::Import);
  reading_ = name;
  desk_.start(importRequest(name, bytes, budget), "Reading " + name);
}

void Work::forgetData() {
  for (const JobKind kind : {JobKind::Prediction, JobKind::Basins, JobKind::Path}) stop(kind);
}

std::string Work::take(Session& session, int id, double progress, bool finished, const std::string& answer,
                       const std::string& error) {
  const std::optional<JobDesk::Running> job = desk_.answered(id, progress, finished || !error.empty());
  if (!job) return {};
  if (job->view.kind == JobKind::Import) {
    if (!error.empty())
      file_ = ReadFile{reading_, Error{error}};
    else if (finished)
      file_ = ReadFile{reading_, importFrom(answer)};
    return {};
  }
  if (!error.empty()) return job->view.title + " came to no end: " + error + ".";
  if (!answer.empty()) takeAnswer(session, *job, answer);
  return {};
}

void Work::takeAnswer(Session& session, const JobDesk::Running& job, const std::string& answer) {
  switch (job.view.kind) {
    case JobKind::Prediction: {
      Result<Prediction> prediction = predictionFrom(answer);
      if (!prediction || job.run >= session.runs.size()) return;
      Run& run = session.runs[job.run];
      accept(run, std::move(prediction).value(), job.atIteration);
      judge(run);  // the run may have moved on meanwhile
      predict(session);
      return;
    }
    case JobKind::Basins:
      if (Result<Basins> basins = basinsFrom(answer)) {
        session.basins = std::move(basins).value();
        session.basinsMessage = basinsText(session.basins);
      }
      return;
    case JobKind::BasinMap:
      if (Result<BasinMap> map = basinMapFrom(answer); map && map.value().side > 0) {
        session.basinMap = std::move(map).value();
        session.basinMapNew = true;
      }
      return;
    case JobKind::Path:
      if (Result<PathAnswer> path = pathFrom(answer)) session.path = std::move(path).value();
      return;
    case JobKind::Import: return;  // see take()
    case JobKind::Experiment:
      if (Result<ExperimentAnswer> told = experimentFrom(answer)) {
        session.experiment = std::move(told.value().result);
        session.draws += told.value().draws;
      }
      return;
  }
}

}  // namespace attention_svm::shell
