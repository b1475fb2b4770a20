// SPDX-License-Identifier: MIT
#include "answers.h"

#include "archive.h"
#include "packed.h"

namespace attention_svm {

// In the namespace of the structs, where the archives find them
template <class Archive>
void describe(Archive& archive, Norm& norm) {
  archive("kind", norm.kind);
  archive("p", norm.p);
}

template <class Archive>
void describe(Archive& archive, QueryMode& mode) {
  archive("everyToken", mode.everyToken);
  archive("causal", mode.causal);
}

template <class Archive>
void describe(Archive& archive, TokenConstraint& name) {
  archive("sequence", name.sequence);
  archive("query", name.query);
  archive("token", name.token);
}

template <class Archive>
void describe(Archive& archive, TrainerOptions& options) {
  archive("parameterization", options.parameterization);
  archive("rank", options.rank);
  archive("optimizer", options.optimizer);
  archive("p", options.p);
  archive("growth", options.growth);
  archive("stepSize", options.stepSize);
  archive("loss", options.loss);
  archive("gradient", options.gradient);
  archive("ridge", options.ridge);
  archive("queries", options.queries);
  archive("W0", options.W0);
  archive("K0", options.K0);
  archive("Q0", options.Q0);
  archive("seed", options.seed);
  archive("limit", options.budget.numbers);
}

template <class Archive>
void describe(Archive& archive, ExperimentSpec& spec) {
  archive("kind", spec.kind);
  archive("n", spec.n);
  archive("T", spec.T);
  archive("d", spec.d);
  archive("over", spec.over);
  archive("values", spec.values);
  archive("runs", spec.runs);
  archive("steps", spec.steps);
  archive("stepSize", spec.stepSize);
  archive("gradient", spec.gradient);
  archive("seed", spec.seed);
}

template <class Archive>
void describe(Archive& archive, SvmSolution& solution) {
  archive("status", solution.status);
  archive("feasible", solution.feasible);
  archive("W", solution.W);
  archive("norm", solution.norm);
  archive("margin", solution.margin);
  archive("dual", solution.dual);
  archive("equalityDual", solution.equalityDual);
  archive("primalValue", solution.primalValue);
  archive("dualValue", solution.dualValue);
  archive("lowerBound", solution.lowerBound);
  archive("gap", solution.gap);
  archive("smallestConstraint", solution.smallestConstraint);
  archive("equalityResidual", solution.equalityResidual);
  archive("support", solution.support);
  archive("singularValues", solution.singularValues);
  archive("rank", solution.rank);
  archive("certificate", solution.certificate);
  archive("certificateEqualities", solution.certificateEqualities);
  archive("certificateResidual", solution.certificateResidual);
  archive("message", solution.message);
  archive("iterations", solution.iterations);
}

template <class Archive>
void describe(Archive& archive, ScoreViolation& violation) {
  archive("where", violation.where);
  archive("selectedScore", violation.selectedScore);
  archive("supportScore", violation.supportScore);
}

template <class Archive>
void describe(Archive& archive, LocalOptimality& optimality) {
  archive("feasible", optimality.feasible);
  archive("locallyOptimal", optimality.locallyOptimal);
  archive("standing", optimality.standing);
  archive("global", optimality.global);
  archive("uniqueBest", optimality.uniqueBest);
  archive("violations", optimality.violations);
  archive("ties", optimality.ties);
  archive("solution", optimality.solution);
}

template <class Archive>
void describe(Archive& archive, KeptSets& kept) {
  archive("tokens", kept.tokens);
  archive("settled", kept.settled);
  archive("unsettled", kept.unsettled);
  archive("largestMasked", kept.largestMasked);
  archive("threshold", kept.threshold);
  archive("masked", kept.masked);
}

template <class Archive>
void describe(Archive& archive, Decomposition& parts) {
  archive("feasible", parts.feasible);
  archive("message", parts.message);
  archive("kept", parts.kept);
  archive("directional", parts.directional);
  archive("finite", parts.finite);
  archive("finiteResidual", parts.finiteResidual);
  archive("R", parts.R);
  archive("correlationDirectional", parts.correlationDirectional);
  archive("correlationSvmEquivalent", parts.correlationSvmEquivalent);
  archive("correlationOneToken", parts.correlationOneToken);
}

template <class Archive>
void describe(Archive& archive, PathPoint& point) {
  archive("radius", point.radius);
  archive("loss", point.loss);
  archive("W", point.W);
  archive("stationarity", point.stationarity);
  archive("iterations", point.iterations);
  archive("converged", point.converged);
}

template <class Archive>
void describe(Archive& archive, ExperimentSeries& series) {
  archive("name", series.name);
  archive("share", series.share);
  archive("below", series.below);
  archive("mean", series.mean);
  archive("error", series.error);
  archive("median", series.median);
  archive("low", series.low);
  archive("high", series.high);
  archive("count", series.count);
}

template <class Archive>
void describe(Archive& archive, ExperimentPoint& point) {
  archive("series", point.series);
  archive("x", point.x);
  archive("y", point.y);
}

template <class Archive>
void describe(Archive& archive, ExperimentResult& result) {
  archive("xName", result.xName);
  archive("yName", result.yName);
  archive("belowName", result.belowName);
  archive("logY", result.logY);
  archive("x", result.x);
  archive("xLabels", result.xLabels);
  archive("series", result.series);
  archive("scatterName", result.scatterName);
  archive("points", result.points);
  archive("draws", result.draws);
  archive("leftOut", result.leftOut);
  archive("progress", result.progress);
  archive("note", result.note);
}

namespace shell {

template <class Archive>
void describe(Archive& archive, JobRequest& request) {
  archive("kind", request.kind);
  archive("dataset", request.dataset);
  archive("name", request.name);
  archive("options", request.options);
  archive("selection", request.selection);
  archive("norm", request.norm);
  archive("more", request.more);
  archive("limit", request.limit);
  archive("steps", request.steps);
  archive("experiment", request.experiment);
  archive("draws", request.draws);
}

template <class Archive>
void describe(Archive& archive, ExperimentAnswer& answer) {
  archive("result", answer.result);
  archive("draws", answer.draws);
}

template <class Archive>
void describe(Archive& archive, NormSolution& solved) {
  archive("norm", solved.norm);
  archive("solution", solved.solution);
}

template <class Archive>
void describe(Archive& archive, Prediction& prediction) {
  archive("selection", prediction.selection);
  archive("atIteration", prediction.atIteration);
  archive("optimality", prediction.optimality);
  archive("others", prediction.others);
  archive("decomposition", prediction.decomposition);
}

template <class Archive>
void describe(Archive& archive, Basins& basins) {
  archive("selections", basins.selections);
  archive("global", basins.global);
  archive("total", basins.total);
  archive("examined", basins.examined);
  archive("complete", basins.complete);
  archive("end", basins.end);
}

template <class Archive>
void describe(Archive& archive, BasinMap& map) {
  archive("side", map.side);
  archive("cells", map.cells);
  archive("selections", map.selections);
  archive("best", map.best);
}

template <class Archive>
void describe(Archive& archive, PathAnswer& path) {
  archive("points", path.points);
  archive("solutions", path.solutions);
}

template <class Archive>
void describe(Archive& archive, Projection& projection) {
  archive("basis", projection.basis);
  archive("origin", projection.origin);
  archive("explained", projection.explained);
}

template <class Archive>
void describe(Archive& archive, ImportAnswer& answer) {
  archive("dataset", answer.dataset);
  archive("hash", answer.hash);
  archive("hasHead", answer.hasHead);
  archive("fitted", answer.fitted);
  archive("difference", answer.difference);
  archive("projection", answer.projection);
  archive("session", answer.session);
  archive("iteration", answer.iteration);
}

JobRequest importRequest(const std::string& name, const std::string& bytes, const Budget& budget) {
  JobRequest request;
  request.kind = JobKind::Import;
  request.name = name;
  request.dataset = bytes;
  request.options.budget = budget;
  return request;
}

JobRequest predictionRequest(const Trainer& trainer, const Selection& selection, const Norm& named,
                             std::vector<Norm> more) {
  JobRequest request;
  request.kind = JobKind::Prediction;
  request.dataset = datasetBytes(trainer.dataset());
  request.options.queries = trainer.options().queries;
  request.options.loss = trainer.options().loss;
  request.options.budget = trainer.options().budget;
  request.options.W0 = trainer.W();
  request.selection = selection;
  request.norm = named;
  request.more = std::move(more);
  return request;
}

JobRequest basinsRequest(const Dataset& dataset, const TrainerOptions& options) {
  JobRequest request;
  request.kind = JobKind::Basins;
  request.dataset = datasetBytes(dataset);
  request.options = options;
  request.limit = 20000;
  request.steps = 4000;
  return request;
}

JobRequest basinMapRequest(const Dataset& dataset, const TrainerOptions& options) {
  JobRequest request;
  request.kind = JobKind::BasinMap;
  request.dataset = datasetBytes(dataset);
  request.options = options;
  return request;
}

JobRequest pathRequest(const Dataset& dataset, const TrainerOptions& options, const Norm& norm) {
  JobRequest request;
  request.kind = JobKind::Path;
  request.dataset = datasetBytes(dataset);
  request.options.queries = options.queries;
  request.options.loss = options.loss;
  request.options.budget = options.budget;
  request.norm = norm;
  return request;
}

JobRequest experimentRequest(const ExperimentSpec& spec, const std::string& draws) {
  JobRequest request;
  request.kind = JobKind::Experiment;
  request.experiment = spec;
  request.draws = draws;
  return request;
}

std::string toText(const JobRequest& request) { return archived(request); }
std::string toText(const Prediction& prediction) { return archived(prediction); }
std::string toText(const Basins& basins) { return archived(basins); }
std::string toText(const PathAnswer& path) { return archived(path); }
std::string toText(const ExperimentAnswer& answer) { return archived(answer); }
std::string toText(const BasinMap& map) { return archived(map); }

std::string toText(const ImportAnswer& answer) { return archived(answer); }
Result<ImportAnswer> importFrom(const std::string& text) { return unarchived<ImportAnswer>(text); }

Result<JobRequest> requestFrom(const std::string& text) { return unarchived<JobRequest>(text); }
Result<Prediction> predictionFrom(const std::string& text) { return unarchived<Prediction>(text); }
Result<Basins> basinsFrom(const std::string& text) { return unarchived<Basins>(text); }
Result<PathAnswer> pathFrom(const std::string& text) { return unarchived<PathAnswer>(text); }
Result<BasinMap> basinMapFrom(const std::string& text) { return unarchived<BasinMap>(text); }
Result<ExperimentAnswer> experimentFrom(const std::string& text) {
  return unarchived<ExperimentAnswer>(text);
}

}  // namespace shell
}  // namespace attention_svm
