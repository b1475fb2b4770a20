// The plane of tokens: where the tokens lie, where W z points and has pointed, where the SVM says it goes.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "../style.h"
#include "views.h"

namespace attention_svm::shell {

namespace {

using plot::Dash;
using plot::Marker;
using plot::Plot;
using plot::Point;
using plot::Style;

constexpr Index kMostSequences = 24;  // beyond, a picture of all of them shows none

struct Scene {
  const Session& session;
  const Run& run;
  const SvmSolution* svm;  ///< the one that the theorem names; null when there is none
  double reach;            ///< length of SVM rays in the plot
};

Point project(const Session& session, const Vector& x) {
  const Vector p = session.projection.basis.transpose() * (x - session.projection.origin);
  return {p(0), p(1)};
}

Point direction(const Session& session, const Vector& x) {
  const Vector p = session.projection.basis.transpose() * x;
  return {p(0), p(1)};
}

const SvmSolution* namedSolution(const Run& run) {
  if (!run.prediction.tooLarge.empty() || run.prediction.decomposition) return nullptr;
  const Norm norm = predictedNorm(run.trainer.options());
  const SvmSolution* solution = &run.prediction.optimality.solution;
  if (norm.kind == Norm::Kind::Nuclear)
    solution = run.prediction.nuclear ? &*run.prediction.nuclear : nullptr;
  if (norm.kind == Norm::Kind::Lp) solution = run.prediction.lp ? &*run.prediction.lp : nullptr;
  return solution != nullptr && solution->feasible ? solution : nullptr;
}

/// Lengths grow without bound; the plot shows them squeezed so that an arrow never leaves: r / (1 + r).
double squeezed(double length, double reach) { return reach * length / (1.0 + length); }

std::vector<Point> wzPath(const Scene& scene, const Run& run, std::size_t row) {
  std::vector<Point> points;
  for (const TraceSample& sample : run.trace.samples) {
    const double x = sample.path[2 * row], y = sample.path[2 * row + 1];
    const double length = std::hypot(x, y);
    const double scale = length > 0 ? squeezed(length, scene.reach) / length : 0.0;
    points.push_back({x * scale, y * scale});
  }
  return points;
}

double tokenReach(const Session& session) {
  double reach = 0.0;
  for (const Matrix& X : session.dataset.X)
    for (Index t = 0; t < X.rows(); ++t) {
      const Point p = project(session, X.row(t).transpose());
      reach = std::max(reach, std::hypot(p.x, p.y));
    }
  return reach > 0 ? reach : 1.0;
}

void drawRays(Plot& plot, const Scene& scene) {
  if (scene.svm == nullptr) return;
  const bool nuclear = predictedNorm(scene.run.trainer.options()).kind == Norm::Kind::Nuclear;
  const auto& rows = scene.run.trainer.model().rows();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Vector z = scene.run.trainer.model().queries().row(static_cast<Index>(r)).transpose();
    const Point u = direction(scene.session, scene.svm->W * z);
    const double length = std::hypot(u.x, u.y);
    if (!(length > 0)) continue;
    Style style;
    style.colour = seriesColour(static_cast<int>(rows[r].sequence));
    style.width = 1.8f;
    style.dash = nuclear ? Dash::DashDot : Dash::Dashed;
    const Point tip{u.x / length * scene.reach * 1.15, u.y / length * scene.reach * 1.15};
    plot.PlotLine("##ray", {{0, 0}, tip}, style);
  }
}

/// Across W_mm z, midway between the selected token and the closest other one; only where the plane is the
/// whole space.
void drawSeparatingLines(Plot& plot, const Scene& scene) {
  if (scene.svm == nullptr || scene.session.dataset.d() != 2) return;
  const auto& rows = scene.run.trainer.model().rows();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Vector z = scene.run.trainer.model().queries().row(static_cast<Index>(r)).transpose();
    const Vector u = scene.svm->W * z;
    const Matrix& X = scene.session.dataset.tokens(rows[r].sequence);
    const Vector values = X.topRows(rows[r].visible) * u;
    const Index selected = scene.run.prediction.selection[r];
    double next = -1e300;
    for (Index t = 0; t < values.size(); ++t)
      if (t != selected) next = std::max(next, values(t));
    if (next < -1e299 || !(u.squaredNorm() > 0)) continue;
    const double middle = 0.5 * (values(selected) + next), half = 0.5 * (values(selected) - next);
    const Vector at = u * (middle / u.squaredNorm());
    const Point across{-u(1), u(0)};
    const ImU32 colour = seriesColour(static_cast<int>(rows[r].sequence));
    Style style;
    style.colour = withAlpha(colour, 0.75f);
    style.width = 1.2f;
    plot.PlotInfLine("##line", {at(0), at(1)}, across, style);
    const Vector step = u * (half / u.squaredNorm());
    const double far = 40 * scene.reach / std::hypot(across.x, across.y);
    const auto corner = [&](double side, double along) {
      return plot.ToPixels(
          {at(0) + side * step(0) + along * across.x * far, at(1) + side * step(1) + along * across.y * far});
    };
    plot.DrawList()->AddQuadFilled(corner(1, 1), corner(1, -1), corner(-1, -1), corner(-1, 1),
                                   withAlpha(colour, 0.06f));
  }
}

void drawPaths(Plot& plot, const Scene& scene) {
  for (const Run& run : scene.session.runs) {
    const auto& rows = run.trainer.model().rows();
    const bool main = &run == &scene.run;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const std::vector<Point> path = wzPath(scene, run, r);
      Style style;
      style.colour = main ? seriesColour(static_cast<int>(rows[r].sequence))
                          : withAlpha(seriesColour(static_cast<int>(rows[r].sequence)), 0.55f);
      style.width = main ? 2.2f : 1.4f;
      style.dash = main ? Dash::Solid : Dash::Dotted;
      plot.PlotLine("##path", path, style);
      if (path.empty()) continue;
      style.dash = Dash::Solid;
      style.width = main ? 3.0f : 1.6f;
      plot.PlotArrow({0, 0}, path.back(), style);
    }
  }
}

void drawToken(Plot& plot, const Scene& scene, Index i, Index t, double share, bool optimal, bool selected,
               bool highlighted) {
  const Point at = project(scene.session, scene.session.dataset.tokens(i).row(t).transpose());
  Style style;
  style.colour = seriesColour(static_cast<int>(i));
  style.marker = sequenceMarker(i);
  style.size = 5.0f + 5.0f * static_cast<float>(std::sqrt(share));
  style.filled = true;
  Style back = style;
  back.colour = palette().card;
  back.size += 1.5f;
  plot.DrawMarker(at, back);
  style.colour = withAlpha(style.colour, 0.25f + 0.75f * static_cast<float>(share));
  plot.DrawMarker(at, style);
  style.colour = seriesColour(static_cast<int>(i));
  style.filled = false;
  style.width = selected ? 2.5f : 1.2f;
  plot.DrawMarker(at, style);
  if (optimal) {
    Style star = style;
    star.marker = Marker::Star;
    star.size = 6.0f;
    star.colour = share > 0.5 ? palette().card : seriesColour(static_cast<int>(i));
    plot.DrawMarker(at, star);
  }
  if (highlighted) plot.DrawList()->AddCircle(plot.ToPixels(at), style.size + 6, palette().text, 0, 1.5f);
  char text[24];
  std::snprintf(text, sizeof text, "%d", static_cast<int>(t) + 1);
  plot.PlotText(text, at, {style.size + 3, -style.size - 9}, palette().quiet);
}

struct Handle {
  Edit::Kind kind;
  Index sequence, token;
  Point at;
};

std::vector<Handle> handles(const Scene& scene) {
  std::vector<Handle> result;
  const Session& session = scene.session;
  if (session.dataset.d() != 2) return result;
  for (Index i = 0; i < session.dataset.n(); ++i)
    for (Index t = 0; t < session.dataset.length(i); ++t)
      result.push_back(
          {Edit::Kind::MoveToken, i, t, project(session, session.dataset.tokens(i).row(t).transpose())});
  if (const auto* head = std::get_if<LinearHead>(&session.dataset.head))
    result.push_back({Edit::Kind::MoveHead, 0, 0, {head->v(0), head->v(1)}});
  if (!session.dataset.selfAttention() && !scene.run.trainer.options().queries.everyToken)
    for (Index i = 0; i < session.dataset.n(); ++i)
      result.push_back({Edit::Kind::MoveQuery, i, 0, {session.dataset.Z(i, 0), session.dataset.Z(i, 1)}});
  const auto& rows = scene.run.trainer.model().rows();
  if (scene.run.trainer.options().parameterization == Parameterization::W &&
      !scene.run.trace.samples.empty() && scene.run.trainer.iteration() == 0 &&
      !scene.run.trainer.options().queries.everyToken)
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const std::vector<Point> path = wzPath(scene, scene.run, r);
      result.push_back({Edit::Kind::MoveWz, rows[r].sequence, 0, path.back()});
    }
  return result;
}

void drawHandles(Plot& plot, const Scene& scene) {
  const Session& session = scene.session;
  if (session.dataset.d() != 2) return;
  if (const auto* head = std::get_if<LinearHead>(&session.dataset.head)) {
    Style style;
    style.colour = palette().quiet;
    style.width = 1.5f;
    plot.PlotArrow({0, 0}, {head->v(0), head->v(1)}, style);
    plot.PlotText("v", {head->v(0), head->v(1)}, {5, 2}, palette().quiet);
  }
  if (session.dataset.selfAttention()) return;
  for (Index i = 0; i < session.dataset.n(); ++i) {
    const Point z{session.dataset.Z(i, 0), session.dataset.Z(i, 1)};
    Style style;
    style.colour = seriesColour(static_cast<int>(i));
    style.marker = Marker::Cross;
    style.size = 4.5f;
    plot.DrawMarker(z, style);
    char text[24];
    std::snprintf(text, sizeof text, "z%d", static_cast<int>(i) + 1);
    plot.PlotText(text, z, {6, 2}, palette().quiet);
  }
}

/// The W z behind a squeezed arrow tip.
Vector unsqueezed(Point tip, double reach) {
  const double shown = std::min(std::hypot(tip.x, tip.y), 0.97 * reach);
  const double length = shown / (reach - shown);
  const double size = std::hypot(tip.x, tip.y);
  Vector result(2);
  result << (size > 0 ? tip.x / size * length : 0.0), (size > 0 ? tip.y / size * length : 0.0);
  return result;
}

const Handle* nearest(Plot& plot, const std::vector<Handle>& all, float within) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const Handle* best = nullptr;
  float distance = within;
  for (const Handle& handle : all) {
    const ImVec2 p = plot.ToPixels(handle.at);
    const float now = std::hypot(p.x - mouse.x, p.y - mouse.y);
    if (now < distance) {
      distance = now;
      best = &handle;
    }
  }
  return best;
}

void describeHandle(const Scene& scene, const Handle& handle) {
  const int i = static_cast<int>(handle.sequence) + 1;
  switch (handle.kind) {
    case Edit::Kind::MoveHead: ImGui::SetTooltip("head v: a token's score is y vᵀx\ndrag to turn it"); return;
    case Edit::Kind::MoveQuery: ImGui::SetTooltip("query z of sequence %d\ndrag to move it", i); return;
    case Edit::Kind::MoveWz:
      ImGui::SetTooltip("W z of sequence %d at the start\ndrag to choose another start", i);
      return;
    default: break;
  }
  const auto& rows = scene.run.trainer.model().rows();
  std::string text = "sequence " + std::to_string(i) + ", token " + std::to_string(handle.token + 1);
  char line[80];
  if (const Result<std::vector<Vector>> gamma = scores(scene.session.dataset)) {
    std::snprintf(line, sizeof line, "\nscore γ = %.4f",
                  gamma.value()[static_cast<std::size_t>(handle.sequence)](handle.token));
    text += line;
  }
  for (std::size_t r = 0; r < rows.size(); ++r)
    if (rows[r].sequence == handle.sequence && !scene.run.trainer.options().queries.everyToken) {
      std::snprintf(line, sizeof line, "\nattention s = %.4g",
                    scene.run.trainer.model().probabilities(static_cast<Index>(r))(handle.token));
      text += line;
    }
  ImGui::SetTooltip("%s\ndrag to move, right click for more", text.c_str());
}

std::optional<Edit> handleEditing(Plot& plot, const Scene& scene, ViewState& view, Highlight& highlight) {
  const std::vector<Handle> all = handles(scene);
  const Handle* near = plot.Hovered() ? nearest(plot, all, 14.0f) : nullptr;
  std::optional<Edit> edit;
  if (view.dragSequence >= 0 && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
    plot.TakeMouse();
    const Point p = plot.MousePosition();
    if (ImGui::GetIO().MouseDelta.x == 0 && ImGui::GetIO().MouseDelta.y == 0) return edit;
    Vector position(2);
    position << p.x, p.y;
    if (view.dragKind == Edit::Kind::MoveWz) position = unsqueezed(p, scene.reach);
    return Edit{view.dragKind, view.dragSequence, view.dragToken, position, false};
  }
  view.dragSequence = -1;
  if (near != nullptr) {
    plot.TakeMouse();
    if (near->kind == Edit::Kind::MoveToken) highlight = {near->sequence, near->token};
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    describeHandle(scene, *near);
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
      view.dragSequence = near->sequence;
      view.dragToken = near->token;
      view.dragKind = near->kind;
      Vector position(2);
      position << near->at.x, near->at.y;
      if (near->kind == Edit::Kind::MoveWz) position = unsqueezed(near->at, scene.reach);
      edit = Edit{near->kind, near->sequence, near->token, position, true};
    }
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Right) && near->kind == Edit::Kind::MoveToken) {
      view.menuSequence = near->sequence;
      view.menuToken = near->token;
      ImGui::OpenPopup("token menu");
    }
  } else if (plot.Hovered() && scene.session.dataset.d() == 2 &&
             ImGui::IsMouseClicked(ImGuiMouseButton_Right)) {
    view.menuSequence = std::max<Index>(highlight.sequence, 0);
    view.menuToken = -1;
    ImGui::OpenPopup("token menu");
  }
  return edit;
}

std::optional<Edit> tokenMenu(const Scene& scene, ViewState& view, Point at) {
  std::optional<Edit> edit;
  if (!ImGui::BeginPopup("token menu")) return edit;
  const Index i = view.menuSequence;
  Vector position(2);
  position << at.x, at.y;
  if (view.menuToken >= 0) {
    ImGui::TextDisabled("sequence %d, token %d", static_cast<int>(i) + 1,
                        static_cast<int>(view.menuToken) + 1);
    if (ImGui::MenuItem("Delete token", nullptr, false, scene.session.dataset.length(i) > 1))
      edit = Edit{Edit::Kind::DeleteToken, i, view.menuToken, position, true};
    if (ImGui::MenuItem("Flip the label y of the sequence"))
      edit = Edit{Edit::Kind::FlipLabel, i, 0, position, true};
  } else {
    for (Index s = 0; s < scene.session.dataset.n() && s < kMostSequences; ++s) {
      const std::string text = "Add a token to sequence " + std::to_string(s + 1);
      if (ImGui::MenuItem(text.c_str())) edit = Edit{Edit::Kind::AddToken, s, 0, position, true};
    }
  }
  ImGui::EndPopup();
  return edit;
}

void legendItems(Plot& plot, const Scene& scene) {
  Style style;
  style.colour = palette().quiet;
  style.width = 3.0f;
  plot.LegendItem("W z now and its path", style);
  if (scene.svm != nullptr) {
    const bool nuclear = predictedNorm(scene.run.trainer.options()).kind == Norm::Kind::Nuclear;
    style.dash = nuclear ? Dash::DashDot : Dash::Dashed;
    style.width = 2.1f;
    plot.LegendItem(nuclear ? "nuclear SVM direction" : "SVM direction", style);
  }
  style.dash = Dash::Solid;
  style.width = 1.0f;
  style.marker = Marker::Star;
  style.size = 6;
  plot.LegendItem("best token", style);
  if (scene.session.dataset.d() == 2 && scene.svm != nullptr) {
    style.marker = Marker::None;
    style.width = 2.1f;
    style.colour = withAlpha(palette().quiet, 0.7f);
    plot.LegendItem("separating lines", style);
  }
}

}  // namespace

std::optional<Edit> drawGeometry(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size) {
  const Dataset& dataset = session.dataset;
  const Run& run = session.runs.front();
  if (dataset.d() < 2) {
    drawEmpty("In one dimension there is no plane to draw. Choose d of at least 2.", size);
    return std::nullopt;
  }
  if (dataset.n() > kMostSequences) {
    drawEmpty("Too many sequences for one picture; choose n of at most 24, or look at the other plots.",
              size);
    return std::nullopt;
  }
  Scene scene{session, run, namedSolution(run), tokenReach(session)};
  Plot plot;
  if (!plot.BeginPlot("Tokens and directions", size, view.plot)) return std::nullopt;
  char x[128] = "x₁";
  if (dataset.d() > 2)
    std::snprintf(x, sizeof x, "principal plane of the tokens (%.0f %% of their variance)",
                  100 * session.projection.explained);
  plot.SetupAxes(x, "");
  const double frame = 1.28 * scene.reach;
  plot.SetupAxisLimits(plot::Axis::X, -frame, frame);
  plot.SetupAxisLimits(plot::Axis::Y, -frame, frame);
  plot.SetupEqualAspect();
  legendItems(plot, scene);
  if (plot.Shown("separating lines")) drawSeparatingLines(plot, scene);
  if (plot.Shown("SVM direction") && plot.Shown("nuclear SVM direction")) drawRays(plot, scene);
  if (plot.Shown("W z now and its path")) drawPaths(plot, scene);
  drawHandles(plot, scene);

  const Result<OptimalTokens> optimal = optimalTokens(dataset);
  const bool everyToken = run.trainer.options().queries.everyToken;
  for (Index i = 0; i < dataset.n(); ++i)
    for (Index t = 0; t < dataset.length(i); ++t) {
      const auto row = static_cast<std::size_t>(i);
      const double share = everyToken ? 0.3 : run.trainer.model().probabilities(i)(t);
      const bool best = optimal && optimal.value().tokens[row] == t && plot.Shown("best token");
      const bool selected = !everyToken && run.trainer.model().selected(i) == t;
      drawToken(plot, scene, i, t, share, best, selected, highlight.sequence == i && highlight.token == t);
    }
  std::optional<Edit> edit = handleEditing(plot, scene, view, highlight);
  const Point mouse = plot.MousePosition();
  plot.EndPlot();
  if (const std::optional<Edit> chosen = tokenMenu(scene, view, mouse)) edit = chosen;
  return edit;
}

}  // namespace attention_svm::shell
