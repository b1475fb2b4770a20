// SPDX-License-Identifier: MIT
// The core for JavaScript. This layer is thin: flat numbers in and out, errors as text; web/src/module.js
// gives it the shape of web/attention-svm.d.ts and checks the arguments.
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <memory>

#include "attention_svm/kept_tokens.h"
#include "attention_svm/local_optimality.h"
#include "attention_svm/names.h"
#include "attention_svm/regularization_path.h"
#include "attention_svm/training_note.h"

namespace attention_svm::web {

using emscripten::val;

namespace {

/// Copied out of the module's memory, which may move when it grows.
val floats(const double* data, Index count) {
  return val::global("Float64Array")
      .new_(val(emscripten::typed_memory_view(static_cast<std::size_t>(count), data)));
}
val floats(const Matrix& A) { return floats(A.data(), A.size()); }
val floats(const Vector& v) { return floats(v.data(), v.size()); }

val list(const Vector& v) {
  val result = val::array();
  for (const double x : v) result.call<void>("push", x);
  return result;
}

val list(const Selection& tokens) {
  val result = val::array();
  for (const Index t : tokens) result.call<void>("push", static_cast<double>(t));
  return result;
}

val lists(const KeptTokens& all) {
  val result = val::array();
  for (const auto& tokens : all) result.call<void>("push", list(tokens));
  return result;
}

val failure(const std::string& message) {
  val result = val::object();
  result.set("error", message);
  return result;
}

std::vector<double> numbersOf(const val& array) {
  return emscripten::convertJSArrayToNumberVector<double>(array);
}

Selection selectionOf(const val& array) {
  Selection tokens;
  for (const double x : numbersOf(array)) tokens.push_back(static_cast<Index>(x));
  return tokens;
}

std::optional<Matrix> matrixOf(const val& array, Index rows) {
  if (array.isUndefined() || array.isNull()) return std::nullopt;
  const std::vector<double> values = numbersOf(array);
  const Index count = static_cast<Index>(values.size());
  // A length that does not fit the rows becomes one row, which Trainer::create refuses with its shape.
  const Index r = rows > 0 && count > 0 && count % rows == 0 ? rows : 1;
  Matrix A(r, count / r);
  std::copy(values.begin(), values.end(), A.data());
  return A;
}

QueryMode modeOf(const val& options) {
  return {options["everyToken"].as<bool>(), options["causal"].as<bool>()};
}

/// Names arrive checked: module.js has the lists of names below.
Norm normOf(const val& options) {
  return normNamed(options["norm"].as<std::string>(), options["p"].as<double>()).value();
}

val solutionObject(const SvmSolution& s) {
  val result = val::object();
  result.set("status", std::string(nameOf(s.status).id));
  result.set("feasible", s.feasible);
  result.set("W", floats(s.W));
  result.set("norm", s.norm);
  result.set("dual", floats(s.dual));
  result.set("gap", s.gap);
  result.set("margin", s.margin);
  result.set("smallestConstraint", s.smallestConstraint);
  val support = val::array();
  for (const TokenConstraint& name : s.support) {
    val entry = val::object();
    entry.set("sequence", static_cast<double>(name.sequence));
    entry.set("query", static_cast<double>(name.query));
    entry.set("token", static_cast<double>(name.token));
    support.call<void>("push", entry);
  }
  result.set("support", support);
  result.set("singularValues", list(s.singularValues));
  result.set("rank", static_cast<double>(s.rank));
  result.set("iterations", s.iterations);
  result.set("text", toText(s));
  if (s.status == SvmStatus::Infeasible) {
    result.set("certificate", floats(s.certificate));
    result.set("certificateResidual", s.certificateResidual);
  } else if (s.message.empty()) {
    result.set("lowerBound", s.lowerBound);
  }
  return result;
}

val orNull(const std::optional<long>& iteration) {
  return iteration ? val(static_cast<double>(*iteration)) : val::null();
}

template <class Enum>
Enum choice(const val& options, const char* name) {
  return valueNamed<Enum>(options[name].as<std::string>()).value();
}

/// What each choice may be: "logistic, exponential, linear".
val names() {
  val result = val::object();
  result.set("parameterization", idsOf<Parameterization>());
  result.set("optimizer", idsOf<Optimizer>());
  result.set("loss", idsOf<Loss>());
  result.set("gradient", idsOf<GradientMode>());
  result.set("head", idsOf<HeadKind>());
  result.set("unit", idsOf<TextUnit>());
  result.set("embeddings", idsOf<EmbeddingKind>());
  result.set("norm", normNames([](const NormInfo& info) { return !info.takesP; }));
  result.set("ball", normNames([](const NormInfo& info) { return info.ball; }));
  return result;
}

}  // namespace

class TrainerHandle {
 public:
  explicit TrainerHandle(Trainer trainer) : trainer_(std::move(trainer)) {}
  void step(int count) { trainer_.step(count); }
  double iteration() const { return static_cast<double>(trainer_.iteration()); }
  double loss() const { return trainer_.loss(); }
  double gradientNorm() const { return trainer_.gradientNorm(); }
  double logGradientNorm() const { return trainer_.logGradientNorm(); }
  bool stalled() const { return trainer_.stalled(); }
  std::string failure() const { return trainer_.failure(); }
  std::string note() const { return trainingNote(trainer_); }
  val roundingSince() const { return orNull(trainer_.roundingSince()); }
  val ridgeSince() const { return orNull(trainer_.ridgeSince()); }
  double unsaturated() const { return trainer_.unsaturated(); }
  val W() const { return floats(trainer_.W()); }
  val K() const { return floats(trainer_.K()); }
  val Q() const { return floats(trainer_.Q()); }
  val attention() const {
    val result = val::array();
    for (std::size_t r = 0; r < trainer_.model().rows().size(); ++r)
      result.call<void>("push", list(trainer_.model().probabilities(static_cast<Index>(r))));
    return result;
  }
  val selected() const { return list(trainer_.selected()); }
  val kept(double threshold) const { return lists(keptTokens(trainer_.model(), threshold).tokens); }
  val decomposed(double threshold) const {
    const Decomposition parts = decompose(trainer_, threshold);
    val result = val::object();
    result.set("feasible", parts.feasible);
    result.set("settled", parts.kept.settled);
    result.set("message", parts.message);
    result.set("kept", lists(parts.kept.tokens));
    result.set("directional", floats(parts.directional.W));
    result.set("finite", floats(parts.finite));
    if (parts.cyclic.size() > 0) result.set("cyclic", floats(parts.cyclic));
    result.set("finiteResidual", parts.finiteResidual);
    result.set("R", parts.R);
    val correlations = val::object();
    correlations.set("directional", parts.correlationDirectional);
    correlations.set("svmEquivalent", parts.correlationSvmEquivalent);
    correlations.set("oneToken", parts.correlationOneToken ? val(*parts.correlationOneToken) : val::null());
    result.set("correlation", correlations);
    result.set("text", toText(parts));
    return result;
  }

 private:
  Trainer trainer_;
};

class DatasetHandle {
 public:
  explicit DatasetHandle(Dataset dataset) : dataset_(std::move(dataset)) {}
  int n() const { return static_cast<int>(dataset_.n()); }
  int d() const { return static_cast<int>(dataset_.d()); }
  std::string name() const { return dataset_.name; }
  val lengths() const {
    val result = val::array();
    for (const Matrix& X : dataset_.X) result.call<void>("push", static_cast<double>(X.rows()));
    return result;
  }
  std::string json() const { return toJson(dataset_); }
  double leftOut() const { return dataset_.words ? static_cast<double>(dataset_.words->leftOut) : 0.0; }
  std::string note() const { return dataset_.words ? embeddingNote(*dataset_.words) : std::string(); }
  val priorityGraph() const {
    if (!dataset_.words) return failure("priorityGraph: expected a dataset of words");
    val result = val::array();
    for (const PriorityGraph& graph : priorityGraphs(*dataset_.words)) {
      val edges = val::array();
      for (const auto& [from, to] : graph.edges) edges.call<void>("push", list(Selection{from, to}));
      val entry = val::object();
      entry.set("last", static_cast<double>(graph.last));
      entry.set("edges", edges);
      entry.set("components", lists(graph.components));
      result.call<void>("push", entry);
    }
    return result;
  }
  val scoreLists() const {
    const Result<std::vector<Vector>> gamma = scores(dataset_);
    if (!gamma) return failure(gamma.error());
    val result = val::array();
    for (const Vector& g : gamma.value()) result.call<void>("push", list(g));
    return result;
  }
  val optimal(val options) const {
    const Result<OptimalTokens> best = optimalTokens(dataset_, modeOf(options));
    return best ? list(best.value().tokens) : failure(best.error());
  }
  /// options: norm, p, tolerance, everyToken, causal, and tokens (flat) or kept (lists) or neither: the
  /// optimal tokens, or for words the Graph-SVM.
  val solve(val options) const {
    const QueryMode mode = modeOf(options);
    const Result<SvmProblem> problem = problemOf(options, mode);
    if (!problem) return failure(problem.error());
    SvmOptions settings;
    if (!options["tolerance"].isUndefined()) settings.tolerance = options["tolerance"].as<double>();
    const Norm norm = normOf(options);
    if (const std::string why = normProblem(norm); !why.empty()) return failure("norm." + why);
    const SvmSolution solution = solveSvm(problem.value(), norm, settings);
    if (!solution.message.empty()) return failure(solution.message);
    return solutionObject(solution);
  }
  val locallyOptimal(val tokens, val options) const {
    const Result<LocalOptimality> judged = localOptimality(dataset_, selectionOf(tokens), modeOf(options));
    if (!judged) return failure(judged.error());
    if (!judged.value().solution.trusted()) return failure(toText(judged.value()));
    return val(judged.value().locallyOptimal);
  }
  val path(val options) const {
    const Result<std::vector<PathPoint>> points =
        regularizationPath(dataset_, normOf(options), numbersOf(options["radii"]));
    if (!points) return failure(points.error());
    val result = val::array();
    for (const PathPoint& point : points.value()) {
      val entry = val::object();
      entry.set("radius", point.radius);
      entry.set("loss", point.loss);
      entry.set("W", floats(point.W));
      entry.set("stationarity", point.stationarity);
      entry.set("converged", point.converged);
      if (point.gap) entry.set("gap", *point.gap);
      result.call<void>("push", entry);
    }
    return result;
  }
  /// The trainer, or an object with the error.
  val makeTrainer(val options) const {
    TrainerOptions t;
    t.parameterization = choice<Parameterization>(options, "parameterization");
    t.rank = options["rank"].as<int>();
    t.optimizer = choice<Optimizer>(options, "optimizer");
    t.p = options["p"].as<double>();
    if (!options["growth"].isUndefined()) t.growth = options["growth"].as<double>();
    t.ridge = options["ridge"].as<bool>();
    t.stepSize = options["stepSize"].as<double>();
    t.loss = choice<Loss>(options, "loss");
    t.gradient = choice<GradientMode>(options, "gradient");
    t.queries = modeOf(options);
    t.seed = static_cast<std::uint64_t>(options["seed"].as<double>());
    t.W0 = matrixOf(options["W0"], dataset_.d());
    t.K0 = matrixOf(options["K0"], dataset_.d());
    t.Q0 = matrixOf(options["Q0"], dataset_.d());
    Result<Trainer> trainer = Trainer::create(dataset_, t);
    if (!trainer) return failure(trainer.error());
    return val(std::make_shared<TrainerHandle>(std::move(trainer).value()));
  }

 private:
  Result<SvmProblem> problemOf(const val& options, QueryMode mode) const {
    if (!options["kept"].isUndefined()) {
      KeptTokens kept;
      const int count = options["kept"]["length"].as<int>();
      for (int r = 0; r < count; ++r) kept.push_back(selectionOf(options["kept"][r]));
      return generalizedSvmProblem(dataset_, kept, mode);
    }
    if (!options["tokens"].isUndefined()) return svmProblem(dataset_, selectionOf(options["tokens"]), mode);
    if (dataset_.words) return graphSvmProblem(dataset_);
    const Result<OptimalTokens> best = optimalTokens(dataset_, mode);
    if (!best) return Error{best.error() + "; give tokens"};
    return svmProblem(dataset_, best.value().tokens, mode);
  }

  Dataset dataset_;
};

val datasetFrom(Result<Dataset> dataset) {
  if (!dataset) return failure(dataset.error());
  return val(std::make_shared<DatasetHandle>(std::move(dataset).value()));
}

val parse(const std::string& json) { return datasetFrom(parseDataset(json)); }

val makeRandom(val spec) {
  RandomDatasetSpec s;
  s.n = spec["n"].as<int>();
  s.T = spec["T"].as<int>();
  s.d = spec["d"].as<int>();
  s.seed = static_cast<std::uint64_t>(spec["seed"].as<double>());
  s.head = choice<HeadKind>(spec, "head");
  s.lambda = spec["lambda"].as<double>();
  s.selfAttention = spec["selfAttention"].as<bool>();
  return datasetFrom(randomDataset(s));
}

val makeText(const std::string& text, val spec) {
  TextOptions o;
  o.unit = choice<TextUnit>(spec, "unit");
  o.context = spec["context"].as<int>();
  o.embeddings = choice<EmbeddingKind>(spec, "embeddings");
  o.d = spec["d"].as<int>();
  o.seed = static_cast<std::uint64_t>(spec["seed"].as<double>());
  return datasetFrom(textDataset(text, o));
}

EMSCRIPTEN_BINDINGS(attention_svm_core) {
  emscripten::function("names", &names);
  emscripten::function("parseDataset", &parse);
  emscripten::function("randomDataset", &makeRandom);
  emscripten::function("textDataset", &makeText);
  emscripten::class_<DatasetHandle>("Dataset")
      .smart_ptr<std::shared_ptr<DatasetHandle>>("DatasetPointer")
      .function("n", &DatasetHandle::n)
      .function("d", &DatasetHandle::d)
      .function("name", &DatasetHandle::name)
      .function("lengths", &DatasetHandle::lengths)
      .function("json", &DatasetHandle::json)
      .function("leftOut", &DatasetHandle::leftOut)
      .function("note", &DatasetHandle::note)
      .function("priorityGraph", &DatasetHandle::priorityGraph)
      .function("scores", &DatasetHandle::scoreLists)
      .function("optimalTokens", &DatasetHandle::optimal)
      .function("solve", &DatasetHandle::solve)
      .function("isLocallyOptimal", &DatasetHandle::locallyOptimal)
      .function("path", &DatasetHandle::path)
      .function("trainer", &DatasetHandle::makeTrainer);
  emscripten::class_<TrainerHandle>("Trainer")
      .smart_ptr<std::shared_ptr<TrainerHandle>>("TrainerPointer")
      .function("step", &TrainerHandle::step)
      .function("iteration", &TrainerHandle::iteration)
      .function("loss", &TrainerHandle::loss)
      .function("gradientNorm", &TrainerHandle::gradientNorm)
      .function("logGradientNorm", &TrainerHandle::logGradientNorm)
      .function("stalled", &TrainerHandle::stalled)
      .function("failure", &TrainerHandle::failure)
      .function("note", &TrainerHandle::note)
      .function("roundingSince", &TrainerHandle::roundingSince)
      .function("ridgeSince", &TrainerHandle::ridgeSince)
      .function("unsaturated", &TrainerHandle::unsaturated)
      .function("W", &TrainerHandle::W)
      .function("K", &TrainerHandle::K)
      .function("Q", &TrainerHandle::Q)
      .function("attention", &TrainerHandle::attention)
      .function("selected", &TrainerHandle::selected)
      .function("kept", &TrainerHandle::kept)
      .function("decompose", &TrainerHandle::decomposed);
}

}  // namespace attention_svm::web
