#include "address.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "experiment_text.h"
#include "scenarios.h"
#include "text.h"

namespace attention_svm::shell {

namespace {

template <class T>
struct Named {
  T value;
  const char* name;
};

constexpr Named<Optimizer> kOptimizers[] = {{Optimizer::NormalizedGd, "normalized-gd"},
                                            {Optimizer::NormalizedGdGrowing, "normalized-gd-growing"},
                                            {Optimizer::Gd, "gd"},
                                            {Optimizer::Adam, "adam"},
                                            {Optimizer::Mirror, "mirror"},
                                            {Optimizer::NormalizedMirror, "normalized-mirror"}};
constexpr Named<Loss> kLosses[] = {
    {Loss::Logistic, "logistic"}, {Loss::Exponential, "exponential"}, {Loss::Linear, "linear"}};
constexpr Named<GradientMode> kGradients[] = {{GradientMode::LogDomain, "log-domain"},
                                              {GradientMode::Plain, "plain"}};
constexpr Named<Parameterization> kParameterizations[] = {{Parameterization::W, "W"},
                                                          {Parameterization::KQ, "KQ"}};
constexpr Named<HeadKind> kHeads[] = {
    {HeadKind::Linear, "linear"}, {HeadKind::Mlp, "mlp"}, {HeadKind::Quadratic, "quadratic"}};
constexpr Named<Theme> kThemes[] = {{Theme::Auto, "auto"}, {Theme::Light, "light"}, {Theme::Dark, "dark"}};
constexpr Named<Panel> kPanels[] = {
    {Panel::Full, "full"}, {Panel::Compact, "compact"}, {Panel::None, "none"}};
constexpr Named<PlotKind> kPlots[] = {{PlotKind::Geometry, "geometry"},
                                      {PlotKind::Convergence, "convergence"},
                                      {PlotKind::LossAndNorm, "loss"},
                                      {PlotKind::Attention, "attention"},
                                      {PlotKind::SingularValues, "singular-values"},
                                      {PlotKind::Margins, "margins"},
                                      {PlotKind::Certificate, "certificate"},
                                      {PlotKind::Scores, "scores"},
                                      {PlotKind::Images, "images"},
                                      {PlotKind::Path, "path"},
                                      {PlotKind::Experiment, "experiment"}};

template <class T, std::size_t N>
const char* nameOf(const Named<T> (&table)[N], T value) {
  for (const Named<T>& entry : table)
    if (entry.value == value) return entry.name;
  return "";
}

/// Empty when found, else what was expected.
template <class T, std::size_t N>
std::string choose(const Named<T> (&table)[N], const std::string& text, T& value) {
  std::string expected;
  for (const Named<T>& entry : table) {
    if (text == entry.name) {
      value = entry.value;
      return {};
    }
    expected += std::string(expected.empty() ? "" : ", ") + entry.name;
  }
  return "expected one of " + expected;
}

std::string numberText(double x) {
  char text[32];
  for (const int digits : {6, 17}) {
    std::snprintf(text, sizeof text, "%.*g", digits, x);
    if (std::strtod(text, nullptr) == x) break;
  }
  return text;
}

bool parseNumber(const std::string& text, double& value) {
  if (text.empty() || text.find_first_not_of("0123456789+-.eE") != std::string::npos) return false;
  char* end = nullptr;
  const double x = std::strtod(text.c_str(), &end);
  if (end == nullptr || *end != '\0' || !std::isfinite(x)) return false;
  value = x;
  return true;
}

std::string realIn(const std::string& text, double low, double high, double& value) {
  double x = 0;
  if (!parseNumber(text, x) || x < low || x > high)
    return "expected a number from " + numberText(low) + " to " + numberText(high);
  value = x;
  return {};
}

template <class Integer>
std::string integerIn(const std::string& text, double low, double high, Integer& value) {
  double x = 0;
  std::string problem = realIn(text, low, high, x);
  if (problem.empty() && x != std::floor(x)) problem = "expected a whole number";
  if (problem.empty()) value = static_cast<Integer>(x);
  return problem;
}

std::string flag(const std::string& text, bool& value) {
  if (text != "0" && text != "1" && text != "true" && text != "false" && !text.empty())
    return "expected 0 or 1";
  value = text != "0" && text != "false";
  return {};
}

std::string setPlots(const std::string& text, std::vector<PlotKind>& plots) {
  std::vector<PlotKind> result;
  for (const std::string& name : split(text, ',')) {
    PlotKind kind{};
    if (std::string problem = choose(kPlots, name, kind); !problem.empty()) return problem;
    result.push_back(kind);
  }
  plots = result;
  return {};
}

std::string setData(const std::string& text, Settings& s) {
  if (text == "random") {
    s.source = DataSource::Random;
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
    return "expected random, file:…, inline:… or one of " + presetNames();
  }
  return {};
}

std::string dataText(const Settings& s) {
  switch (s.source) {
    case DataSource::Random: return "random";
    case DataSource::File: return "file:" + s.fileHash;
    case DataSource::Edited: return "inline:" + s.edited;
    case DataSource::Preset: break;
  }
  return s.preset;
}

std::string matrixText(const std::optional<Matrix>& A) {
  if (!A) return {};
  std::string text;
  for (Index r = 0; r < A->rows(); ++r)
    for (Index c = 0; c < A->cols(); ++c) text += (r + c > 0 ? "," : "") + numberText((*A)(r, c));
  return text;
}

/// Square matrices only: W0, or K0 and Q0 with m = d.
std::string setMatrix(const std::string& text, std::optional<Matrix>& A) {
  if (text.empty()) {
    A.reset();
    return {};
  }
  const std::vector<std::string> parts = split(text, ',');
  const Index d = static_cast<Index>(std::lround(std::sqrt(static_cast<double>(parts.size()))));
  if (d * d != static_cast<Index>(parts.size()) || d > 16) return "expected d x d numbers, d at most 16";
  Matrix result(d, d);
  for (Index k = 0; k < d * d; ++k)
    if (!parseNumber(parts[static_cast<std::size_t>(k)], result(k / d, k % d))) return "expected numbers";
  A = result;
  return {};
}

std::string plotsText(const std::vector<PlotKind>& plots) {
  std::string text;
  for (const PlotKind kind : plots) text += (text.empty() ? "" : ",") + std::string(nameOf(kPlots, kind));
  return text;
}

/// For notices: broken text may be long or odd.
std::string shortened(const std::string& text) {
  std::string result;
  for (const char c : text.substr(0, 40)) result.push_back(static_cast<unsigned char>(c) < 0x20 ? '?' : c);
  return text.size() > 40 ? result + "…" : result;
}

std::string applyField(Settings& s, const std::string& key, const std::string& value);

/// Runs to compare with differ in training only: each is a list of such settings, and all of them must be
/// known, else the run on screen would not be the one asked for.
std::string compareProblem(const std::string& run, Settings s) {
  for (const std::string& part : split(run, ',')) {
    const std::size_t equals = part.find('=');
    const std::string key = part.substr(0, equals);
    constexpr const char* kTraining[] = {"param", "m",      "opt",       "p",  "eta", "loss", "grad",
                                         "every", "causal", "trainseed", "W0", "K0",  "Q0"};
    const auto same = [&key](const char* name) { return key == name; };
    if (std::none_of(std::begin(kTraining), std::end(kTraining), same))
      return "\"" + shortened(key) + "\" is no setting of training";
    const std::string problem =
        applyField(s, key, equals == std::string::npos ? "" : part.substr(equals + 1));
    if (!problem.empty()) return key + ": " + problem;
  }
  return {};
}

std::string setCompare(const std::string& text, Settings& s) {
  const std::vector<std::string> runs = text.empty() ? std::vector<std::string>{} : split(text, ';');
  for (std::size_t k = 0; k < runs.size(); ++k)
    if (const std::string problem = compareProblem(runs[k], s); !problem.empty())
      return "run " + std::to_string(k + 1) + ": " + problem;
  s.compare = runs;
  return {};
}

std::string applyField(Settings& s, const std::string& key, const std::string& value) {
  TrainerOptions& t = s.training;
  if (key == "data") return setData(value, s);
  if (key == "n") return integerIn(value, 1, 500, s.random.n);
  if (key == "T") return integerIn(value, 1, 500, s.random.T);
  if (key == "d") return integerIn(value, 1, 200, s.random.d);
  if (key == "seed") return integerIn(value, 0, 1e15, s.random.seed);
  if (key == "head") return choose(kHeads, value, s.random.head);
  if (key == "lambda") return realIn(value, -1000, 1000, s.random.lambda);
  if (key == "self") return flag(value, s.random.selfAttention);
  if (key == "param") return choose(kParameterizations, value, t.parameterization);
  if (key == "m") return integerIn(value, 0, 1000, t.rank);
  if (key == "opt") return choose(kOptimizers, value, t.optimizer);
  if (key == "p") return realIn(value, 1.01, 100, t.p);
  if (key == "eta") return realIn(value, 1e-9, 1e9, t.stepSize);
  if (key == "loss") return choose(kLosses, value, t.loss);
  if (key == "grad") return choose(kGradients, value, t.gradient);
  if (key == "every") return flag(value, t.queries.everyToken);
  if (key == "causal") return flag(value, t.queries.causal);
  if (key == "trainseed") return integerIn(value, 0, 1e15, t.seed);
  if (key == "W0") return setMatrix(value, t.W0);
  if (key == "K0") return setMatrix(value, t.K0);
  if (key == "Q0") return setMatrix(value, t.Q0);
  if (key == "experiment") return parseExperiment(value, s.experiment);
  if (key == "speed") return integerIn(value, 1, 10000, s.stepsPerFrame);
  if (key == "autoplay") return flag(value, s.autoplay);
  if (key == "plots") return setPlots(value, s.plots);
  if (key == "theme") return choose(kThemes, value, s.theme);
  if (key == "panel") return choose(kPanels, value, s.panel);
  if (key == "compare") {
    return setCompare(value, s);
  }
  return "unknown";
}

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string unescaped(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 && hexDigit(text[i + 2]) >= 0) {
      result.push_back(static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2])));
      i += 2;
    } else {
      result.push_back(text[i]);
    }
  }
  return result;
}

std::string escaped(const std::string& text) {
  std::string result;
  char buffer[4];
  for (const char c : text) {
    const unsigned char u = static_cast<unsigned char>(c);
    if (u <= 0x20 || u >= 0x7f || c == '%' || c == '&' || c == '#' || c == '"' || c == '<' || c == '>') {
      std::snprintf(buffer, sizeof buffer, "%%%02X", u);
      result += buffer;
    } else {
      result.push_back(c);
    }
  }
  return result;
}

}  // namespace

const char* plotName(PlotKind kind) { return nameOf(kPlots, kind); }
const char* optimizerName(Optimizer optimizer) { return nameOf(kOptimizers, optimizer); }
const char* lossName(Loss loss) { return nameOf(kLosses, loss); }

std::vector<Field> splitFields(const std::string& text) {
  std::vector<Field> fields;
  for (const std::string& part : split(text, '&')) {
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos)
      fields.emplace_back(unescaped(part), "");
    else
      fields.emplace_back(unescaped(part.substr(0, equals)), unescaped(part.substr(equals + 1)));
  }
  return fields;
}

std::string joinFields(const std::vector<Field>& fields) {
  std::string text;
  for (const Field& field : fields)
    text += (text.empty() ? "" : "&") + escaped(field.first) + "=" + escaped(field.second);
  return text;
}

std::vector<Field> allFields(const Settings& s) {
  const TrainerOptions& t = s.training;
  std::string compare;
  for (const std::string& run : s.compare) compare += (compare.empty() ? "" : ";") + run;
  const auto flagText = [](bool value) { return std::string(value ? "1" : "0"); };
  return {{"data", dataText(s)},
          {"n", std::to_string(s.random.n)},
          {"T", std::to_string(s.random.T)},
          {"d", std::to_string(s.random.d)},
          {"seed", std::to_string(s.random.seed)},
          {"head", nameOf(kHeads, s.random.head)},
          {"lambda", numberText(s.random.lambda)},
          {"self", flagText(s.random.selfAttention)},
          {"param", nameOf(kParameterizations, t.parameterization)},
          {"m", std::to_string(t.rank)},
          {"opt", nameOf(kOptimizers, t.optimizer)},
          {"p", numberText(t.p)},
          {"eta", numberText(t.stepSize)},
          {"loss", nameOf(kLosses, t.loss)},
          {"grad", nameOf(kGradients, t.gradient)},
          {"every", flagText(t.queries.everyToken)},
          {"causal", flagText(t.queries.causal)},
          {"trainseed", std::to_string(t.seed)},
          {"W0", matrixText(t.W0)},
          {"K0", matrixText(t.K0)},
          {"Q0", matrixText(t.Q0)},
          {"compare", compare},
          {"experiment", experimentText(s.experiment)},
          {"speed", std::to_string(s.stepsPerFrame)},
          {"plots", plotsText(s.plots)},
          {"theme", nameOf(kThemes, s.theme)},
          {"panel", nameOf(kPanels, s.panel)},
          {"autoplay", flagText(s.autoplay)}};
}

std::string addressOf(const Settings& settings) {
  std::vector<Field> fields{{"v", kAddressVersion}, {"scenario", settings.scenario}};
  const std::vector<Field> base = allFields(scenarioSettings(settings.scenario));
  const std::vector<Field> now = allFields(settings);
  for (std::size_t i = 0; i < now.size(); ++i)
    if (now[i].second != base[i].second) fields.push_back(now[i]);
  return joinFields(fields);
}

std::vector<std::string> applyFields(Settings& settings, const std::vector<Field>& fields) {
  std::vector<std::string> notices;
  for (const auto& [key, value] : fields) {
    if (key == "scenario") continue;
    if (key == "v") {
      if (value != kAddressVersion)
        notices.push_back("This address has version " + shortened(value) + ", the lab knows version 1.");
      continue;
    }
    const std::string problem = applyField(settings, key, value);
    if (problem == "unknown")
      notices.push_back("Unknown setting \"" + shortened(key) + "\" was left out.");
    else if (!problem.empty())
      notices.push_back("Setting " + key + "=" + shortened(value) + " was left out: " + problem + ".");
  }
  return notices;
}

Settings settingsFromAddress(const std::string& fragment, std::vector<std::string>& notices) {
  const std::vector<Field> fields = splitFields(fragment);
  std::string scenario = "plane";
  for (const Field& field : fields) {
    if (field.first != "scenario") continue;
    if (findScenario(field.second) != nullptr)
      scenario = field.second;
    else
      notices.push_back("There is no scenario \"" + shortened(field.second) + "\"; this is \"plane\".");
  }
  Settings settings = scenarioSettings(scenario);
  for (std::string& notice : applyFields(settings, fields)) notices.push_back(std::move(notice));
  return settings;
}

double rounded(double x) { return std::round(x * 1e4) / 1e4; }

namespace {

std::string vectorText(const Vector& v) {
  std::string text;
  for (Index j = 0; j < v.size(); ++j) text += (j > 0 ? "," : "") + numberText(rounded(v(j)));
  return text;
}

std::string rowsText(const Matrix& A) {
  std::string text;
  for (Index r = 0; r < A.rows(); ++r) text += (r > 0 ? ";" : "") + vectorText(A.row(r).transpose());
  return text;
}

bool parseVector(const std::string& text, Vector& v) {
  const std::vector<std::string> parts = split(text, ',');
  v.resize(static_cast<Index>(parts.size()));
  for (std::size_t j = 0; j < parts.size(); ++j)
    if (!parseNumber(parts[j], v(static_cast<Index>(j)))) return false;
  return true;
}

bool parseRows(const std::string& text, Matrix& A) {
  const std::vector<std::string> parts = split(text, ';');
  for (std::size_t r = 0; r < parts.size(); ++r) {
    Vector row;
    if (!parseVector(parts[r], row)) return false;
    if (r == 0) A.resize(static_cast<Index>(parts.size()), row.size());
    if (row.size() != A.cols()) return false;
    A.row(static_cast<Index>(r)) = row.transpose();
  }
  return true;
}

}  // namespace

// X sequences by '|', tokens by ';', coordinates by ','; sections X~Z~y~v by '~'.
std::string compactDataset(const Dataset& dataset) {
  std::string text;
  for (Index i = 0; i < dataset.n(); ++i) text += (i > 0 ? "|" : "") + rowsText(dataset.tokens(i));
  text += "~" + (dataset.selfAttention() ? std::string("self") : rowsText(dataset.Z)) + "~";
  for (Index i = 0; i < dataset.n(); ++i) text += dataset.y(i) > 0 ? "p" : "n";
  const auto* head = std::get_if<LinearHead>(&dataset.head);
  return text + "~" + (head != nullptr ? vectorText(head->v) : std::string());
}

Result<Dataset> expandDataset(const std::string& text) {
  const std::vector<std::string> sections = split(text, '~');
  const Error broken{"the data in the address is damaged"};
  if (sections.size() != 4 || text.size() > 20000) return broken;
  Dataset dataset;
  dataset.name = "edited by hand";
  for (const std::string& sequence : split(sections[0], '|')) {
    Matrix X;
    if (!parseRows(sequence, X)) return broken;
    dataset.X.push_back(X);
  }
  if (sections[1] != "self" && !parseRows(sections[1], dataset.Z)) return broken;
  dataset.y.resize(static_cast<Index>(sections[2].size()));
  for (std::size_t i = 0; i < sections[2].size(); ++i)
    dataset.y(static_cast<Index>(i)) = sections[2][i] == 'p' ? 1.0 : -1.0;
  LinearHead head;
  if (!parseVector(sections[3], head.v)) return broken;
  dataset.head = head;
  return validated(std::move(dataset));
}

}  // namespace attention_svm::shell
