// SPDX-License-Identifier: MIT
#include "metrics.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "attention_svm/json.h"
#include "scenarios.h"
#include "settings/address.h"
#include "settings/experiment_text.h"

namespace attention_svm::shell {

namespace {

constexpr double kDegrees = 57.29577951308232;

json::Value tokensJson(const Selection& tokens) {
  json::Array items;
  for (const Index t : tokens) items.emplace_back(static_cast<double>(t));
  return items;
}

/// Angle of a row's W z in the picture, in degrees.
double direction(const Session& session, const Matrix& W, std::size_t row) {
  const Vector u = arrowOf(session, W, row);
  return kDegrees * std::atan2(u(1), u(0));
}

/// Where the SVM of the tokens that lead says the arrows end; none where there is no such SVM.
const SvmSolution* named(const Run& run) {
  const SvmSolution* svm = run.prediction.in(predictedNorm(run.trainer.options()).kind);
  return svm != nullptr && svm->feasible ? svm : nullptr;
}

json::Value svmNorm(const Run& run) {
  if (const SvmSolution* svm = named(run)) return svm->norm;
  return {};
}

/// Degrees between each of the reader's rays and that of the SVM; none without an SVM.
json::Value guessErrors(const Session& session) {
  json::Array all;
  const SvmSolution* svm = named(session.runs.front());
  const auto rows = static_cast<std::size_t>(session.runs.front().trainer.model().queries().rows());
  const std::vector<double>& guess = session.settings.guess;
  for (std::size_t r = 0; svm != nullptr && session.dataset.d() > 1 && r < std::min(guess.size(), rows); ++r)
    all.emplace_back(std::abs(std::remainder(guess[r] - direction(session, svm->W, r), 360.0)));
  return all;
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
      {"recorded", recordedTo(run)},
      {"svmNorm", svmNorm(run)},
      {"guessError", guessErrors(session)},
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

std::string plainSentence(const Session& session) {
  constexpr const char* kMarks[] = {"Circles", "squares", "diamonds"};  // as sequenceMarker() has them
  const Run& run = session.runs.front();
  const Verdict& v = run.verdict;
  const std::size_t n = v.selected.size();
  if (showsExperiment(session.settings) || !run.trainer.failure().empty() || !run.prediction.ready() ||
      run.prediction.decomposition || v.everyToken || v.nothingToSelect || !v.sharedLeads.empty() || n == 0)
    return {};
  std::string text;
  for (std::size_t i = 0; i < n && n <= std::size(kMarks); ++i) {
    text += i == 0 ? "" : ", ";
    text += kMarks[i];
    if (i == 0) text += v.saturated ? " look" : " lean";
    text += (v.saturated ? " at token " : " to token ") + std::to_string(v.selected[i] + 1);
  }
  if (text.empty())
    text = std::string(v.global ? "Every sequence " : "Not every sequence ") +
           (v.saturated ? "looks at" : "leans to") + " its best token";
  if (!v.trusted) return text + ".";
  if (!v.feasible) return text + ", but no direction keeps all of these ahead.";
  if (v.global)
    text += n <= std::size(kMarks) ? ": the best choice." : ".";
  else
    text += v.locallyOptimal ? ": not the best choice, but one that no small step improves."
                             : ": a choice that training may leave.";
  if (!v.angleDegrees) return text;
  char angle[64];
  std::snprintf(angle, sizeof angle, " Training is %.2g° from the SVM's direction.", *v.angleDegrees);
  return text + angle;
}

std::string describe(const Session& session) {
  const std::string title = findScenario(session.settings.scenario)->title;
  if (showsExperiment(session.settings))
    return title + ". " + (session.playing ? "Running. " : "") + sentenceOf(session);
  return title + ". " + (session.playing ? "Training" : "Paused") + " at iteration " +
         std::to_string(session.runs.front().trainer.iteration()) + ". " + plainSentence(session) + " " +
         sentenceOf(session);
}

}  // namespace attention_svm::shell
