// SPDX-License-Identifier: MIT
// The plane of tokens: where the tokens lie, where W z points and has pointed, where the SVM says it goes.
// Colour and marker name the sequence; dashes name the run and the norm.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "../order.h"
#include "../style.h"
#include "geometry_scene.h"
#include "small_text.h"

namespace attention_svm::shell {

namespace {

using plot::Dash;
using plot::Marker;
using plot::Plot;
using plot::Point;
using plot::Style;

constexpr const char* kPathLabel = "W z in training";
constexpr const char* kLinesLabel = "separating lines";
constexpr const char* kBestLabel = "best token";
constexpr Index kMostNamedArrows = 3;
constexpr Index kMostNumbered = 24;  // tokens; of more, only the important ones get a number

/// While a sequence is pointed at, the others step back.
ImU32 colourOf(const Scene& scene, Index sequence) {
  const ImU32 colour = seriesColour(static_cast<int>(sequence));
  const Index pointed = scene.highlight.sequence;
  return pointed < 0 || pointed == sequence ? colour : mixed(palette().card, colour, 0.22f);
}

double reachOf(const Session& session) {
  double reach = 0.0;
  for (const Matrix& X : session.dataset.X)
    for (Index t = 0; t < X.rows(); ++t) {
      const Point p = project(session, X.row(t).transpose());
      reach = std::max(reach, std::hypot(p.x, p.y));
    }
  return reach > 0 ? reach : 1.0;
}

Norm::Kind normOf(const Run& run) { return predictedNorm(run.trainer.options()).kind; }

/// One for each norm: that of the prediction's solution in it.
Dash dashOf(const Run& run) {
  const std::vector<Prediction::Solved> all = run.prediction.solutions();
  if (all.size() > 2 && all[2].norm.kind == normOf(run)) return Dash::Dotted;
  return all.size() > 1 && all[1].norm.kind == normOf(run) ? Dash::DashDot : Dash::Dashed;
}

std::string rayLabel(const Run& run) {
  const Norm norm = predictedNorm(run.trainer.options());
  if (!infoOf(norm).unique)
    return std::string("one of many ") + infoOf(norm).name + " SVMs of leading tokens";
  const std::string which = norm.kind == Norm::Kind::Frobenius ? "" : infoOf(norm).name + std::string(" ");
  return which + "SVM of leading tokens";
}

std::string otherRuns(const Session& session) {
  return session.runs.size() == 2 ? session.runs[1].label : "other runs";
}

/// Another run before this one has the same rays.
bool alreadyDrawn(const Session& session, std::size_t which) {
  const Run& run = session.runs[which];
  for (std::size_t k = 0; k < which; ++k)
    if (normOf(session.runs[k]) == normOf(run) &&
        session.runs[k].prediction.selection == run.prediction.selection)
      return true;
  return false;
}

/// A name at a place on a line from the origin: beyond it, or beside it. Only where there are few.
void nameLine(Plot& plot, const Scene& scene, const char* name, Point at, bool beside, ImU32 colour) {
  const double length = std::hypot(at.x, at.y);
  if (!scene.shows(Layer::Names)) return;
  if (scene.session.dataset.n() > kMostNamedArrows || scene.everyToken() || !(length > 0.15 * scene.reach))
    return;
  const ImVec2 extent = smallExtent(name);
  auto x = static_cast<float>(at.x / length), y = static_cast<float>(-at.y / length);
  if (beside) std::swap(x, y);
  if (beside) x = -x;
  const ImVec2 away{x * (0.5f * extent.x + 5), y * (0.5f * extent.y + 5)};
  plot.PlotText(name, at, {away.x - 0.5f * extent.x, away.y - 0.5f * extent.y}, colour);
}

void drawRays(Plot& plot, const Scene& scene) {
  for (std::size_t k = 0; k < scene.session.runs.size(); ++k) {
    const Run& run = scene.session.runs[k];
    const SvmSolution* svm = namedSolution(run);
    if (svm == nullptr || alreadyDrawn(scene.session, k) || !plot.Shown(rayLabel(run).c_str())) continue;
    const auto& rows = run.trainer.model().rows();
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const Vector u = arrowOf(scene.session, svm->W, r);
      Style style;
      style.colour = colourOf(scene, rows[r].sequence);
      style.width = k == 0 ? 1.8f : 1.3f;
      style.dash = dashOf(run);
      const Point end = scaled({u(0), u(1)}, 1.02 * scene.reach);
      plot.PlotLine("##ray", {{0, 0}, end}, style);
      if (k == 0) nameLine(plot, scene, "SVM", end, false, style.colour);
    }
  }
}

/// Across W_mm z, midway between the selected token and the closest other one; only where the plane is the
/// whole space.
void drawSeparatingLines(Plot& plot, const Scene& scene) {
  const SvmSolution* svm = namedSolution(scene.run);
  if (svm == nullptr || !scene.inPlane()) return;
  const auto& rows = scene.run.trainer.model().rows();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Vector z = scene.run.trainer.model().queries().row(static_cast<Index>(r)).transpose();
    const Vector u = svm->W * z;
    const Matrix& X = scene.session.dataset.tokens(rows[r].sequence);
    const Vector values = X.topRows(rows[r].visible) * u;
    const Index selected = scene.run.prediction.selection[r];
    double next = -1e300;
    for (Index t = 0; t < values.size(); ++t)
      if (t != selected) next = std::max(next, values(t));
    if (next < -1e299 || !(u.squaredNorm() > 0)) continue;
    const auto place = [&u](double value) {
      const Vector p = u * (value / u.squaredNorm());
      return Point{p(0), p(1)};
    };
    const Point along{-u(1), u(0)};
    const ImU32 colour = colourOf(scene, rows[r].sequence);
    plot.PlotInfBand("##band", place(values(selected)), place(next), along,
                     withAlpha(colour, scene.figure() ? 0.16f : 0.07f));
    Style style;
    style.colour = withAlpha(colour, 0.75f);
    style.width = 1.2f;
    const Point middle = place(0.5 * (values(selected) + next));
    plot.PlotInfLine("##line", middle, along, style);
    plot.Record(("separating line of row " + std::to_string(r + 1)).c_str(),
                {middle, {middle.x + along.x, middle.y + along.y}});
  }
}

void drawPath(Plot& plot, const Scene& scene, const Run& run, std::size_t row) {
  const bool main = &run == &scene.run;
  std::vector<Point> path, table;
  for (const TraceSample& sample : run.trace.samples) {
    if (sample.path.empty()) break;  // memory has an end (recordSample)
    path.push_back(shownWz(scene, sample.path[2 * row], sample.path[2 * row + 1]));
    table.push_back({sample.path[2 * row], sample.path[2 * row + 1]});
  }
  const Index sequence = run.trainer.model().rows()[row].sequence;
  Style style;
  style.colour = withAlpha(colourOf(scene, sequence), main ? 1.0f : 0.7f);
  style.width = main ? 2.2f : 1.4f;
  style.dash = main ? Dash::Solid : Dash::Dotted;
  if (scene.shows(Layer::Paths))
    plot.Record((run.label + ": W z of row " + std::to_string(row + 1)).c_str(), table);
  if (scene.shows(Layer::Paths)) plot.PlotLine("##path", path, style);
  if (!scene.shows(Layer::Arrows)) return;
  style.dash = Dash::Solid;
  style.width = main ? (scene.figure() ? 5.0f : 3.0f) : 1.6f;
  plot.PlotArrow({0, 0}, path.back(), style);
  const Point middle{0.6 * path.back().x, 0.6 * path.back().y};
  if (main) nameLine(plot, scene, ("W z" + subscript(sequence + 1)).c_str(), middle, true, palette().text);
}

void drawPaths(Plot& plot, const Scene& scene) {
  for (auto run = scene.session.runs.rbegin(); run != scene.session.runs.rend(); ++run) {  // main on top
    const std::string label = &*run == &scene.run ? kPathLabel : otherRuns(scene.session);
    if (!plot.Shown(label.c_str()) || run->trace.samples.empty()) continue;
    for (std::size_t r = 0; r < run->trainer.model().rows().size(); ++r) drawPath(plot, scene, *run, r);
  }
}

/// The reader's rays: dotted, with a handle at the end.
void drawGuesses(Plot& plot, const Scene& scene) {
  const std::vector<double>& guess = scene.session.settings.guess;
  for (std::size_t i = 0; i < guess.size() && static_cast<Index>(i) < scene.session.dataset.n(); ++i) {
    Style style;
    style.colour = colourOf(scene, static_cast<Index>(i));
    style.width = 2.5f;
    style.dash = Dash::Dotted;
    const Point tip = guessTip(scene, guess[i]);
    plot.PlotLine("##guess", {{0, 0}, tip}, style);
    style.marker = sequenceMarker(static_cast<Index>(i));
    style.dash = Dash::Solid;
    style.size = 9;
    plot.DrawMarker(tip, style);
    style.colour = palette().background;
    style.size = 5;
    plot.DrawMarker(tip, style);
  }
}

void drawHeadAndQueries(Plot& plot, const Scene& scene) {
  const Dataset& dataset = scene.session.dataset;
  if (!scene.inPlane()) return;
  const auto* head = std::get_if<LinearHead>(&dataset.head);
  if (head != nullptr && scene.shows(Layer::Head)) {
    Style style;
    style.colour = palette().quiet;
    style.width = 1.5f;
    plot.PlotArrow({0, 0}, {head->v(0), head->v(1)}, style);
    plot.PlotText("v", {head->v(0), head->v(1)}, {5, -16}, palette().quiet);
  }
  if (dataset.selfAttention() || scene.everyToken() || !scene.shows(Layer::Queries)) return;
  for (Index i = 0; i < dataset.n(); ++i) {
    const Point z{dataset.Z(i, 0), dataset.Z(i, 1)};
    Style style;
    style.colour = colourOf(scene, i);
    style.marker = Marker::Cross;
    style.size = 4.5f;
    plot.DrawMarker(z, style);
    plot.PlotText(dataset.n() < 10 ? ("z" + subscript(i + 1)).c_str() : "z", z, {6, 1}, palette().quiet);
  }
}

struct TokenLook {
  Index sequence, token;
  double share;
  bool best, selected, highlighted;
  ImVec2 pixels;
  float size;
  bool ringed = false;
  /// Where no label may lie.
  [[nodiscard]] float radius() const { return ringed ? size + 6 : size; }
};

std::vector<TokenLook> tokensOf(Plot& plot, const Scene& scene) {
  const Dataset& dataset = scene.session.dataset;
  const Result<OptimalTokens> optimal = optimalTokens(dataset);
  std::vector<TokenLook> tokens;
  for (Index i = 0; i < dataset.n(); ++i)
    for (Index t = 0; t < dataset.length(i); ++t) {
      const double share = scene.everyToken() ? 0.3 : scene.run.trainer.model().probabilities(i)(t);
      const bool best = optimal && !scene.everyToken() &&
                        optimal.value().isBest(static_cast<std::size_t>(i), t) && plot.Shown(kBestLabel) &&
                        scene.shows(Layer::Best);
      const Point at = project(scene.session, dataset.tokens(i).row(t).transpose());
      tokens.push_back(
          {i, t, share, best, !scene.everyToken() && scene.run.trainer.model().selected(i) == t,
           scene.highlight.sequence == i && scene.highlight.token == t, plot.ToPixels(at),
           scene.markScale * (scene.figure() ? 7.0f : 5.0f) +
               scene.markScale * (scene.figure() ? 15.0f : 5.0f) * static_cast<float>(std::sqrt(share))});
    }
  // The heavy ones last, so that no faint token hides them.
  std::vector<double> keys;
  for (const TokenLook& token : tokens) keys.push_back(token.share);
  std::vector<TokenLook> sorted;
  for (const std::size_t k : orderOf(keys)) sorted.push_back(tokens[k]);
  return sorted;
}

void drawToken(Plot& plot, const Scene& scene, const TokenLook& token) {
  const Point at =
      project(scene.session, scene.session.dataset.tokens(token.sequence).row(token.token).transpose());
  const ImU32 colour = colourOf(scene, token.sequence);
  Style style;
  style.marker = sequenceMarker(token.sequence);
  style.size = token.size + 1.5f;
  style.colour = palette().card;
  plot.DrawMarker(at, style);
  style.size = token.size;
  style.colour = mixed(palette().card, colour, 0.25f + 0.75f * static_cast<float>(token.share));
  plot.DrawMarker(at, style);
  style.colour = colour;
  style.filled = false;
  style.width = token.selected ? 2.5f : 1.2f;
  plot.DrawMarker(at, style);
  if (token.best) {
    style.marker = Marker::Star;
    style.size = 6.0f;
    style.colour = token.share > 0.5 ? palette().card : colour;
    plot.DrawMarker(at, style);
  }
  if (token.highlighted) plot.DrawList()->AddCircle(token.pixels, token.size + 6, palette().text, 0, 1.5f);
}

/// A ring around the tokens that hold the bands in place.
void drawEdges(Plot& plot, const Scene& scene, std::vector<TokenLook>& tokens) {
  const SvmSolution* svm = namedSolution(scene.run);
  if (svm == nullptr) return;
  for (const TokenConstraint& edge : svm->support)
    for (TokenLook& token : tokens)
      if (token.sequence == edge.sequence && token.token == edge.token) {
        plot.DrawList()->AddCircle(token.pixels, token.size + 5, palette().text, 0, 2.0f);
        token.ringed = true;
      }
}

struct Box {
  float left, top, right, bottom;
  [[nodiscard]] bool meets(const Box& b) const {
    return left < b.right && b.left < right && top < b.bottom && b.top < bottom;
  }
};

bool isFree(const Box& box, const std::vector<TokenLook>& tokens, const std::vector<Box>& labels) {
  for (const TokenLook& t : tokens)
    if (box.meets({t.pixels.x - t.radius(), t.pixels.y - t.radius(), t.pixels.x + t.radius(),
                   t.pixels.y + t.radius()}))
      return false;
  return std::none_of(labels.begin(), labels.end(), [&box](const Box& b) { return box.meets(b); });
}

/// Token numbers, each beside its marker where nothing is in the way; one that finds no room is left out
/// and shows under the cursor.
void drawTokenNumbers(const Scene& scene, const std::vector<TokenLook>& tokens) {
  std::vector<Box> labels;
  for (auto token = tokens.rbegin(); token != tokens.rend(); ++token) {
    const bool few = static_cast<Index>(tokens.size()) <= kMostNumbered;
    if (!few && !token->selected && !token->best && scene.highlight.sequence != token->sequence) continue;
    if (scene.highlight.sequence >= 0 && scene.highlight.sequence != token->sequence) continue;
    const std::string text = std::to_string(token->token + 1);
    ImFont* font = scene.figure() && scene.markScale > 0.7f ? titleFont() : smallFont();
    const float height = font->FontSize * ImGui::GetIO().FontGlobalScale;
    const ImVec2 extent = font->CalcTextSizeA(height, FLT_MAX, 0, text.c_str());
    const float r = token->radius() + 4;
    for (const auto& [dx, dy] :
         {std::pair{0.7f, -0.7f}, std::pair{0.7f, 0.7f}, std::pair{-0.7f, -0.7f}, std::pair{-0.7f, 0.7f},
          std::pair{1.0f, 0.0f}, std::pair{-1.0f, 0.0f}, std::pair{0.0f, -1.0f}, std::pair{0.0f, 1.0f}}) {
      const ImVec2 c{token->pixels.x + dx * (r + 0.5f * extent.x),
                     token->pixels.y + dy * (r + 0.4f * extent.y)};
      const Box box{c.x - 0.5f * extent.x, c.y - 0.4f * extent.y, c.x + 0.5f * extent.x,
                    c.y + 0.4f * extent.y};
      if (!isFree(box, tokens, labels)) continue;
      labels.push_back(box);
      ImGui::GetWindowDrawList()->AddText(font, height, {box.left, c.y - 0.5f * extent.y}, palette().quiet,
                                          text.c_str());
      break;
    }
  }
}

void recordTokens(Plot& plot, const Session& session) {
  for (Index i = 0; i < session.dataset.n(); ++i) {
    std::vector<Point> table;
    for (Index t = 0; t < session.dataset.length(i); ++t)
      table.push_back(project(session, session.dataset.tokens(i).row(t).transpose()));
    plot.Record(("tokens of sequence " + std::to_string(i + 1)).c_str(), table);
  }
}

void drawLegendItems(Plot& plot, const Scene& scene) {
  Style style;
  style.colour = palette().quiet;
  style.width = 3.0f;
  plot.LegendItem(kPathLabel, style);
  if (scene.session.runs.size() > 1) {
    style.width = 2.1f;
    style.dash = Dash::Dotted;
    plot.LegendItem(otherRuns(scene.session).c_str(), style);
  }
  style.width = 2.1f;
  for (const Run& run : scene.session.runs) {
    if (namedSolution(run) == nullptr) continue;
    style.dash = dashOf(run);
    plot.LegendItem(rayLabel(run).c_str(), style);
  }
  style.dash = Dash::Solid;
  if (scene.inPlane() && namedSolution(scene.run) != nullptr) {
    style.colour = withAlpha(palette().quiet, 0.7f);
    plot.LegendItem(kLinesLabel, style);
    style.colour = palette().quiet;
  }
  style.width = 1.0f;
  style.marker = Marker::Star;
  style.size = 6;
  if (!scene.everyToken() && std::holds_alternative<LinearHead>(scene.session.dataset.head))
    plot.LegendItem(kBestLabel, style);
}

/// Share of the tokens' variance along one axis of the picture.
double varianceShare(const Session& session, int axis) {
  double along = 0.0, total = 0.0;
  for (const Matrix& X : session.dataset.X)
    for (Index t = 0; t < X.rows(); ++t) {
      const Vector x = X.row(t).transpose() - session.projection.origin;
      along += std::pow(session.projection.basis.col(axis).dot(x), 2);
      total += x.squaredNorm();
    }
  return total > 0 ? along / total : 1.0;
}

void setupAxes(Plot& plot, const Scene& scene) {
  if (scene.inPlane()) {
    plot.SetupAxes("x₁", "x₂");
  } else {
    char text[2][64];
    for (int axis : {0, 1})
      std::snprintf(text[axis], sizeof text[axis], "principal component %d (%.0f %%)", axis + 1,
                    100 * varianceShare(scene.session, axis));
    plot.SetupAxes(text[0], text[1]);
  }
  if (!scene.shows(Layer::Axes)) plot.SetupPlain();
  const double frame = (scene.figure() ? 1.2 : 1.28) * scene.reach;
  plot.SetupAxisLimits(plot::Axis::X, -frame, frame);
  plot.SetupAxisLimits(plot::Axis::Y, -frame, frame);
  plot.SetupEqualAspect();
}

std::optional<Edit> drawGeometry(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size) {
  auto& state = view.own<GeometryState>();
  if (session.dataset.d() < 2) {
    drawEmpty("In one dimension there is no plane to draw. Choose d of at least 2.", size);
    return std::nullopt;
  }
  if (session.dataset.n() > kMostSequences) {
    drawEmpty("Too many sequences for one picture; choose n of at most 24, or look at the other plots.",
              size);
    return std::nullopt;
  }
  const bool dragging = state.dragSequence >= 0 && ImGui::IsMouseDown(ImGuiMouseButton_Left);
  if (!dragging) state.dragReach = reachOf(session);
  const float scale = session.settings.panel == Panel::Figure
                          ? std::clamp(std::min(size.x, size.y) / 460.0f, 0.55f, 1.15f)
                          : 1.0f;
  const Scene scene{session, session.runs.front(), state.dragReach, state.trueLengths, highlight, scale};
  Plot plot;
  if (!plot.BeginPlot("Tokens and directions", size, view.plot, scene.shows(Layer::Axes)))
    return std::nullopt;
  setupAxes(plot, scene);
  plot.MenuToggle("W z at its true length", &state.trueLengths);
  drawLegendItems(plot, scene);
  if (plot.Shown(kLinesLabel) && scene.shows(Layer::Bands)) drawSeparatingLines(plot, scene);
  if (scene.shows(Layer::Rays)) drawRays(plot, scene);
  drawPaths(plot, scene);
  drawGuesses(plot, scene);
  drawHeadAndQueries(plot, scene);
  std::vector<TokenLook> tokens = tokensOf(plot, scene);
  for (const TokenLook& token : tokens) drawToken(plot, scene, token);
  if (scene.figure() && scene.shows(Layer::Bands)) drawEdges(plot, scene, tokens);
  if (scene.shows(Layer::Numbers)) drawTokenNumbers(scene, tokens);
  recordTokens(plot, session);
  std::optional<Edit> edit = handleMouse(plot, scene, state, highlight);
  plot.EndPlot();
  if (const std::optional<Edit> chosen = drawTokenMenu(scene, state)) edit = chosen;
  return edit;
}

}  // namespace

const PlotView kGeometryView = {
    .name = "geometry",
    .title = "Tokens and directions",
    .help =
        "The tokens of all sequences: colour and shape name the sequence, size and filling the share of "
        "attention. The solid arrow of a sequence is W z: the token that lies furthest along it gets "
        "the most "
        "attention. Training turns the arrows. The dashed ray is the support vector machine of the "
        "tokens that lead now: where the arrow ends if they keep the lead. ★ marks the highest score "
        "γ = y vᵀx, several tokens where they are equal. Across each ray runs the line that "
        "separates the selected token from the others, with its margin as a band. In more than two "
        "dimensions "
        "this is the plane in which the tokens vary most.",
    .draw = [](PlotFrame& f) { f.edit = drawGeometry(f.session, f.view, f.highlight, f.size); },
};

}  // namespace attention_svm::shell
