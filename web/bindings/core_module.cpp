// SPDX-License-Identifier: MIT
// The core for JavaScript. This layer is thin: flat numbers in and out, errors as text; web/src/module.js
// gives it the shape of web/attention-svm.d.ts and checks the arguments.
#include <memory>

#include "attention_svm/training_note.h"
#include "attention_svm/verdict.h"
#include "long_work.h"

namespace attention_svm::web {

namespace {

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

val verdictObject(const Verdict& v) {
  val result = val::object();
  result.set("sentence", v.sentence);
  result.set("selected", list(v.selected));
  result.set("saturated", v.saturated);
  result.set("unsaturated", v.unsaturated);
  result.set("feasible", v.feasible);
  result.set("locallyOptimal", v.locallyOptimal);
  result.set("global", v.global);
  result.set("norm", std::string(infoOf(v.norm).id));
  result.set("angleDegrees", v.angleDegrees ? val(*v.angleDegrees) : val::null());
  result.set("text", toText(v));
  return result;
}

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
  /// What the page says of the run: the SVMs of the selected tokens are solved for it.
  val verdictNow() const {
    const Dataset& dataset = trainer_.dataset();
    const QueryMode mode = trainer_.options().queries;
    if (std::string excess = svmExcess(dataset, mode, trainer_.options().budget); !excess.empty())
      return web::failure(excess);
    if (!std::holds_alternative<LinearHead>(dataset.head))
      return verdictObject(verdict(trainer_, decompose(trainer_)));
    const Selection selected = trainer_.selected();
    const Result<LocalOptimality> judged = localOptimality(dataset, selected, mode);
    if (!judged) return web::failure(judged.error());
    const Norm norm = predictedNorm(trainer_.options());
    if (norm == Norm::frobenius())
      return verdictObject(verdict(trainer_, judged.value(), judged.value().solution));
    const SvmSolution named = solveSvm(svmProblem(dataset, selected, mode).value(), norm);
    return verdictObject(verdict(trainer_, judged.value(), named));
  }
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
  DatasetHandle(Dataset dataset, const Budget& budget)
      : dataset_(std::make_shared<const Dataset>(std::move(dataset))), budget_(budget) {}
  int n() const { return static_cast<int>(dataset_->n()); }
  int d() const { return static_cast<int>(dataset_->d()); }
  std::string name() const { return dataset_->name; }
  val lengths() const {
    val result = val::array();
    for (const Matrix& X : dataset_->X) result.call<void>("push", static_cast<double>(X.rows()));
    return result;
  }
  std::string json() const { return toJson(*dataset_); }
  double leftOut() const { return dataset_->words ? static_cast<double>(dataset_->words->leftOut) : 0.0; }
  std::string note() const { return dataset_->words ? embeddingNote(*dataset_->words) : std::string(); }
  val priorityGraph() const {
    if (!dataset_->words) return failure("priorityGraph: expected a dataset of words");
    val result = val::array();
    for (const PriorityGraph& graph : priorityGraphs(*dataset_->words)) {
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
    const Result<std::vector<Vector>> gamma = scores(*dataset_);
    if (!gamma) return failure(gamma.error());
    val result = val::array();
    for (const Vector& g : gamma.value()) result.call<void>("push", list(g));
    return result;
  }
  val optimal(val options) const {
    const Result<OptimalTokens> best = optimalTokens(*dataset_, modeOf(options));
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
    const Result<LocalOptimality> judged = localOptimality(*dataset_, selectionOf(tokens), modeOf(options));
    if (!judged) return failure(judged.error());
    if (!judged.value().solution.trusted()) return failure(toText(judged.value()));
    return val(judged.value().locallyOptimal);
  }
  val path(val options) const {
    const Result<std::vector<PathPoint>> points =
        regularizationPath(*dataset_, normOf(options), numbersOf(options["radii"]));
    if (!points) return failure(points.error());
    val result = val::array();
    for (const PathPoint& point : points.value()) result.call<void>("push", pathPoint(point));
    return result;
  }
  /// How the selection stands, and conditions (a), (b), (c) for training from W0 (given, or drawn from the
  /// seed).
  val conditions(val tokens, val options) const {
    const QueryMode mode = modeOf(options);
    if (std::string excess = svmExcess(*dataset_, mode, budget_); !excess.empty()) return failure(excess);
    Selection selection = selectionOf(tokens);
    const Result<LocalOptimality> judged = localOptimality(*dataset_, selection, mode);
    if (!judged) return failure(judged.error());
    TrainerOptions start;
    start.budget = budget_;
    start.queries = mode;
    start.loss = choice<Loss>(options, "loss");
    start.seed = static_cast<std::uint64_t>(options["seed"].as<double>());
    start.W0 = matrixOf(options["W0"], dataset_->d());
    const Result<Trainer> trainer = Trainer::create(dataset_, start);
    if (!trainer) return failure(trainer.error());
    const Result<GlobalConditions> global =
        globalConditions(*dataset_, trainer.value().W(), start.loss, mode,
                         judged.value().global ? &judged.value().solution : nullptr);
    if (!global) return failure(global.error());
    val result = val::object();
    const LocalOptimality& local = judged.value();
    result.set("feasible", local.feasible);
    result.set("locallyOptimal", local.locallyOptimal);
    result.set("undecidedByTie", local.undecidedByTie());
    result.set("global", local.global);
    result.set("uniqueBest", local.uniqueBest);
    result.set("solution", solutionObject(local.solution));
    const GlobalConditions& g = global.value();
    result.set("equalScores", g.equalScores);
    result.set("scoreSpread", g.scoreSpread);
    result.set("gradientPointsToOptimal", g.gradientPointsToOptimal);
    result.set("smallestStepMargin", g.smallestStepMargin);
    result.set("overparameterized", g.overparameterized);
    result.set("requiredDimension", static_cast<double>(g.requiredDimension));
    result.set("nothingToCompare", g.nothingToCompare);
    result.set("text", toText(local) + "\n" + toText(g));
    return result;
  }
  val search(val options) const;
  val pathOf(val options) const;
  /// The trainer, or an object with the error.
  val makeTrainer(val options) const {
    TrainerOptions t;
    t.budget = budget_;
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
    t.W0 = matrixOf(options["W0"], dataset_->d());
    t.K0 = matrixOf(options["K0"], dataset_->d());
    t.Q0 = matrixOf(options["Q0"], dataset_->d());
    Result<Trainer> trainer = Trainer::create(dataset_, t);
    if (!trainer) return failure(trainer.error());
    return val(std::make_shared<TrainerHandle>(std::move(trainer).value()));
  }

 private:
  Result<SvmProblem> problemOf(const val& options, QueryMode mode) const {
    if (std::string excess = svmExcess(*dataset_, mode, budget_); !excess.empty())
      return Error{std::move(excess)};
    if (!options["kept"].isUndefined()) {
      KeptTokens kept;
      const int count = options["kept"]["length"].as<int>();
      for (int r = 0; r < count; ++r) kept.push_back(selectionOf(options["kept"][r]));
      return generalizedSvmProblem(*dataset_, kept, mode);
    }
    if (!options["tokens"].isUndefined()) return svmProblem(*dataset_, selectionOf(options["tokens"]), mode);
    if (dataset_->words) return graphSvmProblem(*dataset_);
    const Result<OptimalTokens> best = optimalTokens(*dataset_, mode);
    if (!best) return Error{best.error() + "; give tokens"};
    return svmProblem(*dataset_, best.value().tokens, mode);
  }

  std::shared_ptr<const Dataset> dataset_;
  Budget budget_;
};

Budget budgetOf(double limit) { return {limit > 0 ? limit : Budget{}.numbers}; }

val datasetFrom(Result<Dataset> dataset, const Budget& budget) {
  if (!dataset) return failure(dataset.error());
  return val(std::make_shared<DatasetHandle>(std::move(dataset).value(), budget));
}

/// limit: numbers at once (budget.h); 0 for the usual.
val parse(const std::string& json, double limit) {
  const Budget budget = budgetOf(limit);
  return datasetFrom(parseDataset(json, budget), budget);
}

val makeRandom(val spec) {
  RandomDatasetSpec s;
  s.n = spec["n"].as<int>();
  s.T = spec["T"].as<int>();
  s.d = spec["d"].as<int>();
  s.seed = static_cast<std::uint64_t>(spec["seed"].as<double>());
  s.head = choice<HeadKind>(spec, "head");
  s.lambda = spec["lambda"].as<double>();
  s.selfAttention = spec["selfAttention"].as<bool>();
  const Budget budget = budgetOf(spec["limit"].as<double>());
  return datasetFrom(randomDataset(s, budget), budget);
}

val DatasetHandle::search(val options) const {
  const QueryMode mode = modeOf(options);
  if (std::string excess = svmExcess(*dataset_, mode, budget_); !excess.empty()) return failure(excess);
  Result<LocallyOptimalSearch> search = LocallyOptimalSearch::create(*dataset_, mode);
  if (!search) return failure(search.error());
  return val(std::make_shared<SearchHandle>(std::move(search).value(), options["limit"].as<double>()));
}

val DatasetHandle::pathOf(val options) const {
  PathOptions settings;
  settings.loss = choice<Loss>(options, "loss");
  settings.queries = modeOf(options);
  if (std::string excess = svmExcess(*dataset_, settings.queries, budget_); !excess.empty())
    return failure(excess);
  Result<RegularizationPath> path = RegularizationPath::create(*dataset_, normOf(options), settings);
  if (!path) return failure(path.error());
  return val(std::make_shared<PathHandle>(std::move(path).value()));
}

val makeText(const std::string& text, val spec) {
  TextOptions o;
  o.unit = choice<TextUnit>(spec, "unit");
  o.context = spec["context"].as<int>();
  o.embeddings = choice<EmbeddingKind>(spec, "embeddings");
  o.d = spec["d"].as<int>();
  o.seed = static_cast<std::uint64_t>(spec["seed"].as<double>());
  const Budget budget = budgetOf(spec["limit"].as<double>());
  return datasetFrom(textDataset(text, o, budget), budget);
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
      .function("conditions", &DatasetHandle::conditions)
      .function("search", &DatasetHandle::search)
      .function("pathOf", &DatasetHandle::pathOf)
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
      .function("verdict", &TrainerHandle::verdictNow)
      .function("decompose", &TrainerHandle::decomposed);
}

}  // namespace attention_svm::web
