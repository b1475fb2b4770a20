// SPDX-License-Identifier: MIT
// The mouse in the geometry state: what lies under it, in words, and moving it.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "geometry_scene.h"

namespace attention_svm::shell {

namespace {

using plot::Plot;
using plot::Point;

constexpr float kNear = 14.0f, kNearFinger = 26.0f;  // pixels from which a thing is pointed at
constexpr double kDegrees = 57.29577951308232;

Vector pair(Point p) {
  Vector result(2);
  result << p.x, p.y;
  return result;
}

const Spot* nearest(Plot& plot, const std::vector<Spot>& all) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const Spot* best = nullptr;
  float distance = ImGui::GetIO().MouseSource == ImGuiMouseSource_TouchScreen ? kNearFinger : kNear;
  for (const Spot& spot : all) {
    const ImVec2 p = plot.ToPixels(spot.at);
    const float now = std::hypot(p.x - mouse.x, p.y - mouse.y);
    if (now < distance) {
      distance = now;
      best = &spot;
    }
  }
  return best;
}

std::string line(const char* format, double value) {
  char text[96];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string tokenText(const Scene& scene, const Spot& spot) {
  std::string text =
      "sequence " + std::to_string(spot.sequence + 1) + ", token " + std::to_string(spot.token + 1);
  if (const Result<std::vector<Vector>> gamma = scores(scene.session.dataset))
    text += line("\nscore γ = %.4f", gamma.value()[static_cast<std::size_t>(spot.sequence)](spot.token));
  if (scene.everyToken()) return text;
  text += line("\nattention s = %.4g", scene.run.trainer.model().probabilities(spot.sequence)(spot.token));
  const SvmSolution* svm = namedSolution(scene.run);
  if (svm == nullptr) return text;
  const Index selected = scene.run.prediction.selection[static_cast<std::size_t>(spot.sequence)];
  const Matrix& X = scene.session.dataset.tokens(spot.sequence);
  if (spot.token == selected) return text + "\nthe selected token";
  const double margin =
      (X.row(selected) - X.row(spot.token)).dot(svm->W * scene.session.dataset.query(spot.sequence));
  return text + line("\nSVM margin below the selected one: %.4f", margin) +
         (margin < 1.0 + 1e-6 ? "  (support token)" : "");
}

std::string directionText(const Scene& scene, const Spot& spot) {
  const Vector z = scene.run.trainer.model().queries().row(spot.token).transpose();
  const Vector now = scene.run.trainer.W() * z;
  std::string text = "W z of sequence " + std::to_string(spot.sequence + 1);
  if (scene.everyToken())
    text += ", query " +
            std::to_string(scene.run.trainer.model().rows()[static_cast<std::size_t>(spot.token)].query + 1);
  text += line("\nlength %.4g", now.norm());
  if (const SvmSolution* svm = namedSolution(scene.run)) {
    const Vector goal = svm->W * z;
    const double sizes = now.norm() * goal.norm();
    if (sizes > 0)
      text += line("\nangle to the SVM ray %.2f°",
                   kDegrees * std::acos(std::clamp(now.dot(goal) / sizes, -1.0, 1.0)));
  }
  return text;
}

/// In a figure nothing is named that its text has not named.
std::string plainText(const Scene& scene, const Spot& spot) {
  switch (spot.kind) {
    case Edit::Kind::MoveGuess: return "your guess: drag it";
    case Edit::Kind::MoveWz: return spot.movable ? "drag the arrow" : "the arrow";
    default: break;
  }
  const double share = scene.run.trainer.model().probabilities(spot.sequence)(spot.token);
  return "token " + std::to_string(spot.token + 1) + line(": %.3g %% of the attention", 100 * share) +
         (spot.movable ? "\ndrag to move it" : "");
}

std::string describe(const Scene& scene, const Spot& spot) {
  const std::string sequence = std::to_string(spot.sequence + 1);
  if (scene.figure() && !scene.everyToken()) return plainText(scene, spot);
  switch (spot.kind) {
    case Edit::Kind::MoveHead: return "head v: the score of a token is γ = y vᵀx\ndrag to turn it";
    case Edit::Kind::MoveQuery:
      return "query z of sequence " + sequence + (spot.movable ? "\ndrag to move it" : "");
    case Edit::Kind::MoveGuess: return "your guess of where the arrow will end\ndrag to turn it";
    case Edit::Kind::MoveWz:
      return directionText(scene, spot) + (spot.movable ? "\ndrag to choose another start" : "");
    default: break;
  }
  return tokenText(scene, spot) +
         (spot.movable ? "\ndrag to move, right click for more" : "\nright click for more");
}

Edit moveTo(const Scene& scene, Edit::Kind kind, Index sequence, Index token, Point p, bool begins) {
  if (kind == Edit::Kind::MoveGuess)
    return {kind, sequence, token, Vector::Constant(1, kDegrees * std::atan2(p.y, p.x)), begins};
  return {kind, sequence, token, kind == Edit::Kind::MoveWz ? behindTip(scene, p) : pair(p), begins};
}

std::optional<Edit> drag(Plot& plot, const Scene& scene, const GeometryState& state) {
  plot.TakeMouse();
  const ImVec2 moved = ImGui::GetIO().MouseDelta;
  if (moved.x == 0 && moved.y == 0) return std::nullopt;
  return moveTo(scene, state.dragKind, state.dragSequence, state.dragToken, plot.MousePosition(), false);
}

std::optional<Edit> pointAt(Plot& plot, const Scene& scene, const Spot& spot, GeometryState& state,
                            Highlight& highlight) {
  if (spot.kind != Edit::Kind::MoveHead)
    highlight.pointAt(spot.sequence, spot.kind == Edit::Kind::MoveToken ? spot.token : -1);
  ImGui::SetTooltip("%s", describe(scene, spot).c_str());
  if (!scene.figure() && ImGui::IsMouseClicked(ImGuiMouseButton_Right) &&
      spot.kind == Edit::Kind::MoveToken) {
    state.menuSequence = spot.sequence;
    state.menuToken = spot.token;
    state.menuAt = spot.at;
    ImGui::OpenPopup("token menu");
  }
  if (!spot.movable) return std::nullopt;
  plot.TakeMouse();
  ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  if (!ImGui::IsMouseClicked(ImGuiMouseButton_Left)) return std::nullopt;
  state.dragSequence = spot.sequence;
  state.dragToken = spot.token;
  state.dragKind = spot.kind;
  return moveTo(scene, spot.kind, spot.sequence, spot.token, spot.at, true);
}

}  // namespace

std::vector<Spot> spots(const Scene& scene) {
  std::vector<Spot> result;
  const Dataset& dataset = scene.session.dataset;
  const bool movable = scene.inPlane();
  const bool hidden = scene.figure() && !scene.shows(Layer::Arrows);
  const std::vector<double>& guess = scene.session.settings.guess;
  for (std::size_t i = 0; i < guess.size() && static_cast<Index>(i) < dataset.n(); ++i)
    result.push_back({Edit::Kind::MoveGuess, static_cast<Index>(i), 0, guessTip(scene, guess[i]), !hidden});
  // A figure has one handle: the rays of a guess, the arrows, or the tokens where there are no arrows.
  const bool tokensMove = movable && (!scene.figure() || hidden);
  for (Index i = 0; i < dataset.n(); ++i)
    for (Index t = 0; t < dataset.length(i); ++t)
      result.push_back({Edit::Kind::MoveToken, i, t,
                        project(scene.session, dataset.tokens(i).row(t).transpose()), tokensMove});
  if (movable) {
    if (const auto* head = std::get_if<LinearHead>(&dataset.head);
        head != nullptr && scene.shows(Layer::Head))
      result.push_back({Edit::Kind::MoveHead, 0, 0, {head->v(0), head->v(1)}, true});
    if (!dataset.selfAttention() && !scene.everyToken() && scene.shows(Layer::Queries))
      for (Index i = 0; i < dataset.n(); ++i)
        result.push_back({Edit::Kind::MoveQuery, i, 0, {dataset.Z(i, 0), dataset.Z(i, 1)}, true});
  }
  // Only the start can be chosen: later, W is what training made of it.
  const bool atStart = movable && scene.run.trainer.options().parameterization == Parameterization::W &&
                       scene.run.trainer.iteration() == 0 && !scene.everyToken() && guess.empty();
  if (hidden) return result;
  const auto& rows = scene.run.trainer.model().rows();
  for (std::size_t r = 0; r < rows.size(); ++r)
    result.push_back(
        {Edit::Kind::MoveWz, rows[r].sequence, static_cast<Index>(r), wzTip(scene, scene.run, r), atStart});
  return result;
}

std::optional<Edit> handleMouse(Plot& plot, const Scene& scene, GeometryState& state, Highlight& highlight) {
  if (state.dragSequence >= 0 && ImGui::IsMouseDown(ImGuiMouseButton_Left)) return drag(plot, scene, state);
  state.dragSequence = -1;
  if (!plot.Hovered()) return std::nullopt;
  const std::vector<Spot> all = spots(scene);
  if (const Spot* near = nearest(plot, all)) return pointAt(plot, scene, *near, state, highlight);
  if (scene.inPlane() && !scene.figure() && ImGui::IsMouseClicked(ImGuiMouseButton_Right)) {
    state.menuSequence = state.menuToken = -1;
    state.menuAt = plot.MousePosition();
    ImGui::OpenPopup("token menu");
  }
  return std::nullopt;
}

std::optional<Edit> drawTokenMenu(const Scene& scene, GeometryState& state) {
  std::optional<Edit> edit;
  if (!ImGui::BeginPopup("token menu")) return edit;
  const Dataset& dataset = scene.session.dataset;
  const auto item = [&](const char* label, Edit::Kind kind, Index sequence, Index token, bool enabled) {
    if (ImGui::MenuItem(label, nullptr, false, enabled))
      edit = Edit{kind, sequence, token, pair(state.menuAt), true};
  };
  const Index i = state.menuSequence;
  if (i >= 0 && i < dataset.n()) {
    ImGui::TextDisabled("sequence %d, token %d", static_cast<int>(i) + 1,
                        static_cast<int>(state.menuToken) + 1);
    item("Delete this token", Edit::Kind::DeleteToken, i, state.menuToken, dataset.length(i) > 1);
    item(dataset.y(i) > 0 ? "Flip the label of its sequence to y = −1"
                          : "Flip the label of its sequence to y = +1",
         Edit::Kind::FlipLabel, i, 0, true);
    item("Delete its sequence", Edit::Kind::DeleteSequence, i, 0, dataset.n() > 1);
  } else {
    for (Index s = 0; s < dataset.n() && s < kMostSequences; ++s)
      item(("Add a token to sequence " + std::to_string(s + 1)).c_str(), Edit::Kind::AddToken, s, 0, true);
    item("Add a sequence", Edit::Kind::AddSequence, 0, 0, dataset.n() < kMostSequences);
  }
  ImGui::EndPopup();
  return edit;
}

}  // namespace attention_svm::shell
