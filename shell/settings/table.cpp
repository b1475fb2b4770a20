// SPDX-License-Identifier: MIT
// To add a setting: its member in settings.h, a row here (and its name in everyMember(), which does not
// compile without it), a control where the panel shall have one, and a second value in
// tests/shell/settings_test.cpp.
#include "table.h"

#include <algorithm>

#include "../document/compact_text.h"
#include "../scenarios.h"
#include "experiment_text.h"
#include "text.h"
#include "values.h"

namespace attention_svm::shell {

namespace {

/// Members without a row would be lost from every link: whoever adds one comes by here.
[[maybe_unused]] void everyMember(const Settings& s) {
  [[maybe_unused]] const auto& [scenario, source, preset, random, fileHash, fileName, edited, text, words,
                                training, compare, experiment, beginning, stepsPerFrame, autoplay, plots,
                                theme, panel, layers, guess] = s;
  [[maybe_unused]] const auto& [unit, context, embeddings, wordDimension, wordSeed] = words;
  [[maybe_unused]] const auto& [n, T, d, dataSeed, head, lambda, selfAttention] = random;
  [[maybe_unused]] const auto& [parameterization, rank, optimizer, p, growth, stepSize, loss, gradient, ridge,
                                queries, W0, K0, Q0, seed, budget] = training;
}

// What a row reads and writes is one lambda, auto& -> auto&, so that a member is named once.

std::string boundsText(const Setting& setting) {
  return numberText(setting.low) + " to " + numberText(setting.high);
}

template <class Member>
constexpr Setting number(const char* key, SettingKind kind, Member /*member*/, double low, double high,
                         const char* label, const char* help) {
  return {key,
          kind,
          label,
          help,
          low,
          high,
          nullptr,
          [](const Setting& row) { return "a number from " + boundsText(row); },
          [](const Settings& s) { return numberText(Member{}(s)); },
          [](const Setting& row, Settings& s, const std::string& text) {
            return realIn(text, row.low, row.high, Member{}(s));
          }};
}

template <class Member>
constexpr Setting whole(const char* key, SettingKind kind, Member /*member*/, double low, double high,
                        const char* label, const char* help) {
  return {key,
          kind,
          label,
          help,
          low,
          high,
          nullptr,
          [](const Setting& row) { return "a whole number from " + boundsText(row); },
          [](const Settings& s) { return std::to_string(Member{}(s)); },
          [](const Setting& row, Settings& s, const std::string& text) {
            auto& member = Member{}(s);
            double x = static_cast<double>(member);
            std::string problem = wholeIn(text, row.low, row.high, x);
            if (problem.empty()) member = static_cast<std::remove_reference_t<decltype(member)>>(x);
            return problem;
          }};
}

template <class Member>
constexpr Setting flag(const char* key, SettingKind kind, Member /*member*/, const char* label,
                       const char* help) {
  return {key,
          kind,
          label,
          help,
          0,
          1,
          nullptr,
          [](const Setting&) { return std::string("0 or 1"); },
          [](const Settings& s) { return std::string(Member{}(s) ? "1" : "0"); },
          [](const Setting&, Settings& s, const std::string& text) { return flagIn(text, Member{}(s)); }};
}

std::string idList(const std::vector<Name>& names) {
  std::string text;
  for (const Name& name : names) {
    if (!text.empty()) text += ", ";
    text += name.id;
  }
  return text;
}

template <class Enum>
std::vector<Name> namesOf() {
  std::vector<Name> all;
  forEachName<Enum>([&all](Enum, const Name& name) { all.push_back(name); });
  return all;
}

/// Empty when found, else what was expected.
template <class Enum>
std::string choose(const std::string& text, Enum& value) {
  const std::optional<Enum> found = valueNamed<Enum>(text);
  const std::string ids = idsOf<Enum>();
  if (!found) return "expected one of " + ids;
  value = *found;
  return {};
}

template <class Member>
using TypeOf = std::remove_cvref_t<decltype(Member{}(std::declval<Settings&>()))>;

template <class Member>
constexpr Setting choice(const char* key, SettingKind kind, Member /*member*/, const char* label,
                         const char* help) {
  return {key,
          kind,
          label,
          help,
          0,
          0,
          namesOf<TypeOf<Member>>,
          [](const Setting& row) {
            const std::string ids = idList(row.choices());
            return "one of " + ids;
          },
          [](const Settings& s) { return std::string(nameOf(Member{}(s)).id); },
          [](const Setting&, Settings& s, const std::string& text) { return choose(text, Member{}(s)); }};
}

/// At most `Longest` bytes: longer texts make addresses that programs cut.
template <int Longest, class Member>
constexpr Setting shortText(const char* key, SettingKind kind, Member /*member*/, const char* label,
                            const char* help) {
  return {key,
          kind,
          label,
          help,
          0,
          0,
          nullptr,
          [](const Setting&) { return "at most " + std::to_string(Longest) + " bytes of text"; },
          [](const Settings& s) { return Member{}(s); },
          [](const Setting& row, Settings& s, const std::string& text) {
            if (text.size() > std::size_t{Longest}) return "expected " + row.form(row);
            Member{}(s) = text;
            return std::string();
          }};
}

template <class Member>
constexpr Setting matrix(const char* key, Member /*member*/, const char* label, const char* help) {
  return {key,
          SettingKind::Training,
          label,
          help,
          0,
          0,
          nullptr,
          [](const Setting&) { return std::string("d × d numbers, row by row, d at most 16; or nothing"); },
          [](const Settings& s) { return matrixText(Member{}(s)); },
          [](const Setting&, Settings& s, const std::string& text) { return matrixIn(text, Member{}(s)); }};
}

std::string dataText(const Settings& s) {
  switch (s.source) {
    case DataSource::Random: return "random";
    case DataSource::File: return "file:" + s.fileHash;
    case DataSource::Edited: return "inline:" + s.edited;
    case DataSource::Text: return "text";
    case DataSource::Preset: break;
  }
  return s.preset;
}

std::string dataForm(const Setting& /*row*/) {
  return "random, text, file:…, inline:… or one of " + presetNames();
}

std::string setData(const Setting& row, Settings& s, const std::string& text) {
  if (text == "random") {
    s.source = DataSource::Random;
  } else if (text == "text") {
    s.source = DataSource::Text;
  } else if (text.rfind("file:", 0) == 0) {
    s.source = DataSource::File;
    s.fileHash = text.substr(5);
  } else if (text.rfind("inline:", 0) == 0) {
    const Result<Dataset> dataset = expandDataset(text.substr(7));
    if (!dataset) return dataset.error();
    s.source = DataSource::Edited;
    s.edited = text.substr(7);
  } else if (presetJson(text) != nullptr) {
    s.source = DataSource::Preset;
    s.preset = text;
  } else {
    return "expected " + row.form(row);
  }
  return {};
}

std::string compareText(const Settings& s) {
  std::string text;
  for (const std::string& run : s.compare) text += (text.empty() ? "" : ";") + run;
  return text;
}

/// Runs to compare with differ in training only, and every part must be known: else the run on screen would
/// not be the one asked for.
std::string compareProblem(const std::string& run, Settings s) {
  for (const std::string& part : split(run, ',')) {
    const std::size_t equals = part.find('=');
    const std::string key = part.substr(0, equals);
    const Setting* setting = findSetting(key);
    if (setting == nullptr || setting->kind != SettingKind::Training || key == "compare" ||
        key == "experiment")
      return "\"" + shortened(key) + "\" is no setting of training";
    const std::string value = equals == std::string::npos ? "" : part.substr(equals + 1);
    if (const std::string problem = setting->write(*setting, s, value); !problem.empty())
      return key + ": " + problem;
  }
  return {};
}

std::string setCompare(const Setting& /*row*/, Settings& s, const std::string& text) {
  constexpr std::size_t kMost = 40;  // each trains, and is a curve
  const std::vector<std::string> runs = text.empty() ? std::vector<std::string>{} : split(text, ';');
  if (runs.size() > kMost)
    return "expected at most " + std::to_string(kMost) + " runs, found " + std::to_string(runs.size());
  for (std::size_t k = 0; k < runs.size(); ++k)
    if (const std::string problem = compareProblem(runs[k], s); !problem.empty())
      return "run " + std::to_string(k + 1) + ": " + problem;
  s.compare = runs;
  return {};
}

/// Several choices, in an order of the reader's.
template <class Member>
constexpr Setting choices(const char* key, Member /*member*/, const char* label, const char* help) {
  using Enum = typename TypeOf<Member>::value_type;
  return {key,
          SettingKind::Looks,
          label,
          help,
          0,
          0,
          namesOf<Enum>,
          [](const Setting& row) {
            const std::string ids = idList(row.choices());
            return "some of " + ids;
          },
          [](const Settings& s) {
            std::vector<Name> names;
            for (const Enum x : Member{}(s)) names.push_back({nameOf(x).id, ""});
            std::string text = idList(names);
            text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
            return text;
          },
          [](const Setting&, Settings& s, const std::string& text) {
            std::vector<Enum> all;
            if (text.empty() && !std::is_same_v<Enum, PlotKind>) {  // no plot at all would be no picture
              Member{}(s).clear();
              return std::string();
            }
            for (const std::string& name : split(text, ',')) {
              Enum x{};
              if (std::string problem = choose(name, x); !problem.empty()) return problem;
              all.push_back(x);
            }
            Member{}(s) = all;
            return std::string();
          }};
}

std::string guessText(const Settings& s) {
  std::string text;
  for (const double angle : s.guess) text += (text.empty() ? "" : ";") + numberText(angle);
  return text;
}

std::string setGuess(const Setting& row, Settings& s, const std::string& text) {
  std::vector<double> angles;
  for (const std::string& part : text.empty() ? std::vector<std::string>() : split(text, ';'))
    if (std::string problem = realIn(part, row.low, row.high, angles.emplace_back()); !problem.empty())
      return problem;
  s.guess = angles;
  return {};
}

}  // namespace

const std::vector<Setting>& allSettings() {
  using enum SettingKind;
  static const std::vector<Setting> table = {
      {"data", Data, "data", "Where the data comes from", 0, 0, nullptr, dataForm, dataText, setData},
      whole(
          "n", Data, [](auto& s) -> auto& { return s.random.n; }, 1, 500, "sequences n",
          "How many sequences share the one matrix W. Each has a query z and a label y = ±1."),
      whole(
          "T", Data, [](auto& s) -> auto& { return s.random.T; }, 1, 500, "tokens T",
          "Tokens in each sequence, the rows of X (T × d)"),
      whole(
          "d", Data, [](auto& s) -> auto& { return s.random.d; }, 1, 200, "dimension d",
          "Numbers in each token; d ≥ max(T − 1, n) makes almost every selection separable"),
      whole(
          "seed", Data, [](auto& s) -> auto& { return s.random.seed; }, 0, 1e15, "seed",
          "The same seed gives the same data, bit for bit"),
      choice(
          "head", Data, [](auto& s) -> auto& { return s.random.head; }, "head h(o)",
          "Reads the output o = Xᵀs of attention: the prediction is f = h(o). It is fixed, only the "
          "attention weights train. The MLP drawn here has Gaussian H and b of either sign; the experiment "
          "\"several tokens\" draws that of the paper, 1ᵀ relu(Vᵀo)."),
      number(
          "lambda", Data, [](auto& s) -> auto& { return s.random.lambda; }, -1000, 1000, "λ",
          "Weight of −‖o‖² in h(o) = vᵀo − λ‖o‖²: the larger, the more tokens are kept"),
      number(
          "limit", Data, [](auto& s) -> auto& { return s.training.budget.numbers; }, 1e4, 1e9, "limit",
          "Numbers that data, a training or an SVM may hold at once. What needs more is refused and says how "
          "many; browsers end somewhere near 150 million."),
      flag(
          "self", Data, [](auto& s) -> auto& { return s.random.selfAttention; }, "self-attention",
          "z = x₁: the first token of a sequence is its query, instead of a z of its own"),
      shortText<kLongestText>(
          "text", Data, [](auto& s) -> auto& { return s.text; }, "text",
          "Each place of it asks for the next word, among the words before it. Longer texts: as a dataset "
          "file."),
      choice(
          "unit", Data, [](auto& s) -> auto& { return s.words.unit; }, "words",
          "What counts as a word: what stands between blanks, or every character"),
      whole(
          "context", Data, [](auto& s) -> auto& { return s.words.context; }, 1, 100, "context",
          "So many words before the next one are looked at, the last of them asks"),
      choice(
          "embed", Data, [](auto& s) -> auto& { return s.words.embeddings; }, "embeddings",
          "Words become vectors. The theory asks for independent ones."),
      whole(
          "embd", Data, [](auto& s) -> auto& { return s.words.d; }, 0, 200, "their dimension",
          "Numbers in each embedding; 0: as many as there are words"),
      whole(
          "embseed", Data, [](auto& s) -> auto& { return s.words.seed; }, 0, 1e15, "their seed",
          "Of random embeddings"),
      choice(
          "param", Training, [](auto& s) -> auto& { return s.training.parameterization; }, "train",
          "Attention s = softmax(X W z). Training W leads to the SVM of least ‖W‖ (Frobenius), training "
          "its factors K, Q to the one of least nuclear norm Σ σₖ(W)."),
      whole(
          "m", Training, [](auto& s) -> auto& { return s.training.rank; }, 0, 1000, "inner size m",
          "K and Q are d × m; 0 means m = d. Below the rank of the solution there is no room for it."),
      choice(
          "opt", Training, [](auto& s) -> auto& { return s.training.optimizer; }, "optimizer",
          "gradient descent: W ← W − η ∇L. Normalized: W ← W − η ∇L / ‖∇L‖, so that steps stay of one "
          "length while the gradient fades; growing: times (1 + k/100)^growth at step k, without which "
          "(K, Q) hardly arrives. Mirror descent takes the step in ∇ψ(W), ψ = (1/p) Σ |Wᵢⱼ|^p. Sign, "
          "spectral and coordinate descent go along sign(G), along UVᵀ of G = UΣVᵀ, along the largest entry "
          "of the gradient G: the steepest way in the ℓ∞, operator and ℓ1 norm. No theorem says where Adam "
          "goes."),
      {"growth", Training, "growth",
       "Growing steps: η (1 + k/100)^growth at step k. 1 for W and 3 for (K, Q) "
       "unless given; 0 is constant.",
       0, 10, nullptr, [](const Setting& row) { return "a number from " + boundsText(row) + ", or nothing"; },
       [](const Settings& s) { return s.training.growth ? numberText(*s.training.growth) : std::string(); },
       [](const Setting& row, Settings& s, const std::string& text) {
         double value = 0;
         std::string problem = text.empty() ? std::string() : realIn(text, row.low, row.high, value);
         if (problem.empty()) s.training.growth = text.empty() ? std::nullopt : std::optional(value);
         return problem;
       }},
      number(
          "p", Training, [](auto& s) -> auto& { return s.training.p; }, 1.01, 100, "p",
          "The potential (1/p) Σ |Wᵢⱼ|^p; leads to the SVM of least ℓp norm. p > 1."),
      number(
          "eta", Training, [](auto& s) -> auto& { return s.training.stepSize; }, 1e-9, 1e9, "step size η",
          "Length of a normalized step, factor of ∇L in a plain one; the paper uses 0.1"),
      choice(
          "loss", Training, [](auto& s) -> auto& { return s.training.loss; }, "loss ℓ(u)",
          "L(W) = mean of ℓ(y f) over the sequences; any decreasing ℓ goes to the same directions"),
      choice(
          "grad", Training, [](auto& s) -> auto& { return s.training.gradient; }, "gradient",
          "plain: the textbook formula, which dies near 1e-16 and freezes the curves. Log domain: the "
          "same gradient, its largest weight factored out before it is normalized."),
      flag(
          "ridge", Training, [](auto& s) -> auto& { return s.training.ridge; }, "ridge, as published",
          "Plain gradients of (K, Q): the paper's program adds 2⁻⁵² (‖K‖² + ‖Q‖²) to the loss. After some "
          "hundred steps this balances the loss and draws the rest of the published curve."),
      flag(
          "every", Training, [](auto& s) -> auto& { return s.training.queries.everyToken; },
          "every token asks", "Each token xₖ of a sequence is a query of its own: s = softmax(X W xₖ)"),
      flag(
          "causal", Training, [](auto& s) -> auto& { return s.training.queries.causal; }, "causal mask",
          "Query k sees only the tokens 1 … k"),
      whole(
          "trainseed", Training, [](auto& s) -> auto& { return s.training.seed; }, 0, 1e15, "start seed",
          "Entries of the initial W (or K, Q) are uniform in ±1/√d"),
      matrix(
          "W0", [](auto& s) -> auto& { return s.training.W0; }, "start W",
          "Where W starts, instead of a seed"),
      matrix(
          "K0", [](auto& s) -> auto& { return s.training.K0; }, "start K",
          "Where K starts, instead of a seed"),
      matrix(
          "Q0", [](auto& s) -> auto& { return s.training.Q0; }, "start Q",
          "Where Q starts, instead of a seed"),
      {"compare", Training, "runs to compare",
       "Further runs, each as settings that differ: param=KQ;trainseed=4", 0, 0, nullptr,
       [](const Setting&) { return std::string("settings with , between and ; between runs"); }, compareText,
       setCompare},
      {"experiment", Training, "experiment",
       "What the experiment plot runs, and how it differs from the paper's", 0, 0, namesOf<ExperimentKind>,
       [](const Setting& row) {
         const std::string ids = idList(row.choices());
         return "nothing, or one of " + ids + ", then key=value with , between";
       },
       [](const Settings& s) { return experimentText(s.experiment); },
       [](const Setting&, Settings& s, const std::string& text) {
         return parseExperiment(text, s.experiment);
       }},
      shortText<kLongestBeginning>(
          "begin", Looks, [](auto& s) -> auto& { return s.beginning; }, "continue",
          "A beginning that the trained layer goes on from, word by word: the one with most attention"),
      number(
          "speed", Looks, [](auto& s) -> auto& { return s.stepsPerFrame; }, 1.0 / 64, 10000, "pace",
          "Steps of training in a sixtieth of a second; the first ones come slower, so that they can be "
          "seen"),
      choices(
          "plots", [](auto& s) -> auto& { return s.plots; }, "plots", "What is shown, in this order"),
      choice(
          "theme", Looks, [](auto& s) -> auto& { return s.theme; }, "theme",
          "Colours of the page; the choice goes into the address"),
      choice(
          "panel", Looks, [](auto& s) -> auto& { return s.panel; }, "panel",
          "Everything; play and verdict; plots and verdict; or nothing but plots"),
      flag(
          "autoplay", Looks, [](auto& s) -> auto& { return s.autoplay; }, "autoplay",
          "Training begins when the page opens"),
      choices(
          "layers", [](auto& s) -> auto& { return s.layers; }, "layers",
          "What the picture of tokens draws besides them; everything when this is empty"),
      {"guess", Looks, "guess",
       "Rays that the reader drags to where the arrows may end, in degrees, one a sequence with ; between",
       -360, 360, nullptr, [](const Setting& row) { return "numbers from " + boundsText(row); }, guessText,
       setGuess},
  };
  return table;
}

const Setting* findSetting(std::string_view key) {
  for (const Setting& setting : allSettings())
    if (key == setting.key) return &setting;
  return nullptr;
}

}  // namespace attention_svm::shell
