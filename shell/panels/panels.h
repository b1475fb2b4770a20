// Panels show the session and say what the reader wants; the lab carries it out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../host.h"
#include "../session.h"

namespace attention_svm::shell {

struct SaveFile {
  std::string name, mime, bytes;
};

/// What the reader asked for in this frame.
struct Actions {
  std::optional<Settings> settings;
  bool newHistoryEntry = false;  ///< with settings: the back button comes back to the present ones
  bool togglePlay = false, reset = false, openFile = false, undo = false, redo = false;
  int steps = 0;
  bool basins = false;
  std::optional<Norm> path;
  bool runExperiment = false;
  std::optional<JobKind> stopJob;
  std::string copy;
  std::optional<SaveFile> save;
  bool toggleHelp = false, toggleWhy = false;
};

void drawVerdict(const Session& session, Actions& actions);
/// The checks behind each claim of the verdict.
void drawWhy(const Session& session);
void drawTransport(const Session& session, Actions& actions);
void drawStory(const Session& session, Actions& actions);
void drawControls(const Session& session, bool canUndo, bool canRedo, Actions& actions);
void drawRunTable(const Session& session);
void drawHelp(bool& open);
/// A line with progress and a stop button for everything that runs in the background.
void drawJobs(const Session& session, Actions& actions);
/// In place of the verdict, where an experiment is what the page shows.
void drawExperimentVerdict(const Session& session);
/// The settings of the experiment plot; true when one of them changed.
bool drawExperimentControls(const Session& session, Settings& settings, Actions& actions);

/// "try this" lines and palette entries: settings in address syntax, or one of the named actions.
void runAction(const Session& session, const std::string& fields, Actions& actions);

// What the reader can take along.
std::string weightsJson(const Session& session);
std::string solutionsJson(const Session& session);
std::string sessionJson(const Session& session);
std::string traceCsv(const Session& session);
std::string pythonSnippet(const Session& session);
std::string cppSnippet(const Session& session);

}  // namespace attention_svm::shell
