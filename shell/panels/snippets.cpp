// SPDX-License-Identifier: MIT
// Programs that repeat the present run elsewhere: in Python with NumPy alone, in C++ with our core.
#include "../settings/address.h"
#include "attention_svm/json.h"
#include "panels.h"

namespace attention_svm::shell {

namespace {

std::string numbers(const Vector& v) {
  std::string text;
  for (const double x : v) text += (text.empty() ? "" : ", ") + json::writeNumber(x);
  return "[" + text + "]";
}

std::string rowsText(const Matrix& A) {
  std::string text;
  for (Index r = 0; r < A.rows(); ++r) text += (r > 0 ? ",\n  " : "") + numbers(A.row(r).transpose());
  return "[" + text + "]";
}

std::string array(const std::string& name, const Matrix& A) {
  return name + " = np.array(" + rowsText(A) + ")\n";
}
std::string array(const std::string& name, const Vector& v) {
  return name + " = np.array(" + numbers(v) + ")\n";
}

bool isKq(const TrainerOptions& t) { return t.parameterization == Parameterization::KQ; }

/// y of words: which tokens of each sequence are its next word
std::string pythonNextWords(const Words& words) {
  std::string text = "y = [\n";
  for (std::size_t i = 0; i < words.sequences.size(); ++i) {
    text += "  np.array([";
    for (const Index word : words.sequences[i]) text += word == words.next[i] ? "True, " : "False, ";
    text += "]),\n";
  }
  return text + "]\n";
}

std::string pythonData(const Dataset& data, const TrainerOptions& t) {
  std::string text = "# The data: tokens of each sequence, labels, queries\nX = [\n";
  for (const Matrix& tokens : data.X) text += "  np.array(" + rowsText(tokens) + "),\n";
  text += "]\n" + (data.words ? pythonNextWords(*data.words) : array("y", data.y));
  if (t.queries.everyToken)
    return text +
           (t.queries.causal
                ? "# Every token asks and sees itself and those before it\n"
                  "rows = [(x[:k + 1], x[k], label) for x, label in zip(X, y) for k in range(len(x))]\n"
                : "# Every token asks\nrows = [(x, z, label) for x, label in zip(X, y) for z in x]\n");
  text += data.selfAttention() ? "Z = [x[0] for x in X]  # self-attention\n" : array("Z", data.Z);
  return text + "rows = list(zip(X, Z, y))\n";
}

struct PythonHead {
  std::string operator()(const LinearHead& head) const {
    return array("v", head.v) + "def head(o): return v @ o\ndef slope(o): return v\n";
  }
  std::string operator()(const MlpHead& head) const {
    return array("H", head.hidden) + array("b", head.output) +
           "def head(o): return b @ np.maximum(H @ o, 0)\ndef slope(o): return H.T @ (b * (H @ o > 0))\n";
  }
  std::string operator()(const QuadraticHead& head) const {
    return array("v", head.v) + "lam = " + json::writeNumber(head.lambda) +
           "\ndef head(o): return v @ o - lam * o @ o\ndef slope(o): return v - 2 * lam * o\n";
  }
  std::string operator()(const NextWordHead& /*head*/) const { return {}; }
};

constexpr const char* kPythonWords = R"(
def gradient(W):  # G and scale; the gradient of -mean log p is G exp(scale)
    parts, scale = [], -np.inf
    for x, z, right in rows:
        if right.all():
            continue
        a = x @ (W @ z)  # logits
        log_s = a - np.logaddexp.reduce(a)  # attention
        log_p, log_q = np.logaddexp.reduce(log_s[right]), np.logaddexp.reduce(log_s[~right])
        weight = np.where(right, log_s - log_p + log_q, log_s)
        scale = max(scale, weight.max())
        parts.append((x, z, right, weight))
    G = np.zeros_like(W)
    for x, z, right, weight in parts:
        G += np.outer(x.T @ (np.where(right, -1, 1) * np.exp(weight - scale)), z) / len(rows)
    return G, scale
)";

/// The logarithm of -l'(u).
const char* pythonLoss(Loss loss) {
  switch (loss) {
    case Loss::Logistic: return "def log_slope(u): return -np.logaddexp(0, u)  # l(u) = log(1 + exp(-u))\n";
    case Loss::Exponential: return "def log_slope(u): return -u  # l(u) = exp(-u)\n";
    case Loss::Linear: break;
  }
  return "def log_slope(u): return 0.0  # l(u) = -u\n";
}

constexpr const char* kPythonPlain = R"(
def gradient(W):  # G, and 0
    G = np.zeros_like(W)
    for x, z, label in rows:
        a = x @ (W @ z)  # logits
        s = np.exp(a - a.max())
        s /= s.sum()     # attention
        o = s @ x
        u = label * (x @ slope(o))
        G -= np.outer(x.T @ (s * (u - s @ u)), z) * (np.exp(log_slope(label * head(o))) / len(rows))
    return G, 0.0
)";

constexpr const char* kPythonLogDomain = R"(
def gradient(W):  # G and scale; the gradient is G exp(scale), however small
    parts, scale = [], -np.inf
    for x, z, label in rows:
        a = x @ (W @ z)  # logits
        m = a.argmax()   # selected
        s = np.exp(a - a[m])
        total = s.sum()
        s /= total       # attention
        o = s @ x
        u = label * (x @ slope(o))
        c = u - u[m] - s @ (u - u[m])
        weight = log_slope(label * head(o)) + a - a[m] - np.log(total)
        weight[m] = -np.inf
        scale = max(scale, weight[c != 0].max(initial=-np.inf))
        parts.append((x, z, m, c, weight))
    G = np.zeros_like(W)
    for x, z, m, c, weight in parts:
        w = -c * np.exp(weight - scale)
        w[m] = -w.sum()
        G += np.outer(x.T @ w, z) / len(rows)
    return G, scale
)";

constexpr const char* kPythonUnit = R"(
def unit(G):
    size = np.linalg.norm(G)
    return G / size if size > 0 else G

)";

std::string pythonAdam(const TrainerOptions& t) {
  return std::string(isKq(t) ? "    for A, g, (first, second) in zip((K, Q), (GK, GQ), moments):\n"
                             : "    for A, g, (first, second) in zip((W,), (G,), moments):\n") +
         "        g = g * np.exp(scale)\n"
         "        first += 0.1 * (g - first)\n"
         "        second += 0.001 * (g * g - second)\n"
         "        A -= eta * first / (1 - 0.9 ** (k + 1)) / (np.sqrt(second / (1 - 0.999 ** (k + 1))) + " +
         (t.gradient == GradientMode::Plain ? "1e-8" : "1e-150") + ")\n";
}

/// Directions of the optimizers that need more than a line.
const char* pythonDirection(Optimizer optimizer) {
  switch (optimizer) {
    case Optimizer::SignDescent: return "\ndirection = np.sign\n\n";
    case Optimizer::SpectralDescent:
      return R"(
def direction(G):  # U V^T of G = U S V^T
    U, s, V = np.linalg.svd(G, full_matrices=False)
    keep = s > 1e-12 * s[0]
    return U[:, keep] @ V[keep]

)";
    case Optimizer::CoordinateDescent:
      return R"(
def direction(G):  # only the largest entry
    D = np.zeros_like(G)
    at = np.unravel_index(np.abs(G).argmax(), G.shape)
    D[at] = np.sign(G[at])
    return D

)";
    default: return kPythonUnit;
  }
}

/// One step of the optimizer, indented; `eta` is the step size.
std::string pythonStep(const TrainerOptions& t) {
  std::string text = isKq(t) ? "    G, scale = gradient(K @ Q.T)\n    GK, GQ = G @ Q, G.T @ K\n"
                             : "    G, scale = gradient(W)\n";
  const auto descend = [&](const char* step, const char* before, const char* after) {
    const auto one = [&](const char* A, const char* G) {
      return std::string("    ") + A + " -= " + step + " * " + before + G + after + "\n";
    };
    return text + (isKq(t) ? one("K", "GK") + one("Q", "GQ") : one("W", "G"));
  };
  if (isKq(t) && t.gradient == GradientMode::Plain && t.ridge)
    text += "    GK, GQ = GK + 2.0 ** -51 * K, GQ + 2.0 ** -51 * Q  # the published program's ridge\n";
  switch (t.optimizer) {
    case Optimizer::NormalizedGd: return descend("eta", "unit(", ")");
    case Optimizer::NormalizedGdGrowing:
      text += "    step = eta * (1 + k / 100) ** " + json::writeNumber(*t.growth) + "\n";
      if (!isKq(t)) return descend("step", "unit(", ")");
      text += "    size = np.sqrt(((GK ** 2).sum() + (GQ ** 2).sum()) / 2)\n";
      return descend("step / size", "", "");
    case Optimizer::SignDescent:
    case Optimizer::SpectralDescent:
    case Optimizer::CoordinateDescent: return descend("eta", "direction(", ")");
    case Optimizer::Gd: return descend("eta * np.exp(scale)", "", "");
    case Optimizer::Adam: return text + pythonAdam(t);
    case Optimizer::Mirror:
    case Optimizer::NormalizedMirror: break;
  }
  const std::string p = json::writeNumber(t.p);
  return text + "    M = np.sign(W) * np.abs(W) ** (" + p + " - 1) - eta * " +
         (t.optimizer == Optimizer::Mirror ? "np.exp(scale) * G" : "unit(G)") +
         "\n    W = np.sign(M) * np.abs(M) ** (1 / (" + p + " - 1))\n";
}

/// "name = (Matrix(r, c) << ...).finished()", all digits.
std::string cppMatrix(const std::string& name, const std::optional<Matrix>& A) {
  if (!A) return {};
  std::string text;
  for (const double x : A->reshaped<Eigen::RowMajor>())
    text += (text.empty() ? "" : ", ") + json::writeNumber(x);
  return "  options." + name + " = (Matrix(" + std::to_string(A->rows()) + ", " + std::to_string(A->cols()) +
         ") << " + text + ").finished();\n";
}

std::string cppOptions(const TrainerOptions& t) {
  std::string text;
  if (isKq(t))
    text += "  options.parameterization = Parameterization::KQ;\n  options.rank = " + std::to_string(t.rank) +
            ";\n";
  text += "  options.optimizer = Optimizer::" + identifierOf(nameOf(t.optimizer)) +
          ";\n  options.p = " + json::writeNumber(t.p) +
          ";\n  options.stepSize = " + json::writeNumber(t.stepSize) +
          ";\n  options.loss = Loss::" + identifierOf(nameOf(t.loss)) + ";\n";
  if (t.optimizer == Optimizer::NormalizedGdGrowing)
    text += "  options.growth = " + json::writeNumber(*t.growth) + ";\n";
  if (t.gradient == GradientMode::Plain) text += "  options.gradient = GradientMode::Plain;\n";
  if (!t.ridge) text += "  options.ridge = false;\n";
  if (t.queries.everyToken)
    text += std::string("  options.queries = {true, ") + (t.queries.causal ? "true" : "false") + "};\n";
  return text + "  options.seed = " + std::to_string(t.seed) + ";\n" + cppMatrix("W0", t.W0) +
         cppMatrix("K0", t.K0) + cppMatrix("Q0", t.Q0);
}

std::string cppNorm(const Norm& norm) {
  const NormInfo& info = infoOf(norm);
  return "Norm::" + std::string(info.factory) + (info.takesP ? "(" + json::writeNumber(norm.p) + ")" : "()");
}

std::string pythonGradient(const Dataset& data, const TrainerOptions& t) {
  if (data.words) return std::string("\n# The gradient") + kPythonWords;
  return "\n# The head, its gradient, and the loss\n" + std::visit(PythonHead{}, data.head) +
         pythonLoss(t.loss) + (t.gradient == GradientMode::Plain ? kPythonPlain : kPythonLogDomain);
}

}  // namespace

std::string pythonSnippet(const Session& session) {
  const Run& run = session.runs.front();
  const TrainerOptions& t = run.trainer.options();
  const Trainer start = Trainer::create(session.dataset, t).value();
  std::string text = "# Attention SVM Lab: the present run in NumPy\nimport numpy as np\n\n" +
                     pythonData(session.dataset, t) + pythonGradient(session.dataset, t) +
                     pythonDirection(t.optimizer) + "# Where training starts\n" +
                     (isKq(t) ? array("K", start.K()) + array("Q", start.Q()) : array("W", start.W()));
  text += "eta = " + json::writeNumber(t.stepSize) + "\n";
  if (t.optimizer == Optimizer::Adam)
    text += std::string("moments = [(np.zeros_like(A), np.zeros_like(A)) for A in ") +
            (isKq(t) ? "(K, Q)" : "(W,)") + "]\n";
  text += "for k in range(" + std::to_string(run.trainer.iteration()) + "):\n" + pythonStep(t);
  if (isKq(t)) text += "W = K @ Q.T\n";
  return text +
         "print(W.tolist())\nprint('selected', [int(np.argmax(x @ (W @ z))) + 1 for x, z, _ in rows])\n";
}

std::string cppSnippet(const Session& session) {
  const Run& run = session.runs.front();
  const TrainerOptions& t = run.trainer.options();
  const Norm norm = predictedNorm(t);
  const std::string compared =
      infoOf(norm).unique
          ? "\"1 - correlation \" << oneMinusCorrelation(trainer.W(), svm.W)"
          : "\"margin / largest margin \"\n              << marginRatio(problem, trainer.W(), " +
                cppNorm(norm) + ", svm.norm)";
  const std::string problem = session.dataset.words
                                  ? "graphSvmProblem(dataset).value();\n"
                                  : "svmProblem(dataset, trainer.selected(), options.queries).value();\n";
  return "// Attention SVM Lab: the present run with the C++ core; dataset.json is the exported dataset\n"
         "#include <attention_svm/margin_ratio.h>\n#include <attention_svm/priority_graph.h>\n"
         "#include <attention_svm/svm_solver.h>\n#include <attention_svm/trainer.h>\n\n"
         "#include <fstream>\n#include <iostream>\n#include <sstream>\n\n"
         "int main() {\n  using namespace attention_svm;\n  std::stringstream text;\n"
         "  text << std::ifstream(\"dataset.json\").rdbuf();\n"
         "  const Dataset dataset = parseDataset(text.str()).value();\n  TrainerOptions options;\n" +
         cppOptions(t) +
         "  Trainer trainer = Trainer::create(dataset, options).value();\n"
         "  trainer.step(" +
         std::to_string(run.trainer.iteration()) +
         ");\n"
         "  const SvmProblem problem = " +
         problem + "  const SvmSolution svm = solveSvm(problem, " + cppNorm(norm) +
         ");\n"
         "  std::cout.precision(17);\n"
         "  std::cout << trainer.W() << \"\\n\\n\" << toText(svm);\n"
         "  if (svm.feasible) std::cout << " +
         compared +
         " << '\\n';\n"
         "}\n";
}

}  // namespace attention_svm::shell
