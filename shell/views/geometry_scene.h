// SPDX-License-Identifier: MIT
// What the geometry view draws and what can be pointed at in it. Internal to shell/views.
#pragma once

#include <optional>
#include <vector>

#include "views.h"

namespace attention_svm::shell {

constexpr Index kMostSequences = 24;  // beyond, a picture of all of them shows none

struct Scene {
  const Session& session;
  const Run& run;            ///< the main one
  double reach = 1.0;        ///< of the tokens, in plot units
  bool trueLengths = false;  ///< of W z; else squeezed so that no arrow leaves the picture
  Highlight highlight;
  float markScale = 1.0f;  ///< of a small picture

  [[nodiscard]] bool inPlane() const { return session.dataset.d() == 2; }
  [[nodiscard]] bool shows(Layer layer) const { return shell::shows(session.settings, layer); }
  /// The words are the page's: marks large enough to be the picture of an article.
  [[nodiscard]] bool figure() const { return session.settings.panel == Panel::Figure; }
  [[nodiscard]] bool everyToken() const { return run.trainer.options().queries.everyToken; }
};

/// Length of the arrow of W z: r, or reach r / (1 + r), which stays below the reach for every r.
double shownLength(const Scene& scene, double length);
/// In the direction of p, of this length.
plot::Point scaled(plot::Point p, double length);
/// The tip of the arrow of a W z.
plot::Point shownWz(const Scene& scene, double x, double y);
/// The W z behind the tip of an arrow.
Vector behindTip(const Scene& scene, plot::Point tip);
plot::Point project(const Session& session, const Vector& x);
plot::Point wzTip(const Scene& scene, const Run& run, std::size_t row);

/// Where a ray of the reader's has its handle.
plot::Point guessTip(const Scene& scene, double degrees);
/// The SVM that the theorem names for the run; null when there is none.
const SvmSolution* namedSolution(const Run& run);

struct GeometryState : OwnState {
  Index dragSequence = -1, dragToken = -1;  ///< what the mouse holds
  Edit::Kind dragKind = Edit::Kind::MoveToken;
  double dragReach = 1.0;  ///< the frame stands still while the mouse holds a token
  Index menuSequence = -1, menuToken = -1;
  plot::Point menuAt;
  bool trueLengths = false;  ///< W z as long as it is
};

/// Something that the mouse can point at, and take hold of where `movable`.
struct Spot {
  Edit::Kind kind = Edit::Kind::MoveToken;
  Index sequence = 0;
  Index token = 0;  ///< for W z: the attention row
  plot::Point at;
  bool movable = false;
};
std::vector<Spot> spots(const Scene& scene);

/// Tooltip, dragging, menu. Call after the items were drawn and before EndPlot.
std::optional<Edit> handleMouse(plot::Plot& plot, const Scene& scene, GeometryState& state,
                                Highlight& highlight);
/// The menu of a token or of an empty place; call after EndPlot.
std::optional<Edit> drawTokenMenu(const Scene& scene, GeometryState& state);

}  // namespace attention_svm::shell
