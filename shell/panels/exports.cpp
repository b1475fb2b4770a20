// SPDX-License-Identifier: MIT
// What the reader can take along, as text.
#include <algorithm>
#include <cmath>

#include "../settings/address.h"
#include "attention_svm/json.h"
#include "attention_svm/names.h"
#include "panels.h"

namespace attention_svm::shell {

namespace {

json::Value listOf(const Vector& v) {
  json::Array items;
  for (const double x : v) items.emplace_back(x);
  return items;
}

json::Value rowsOf(const Matrix& A) {
  json::Array rows;
  for (Index r = 0; r < A.rows(); ++r) rows.push_back(listOf(A.row(r).transpose()));
  return rows;
}

json::Value tokensOf(const Selection& tokens) {
  json::Array items;
  for (const Index t : tokens) items.emplace_back(static_cast<double>(t));
  return items;
}

json::Value solutionOf(const SvmSolution& s) {
  json::Object object{{"status", nameOf(s.status).id},
                      {"W", rowsOf(s.W)},
                      {"norm", s.norm},
                      {"gap", s.gap},
                      {"smallestConstraint", s.smallestConstraint},
                      {"dual", listOf(s.dual)},
                      {"singularValues", listOf(s.singularValues)},
                      {"rank", static_cast<double>(s.rank)}};
  if (s.status == SvmStatus::Infeasible)
    object.emplace_back("certificate", listOf(s.certificate));
  else
    object.emplace_back("lowerBound", s.lowerBound);
  return object;
}

json::Value weightsOf(const Run& run) {
  json::Object object{{"run", run.label},
                      {"iteration", static_cast<double>(run.trainer.iteration())},
                      {"W", rowsOf(run.trainer.W())}};
  if (run.trainer.options().parameterization == Parameterization::KQ) {
    object.emplace_back("K", rowsOf(run.trainer.K()));
    object.emplace_back("Q", rowsOf(run.trainer.Q()));
  }
  return object;
}

json::Value solutionsOf(const Run& run) {
  const Prediction& p = run.prediction;
  json::Object object{{"run", run.label}, {"selected", tokensOf(p.selection)}};
  if (!p.ready()) return object;
  for (const Prediction::Solved& solved : p.solutions())
    object.emplace_back(infoOf(solved.norm).id, solutionOf(*solved.solution));
  if (p.decomposition) object.emplace_back("directional", solutionOf(p.decomposition->directional));
  return object;
}

template <class Of>
json::Value eachRun(const Session& session, Of of) {
  json::Array runs;
  for (const Run& run : session.runs) runs.push_back(of(run));
  return runs;
}

}  // namespace

std::string weightsJson(const Session& session) { return json::write(eachRun(session, weightsOf)); }

std::string solutionsJson(const Session& session) { return json::write(eachRun(session, solutionsOf)); }

std::string sessionJson(const Session& session) {
  const Result<json::Value> dataset = json::parse(toJson(session.dataset));
  return json::write(json::Object{{"format", "attention-svm-session"},
                                  {"version", 1},
                                  {"address", addressOf(session.settings)},
                                  {"dataset", dataset.value()},
                                  {"weights", eachRun(session, weightsOf)},
                                  {"solutions", eachRun(session, solutionsOf)}});
}

std::string traceCsv(const Session& session) {
  std::string text = "run,iteration,loss,norm,log_gradient_norm,unsaturated";
  std::vector<Norm::Kind> norms;
  for (int k = 0; findNorm(static_cast<Norm::Kind>(k)) != nullptr; ++k) {
    norms.push_back(static_cast<Norm::Kind>(k));
    text += std::string(",off_") + findNorm(norms.back())->id;
  }
  text += "\n";
  const auto cell = [](double x) { return std::isfinite(x) ? "," + json::writeNumber(x) : std::string(","); };
  for (const Run& run : session.runs) {
    const std::vector<Prediction::Solved> solved = run.prediction.solutions();
    for (const TraceSample& s : run.trace.samples) {
      text += "\"" + run.label + "\"" + cell(s.iteration) + cell(s.loss) + cell(s.norm) +
              cell(s.logGradientNorm) + cell(s.unsaturated);
      for (const Norm::Kind norm : norms) {
        std::string off = ",";
        for (std::size_t k = 0; k < s.off.size(); ++k)
          if (solved[k].norm.kind == norm) off = cell(s.off[k]);
        text += off;
      }
      text += "\n";
    }
  }
  return text;
}

std::string nativeCommand(const Session& session) {
  if (!session.settings.experiment) return "attention-svm --help";
  ExperimentSpec spec = *session.settings.experiment;
  const int last = spec.runs - 1;
  spec.runs = paperExperiment(spec.kind).runs;  // the program makes the draws that it is told
  std::string text = toText(spec);
  const std::string folder = text.substr(0, text.find(','));
  std::replace(text.begin(), text.end(), ',', ' ');
  return "attention-svm run " + text + " --draws 0.." + std::to_string(last) + " --out " + folder;
}

}  // namespace attention_svm::shell
