// SPDX-License-Identifier: MIT
// A table of shares, as optimizers and norms have it: live, and over many runs.
#pragma once

#include <string>
#include <vector>

#include "views.h"

namespace attention_svm::shell {

struct ShareCell {
  double share = 0.0;  ///< NaN: none yet
  std::string spread;  ///< a second line, smaller; may be empty
  bool named = false;  ///< framed: the norm that the theory names for the row
};

struct ShareRow {
  std::string name;
  ImU32 colour = 0;
  std::vector<ShareCell> cells;  ///< one for each column
};

/// Draws it into the space given; the more of 1 a cell has, the stronger its ground.
void drawShareTable(const char* corner, const std::vector<std::string>& columns,
                    const std::vector<ShareRow>& rows, ImVec2 size);
/// The same for spreadsheets, a line for each cell: run, norm, share.
std::string shareCsv(const std::vector<std::string>& columns, const std::vector<ShareRow>& rows);

}  // namespace attention_svm::shell
