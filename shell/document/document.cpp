// SPDX-License-Identifier: MIT
#include "document.h"

#include <algorithm>
#include <cmath>

#include "../jobs/basin_map.h"
#include "../jobs/packed.h"
#include "../scenarios.h"
#include "../settings/address.h"
#include "../settings/experiment_text.h"
#include "../views/views.h"
#include "compact_text.h"

namespace attention_svm::shell {

namespace {

constexpr std::size_t kQuickFile = 256 * 1024;  // bytes of a file that is read at once
constexpr Index kLargestInAddress = 120;        // numbers; larger data is kept like a file, under its hash

}  // namespace

Document::Document(Host& host, Work& work, Notices& notices, const Settings& settings)
    : host_(host), work_(work), notices_(notices) {
  const std::string problem = use(settings);
  if (problem.empty()) return;
  notices_.add(problem);
  use(scenarioSettings(settings.scenario));
}

/// Of large data it takes a while to find; the worker that read the file has found it.
Projection Document::projectionFor(const SharedDataset& dataset) {
  if (read_.dataset == dataset) return read_.projection;
  return shown_ == dataset ? session_.projection : projectionOf(*dataset);
}

/// Settings take effect all together or not at all; the error says why not.
std::string Document::use(const Settings& next) {
  Result<SharedDataset> dataset = datasets_.find(next);
  if (!dataset) return dataset.error();
  const Projection projection = projectionFor(dataset.value());
  Result<std::vector<Run>> runs = makeRuns(next, dataset.value(), projection);
  if (!runs) return runs.error();
  const bool sameExperiment = experimentText(session_.settings.experiment) == experimentText(next.experiment);
  work_.forgetData();
  session_.settings = next;
  if (shown_ != dataset.value()) session_.dataset = *dataset.value();
  shown_ = dataset.value();
  session_.projection = projection;
  session_.runs = std::move(runs).value();
  session_.path = {};
  session_.basins = {};
  session_.basinsMessage.clear();
  session_.best.reset();
  bestRefused_ = false;
  solveBest(bestWanted_);  // now: the other plots of this frame already show it
  catchUp_ = 0;
  if (headOffer_ && next.source != DataSource::File) headOffer_.reset();
  work_.predict(session_);
  if (!sameExperiment) {
    work_.forgetExperiment(session_);
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
    host_.keepDataset(draggedHash_, datasetBytes(*dataset));
  draggedHash_.clear();
}

/// The data takes the place of the present one; a start written for that does not fit it.
Result<std::string> Document::openDataset(const std::string& name, const std::string& hash,
                                          const std::string& bytes) {
  const Settings before = session_.settings;
  Settings next = before;
  next.source = DataSource::File;
  next.fileHash = hash;
  next.fileName = name;
  next.training.W0.reset();
  next.training.K0.reset();
  next.training.Q0.reset();
  if (const std::string problem = use(next); !problem.empty()) return Error{problem};
  notices_.take();
  host_.keepDataset(hash, bytes);
  commit(before, true);
  return hash;
}

Result<std::string> Document::openSession(const std::string& name, const ImportAnswer& answer) {
  std::vector<std::string> problems;
  Settings next = settingsFromAddress(*answer.session, problems);
  // What the address makes of itself may have changed since: the data in the file is what counts.
  const Result<SharedDataset> named = datasets_.find(next);
  if (next.source == DataSource::File || !named || hashOf(datasetBytes(*named.value())) != answer.hash) {
    if (next.fileName.empty()) next.fileName = name;
    next.source = DataSource::File;
    next.fileHash = answer.hash;
  }
  const Settings before = session_.settings;
  if (const std::string problem = use(next); !problem.empty()) return Error{problem};
  notices_.replace(problems);
  session_.playing = false;
  catchUp_ = static_cast<long>(answer.iteration);
  if (next.source == DataSource::File) host_.keepDataset(answer.hash, answer.dataset);
  commit(before, true);
  return answer.hash;
}

Result<std::string> Document::open(const std::string& name, const std::string& bytes) {
  const Budget& budget = session_.settings.training.budget;
  const bool archive = name.size() > 4 && name.compare(name.size() - 4, 4, ".npz") == 0;
  // An archive may hold a thousand times its size.
  if (bytes.size() <= (archive ? kQuickFile / 16 : kQuickFile))
    if (std::optional<Result<ImportAnswer>> read = host_.readAtOnce(name, bytes, budget))
      return opened(name, std::move(*read));
  work_.read(name, bytes, budget);
  return std::string();
}

Result<std::string> Document::opened(const std::string& name, Result<ImportAnswer> read) {
  const auto refused = [&](const std::string& problem) {
    notices_.add(name + " was not opened: " + problem + ". Everything is as it was.");
    return Error{problem};
  };
  if (!read) return refused(read.error());
  const ImportAnswer& answer = read.value();
  const Budget& budget = session_.settings.training.budget;
  if (answer.parsed)
    datasets_.keep(answer.hash, answer.parsed);
  else if (!datasets_.keep(answer.hash, answer.dataset, budget))
    return refused("its data is damaged");
  read_ = {datasets_.kept(answer.hash), answer.projection};
  const Result<std::string> result =
      answer.session ? openSession(name, answer) : openDataset(name, answer.hash, answer.dataset);
  read_ = {};
  if (!result) return refused(result.error());
  headOffer_.reset();
  if (!answer.hasHead) headOffer_ = HeadOffer{name, HeadChoice::Fitted, answer.fitted, answer.difference};
  return result;
}

void Document::chooseHead(HeadChoice choice) {
  if (!headOffer_) return;
  HeadOffer offer = *headOffer_;
  offer.choice = choice;
  Dataset dataset = session_.dataset;
  dataset.head = LinearHead{choice == HeadChoice::Fitted ? offer.fitted : offer.difference};
  const Datasets::Kept kept = datasets_.keep(std::move(dataset));
  read_ = {datasets_.kept(kept.hash), session_.projection};  // the tokens are the same
  if (openDataset(offer.file, kept.hash, kept.bytes)) headOffer_ = offer;
  read_ = {};
}

void Document::solveBest(bool wanted) {
  bestWanted_ = wanted;
  const auto& plots = session_.settings.plots;
  const bool needed =
      std::any_of(plots.begin(), plots.end(), [](PlotKind kind) { return viewOf(kind).needsBest; });
  if (session_.best || bestRefused_ || !(wanted || needed)) return;
  bestRefused_ = true;  // once is enough
  if (Result<BestTokens> best =
          solveBestTokens(session_.dataset, session_.settings.training.queries, kQuickConstraints))
    session_.best = std::move(best).value();
}

}  // namespace attention_svm::shell
