// SPDX-License-Identifier: MIT
#include "dataset_commands.h"

#include <charconv>
#include <iostream>
#include <iterator>

#include "attention_svm/json.h"
#include "attention_svm/kept_tokens.h"
#include "attention_svm/names.h"
#include "attention_svm/verdict.h"
#include "files.h"

namespace attention_svm::cli {

namespace {

json::Value list(const Vector& v) {
  json::Array items;
  for (const double x : v) items.emplace_back(x);
  return items;
}

json::Value rows(const Matrix& A) {
  json::Array items;
  for (Index r = 0; r < A.rows(); ++r) items.push_back(list(Vector(A.row(r).transpose())));
  return items;
}

json::Value list(const Selection& tokens) {
  json::Array items;
  for (const Index t : tokens) items.emplace_back(static_cast<double>(t));
  return items;
}

json::Value names(const std::vector<TokenConstraint>& constraints) {
  json::Array items;
  for (const TokenConstraint& at : constraints)
    items.push_back(json::Object{{"sequence", static_cast<double>(at.sequence)},
                                 {"query", static_cast<double>(at.query)},
                                 {"token", static_cast<double>(at.token)}});
  return items;
}

json::Value attention(const AttentionModel& model) {
  json::Array items;
  for (std::size_t r = 0; r < model.rows().size(); ++r)
    items.push_back(list(model.probabilities(static_cast<Index>(r))));
  return items;
}

json::Object settings(const TrainerOptions& options) {
  return {{"parameterization", nameOf(options.parameterization).id},
          {"optimizer", nameOf(options.optimizer).id},
          {"stepSize", options.stepSize},
          {"loss", nameOf(options.loss).id},
          {"gradient", nameOf(options.gradient).id},
          {"everyToken", options.queries.everyToken},
          {"causal", options.queries.causal},
          {"seed", static_cast<double>(options.seed)}};
}

std::string document(const json::Object& object) { return json::write(object) + "\n"; }

Result<Selection> parseTokens(const std::string& text) {
  Selection tokens;
  const char *at = text.data(), *end = at + text.size();
  while (at != end) {
    long token = 0;
    const auto [next, error] = std::from_chars(at, end, token);
    if (error != std::errc() || (next != end && *next != ',') || next + 1 == end)
      return Error{"--tokens: expected numbers with commas between them, such as 3,0,2"};
    tokens.push_back(static_cast<Index>(token));
    at = next == end ? end : next + 1;
  }
  return tokens;
}

Result<Trainer> trained(const Dataset& dataset, const TrainerOptions& options, int steps) {
  Result<Trainer> trainer = Trainer::create(dataset, options);
  if (trainer) trainer.value().step(steps);
  return trainer;
}

Result<Verdict> judged(const Trainer& trainer) {
  const Dataset& dataset = trainer.dataset();
  if (!std::holds_alternative<LinearHead>(dataset.head)) return verdict(trainer, decompose(trainer));
  const QueryMode mode = trainer.options().queries;
  const Selection selected = trainer.selected();
  const Result<LocalOptimality> optimality = localOptimality(dataset, selected, mode);
  if (!optimality) return Error{optimality.error()};
  const Norm norm = predictedNorm(trainer.options());
  if (norm == Norm::frobenius()) return verdict(trainer, optimality.value(), optimality.value().solution);
  return verdict(trainer, optimality.value(), solveSvm(svmProblem(dataset, selected, mode).value(), norm));
}

}  // namespace

Result<Dataset> readDataset(const std::string& file, const Budget& budget) {
  Result<std::string> text =
      file == "-" ? Result<std::string>(std::string(std::istreambuf_iterator<char>(std::cin), {}))
                  : readFile(file);
  if (!text) return Error{text.error()};
  Result<Dataset> dataset = parseDataset(text.value(), budget);
  if (!dataset) return Error{file + ": " + dataset.error()};
  return dataset;
}

Result<std::string> trainJson(const Dataset& dataset, const TrainerOptions& options, int steps) {
  const Result<Trainer> result = trained(dataset, options, steps);
  if (!result) return Error{result.error()};
  const Trainer& trainer = result.value();
  json::Object object{{"settings", settings(trainer.options())},
                      {"iteration", static_cast<double>(trainer.iteration())},
                      {"loss", trainer.loss()},
                      {"gradientNorm", trainer.gradientNorm()},
                      {"logGradientNorm", trainer.logGradientNorm()},
                      {"stalled", trainer.stalled()},
                      {"selected", list(trainer.selected())},
                      {"unsaturated", trainer.unsaturated()},
                      {"attention", attention(trainer.model())},
                      {"W", rows(trainer.W())}};
  if (!trainer.failure().empty()) object.emplace_back("failure", trainer.failure());
  if (const std::optional<long> since = trainer.roundingSince())
    object.emplace_back("roundingLeadsSince", static_cast<double>(*since));
  if (options.parameterization == Parameterization::KQ) {
    object.emplace_back("K", rows(trainer.K()));
    object.emplace_back("Q", rows(trainer.Q()));
  }
  return document(object);
}

Result<std::string> solveJson(const Dataset& dataset, const SolveRequest& request) {
  const std::optional<Norm> norm = normNamed(request.norm, request.p);
  if (!norm) return Error{"--norm: expected one of " + normNames([](const NormInfo&) { return true; })};
  Result<Selection> tokens = parseTokens(request.tokens);
  if (!tokens) return Error{tokens.error()};
  if (request.tokens.empty()) {
    const Result<OptimalTokens> best = optimalTokens(dataset, request.queries);
    if (!best) return Error{best.error() + "; name the selected tokens with --tokens"};
    tokens = best.value().tokens;
  }
  tokens = checkedSelection(dataset, tokens.value(), request.queries);
  if (!tokens) return Error{tokens.error()};
  if (std::string excess = svmExcess(dataset, request.queries, request.budget); !excess.empty())
    return Error{std::move(excess)};
  const Result<SvmProblem> problem = svmProblem(dataset, tokens.value(), request.queries);
  if (!problem) return Error{problem.error()};
  SvmOptions options;
  options.tolerance = request.tolerance;
  const SvmSolution solution = solveSvm(problem.value(), *norm, options);
  if (!solution.message.empty()) return Error{solution.message};
  json::Object object{{"norm", infoOf(*norm).id},
                      {"tokens", list(tokens.value())},
                      {"status", nameOf(solution.status).id},
                      {"feasible", solution.feasible},
                      {"value", solution.norm},
                      {"margin", solution.margin},
                      {"primalValue", solution.primalValue},
                      {"dualValue", solution.dualValue},
                      {"lowerBound", solution.lowerBound},
                      {"gap", solution.gap},
                      {"smallestConstraint", solution.smallestConstraint},
                      {"support", names(solution.support)},
                      {"rank", static_cast<double>(solution.rank)},
                      {"singularValues", list(solution.singularValues)},
                      {"dual", list(solution.dual)},
                      {"W", rows(solution.W)}};
  if (solution.certificate.size() > 0) {
    object.emplace_back("certificate", list(solution.certificate));
    object.emplace_back("certificateResidual", solution.certificateResidual);
  }
  return document(object);
}

Result<std::string> verdictJson(const Dataset& dataset, const TrainerOptions& options, int steps) {
  const Result<Trainer> trainer = trained(dataset, options, steps);
  if (!trainer) return Error{trainer.error()};
  if (std::string excess = svmExcess(dataset, options.queries, options.budget); !excess.empty())
    return Error{std::move(excess)};
  const Result<Verdict> result = judged(trainer.value());
  if (!result) return Error{result.error()};
  const Verdict& found = result.value();
  return document({{"settings", settings(options)},
                   {"iteration", static_cast<double>(trainer.value().iteration())},
                   {"sentence", found.sentence},
                   {"selected", list(found.selected)},
                   {"saturated", found.saturated},
                   {"feasible", found.feasible},
                   {"locallyOptimal", found.locallyOptimal},
                   {"global", found.global},
                   {"norm", infoOf(found.norm).id},
                   {"angleDegrees", found.angleDegrees ? json::Value(*found.angleDegrees) : json::Value()},
                   {"marginRatio", found.marginRatio ? json::Value(*found.marginRatio) : json::Value()},
                   {"evidence", toText(found)}});
}

}  // namespace attention_svm::cli
