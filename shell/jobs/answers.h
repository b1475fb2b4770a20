// SPDX-License-Identifier: MIT
// What the page asks of jobs and what comes back, with the members that travel (archive.h).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../projection.h"
#include "attention_svm/experiments.h"
#include "attention_svm/regularization_path.h"
#include "basin_map.h"
#include "prediction.h"

namespace attention_svm::shell {

enum class JobKind { Prediction, Basins, Path, Experiment, Import, BasinMap };

/// A job as the reader sees it.
struct JobView {
  JobKind kind = JobKind::Prediction;
  std::string title;  ///< "Regularization path in the Frobenius ball"
  double progress = 0.0;
  std::optional<double> secondsLeft;  ///< once there is something to tell it by
};

/// Only what the kind needs is filled in.
struct JobRequest {
  JobKind kind = JobKind::Prediction;
  std::string
      dataset;       ///< as by datasetBytes(); empty for experiments, which draw their own; Import: the file
  std::string name;  ///< Import: of the file
  TrainerOptions options;  ///< of the run; with Prediction, W0 holds the weights of the moment
  Selection selection;     ///< Prediction
  Norm norm;               ///< Prediction: what the theory names; Path: the ball
  std::vector<Norm> more;  ///< Prediction: other norms to solve in
  double limit = 0.0;      ///< Basins: how many selections are looked at
  int steps = 0;           ///< Basins: how far the run is trained to see where it ends
  ExperimentSpec experiment;
  std::string draws;  ///< Experiment: those made already (experiment_draws.h); empty: from the start
};

struct ExperimentAnswer {
  ExperimentResult result;
  std::string draws;  ///< lines made since the last answer, the first one with the header before them
};

/// Every locally optimal selection, and where the run's start leads.
struct Basins {
  std::vector<Selection> selections;
  std::vector<int> global;  ///< 1 for the selection that is the optimal one
  double total = 0.0, examined = 0.0;
  bool complete = false;
  Selection end;  ///< selected after `steps` steps from the run's start
};

struct PathAnswer {
  std::vector<PathPoint> points;
  std::vector<NormSolution> solutions;  ///< of the optimal tokens, in the norm of every ball
};

/// A file that was read. The head of one without is a choice of two.
struct ImportAnswer {
  std::string dataset, hash;  ///< as by datasetBytes() and hashOf(); with the fitted head where there is none
  bool hasHead = true;
  Vector fitted, difference;  ///< v by HeadChoice, without a head
  Projection projection;
  std::optional<std::string> session;     ///< the address of a session
  double iteration = 0;                   ///< of a session
  std::shared_ptr<const Dataset> parsed;  ///< the dataset again; it does not travel
};

JobRequest importRequest(const std::string& name, const std::string& bytes, const Budget& budget);
JobRequest predictionRequest(const Trainer& trainer, const Selection& selection, const Norm& named,
                             std::vector<Norm> more = {});
JobRequest basinsRequest(const Dataset& dataset, const TrainerOptions& options);
JobRequest pathRequest(const Dataset& dataset, const TrainerOptions& options, const Norm& norm);
JobRequest basinMapRequest(const Dataset& dataset, const TrainerOptions& options);
JobRequest experimentRequest(const ExperimentSpec& spec, const std::string& draws);

std::string toText(const JobRequest& request);
std::string toText(const Prediction& prediction);
std::string toText(const Basins& basins);
std::string toText(const PathAnswer& path);
std::string toText(const BasinMap& map);
std::string toText(const ExperimentAnswer& answer);
std::string toText(const ImportAnswer& answer);
Result<ImportAnswer> importFrom(const std::string& text);
Result<JobRequest> requestFrom(const std::string& text);
Result<Prediction> predictionFrom(const std::string& text);
Result<Basins> basinsFrom(const std::string& text);
Result<PathAnswer> pathFrom(const std::string& text);
Result<BasinMap> basinMapFrom(const std::string& text);
Result<ExperimentAnswer> experimentFrom(const std::string& text);

}  // namespace attention_svm::shell
