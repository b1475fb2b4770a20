// SPDX-License-Identifier: MIT
#include "document.h"

#include <algorithm>
#include <cmath>

#include "../import/session_file.h"
#include "../jobs/basin_map.h"
#include "../scenarios.h"
#include "../settings/address.h"
#include "../settings/experiment_text.h"
#include "../views/views.h"
#include "compact_text.h"

namespace attention_svm::shell {

namespace {

constexpr Index kLargestInAddress = 120;  // numbers; larger data is kept like a file, under its hash

}  // namespace

Document::Document(Host& host, Work& work, Notices& notices, const Settings& settings)
    : host_(host), work_(work), notices_(notices) {
  const std::string problem = use(settings);
  if (problem.empty()) return;
  notices_.add(problem);
  use(scenarioSettings(settings.scenario));
}

/// Settings take effect all together or not at all; the error says why not.
std::string Document::use(const Settings& next) {
  Result<SharedDataset> dataset = datasets_.find(next);
  if (!dataset) return dataset.error();
  const Projection projection = projectionOf(*dataset.value());
  Result<std::vector<Run>> runs = makeRuns(next, *dataset.value(), projection);
  if (!runs) return runs.error();
  const bool sameExperiment = experimentText(session_.settings.experiment) == experimentText(next.experiment);
  work_.forgetData();
  session_.settings = next;
  session_.dataset = *dataset.value();
  session_.projection = projection;
  session_.runs = std::move(runs).value();
  session_.path = {};
  session_.basins = {};
  session_.basinsMessage.clear();
  session_.best.reset();
  solveBest(bestWanted_);  // now: the other plots of this frame already show it
  catchUp_ = 0;
  if (headOffer_ && next.source != DataSource::File) headOffer_.reset();
  work_.predict(session_);
  if (!sameExperiment) {
    work_.stop(JobKind::Experiment);
    session_.experiment.reset();
    // In somebody's article nothing runs before it is asked for.
    if (next.panel == Panel::Full || next.autoplay) work_.runExperiment(session_);
  }
  ++version_;
  return {};
}

void Document::commit(const Settings& before, bool newHistoryEntry) {
  history_.commit(before);
  host_.addressChanged(addressOf(session_.settings), newHistoryEntry);
}

void Document::change(const Settings& next, bool newHistoryEntry, bool remember) {
  if (onlyLooksDiffer(session_.settings, next)) {
    session_.settings = next;
    host_.addressChanged(addressOf(next), false);
    work_.predict(session_);  // a plot that was not there may ask for more
    return;
  }
  const Settings before = session_.settings;
  if (const std::string problem = use(next); !problem.empty()) {
    notices_.add(problem);
    return;
  }
  if (before.scenario != next.scenario) session_.playing = next.autoplay;
  if (remember)
    commit(before, newHistoryEntry);
  else
    host_.addressChanged(addressOf(session_.settings), newHistoryEntry);
}

std::string Document::load(const Settings& next) {
  if (onlyLooksDiffer(session_.settings, next)) {
    session_.settings = next;
    work_.predict(session_);
    return {};
  }
  std::string problem = use(next);
  if (problem.empty()) session_.playing = next.autoplay;
  return problem;
}

void Document::travel(const std::optional<Settings>& target) {
  if (!target) return;
  if (const std::string problem = use(*target); !problem.empty()) notices_.add(problem);
  host_.addressChanged(addressOf(session_.settings), false);
}

void Document::reset() {
  session_.playing = false;
  use(Settings(session_.settings));
}

void Document::apply(const Edit& edit) {
  Settings next = session_.settings;
  if (edit.kind == Edit::Kind::MoveGuess) {
    const auto which = static_cast<std::size_t>(edit.sequence);
    if (which >= next.guess.size()) return;
    next.guess[which] = std::round(edit.position(0));
  } else if (edit.kind == Edit::Kind::Start) {
    const std::optional<Matrix> W0 = startAt(edit.position(0), edit.position(1), session_.dataset);
    if (!W0) return;
    next.training.W0 = W0->unaryExpr([](double x) { return rounded(x); });
    session_.playing = false;
  } else if (edit.kind == Edit::Kind::MoveWz) {
    next.training.W0 = startAfter(edit, session_.dataset, session_.runs.front().trainer.options());
    session_.playing = false;  // what moves under the mouse is the picture of the start; play shows the rest
  } else {
    std::optional<Dataset> dataset = edited(session_.dataset, edit);
    if (!dataset) return;
    nameEdited(std::move(*dataset), next);
  }
  change(next, false, edit.begins);
}

/// Small data goes into the address; the rest is kept like a file, and the address names it by its hash.
void Document::nameEdited(Dataset dataset, Settings& next) {
  Index numbers = 0;
  for (const Matrix& X : dataset.X) numbers += X.size();
  if (numbers <= kLargestInAddress && std::holds_alternative<LinearHead>(dataset.head)) {
    next.source = DataSource::Edited;
    next.edited = compactDataset(dataset);
    return;
  }
  dataset.name = "edited by hand";
  next.fileName = dataset.name;
  const bool dragging = next.source == DataSource::File && next.fileHash == draggedHash_;
  if (dragging && !history_.holds(draggedHash_)) datasets_.forget(draggedHash_);
  next.source = DataSource::File;
  next.fileHash = draggedHash_ = datasets_.keep(std::move(dataset)).hash;
}

void Document::keepDragged() {
  if (draggedHash_.empty()) return;
  if (const SharedDataset dataset = datasets_.kept(draggedHash_))
    host_.keepDataset(draggedHash_, toJson(*dataset));
  draggedHash_.clear();
}

/// The data takes the place of the present one; a start written for that does not fit it.
Result<std::string> Document::openDataset(const std::string& name, Dataset dataset) {
  const Datasets::Kept kept = datasets_.keep(std::move(dataset));
  const Settings before = session_.settings;
  Settings next = before;
  next.source = DataSource::File;
  next.fileHash = kept.hash;
  next.fileName = name;
  next.training.W0.reset();
  next.training.K0.reset();
  next.training.Q0.reset();
  if (const std::string problem = use(next); !problem.empty()) return Error{problem};
  notices_.all.clear();
  host_.keepDataset(kept.hash, kept.text);
  commit(before, true);
  return kept.hash;
}

Result<std::string> Document::openSession(const std::string& name, const std::string& text) {
  Result<SessionFile> file = parseSession(text);
  if (!file) return Error{file.error()};
  std::vector<std::string> problems;
  Settings next = settingsFromAddress(file.value().address, problems);
  // What the address makes of itself may have changed since: the data in the file is what counts.
  const Datasets::Kept kept = datasets_.keep(std::move(file.value().dataset));
  const Result<SharedDataset> named = datasets_.find(next);
  if (next.source == DataSource::File || !named || toJson(*named.value()) != kept.text) {
    if (next.fileName.empty()) next.fileName = name;
    next.source = DataSource::File;
    next.fileHash = kept.hash;
  }
  const Settings before = session_.settings;
  if (const std::string problem = use(next); !problem.empty()) return Error{problem};
  notices_.all = problems;
  session_.playing = false;
  catchUp_ = file.value().iteration;
  if (next.source == DataSource::File) host_.keepDataset(kept.hash, kept.text);
  commit(before, true);
  return kept.hash;
}

Result<std::string> Document::open(const std::string& name, const std::string& bytes) {
  const auto refused = [&](const std::string& problem) {
    notices_.add(name + " was not opened: " + problem + ". Everything is as it was.");
    return Error{problem};
  };
  if (isSession(bytes)) {
    Result<std::string> opened = openSession(name, bytes);
    return opened ? opened : refused(opened.error());
  }
  Result<Imported> imported = datasets_.read(name, bytes);
  if (!imported) return refused(imported.error());
  const bool hasHead = imported.value().hasHead;
  Dataset& dataset = imported.value().dataset;
  if (dataset.name.empty()) dataset.name = name;
  if (!hasHead) dataset.head = LinearHead{headFrom(HeadChoice::Fitted, dataset)};
  Result<std::string> opened = openDataset(name, std::move(dataset));
  if (!opened) return refused(opened.error());
  headOffer_.reset();
  if (!hasHead) headOffer_ = HeadOffer{name, HeadChoice::Fitted};
  return opened;
}

void Document::chooseHead(HeadChoice choice) {
  if (!headOffer_) return;
  Dataset dataset = session_.dataset;
  dataset.head = LinearHead{headFrom(choice, dataset)};
  const std::string file = headOffer_->file;
  if (openDataset(file, std::move(dataset))) headOffer_ = HeadOffer{file, choice};
}

void Document::solveBest(bool wanted) {
  bestWanted_ = wanted;
  const auto& plots = session_.settings.plots;
  const bool needed =
      std::any_of(plots.begin(), plots.end(), [](PlotKind kind) { return viewOf(kind).needsBest; });
  if (session_.best || !(wanted || needed)) return;
  if (Result<BestTokens> best =
          solveBestTokens(session_.dataset, session_.settings.training.queries, kQuickConstraints))
    session_.best = std::move(best).value();
}

}  // namespace attention_svm::shell
