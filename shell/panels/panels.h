// SPDX-License-Identifier: MIT
// Panels show the session and say what the reader wants; the lab carries it out.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "../document/edit.h"
#include "../host.h"
#include "../import/import.h"
#include "../session.h"

namespace attention_svm::shell {

struct SaveFile {
  std::string name, mime, bytes;
};

/// What the reader asked for in this frame.
struct Actions {
  std::optional<Settings> settings;
  bool newHistoryEntry = false;  ///< with settings: the back button comes back to the present ones
  std::optional<Edit> edit;
  bool togglePlay = false, reset = false, openFile = false, undo = false, redo = false;
  int steps = 0;
  std::optional<long> seek;  ///< iteration to show
  bool basins = false;
  std::optional<Norm> path;
  bool runExperiment = false;
  std::optional<JobKind> stopJob;
  std::string copy;
  std::optional<SaveFile> save;
  bool toggleHelp = false, toggleWhy = false, toggleCommands = false;
  std::optional<HeadChoice> head;  ///< for the file that came without one
  bool closeHeadOffer = false;
};

/// Sections of the panel that the reader opened or folded.
struct Sections {
  std::set<std::string> flipped;  ///< against how they are at first
  bool changed = false;           ///< in this frame: to be remembered
};

/// What the command palette holds from frame to frame.
struct CommandPalette {
  bool open = false, moved = false;
  char text[48] = "";
  int chosen = 0;
};

/// The verdict of the main run, or what the experiment has found.
void drawSentence(const Session& session, Actions& actions);
/// What to know about the training, to be written below the verdict; empty when there is nothing to say.
std::string noteBeside(const Run& run);
void drawVerdict(const Session& session, Actions& actions);
/// The checks behind each claim of the verdict, for each run.
void drawWhy(const Session& session);
/// How far training or the experiment is, in figures.
std::string figuresText(const Session& session);
/// Play, step and reset; drawTransport adds the way to everything else.
void drawPlayControls(const Session& session, Actions& actions);
void drawTransport(const Session& session, Actions& actions);
/// What the scenario is about, and what to try; `picker`: with a list to choose another one.
void drawStory(const Session& session, bool picker, Actions& actions);
/// A handle over what was recorded: drag it and every plot shows that moment.
void drawTimeline(const Session& session, Actions& actions);
void drawControls(const Session& session, Sections& sections, bool canUndo, bool canRedo, Actions& actions);
/// Sections of drawControls about what is shown, not what is computed. True when `s` changed.
bool drawLayoutSections(const Session& session, Sections& sections, Settings& s, Actions& actions);
bool beginSection(const char* name, bool openAtFirst, Sections& sections);
void drawRunTable(const Session& session);
void drawHeadOffer(const HeadOffer& offer, Actions& actions);
void drawHelp(bool& open);
/// A line with progress and a stop button for everything that runs in the background.
void drawJobs(const Session& session, Actions& actions);
/// In place of the verdict, where an experiment is what the page shows.
void drawExperimentVerdict(const Session& session);
/// The settings of the experiment plot; true when one of them changed.
bool drawExperimentControls(const Session& session, Settings& settings, Actions& actions);

void drawCommands(const Session& session, CommandPalette& state, Actions& actions);

/// Carries out what a "try this" line, a button or the palette names (actions.h).
void runAction(const Session& session, const std::string& action, Actions& actions);

// What the reader can take along.
std::string weightsJson(const Session& session);
std::string solutionsJson(const Session& session);
std::string sessionJson(const Session& session);
std::string traceCsv(const Session& session);
std::string nativeCommand(const Session& session);
std::string embedCode(const Session& session);  ///< {SITE}: where the page is, which knows it itself
std::string pythonSnippet(const Session& session);
std::string cppSnippet(const Session& session);

}  // namespace attention_svm::shell
