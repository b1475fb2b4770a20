#include <imgui.h>

#include <algorithm>

#include "panels.h"
#include "widgets.h"

namespace attention_svm::shell {

namespace {

template <class Integer>
bool integer(const char* id, Integer& value, int low, int high) {
  int now = static_cast<int>(value);
  const bool changed = ImGui::InputInt(id, &now, 1, 10);
  now = std::min(std::max(now, low), high);
  if (!changed || now == static_cast<int>(value)) return false;
  value = static_cast<Integer>(now);
  return true;
}

bool randomControls(RandomDatasetSpec& r) {
  bool changed = false;
  {
    const Row row("sequences n",
                  "How many sequences share the one matrix W. Each has a query z and a label y = ±1.");
    changed |= integer("##n", r.n, 1, 500);
  }
  {
    const Row row("tokens T", "Tokens in each sequence, the rows of X (T × d)");
    changed |= integer("##T", r.T, 1, 500);
  }
  {
    const Row row("dimension d",
                  "Numbers in each token; d ≥ max(T − 1, n) makes almost every selection separable");
    changed |= integer("##d", r.d, 1, 200);
  }
  {
    const Row row("seed", "The same seed gives the same data, bit for bit");
    changed |= integer("##seed", r.seed, 0, 1000000);
  }
  static constexpr std::pair<HeadKind, const char*> kHeads[] = {
      {HeadKind::Linear, "linear: vᵀo"},
      {HeadKind::Mlp, "MLP: bᵀ relu(H o)"},
      {HeadKind::Quadratic, "quadratic: vᵀo − λ‖o‖²"}};
  {
    const Row row(
        "head h(o)",
        "Reads the output o = Xᵀs of attention: the prediction is f = h(o). It is fixed, only the "
        "attention weights train. The MLP drawn here has d hidden units, Gaussian H and Gaussian b of "
        "either sign; that of the paper's experiment, 1ᵀ relu(Vᵀo), adds its units up and is drawn in "
        "\"several tokens\" under Experiment.");
    changed |= combo("##head", r.head, kHeads);
  }
  if (r.head == HeadKind::Quadratic) {
    const Row row("λ", "Weight of −‖o‖² in h(o) = vᵀo − λ‖o‖²: the larger, the more tokens are kept");
    changed |=
        ImGui::InputDouble("##lambda", &r.lambda, 0.1, 1.0, "%.3g", ImGuiInputTextFlags_EnterReturnsTrue);
  }
  changed |= checkbox("self-attention", r.selfAttention,
                      "z = x₁: the first token of a sequence is its query, instead of a z of its own");
  return changed;
}

bool dataControls(const Session& session, Settings& s, Actions& actions) {
  ImGui::TextWrapped("%s", session.dataset.name.empty() ? "unnamed data" : session.dataset.name.c_str());
  if (!session.dataset.source.empty()) ImGui::TextWrapped("source: %s", session.dataset.source.c_str());
  if (button("Open a file…",
             "A dataset as JSON, CSV or NumPy file (X, Z, y, v), or a saved session. You can also drop it "
             "anywhere on the page, or paste JSON or CSV."))
    actions.openFile = true;
  ImGui::SameLine();
  bool changed = false;
  if (button("Random data",
             "Gaussian tokens, queries and v, each scaled to length 1, labels ±1, as in the paper")) {
    s.source = DataSource::Random;
    changed = true;
  }
  return (s.source == DataSource::Random && randomControls(s.random)) || changed;
}

bool modelControls(Settings& s) {
  bool changed = false;
  TrainerOptions& t = s.training;
  static constexpr std::pair<Parameterization, const char*> kParameterizations[] = {
      {Parameterization::W, "W itself"}, {Parameterization::KQ, "K and Q, W = K Qᵀ"}};
  {
    const Row row(
        "train",
        "Attention s = softmax(X W z). Training W leads to the SVM of least ‖W‖ (Frobenius), training "
        "its factors K, Q to the one of least nuclear norm Σ σₖ(W).");
    changed |= combo("##param", t.parameterization, kParameterizations);
  }
  if (t.parameterization == Parameterization::KQ) {
    const Row row(
        "inner size m",
        "K and Q are d × m; 0 means m = d. Below the rank of the solution there is no room for it.");
    changed |= integer("##m", t.rank, 0, 500);
  }
  changed |= checkbox("every token asks", t.queries.everyToken,
                      "Each token xₖ of a sequence is a query of its own: s = softmax(X W xₖ)");
  if (t.queries.everyToken)
    changed |= checkbox("causal mask", t.queries.causal, "Query k sees only the tokens 1 … k");
  return changed;
}

bool optimizerControls(TrainerOptions& t) {
  bool changed = false;
  static constexpr std::pair<Optimizer, const char*> kOptimizers[] = {
      {Optimizer::NormalizedGd, "normalized gradient"},
      {Optimizer::NormalizedGdGrowing, "normalized, growing step"},
      {Optimizer::Gd, "gradient descent"},
      {Optimizer::Adam, "Adam"},
      {Optimizer::NormalizedMirror, "mirror, normalized"},
      {Optimizer::Mirror, "mirror descent"}};
  {
    const Row row(
        "optimizer",
        "gradient descent: W ← W − η ∇L. Normalized: W ← W − η ∇L / ‖∇L‖, so that steps stay of one "
        "length while the gradient fades; growing: times max(1, ‖W‖). Mirror descent takes the step in "
        "∇ψ(W), ψ = (1/p) Σ |Wᵢⱼ|^p. No theorem says where Adam goes.");
    changed |= combo("##opt", t.optimizer, kOptimizers);
  }
  if (t.optimizer == Optimizer::Mirror || t.optimizer == Optimizer::NormalizedMirror) {
    const Row row("p", "The potential (1/p) Σ |Wᵢⱼ|^p; leads to the SVM of least ℓp norm. p > 1.");
    double p = t.p;
    if (ImGui::InputDouble("##p", &p, 0.25, 1.0, "%.3g", ImGuiInputTextFlags_EnterReturnsTrue) && p > 1.0 &&
        p <= 100) {
      t.p = p;
      changed = true;
    }
  }
  const Row row("step size η",
                "Length of a normalized step, factor of ∇L in a plain one; the paper uses 0.1");
  double eta = t.stepSize;
  if (!ImGui::InputDouble("##eta", &eta, 0.01, 0.1, "%.4g", ImGuiInputTextFlags_EnterReturnsTrue) ||
      !(eta > 0))
    return changed;
  t.stepSize = eta;
  return true;
}

bool trainingControls(Settings& s) {
  TrainerOptions& t = s.training;
  bool changed = optimizerControls(t);
  static constexpr std::pair<Loss, const char*> kLosses[] = {{Loss::Logistic, "logistic: log(1 + e^−u)"},
                                                             {Loss::Exponential, "exponential: e^−u"},
                                                             {Loss::Linear, "linear: −u"}};
  static constexpr std::pair<GradientMode, const char*> kGradients[] = {
      {GradientMode::LogDomain, "log domain"}, {GradientMode::Plain, "plain"}};
  {
    const Row row("loss ℓ(u)",
                  "L(W) = mean of ℓ(y f) over the sequences; any decreasing ℓ goes to the same directions");
    changed |= combo("##loss", t.loss, kLosses);
  }
  {
    const Row row(
        "gradient",
        "plain: the textbook formula, which dies near 1e-16 and freezes the curves. Log domain: the "
        "same gradient, its largest weight factored out before it is normalized.");
    changed |= combo("##grad", t.gradient, kGradients);
  }
  {
    const Row row("start seed", "Entries of the initial W (or K, Q) are uniform in ±1/√d");
    if (integer("##trainseed", t.seed, 0, 1000000)) {
      t.W0.reset();
      t.K0.reset();
      t.Q0.reset();
      changed = true;
    }
  }
  const Row row("steps a frame", "Training speed: steps between two pictures, about 60 pictures a second");
  return integer("##speed", s.stepsPerFrame, 1, 10000) || changed;
}

}  // namespace

bool beginSection(const char* name, bool openAtFirst, Sections& sections) {
  const bool open = openAtFirst != (sections.flipped.count(name) > 0);
  ImGui::SetNextItemOpen(open);
  ImGui::CollapsingHeader(name);
  if (!ImGui::IsItemToggledOpen()) return open;
  if (sections.flipped.erase(name) == 0) sections.flipped.insert(name);
  sections.changed = true;
  return !open;
}

void drawControls(const Session& session, Sections& sections, bool canUndo, bool canRedo, Actions& actions) {
  Settings s = session.settings;
  bool changed = false;
  const bool experiment = showsExperiment(s);
  // What the page is about comes first.
  const auto experimentSection = [&] {
    if (beginSection("Experiment", experiment, sections))
      changed |= drawExperimentControls(session, s, actions);
  };
  if (experiment) experimentSection();
  if (beginSection("Data", !experiment, sections)) changed |= dataControls(session, s, actions);
  if (beginSection("Model", !experiment, sections)) changed |= modelControls(s);
  if (beginSection("Training", !experiment, sections)) changed |= trainingControls(s);
  if (!experiment) experimentSection();
  changed |= drawLayoutSections(session, sections, s, actions);
  ImGui::Separator();
  ImGui::BeginDisabled(!canUndo);
  if (button("Undo", "The settings and data before the last change (ctrl z)")) actions.undo = true;
  ImGui::EndDisabled();
  ImGui::SameLine();
  ImGui::BeginDisabled(!canRedo);
  if (button("Redo", "What was undone, again (ctrl shift z)")) actions.redo = true;
  ImGui::EndDisabled();
  ImGui::SameLine();
  if (button("Help", "What the lab shows, in a page (?)")) actions.toggleHelp = true;
  if (changed && !actions.settings) actions.settings = s;
}

}  // namespace attention_svm::shell
