// The plots of the lab. Each draws one picture of the session into the space it is given.
#pragma once

#include <optional>

#include "../plot/plot.h"
#include "../session.h"

namespace attention_svm::shell {

/// What the reader did to the data in a view; the lab applies it and keeps it for undo.
struct Edit {
  enum class Kind {
    MoveToken,
    MoveQuery,
    MoveHead,
    MoveWz,
    AddToken,
    DeleteToken,
    FlipLabel,
    AddSequence,
    DeleteSequence
  };
  Kind kind = Kind::MoveToken;
  Index sequence = 0;
  Index token = 0;
  Vector position;      ///< 2 numbers, where needed
  bool begins = false;  ///< the mouse went down: undo comes back to before this
};

/// How a view is looked at; survives from frame to frame, not part of the address.
struct ViewState {
  plot::State plot;
  Index dragSequence = -1, dragToken = -1;  ///< geometry: what the mouse holds
  Edit::Kind dragKind = Edit::Kind::MoveToken;
  double dragReach = 1.0;  ///< the frame stands still while the mouse holds a token
  Index menuSequence = -1, menuToken = -1;
  plot::Point menuAt;
  bool trueLengths = false;  ///< geometry: W z as long as it is
  bool scatter = false;      ///< experiment: single runs instead of the sweep
  plot::State second;        ///< experiment: the shares below
};

/// Pointed at in any view, shown in all: views write it and read what the last frame wrote.
struct Highlight {
  Index sequence = -1, token = -1;
  Index nextSequence = -1, nextToken = -1;

  void pointAt(Index i, Index t) {
    nextSequence = i;
    nextToken = t;
  }
  void nextFrame() { *this = {nextSequence, nextToken, -1, -1}; }
};

/// The views draw into the content region that is left, `size` of it.
std::optional<Edit> drawGeometry(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size);
void drawConvergence(const Session& session, ViewState& view, ImVec2 size);
void drawLossAndNorm(const Session& session, ViewState& view, ImVec2 size);
void drawAttention(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size);
void drawSingularValues(const Session& session, ViewState& view, ImVec2 size);
void drawMargins(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size);
/// Bars: the weights that prove that no matrix separates the tokens selected now, or the best ones.
void drawCertificate(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size);
void drawScores(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size);
void drawImages(const Session& session, ViewState& view, ImVec2 size);
void drawPath(const Session& session, ViewState& view, ImVec2 size);
void drawExperiment(const Session& session, ViewState& view, ImVec2 size);

const std::vector<PlotKind>& allPlots();
const char* plotTitle(PlotKind kind);
/// What one sees in it, in a few sentences.
const char* plotHelp(PlotKind kind);
/// How curves of several runs are told apart.
plot::Style runStyle(const Run& run);

/// A plain sentence in the middle of a view that has nothing to draw: why, and what to do.
void drawEmpty(const char* text, ImVec2 size);
plot::Marker sequenceMarker(Index sequence);

}  // namespace attention_svm::shell
