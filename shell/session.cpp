// SPDX-License-Identifier: MIT
#include "session.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "attention_svm/names.h"
#include "settings/address.h"

namespace attention_svm::shell {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr Index kLargestSampledSvd = 32;   // beyond, an SVD at every sample would cost a frame
constexpr double kMostTraceNumbers = 8e6;  // doubles kept in all W of a trace, and as many in its paths
constexpr std::size_t kRememberedSelections = 16;
constexpr std::size_t kMostCurves = 40;  // one for each sequence of words

bool nonlinear(const Run& run) { return !std::holds_alternative<LinearHead>(run.trainer.dataset().head); }

double off(const Matrix& W, const SvmSolution& solution) {
  return solution.feasible && solution.trusted() ? oneMinusCorrelation(W, solution.W) : kNone;
}

/// Distances of a sample to the solutions of the present prediction.
void compare(TraceSample& sample, const Run& run) {
  const Prediction& prediction = run.prediction;
  sample.off.clear();
  sample.offDirectional = sample.offEquivalent = sample.offOneToken = sample.offCyclic = kNone;
  if (sample.W.size() == 0 || !prediction.ready()) return;
  if (const auto& parts = prediction.decomposition) {
    sample.offDirectional = off(sample.W, parts->directional);
    sample.offEquivalent = oneMinusCorrelation(sample.W, parts->finite + parts->R * parts->directional.W);
    sample.offOneToken = off(sample.W, prediction.optimality.solution);
    if (run.cyclic && run.cyclic->dimension() > 0)
      sample.offCyclic = (run.cyclic->project(sample.W) - parts->finite).norm();
    return;
  }
  for (const Prediction::Solved& solved : prediction.solutions())
    sample.off.push_back(infoOf(solved.norm).unique ? off(sample.W, *solved.solution) : kNone);
}

void compareAll(Run& run) {
  for (TraceSample& sample : run.trace.samples) compare(sample, run);
  for (TraceSample& sample : run.trace.later) compare(sample, run);
}

void recordSample(Run& run, const Projection& projection) {
  const Trainer& trainer = run.trainer;
  TraceSample sample;
  sample.iteration = static_cast<double>(trainer.iteration());
  sample.loss = trainer.loss();
  sample.norm = trainer.W().norm();
  sample.logGradientNorm = trainer.logGradientNorm();
  sample.unsaturated = trainer.unsaturated();
  const double numbers =
      static_cast<double>(trainer.W().size()) * static_cast<double>(run.trace.samples.size());
  if (numbers < kMostTraceNumbers) sample.W = trainer.W();
  if (trainer.W().rows() <= kLargestSampledSvd) {
    const Vector sigma = singularValues(trainer.W());
    sample.singularValues.assign(sigma.begin(), sigma.end());
  }
  const double places = 2.0 * static_cast<double>(trainer.model().rows().size());
  if (places * static_cast<double>(run.trace.samples.size()) < kMostTraceNumbers) {
    const Matrix Wz = trainer.model().queries() * (trainer.W().transpose() * projection.basis);
    sample.path.assign(Wz.data(), Wz.data() + Wz.size());
  }
  if (run.cyclic)
    for (std::size_t r = 0; r < trainer.model().rows().size() && r < kMostCurves; ++r)
      sample.next.push_back(trainer.model().prediction(static_cast<Index>(r)));
  compare(sample, run);
  run.trace.samples.push_back(std::move(sample));
}

void updateVerdict(Run& run) {
  if (!run.trainer.failure().empty()) {
    run.verdict = verdict(run.trainer, run.prediction.optimality, run.prediction.optimality.solution);
  } else if (!run.prediction.ready()) {
    run.verdict = Verdict{};
    run.verdict.selected = run.trainer.selected();
    run.verdict.sharedLeads = sharedLeads(run.trainer);
    run.verdict.unsaturated = run.trainer.unsaturated();
    run.verdict.sentence = run.prediction.solving
                               ? "The SVM of the tokens selected now is being solved meanwhile."
                               : run.prediction.tooLarge;
  } else if (run.prediction.decomposition) {
    run.verdict = verdict(run.trainer, *run.prediction.decomposition);
  } else if (const SvmSolution* named = run.prediction.in(predictedNorm(run.trainer.options()).kind)) {
    run.verdict = verdict(run.trainer, run.prediction.optimality, *named);
  } else {
    run.verdict = verdict(run.trainer, run.prediction.optimality, run.prediction.optimality.solution,
                          Norm::frobenius());
    run.verdict.sentence +=
        std::string(" (The ") + infoOf(predictedNorm(run.trainer.options())).name +
        "-norm SVM is too large to solve while the page runs; this is the Frobenius one.)";
  }
  // A change is news for as long again as it took to come
  const double iteration = static_cast<double>(run.trainer.iteration());
  if (run.leadChange && iteration <= 2 * run.leadChange->iteration)
    run.verdict.sentence += " " + toText(*run.leadChange, run.verdict.everyToken);
}

std::string runLabel(const TrainerOptions& options, const std::string& difference) {
  if (difference.empty()) return options.parameterization == Parameterization::KQ ? "K, Q" : "W";
  // The first field names the run; what follows only clears what does not fit it.
  const std::string first = difference.substr(0, difference.find(','));
  if (first == "param=KQ") return "K, Q";
  if (first == "param=W") return "W";
  if (first == "grad=plain") return "plain gradient";
  if (first == "grad=log-domain") return "log domain";
  if (first == "ridge=0") return "without the ridge";
  if (first == "opt=normalized-gd-growing") return "growing steps";
  const std::size_t equals = first.find('=');
  const std::string key = first.substr(0, equals);
  const std::string value = equals == std::string::npos ? "" : first.substr(equals + 1);
  if (key == "trainseed") return "start " + value;
  if (key == "opt") return nameOf(options.optimizer).label;
  if (key == "loss") return value;
  return value.empty() ? first : key + " = " + value;
}

}  // namespace

Vector arrowOf(const Session& session, const Matrix& W, std::size_t row) {
  const Vector z = session.runs.front().trainer.model().queries().row(static_cast<Index>(row)).transpose();
  const Vector u = W * z;
  return session.projection.basis.transpose() * u;
}

Result<std::vector<Run>> makeRuns(const Settings& settings, const std::shared_ptr<const Dataset>& shared,
                                  const Projection& projection) {
  const Dataset& dataset = *shared;
  std::vector<Run> runs;
  double numbers = 0;  // of all runs
  std::vector<std::string> differences{""};
  for (const std::string& difference : settings.compare) differences.push_back(difference);
  const auto cyclic = dataset.words ? std::make_shared<const CyclicSubspace>(*dataset.words) : nullptr;
  for (const std::string& difference : differences) {
    Settings changed = settings;
    std::string fields = difference;
    std::replace(fields.begin(), fields.end(), ',', '&');
    applyFields(changed, splitFields(fields));
    if (changed.training.optimizer == Optimizer::Mirror ||
        changed.training.optimizer == Optimizer::NormalizedMirror)
      changed.training.parameterization = Parameterization::W;
    const Index d = dataset.d();
    const auto fits = [d](const std::optional<Matrix>& A) {
      return !A || (A->rows() == d && A->cols() == d);
    };
    TrainerOptions& options = changed.training;
    if (dataset.words) options.queries = {};  // their last word asks
    if (options.parameterization == Parameterization::KQ || !fits(options.W0)) options.W0.reset();
    if (options.parameterization == Parameterization::W || !fits(options.K0) || !fits(options.Q0)) {
      options.K0.reset();
      options.Q0.reset();
    }
    numbers += trainingNumbers(dataset, options);
    if (std::string excess = excessNumbers("what trains", numbers, options.budget);
        !excess.empty() && !runs.empty())
      return Error{excess + ", or compare fewer runs"};
    Result<Trainer> trainer = Trainer::create(shared, options);
    if (!trainer) return Error{trainer.error()};
    Run run{runLabel(options, difference),
            static_cast<int>(runs.size()),
            std::move(trainer).value(),
            {},
            {},
            {},
            {},
            {},
            {},
            {},
            false,
            cyclic};
    recordSample(run, projection);
    judge(run);
    runs.push_back(std::move(run));
  }
  return runs;
}

namespace {

/// A few moments of the run, ever further apart.
void keepMoment(Run& run) {
  constexpr std::size_t kMost = 16;
  constexpr Index kLargest = 20000;  // numbers of a trainer's data
  const long now = run.trainer.iteration();
  const Index numbers =
      run.trainer.dataset().n() * run.trainer.dataset().length(0) * run.trainer.dataset().d();
  const long spacing = run.kept.size() < 2 ? 64 : run.kept[1]->iteration() - run.kept[0]->iteration();
  if (numbers > kLargest || now < (run.kept.empty() ? 0 : run.kept.back()->iteration() + spacing)) return;
  run.kept.push_back(std::make_shared<const Trainer>(run.trainer));
  if (run.kept.size() <= kMost) return;
  for (std::size_t k = 1; 2 * k < run.kept.size(); ++k) run.kept[k] = run.kept[2 * k];
  run.kept.resize((run.kept.size() + 1) / 2);
}

/// What was recorded of the iteration that the run has reached, or a sample where one is due.
void recordStep(Run& run, const Projection& projection) {
  Trace& trace = run.trace;
  const auto iteration = static_cast<double>(run.trainer.iteration());
  if (!trace.later.empty()) {
    if (trace.later.front().iteration > iteration) return;
    trace.samples.push_back(std::move(trace.later.front()));
    trace.later.erase(trace.later.begin());
  } else if (iteration >= trace.nextIteration) {
    recordSample(run, projection);
    trace.nextIteration = iteration < 150 ? iteration + 1 : iteration * 1.015;
  }
}

void forgetPassing(Trace& trace) {
  if (trace.passing) trace.samples.pop_back();
  trace.passing = false;
}

}  // namespace

void train(Run& run, int steps, const Projection& projection) {
  if (steps > 0) forgetPassing(run.trace);
  for (int k = 0; k < steps; ++k) {
    keepMoment(run);
    run.trainer.step();
    recordStep(run, projection);
  }
}

void seek(Run& run, long iteration, const Projection& projection) {
  Trace& trace = run.trace;
  iteration = std::max(iteration, 0L);
  forgetPassing(trace);
  if (iteration < run.trainer.iteration()) {
    // The end stays part of what is recorded.
    if (trace.later.empty() && trace.samples.back().iteration < static_cast<double>(run.trainer.iteration()))
      recordSample(run, projection);
    const auto after =
        std::find_if(trace.samples.begin() + 1, trace.samples.end(),
                     [=](const TraceSample& s) { return s.iteration > static_cast<double>(iteration); });
    trace.later.insert(trace.later.begin(), std::make_move_iterator(after),
                       std::make_move_iterator(trace.samples.end()));
    trace.samples.erase(after, trace.samples.end());
    const Trainer* nearest = nullptr;
    for (const auto& moment : run.kept)
      if (moment->iteration() <= iteration) nearest = moment.get();
    run.trainer = nearest != nullptr ? Trainer(*nearest)
                                     : Trainer::create(run.trainer.dataset(), run.trainer.options()).value();
    if (run.leadChange && run.leadChange->iteration > static_cast<double>(iteration)) run.leadChange.reset();
    const auto recorded = static_cast<long>(trace.samples.back().iteration);
    run.trainer.step(static_cast<int>(std::max(recorded - run.trainer.iteration(), 0L)));
  }
  train(run, static_cast<int>(iteration - run.trainer.iteration()), projection);
  if (trace.samples.back().iteration < static_cast<double>(run.trainer.iteration())) {
    recordSample(run, projection);
    trace.passing = true;
  }
  judge(run);
}

double recordedTo(const Run& run) {
  return run.trace.later.empty() ? static_cast<double>(run.trainer.iteration())
                                 : run.trace.later.back().iteration;
}

namespace {

void remember(Run& run) {
  std::erase_if(run.solved,
                [&run](const Prediction& known) { return known.selection == run.prediction.selection; });
  if (run.solved.size() >= kRememberedSelections) run.solved.erase(run.solved.begin());
  run.solved.push_back(run.prediction);
}

bool isTrusted(const Prediction& prediction) {
  for (const Prediction::Solved& solved : prediction.solutions())
    if (!solved.solution->trusted()) return false;
  return !prediction.decomposition || prediction.decomposition->directional.trusted();
}

/// Another selection, or with a nonlinear head other probabilities: what is known of it, found quickly, or
/// left to a job.
void renew(Run& run, const Selection& selection) {
  const auto known = std::find_if(run.solved.begin(), run.solved.end(),
                                  [&selection](const Prediction& p) { return p.selection == selection; });
  run.wantsJob = false;
  if (known != run.solved.end() && !nonlinear(run)) {
    run.prediction = *known;
    return;
  }
  const Norm named = predictedNorm(run.trainer.options());
  switch (predictionCost(run.trainer, named)) {
    case PredictionCost::TooLong: run.prediction = refusedPrediction(run.trainer, selection); break;
    case PredictionCost::Quick:
      run.prediction = predict(run.trainer, selection, named);
      // What the page's copy of the core cannot reach, the worker's may.
      run.wantsJob = isLightCore() && !isTrusted(run.prediction);
      remember(run);
      break;
    case PredictionCost::Partly:
      run.prediction = predictPartly(run.trainer, selection);
      run.wantsJob = true;
      break;
    case PredictionCost::Long:
      // The parts of a moment ago tell more than nothing.
      if (selection != run.prediction.selection || !run.prediction.ready())
        run.prediction = pendingPrediction(run.trainer, selection);
      run.wantsJob = true;
      break;
  }
}

}  // namespace

void accept(Run& run, Prediction prediction, double atIteration) {
  if (prediction.selection != run.trainer.selected()) return;  // it came too late
  run.prediction = std::move(prediction);
  run.prediction.atIteration = atIteration;
  remember(run);
  compareAll(run);
  updateVerdict(run);
}

void judge(Run& run) {
  const Selection selection = run.trainer.selected();
  const double iteration = static_cast<double>(run.trainer.iteration());
  // With a nonlinear head the parts follow the probabilities, not only the selection.
  const bool stale = nonlinear(run) && iteration > 1.05 * run.prediction.atIteration + 5;
  if (selection != run.prediction.selection || run.prediction.atIteration < 0 || stale) {
    if (!nonlinear(run) && run.prediction.atIteration >= 0)
      if (const std::optional<LeadChange> change = leadChange(run.verdict, run.trainer))
        run.leadChange = change;
    renew(run, selection);
    compareAll(run);
  }
  updateVerdict(run);
}

}  // namespace attention_svm::shell
