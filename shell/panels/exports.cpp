// What the reader can take along, as text.
#include <cmath>

#include "../address.h"
#include "attention_svm/json.h"
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
  const char* status = s.status == SvmStatus::Solved       ? "solved"
                       : s.status == SvmStatus::Infeasible ? "infeasible"
                                                           : "not-converged";
  json::Object object{{"status", status},
                      {"W", rowsOf(s.W)},
                      {"norm", s.norm},
                      {"gap", s.gap},
                      {"smallestConstraint", s.smallestConstraint},
                      {"dual", listOf(s.dual)},
                      {"singularValues", listOf(s.singularValues)},
                      {"rank", static_cast<double>(s.rank)}};
  if (s.status == SvmStatus::Infeasible) object.emplace_back("certificate", listOf(s.certificate));
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
  object.emplace_back("frobenius", solutionOf(p.optimality.solution));
  if (p.nuclear) object.emplace_back("nuclear", solutionOf(*p.nuclear));
  if (p.lp) object.emplace_back("lp", solutionOf(*p.lp));
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
  std::string text =
      "run,iteration,loss,norm,log_gradient_norm,unsaturated,off_frobenius,off_nuclear,off_lp\n";
  const auto cell = [](double x) { return std::isfinite(x) ? "," + json::writeNumber(x) : std::string(","); };
  for (const Run& run : session.runs)
    for (const TraceSample& s : run.trace.samples)
      text += "\"" + run.label + "\"" + cell(s.iteration) + cell(s.loss) + cell(s.norm) +
              cell(s.logGradientNorm) + cell(s.unsaturated) + cell(s.offFrobenius) + cell(s.offNuclear) +
              cell(s.offLp) + "\n";
  return text;
}

}  // namespace attention_svm::shell
