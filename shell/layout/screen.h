// SPDX-License-Identifier: MIT
// What is on screen besides the session: it survives from frame to frame and is no part of the address.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "../document/notices.h"
#include "../panels/panels.h"
#include "../views/views.h"

namespace attention_svm::shell {

struct Screen {
  std::string scenario;  ///< that the views were made for: another one begins with fresh ones
  std::map<PlotKind, ViewState> views;
  Highlight highlight;
  Notices notices;
  Sections sections;
  CommandPalette commands;
  bool helpOpen = false, whyOpen = false;
  float panelWidth = 312.0f;
  bool pageHasControls =
      false;          ///< scenario, play, step and reset are real buttons of the page around the lab
  int firstPlot = 0;  ///< of those shown, where a small place does not hold all
};

/// What one frame is drawn from, and what the reader asks for in it.
struct Frame {
  const Session& session;
  const std::optional<HeadOffer>& headOffer;
  bool canUndo = false, canRedo = false;
  Screen& screen;
  Host& host;
  Actions& actions;
};

}  // namespace attention_svm::shell
