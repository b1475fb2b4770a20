// SPDX-License-Identifier: MIT
// The plots of the lab. Each draws one picture of the session into the space it is given.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "../document/edit.h"
#include "../plot/plot.h"
#include "../session.h"

namespace attention_svm::shell {

/// What one kind of plot keeps for itself from frame to frame.
struct OwnState {
  virtual ~OwnState() = default;
};

/// How a view is looked at; survives from frame to frame, not part of the address.
struct ViewState {
  plot::State plot;

  /// The plot's own; T is always the same for one kind of plot.
  template <class T>
  T& own() {
    if (!own_) own_ = std::make_unique<T>();
    return static_cast<T&>(*own_);
  }

 private:
  std::unique_ptr<OwnState> own_;
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

/// What a plot draws from: into the content region that is left, `size` of it.
struct PlotFrame {
  const Session& session;
  ViewState& view;
  Highlight& highlight;
  ImVec2 size;
  std::optional<Edit> edit;  ///< what the reader did to the data
};

/// A plot: everything that the lab knows of it. Its file ends in one.
struct PlotView {
  const char* name;   ///< in addresses
  const char* title;  ///< above it, and in the panel
  const char* help;   ///< what one sees in it, in a few sentences
  void (*draw)(PlotFrame& frame);
  bool needsBest = false;                          ///< session.best is solved for it
  float phoneShape = 0.92f, phoneHeight = 420.0f;  ///< on a phone: share of the width, and at most
};

#define ATTENTION_SVM_VIEW(plot) extern const PlotView k##plot##View;
ATTENTION_SVM_PLOTS(ATTENTION_SVM_VIEW)
#undef ATTENTION_SVM_VIEW

const PlotView& viewOf(PlotKind kind);
const std::vector<PlotKind>& allPlots();
inline const char* plotTitle(PlotKind kind) { return viewOf(kind).title; }
inline const char* plotHelp(PlotKind kind) { return viewOf(kind).help; }

/// How curves of several runs are told apart.
plot::Style runStyle(const Run& run);

/// A plain sentence in the middle of a view that has nothing to draw: why, and what to do.
void drawEmpty(const char* text, ImVec2 size);
plot::Marker sequenceMarker(Index sequence);

}  // namespace attention_svm::shell
