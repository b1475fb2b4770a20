// SPDX-License-Identifier: MIT
// The three ways to lay out the lab: a desktop, a phone, a small place in somebody's page.
#pragma once

#include "screen.h"

namespace attention_svm::shell {

/// Width of the panel and folded sections, as the browser remembers them.
void recallScreen(Screen& screen, const Host& host);

/// Keys and the whole window.
void drawLab(const Frame& frame);

void drawDesktop(const Frame& frame);
void drawPhone(const Frame& frame);
void drawCompact(const Frame& frame);
/// Nothing but plots, the first one large: the page around it has the words.
void drawFigure(const Frame& frame);

// Pieces that they share

void drawNotices(Notices& notices);
/// The question after a file without a head.
void drawOffer(const Frame& frame);

std::vector<PlotKind> plotsShown(const Session& session);
/// A plot in its card: title and explanation where there is room, then the picture.
void drawPlot(const Frame& frame, PlotKind kind, ImVec2 size);
/// Line by line, filling `size`.
void drawGrid(const Frame& frame, const std::vector<PlotKind>& plots, int columns, int lines, ImVec2 size);

}  // namespace attention_svm::shell
