// SPDX-License-Identifier: MIT
// Everything that the reader can do has a short name: buttons, "try this" lines and the command palette
// all speak it. Settings are named in address syntax ("param=KQ&eta=0.05"), the rest by a word:
//   play step reset undo redo open help why commands basins path path-nuclear
//   scenario=ID  plot=ID (shows or hides it)  add=other|start|seeds (runs to compare)
//   copy=link|embed|python|cpp|command  save=dataset|weights|svm|session|traces|draws
#pragma once

#include <string>
#include <vector>

#include "panels.h"

namespace attention_svm::shell {

struct Command {
  std::string title;
  std::string action;
  const char* keys = "";  ///< how to do it without the palette
};
/// In the order in which they are listed before anything is typed.
std::vector<Command> allCommands(const Session& session);

/// Those that hold the letters of `text` in this order, the best match first.
std::vector<Command> matching(const std::vector<Command>& commands, const std::string& text);

struct Export {
  const char* action;
  const char* label;
  const char* explanation;
  const char* file;  ///< null: goes to the clipboard
  const char* mime;
  std::string (*text)(const Session&);
  bool (*offered)(const Session&) = nullptr;  ///< null: always
};
const std::vector<Export>& exports();

}  // namespace attention_svm::shell
