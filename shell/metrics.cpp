// SPDX-License-Identifier: MIT
#include "metrics.h"

#include "attention_svm/json.h"
#include "scenarios.h"
#include "settings/address.h"
#include "settings/experiment_text.h"

namespace attention_svm::shell {

namespace {

json::Value tokensJson(const Selection& tokens) {
  json::Array items;
  for (const Index t : tokens) items.emplace_back(static_cast<double>(t));
  return items;
}

}  // namespace

std::string stateJson(const Settings& settings) {
  json::Object object{{"v", kAddressVersion}, {"scenario", settings.scenario}};
  for (const Field& field : allFields(settings)) object.emplace_back(field.first, field.second);
  return json::write(object);
}

std::optional<std::string> fieldsFromState(const std::string& state, std::vector<std::string>& notices) {
  const Result<json::Value> parsed = json::parse(state);
  if (!parsed || parsed.value().object() == nullptr) {
    notices.push_back("A state is a JSON object of settings" +
                      (parsed ? std::string(".") : ": " + parsed.error() + "."));
    return std::nullopt;
  }
  std::vector<Field> fields;
  for (const json::Member& member : *parsed.value().object()) {
    const json::Value& value = member.second;
    if (const std::string* text = value.string())
      fields.emplace_back(member.first, *text);
    else if (value.number() != nullptr || value.boolean() != nullptr)
      fields.emplace_back(member.first, json::write(value));
    else
      notices.push_back("Setting \"" + member.first +
                        "\" was left out: expected a string, number, true or false.");
  }
  return joinFields(fields);
}

std::string metricsJson(const Session& session, std::size_t jobs, double frameSeconds) {
  const Run& run = session.runs.front();
  json::Object correlations;
  for (const Norm& norm : {Norm::frobenius(), Norm::nuclear()}) {
    const SvmSolution* svm = run.prediction.in(norm.kind);
    correlations.emplace_back(infoOf(norm).id,
                              svm != nullptr && svm->feasible
                                  ? json::Value(1.0 - oneMinusCorrelation(run.trainer.W(), svm->W))
                                  : json::Value());
  }
  return json::write(json::Object{
      {"iteration", static_cast<double>(run.trainer.iteration())},
      {"loss", run.trainer.loss()},
      {"norm", run.trainer.W().norm()},
      {"correlation", correlations},
      {"selected", tokensJson(run.verdict.selected)},
      {"verdict", run.verdict.sentence},
      {"locallyOptimal", run.verdict.locallyOptimal},
      {"global", run.verdict.global},
      {"feasible", run.verdict.feasible},
      {"angle", run.verdict.angleDegrees ? json::Value(*run.verdict.angleDegrees) : json::Value()},
      {"runs", static_cast<double>(session.runs.size())},
      {"playing", session.playing},
      {"jobs", static_cast<double>(jobs)},
      {"experiment", session.experiment ? json::Value(session.experiment->progress) : json::Value()},
      {"frameMilliseconds", 1000.0 * frameSeconds}});
}

std::string sentenceOf(const Session& session) {
  if (showsExperiment(session.settings))
    return experimentSentence(*session.settings.experiment, session.experiment);
  return session.runs.front().verdict.sentence;
}

std::string describe(const Session& session) {
  const std::string title = findScenario(session.settings.scenario)->title;
  if (showsExperiment(session.settings))
    return title + ". " + (session.playing ? "Running. " : "") + sentenceOf(session);
  return title + ". " + (session.playing ? "Training" : "Paused") + " at iteration " +
         std::to_string(session.runs.front().trainer.iteration()) + ". " + sentenceOf(session);
}

}  // namespace attention_svm::shell
