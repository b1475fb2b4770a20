// The plots of the lab. Each draws one picture of the session into the space it is given, with its own
// title line, legend, readout under the cursor, pan, zoom and menu (copy as PNG, CSV, log axis, reset).
#pragma once

#include <functional>
#include <optional>

#include "../host.h"
#include "../session.h"

namespace attention_svm::shell {

/// What the reader did to the data in a view; the lab applies it and keeps it for undo.
struct Edit {
  enum class Kind { MoveToken, MoveQuery, MoveHead, MoveWz, AddToken, DeleteToken, AddSequence,
                    DeleteSequence, FlipLabel };
  Kind kind = Kind::MoveToken;
  Index sequence = 0;
  Index token = 0;
  Vector position;        ///< d numbers, where needed
  bool finished = false;  ///< the mouse was released: one undo step ends here
};

/// What a view wants from the lab after it was drawn.
struct ViewRequest {
  std::optional<Edit> edit;
  std::optional<std::string> csv;  ///< export this table
  bool picture = false;            ///< copy this plot as PNG
  ScreenRect area;                 ///< of the plot, for the picture
};

/// How a view is looked at; survives from frame to frame, not part of the address.
struct ViewState {
  bool fitNext = true;
  bool logX = false;
  Index highlightedSequence = -1;  ///< hovered in any view, shown in all
  bool editing = true;             ///< geometry: tokens can be dragged (d = 2 only)
  Index showOnlySequence = -1;     ///< geometry, attention...: -1 all
};

ViewRequest drawGeometry(const Session& session, ViewState& view);
ViewRequest drawConvergence(const Session& session, ViewState& view);
ViewRequest drawLossAndNorm(const Session& session, ViewState& view);
ViewRequest drawAttention(const Session& session, ViewState& view);
ViewRequest drawSingularValues(const Session& session, ViewState& view);
ViewRequest drawMargins(const Session& session, ViewState& view);
ViewRequest drawScores(const Session& session, ViewState& view);
ViewRequest drawImages(const Session& session, ViewState& view);

const char* title(PlotKind kind);
ViewRequest draw(PlotKind kind, const Session& session, ViewState& view);

}  // namespace attention_svm::shell
