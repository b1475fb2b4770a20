// What the reader can take along, as text.
#include <cmath>

#include "../address.h"
#include "json.h"
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
  if (!p.tooLarge.empty()) return object;
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

std::string pythonSnippet(const Session& session) {
  const Run& run = session.runs.front();
  const TrainerOptions& t = run.trainer.options();
  const Trainer start = Trainer::create(session.dataset, t).value();
  const auto* head = std::get_if<LinearHead>(&session.dataset.head);
  if (head == nullptr || t.queries.everyToken || t.parameterization != Parameterization::W ||
      t.optimizer != Optimizer::NormalizedGd || t.loss != Loss::Logistic)
    return "# This snippet covers W, a linear head, one query per sequence, the logistic loss and "
           "normalized\n"
           "# gradient descent. For other settings export the session as JSON and use the attention-svm "
           "package.\n";
  std::string text =
      "# Attention SVM Lab: the present run in NumPy (plain gradients)\nimport numpy as np\n\n";
  json::Array X;
  for (const Matrix& tokens : session.dataset.X) X.push_back(rowsOf(tokens));
  Matrix Z(session.dataset.n(), session.dataset.d());
  for (Index i = 0; i < Z.rows(); ++i) Z.row(i) = session.dataset.query(i).transpose();
  text += "X = [np.array(x) for x in " + json::write(X) + "]\n";
  text += "Z = np.array(" + json::write(rowsOf(Z)) + ")\n";
  text += "y = np.array(" + json::write(listOf(session.dataset.y)) + ")\n";
  text += "v = np.array(" + json::write(listOf(head->v)) + ")\n";
  text += "W = np.array(" + json::write(rowsOf(start.W())) + ")\n\n";
  text += "for _ in range(" + std::to_string(run.trainer.iteration()) +
          "):\n"
          "    G = np.zeros_like(W)\n"
          "    for x, z, label in zip(X, Z, y):\n"
          "        a = x @ (W @ z)\n"
          "        s = np.exp(a - a.max())\n"
          "        s /= s.sum()\n"
          "        u = label * (x @ v)\n"
          "        slope = -1 / (1 + np.exp(s @ u)) / len(X)\n"
          "        G += np.outer(x.T @ (slope * s * (u - s @ u)), z)\n"
          "    W -= " +
          json::writeNumber(t.stepSize) +
          " * G / np.linalg.norm(G)\n"
          "print(W, [int(np.argmax(x @ (W @ z))) + 1 for x, z in zip(X, Z)])\n";
  return text;
}

std::string cppSnippet(const Session& session) {
  const Run& run = session.runs.front();
  const TrainerOptions& t = run.trainer.options();
  std::string text =
      "// Attention SVM Lab: the present run with the C++ core; dataset.json is the exported dataset\n"
      "#include <attention_svm/svm_solver.h>\n#include <attention_svm/trainer.h>\n\n"
      "#include <fstream>\n#include <iostream>\n#include <sstream>\n\n"
      "int main() {\n  using namespace attention_svm;\n  std::stringstream text;\n"
      "  text << std::ifstream(\"dataset.json\").rdbuf();\n"
      "  const Dataset dataset = parseDataset(text.str()).value();\n  TrainerOptions options;\n";
  if (t.parameterization == Parameterization::KQ)
    text += "  options.parameterization = Parameterization::KQ;\n  options.rank = " + std::to_string(t.rank) +
            ";\n";
  static constexpr const char* kOptimizers[] = {"NormalizedGd", "NormalizedGdGrowing", "Gd", "Adam",
                                                "Mirror",       "NormalizedMirror"};
  static constexpr const char* kLosses[] = {"Logistic", "Exponential", "Linear"};
  text +=
      "  options.optimizer = Optimizer::" + std::string(kOptimizers[static_cast<int>(t.optimizer)]) + ";\n";
  text += "  options.p = " + json::writeNumber(t.p) + ";\n";
  text += "  options.stepSize = " + json::writeNumber(t.stepSize) + ";\n";
  text += "  options.loss = Loss::" + std::string(kLosses[static_cast<int>(t.loss)]) + ";\n";
  if (t.gradient == GradientMode::Plain) text += "  options.gradient = GradientMode::Plain;\n";
  if (t.queries.everyToken)
    text += std::string("  options.queries = {true, ") + (t.queries.causal ? "true" : "false") + "};\n";
  text += "  options.seed = " + std::to_string(t.seed) + ";\n";
  if (t.W0)
    text += "  // The initial W of this run is not the seed's: set options.W0 from the exported session.\n";
  text +=
      "  Trainer trainer = Trainer::create(dataset, options).value();\n"
      "  trainer.step(" +
      std::to_string(run.trainer.iteration()) +
      ");\n"
      "  const SvmSolution svm = solveSvm(svmProblem(dataset, trainer.selected(), options.queries).value(),\n"
      "                                   Norm::" +
      std::string(t.parameterization == Parameterization::KQ ? "nuclear" : "frobenius") +
      "());\n"
      "  std::cout << toText(svm) << oneMinusCorrelation(trainer.W(), svm.W) << '\\n';\n}\n";
  return text;
}

}  // namespace attention_svm::shell
