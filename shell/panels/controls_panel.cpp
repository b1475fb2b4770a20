#include <imgui.h>

#include <algorithm>

#include "../address.h"
#include "../style.h"
#include "panels.h"

namespace attention_svm::shell {

namespace {

void tip(const char* text) {
  if (ImGui::IsItemHovered(ImGuiHoveredFlags_DelayShort)) ImGui::SetTooltip("%s", text);
}

/// Label at the left, the control takes the rest of the line.
void labelled(const char* label) {
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(label);
  ImGui::SameLine(112);
  ImGui::SetNextItemWidth(-1);
}

template <class Choice, std::size_t N>
bool combo(const char* id, Choice& value, const std::pair<Choice, const char*> (&choices)[N]) {
  const char* now = "";
  for (const auto& choice : choices)
    if (choice.first == value) now = choice.second;
  bool changed = false;
  if (!ImGui::BeginCombo(id, now)) return false;
  for (const auto& choice : choices)
    if (ImGui::Selectable(choice.second, choice.first == value) && choice.first != value) {
      value = choice.first;
      changed = true;
    }
  ImGui::EndCombo();
  return changed;
}

template <class Integer>
bool integer(const char* id, Integer& value, int low, int high) {
  int now = static_cast<int>(value);
  const bool changed = ImGui::InputInt(id, &now, 1, 10);
  now = std::min(std::max(now, low), high);
  if (!changed || now == static_cast<int>(value)) return false;
  value = static_cast<Integer>(now);
  return true;
}

bool dataControls(const Session& session, Settings& s, Actions& actions) {
  bool changed = false;
  ImGui::TextWrapped("%s", session.dataset.name.empty() ? "unnamed data" : session.dataset.name.c_str());
  if (!session.dataset.source.empty())
    ImGui::TextDisabled("source: %s", session.dataset.source.substr(0, 60).c_str());
  if (ImGui::Button("Open a file…")) actions.openFile = true;
  tip("A dataset as JSON, CSV or NumPy file. You can also drop it anywhere on the page.");
  ImGui::SameLine();
  if (ImGui::Button("Random data")) {
    s.source = DataSource::Random;
    changed = true;
  }
  tip("Unit-norm Gaussian tokens, queries and v, labels ±1, as in the paper");
  if (s.source != DataSource::Random) return changed;
  labelled("sequences n");
  changed |= integer("##n", s.random.n, 1, 500);
  tip("How many sequences share the one matrix W");
  labelled("tokens T");
  changed |= integer("##T", s.random.T, 1, 500);
  tip("Tokens in each sequence");
  labelled("dimension d");
  changed |= integer("##d", s.random.d, 1, 200);
  tip("Numbers in each token; d ≥ max(T − 1, n) makes almost every selection separable");
  labelled("seed");
  changed |= integer("##seed", s.random.seed, 0, 1000000);
  tip("The same seed gives the same data, bit for bit");
  static constexpr std::pair<HeadKind, const char*> kHeads[] = {
      {HeadKind::Linear, "linear: vᵀo"},
      {HeadKind::Mlp, "MLP: bᵀ relu(H o)"},
      {HeadKind::Quadratic, "quadratic: vᵀo − λ‖o‖²"}};
  labelled("head h(o)");
  changed |= combo("##head", s.random.head, kHeads);
  tip("What reads the output o of attention; it is fixed, only the attention weights train");
  if (s.random.head == HeadKind::Quadratic) {
    labelled("λ");
    changed |= ImGui::InputDouble("##lambda", &s.random.lambda, 0.1, 1.0, "%.3g",
                                  ImGuiInputTextFlags_EnterReturnsTrue);
    tip("Weight of −‖o‖²: the larger, the more tokens are kept");
  }
  changed |= ImGui::Checkbox("self-attention", &s.random.selfAttention);
  tip("z is the first token of the sequence instead of a query of its own");
  return changed;
}

bool modelControls(Settings& s) {
  bool changed = false;
  TrainerOptions& t = s.training;
  static constexpr std::pair<Parameterization, const char*> kParameterizations[] = {
      {Parameterization::W, "W itself"}, {Parameterization::KQ, "K and Q, W = K Qᵀ"}};
  labelled("train");
  changed |= combo("##param", t.parameterization, kParameterizations);
  tip("W leads to the SVM of least Frobenius norm, (K, Q) to the one of least nuclear norm");
  if (t.parameterization == Parameterization::KQ) {
    labelled("inner size m");
    changed |= integer("##m", t.rank, 0, 500);
    tip("K and Q are d × m; 0 means m = d. Below the rank of the solution there is no room for it.");
  }
  changed |= ImGui::Checkbox("every token asks", &t.queries.everyToken);
  tip("Each token x of a sequence is a query of its own: logits X W x");
  if (t.queries.everyToken) {
    changed |= ImGui::Checkbox("causal mask", &t.queries.causal);
    tip("Query k sees only the tokens 1 … k");
  }
  return changed;
}

bool trainingControls(Settings& s) {
  bool changed = false;
  TrainerOptions& t = s.training;
  static constexpr std::pair<Optimizer, const char*> kOptimizers[] = {
      {Optimizer::NormalizedGd, "normalized gradient descent"},
      {Optimizer::NormalizedGdGrowing, "normalized, step grows with ‖W‖"},
      {Optimizer::Gd, "gradient descent"},
      {Optimizer::Adam, "Adam"},
      {Optimizer::NormalizedMirror, "mirror descent ‖W‖^p, normalized"},
      {Optimizer::Mirror, "mirror descent ‖W‖^p"}};
  static constexpr std::pair<Loss, const char*> kLosses[] = {{Loss::Logistic, "logistic: log(1 + exp(−u))"},
                                                             {Loss::Exponential, "exponential: exp(−u)"},
                                                             {Loss::Linear, "linear: −u"}};
  static constexpr std::pair<GradientMode, const char*> kGradients[] = {
      {GradientMode::LogDomain, "log domain"}, {GradientMode::Plain, "plain"}};
  labelled("optimizer");
  changed |= combo("##opt", t.optimizer, kOptimizers);
  tip("normalized: W ← W − η ∇L / ‖∇L‖, the steps stay of one length while the gradient fades");
  if (t.optimizer == Optimizer::Mirror || t.optimizer == Optimizer::NormalizedMirror) {
    labelled("p");
    double p = t.p;
    if (ImGui::InputDouble("##p", &p, 0.25, 1.0, "%.3g", ImGuiInputTextFlags_EnterReturnsTrue) && p > 1.0 &&
        p <= 100) {
      t.p = p;
      changed = true;
    }
    tip("The potential (1/p) Σ |Wᵢⱼ|^p; leads to the SVM of least ℓp norm");
  }
  labelled("step size η");
  double eta = t.stepSize;
  if (ImGui::InputDouble("##eta", &eta, 0.01, 0.1, "%.4g", ImGuiInputTextFlags_EnterReturnsTrue) && eta > 0) {
    t.stepSize = eta;
    changed = true;
  }
  tip("Length of a step; the paper uses 0.1");
  labelled("loss ℓ(u)");
  changed |= combo("##loss", t.loss, kLosses);
  tip("of u = y f: any decreasing loss goes to the same direction");
  labelled("gradient");
  changed |= combo("##grad", t.gradient, kGradients);
  tip("plain: dies near 1e-16 and freezes the curves; log domain: the same gradient with its largest weight "
      "factored out");
  labelled("start seed");
  if (integer("##trainseed", t.seed, 0, 1000000)) {
    t.W0.reset();
    t.K0.reset();
    t.Q0.reset();
    changed = true;
  }
  tip("Entries of the initial W (or K, Q) are uniform in ±1/√d");
  labelled("steps a frame");
  changed |= integer("##speed", s.stepsPerFrame, 1, 10000);
  tip("Training speed");
  return changed;
}

bool plotControls(Settings& s) {
  bool changed = false;
  constexpr PlotKind kAll[] = {PlotKind::Geometry,  PlotKind::Convergence,    PlotKind::LossAndNorm,
                               PlotKind::Attention, PlotKind::SingularValues, PlotKind::Margins,
                               PlotKind::Scores,    PlotKind::Images,         PlotKind::Path,
                               PlotKind::Experiment};
  for (const PlotKind kind : kAll) {
    const auto found = std::find(s.plots.begin(), s.plots.end(), kind);
    bool shown = found != s.plots.end();
    if (!ImGui::Checkbox(plotName(kind), &shown)) continue;
    if (shown)
      s.plots.push_back(kind);
    else if (s.plots.size() > 1)
      s.plots.erase(found);
    changed = true;
  }
  return changed;
}

bool compareControls(const Session& session, Settings& s) {
  bool changed = false;
  const auto addRun = [&](const std::string& difference) {
    if (s.compare.size() < 7) s.compare.push_back(difference);
    changed = true;
  };
  if (ImGui::Button("+ the other parameterization"))
    addRun(s.training.parameterization == Parameterization::W ? "param=KQ,W0=" : "param=W,K0=,Q0=");
  if (ImGui::Button("+ another start"))
    addRun("trainseed=" + std::to_string(s.training.seed + s.compare.size() + 1) + ",W0=");
  tip("A run from other initial weights, drawn over this one");
  if (!s.compare.empty() && ImGui::Button("Only the main run")) {
    s.compare.clear();
    changed = true;
  }
  drawRunTable(session);
  return changed;
}

void exportControls(const Session& session, Actions& actions) {
  const auto save = [&actions](const char* label, const char* name, const char* mime, auto&& text) {
    if (ImGui::Button(label, {-1, 0})) actions.save = SaveFile{name, mime, text()};
  };
  if (ImGui::Button("Copy link", {-1, 0})) actions.copy = "link";
  tip("The address holds everything on screen");
  save("Dataset (JSON)", "dataset.json", "application/json", [&] { return toJson(session.dataset); });
  save("Weights (JSON)", "weights.json", "application/json", [&] { return weightsJson(session); });
  save("SVM solutions with duals (JSON)", "svm.json", "application/json",
       [&] { return solutionsJson(session); });
  save("Whole session (JSON)", "session.json", "application/json", [&] { return sessionJson(session); });
  save("Traces (CSV)", "traces.csv", "text/csv", [&] { return traceCsv(session); });
  if (ImGui::Button("Copy Python that reproduces this", {-1, 0})) actions.copy = pythonSnippet(session);
  if (ImGui::Button("Copy C++ that reproduces this", {-1, 0})) actions.copy = cppSnippet(session);
}

}  // namespace

void drawControls(const Session& session, bool canUndo, bool canRedo, Actions& actions) {
  Settings s = session.settings;
  bool changed = false;
  const bool experiment = showsExperiment(s);
  const ImGuiTreeNodeFlags folded = experiment ? 0 : ImGuiTreeNodeFlags_DefaultOpen;
  // What the page is about comes first.
  const auto experimentSection = [&] {
    if (ImGui::CollapsingHeader("Experiment", experiment ? ImGuiTreeNodeFlags_DefaultOpen : 0))
      changed |= drawExperimentControls(session, s, actions);
  };
  if (experiment) experimentSection();
  if (ImGui::CollapsingHeader("Data", folded)) changed |= dataControls(session, s, actions);
  if (ImGui::CollapsingHeader("Model", folded)) changed |= modelControls(s);
  if (ImGui::CollapsingHeader("Training", folded)) changed |= trainingControls(s);
  if (!experiment) experimentSection();
  if (ImGui::CollapsingHeader("Plots")) changed |= plotControls(s);
  if (ImGui::CollapsingHeader("Compare")) changed |= compareControls(session, s);
  if (ImGui::CollapsingHeader("Take it with you")) exportControls(session, actions);
  if (ImGui::CollapsingHeader("Appearance")) {
    static constexpr std::pair<Theme, const char*> kThemes[] = {
        {Theme::Auto, "like the system"}, {Theme::Light, "light"}, {Theme::Dark, "dark"}};
    labelled("theme");
    changed |= combo("##theme", s.theme, kThemes);
  }
  ImGui::Separator();
  ImGui::BeginDisabled(!canUndo);
  if (ImGui::Button("Undo")) actions.undo = true;
  ImGui::EndDisabled();
  ImGui::SameLine();
  ImGui::BeginDisabled(!canRedo);
  if (ImGui::Button("Redo")) actions.redo = true;
  ImGui::EndDisabled();
  ImGui::SameLine();
  if (ImGui::Button("Help")) actions.toggleHelp = true;
  if (changed && !actions.settings) actions.settings = s;
}

void drawHelp(bool& open) {
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowSize({std::min(560.0f, screen.x - 20), std::min(520.0f, screen.y - 20)},
                           ImGuiCond_Appearing);
  ImGui::SetNextWindowPos({0.5f * screen.x, 0.5f * screen.y}, ImGuiCond_Appearing, {0.5f, 0.5f});
  if (ImGui::Begin("Help", &open, ImGuiWindowFlags_NoCollapse)) {
    ImGui::TextWrapped(
        "Each sequence is a handful of tokens, points in space. Attention gives token x the logit xᵀW z for "
        "the "
        "query z of its sequence; softmax makes shares of the logits, and a head reads the average. Gradient "
        "descent turns W so that the loss falls.\n\n"
        "The loss has no minimum: it falls as long as W grows. What settles is the direction W / ‖W‖. The "
        "theorem: "
        "that direction is the solution of a support vector machine, the smallest W with\n\n"
        "    (x_selected − x_other)ᵀ W z ≥ 1    for every other token of every sequence.\n\n"
        "Smallest in Frobenius norm when W trains, in nuclear norm when W = K Qᵀ and K, Q train. The lab "
        "solves "
        "these SVMs to a relative duality gap of 1e-9 and shows how near W has come.\n\n"
        "Keys: space plays and pauses, → steps, r resets, ? opens this help, ctrl-z and ctrl-shift-z undo "
        "and redo.\n"
        "Plots: drag to pan, wheel to zoom, double click to see everything, click a legend entry to hide it, "
        "⋯ for "
        "pictures and tables. In the plane, drag tokens, queries, the head v, and before training the tips "
        "of the "
        "arrows; right click for more.\n\n"
        "Source: Tarzanagh, Li, Thrampoulidis, Oymak, Transformers as Support Vector Machines, arXiv "
        "2308.16898.");
  }
  ImGui::End();
}

}  // namespace attention_svm::shell
