// SPDX-License-Identifier: MIT
// The open document: settings, the data that they name, the runs on it. Everything that changes it is here,
// and each change takes effect as a whole or not at all.
#pragma once

#include <string>

#include "../host.h"
#include "../jobs/work.h"
#include "datasets.h"
#include "edit.h"
#include "history.h"
#include "notices.h"

namespace attention_svm::shell {

class Document {
 public:
  /// Shows the settings, or those of their scenario with the reason in the notices.
  Document(Host& host, Work& work, Notices& notices, const Settings& settings);

  [[nodiscard]] const Session& session() const { return session_; }
  /// For those who move it on without changing what it is about: training, jobs, play and pause.
  Session& running() { return session_; }
  [[nodiscard]] const Datasets& datasets() const { return datasets_; }
  [[nodiscard]] const History& history() const { return history_; }
  [[nodiscard]] const std::optional<HeadOffer>& headOffer() const { return headOffer_; }
  /// Another one whenever training begins anew.
  [[nodiscard]] int version() const { return version_; }
  /// Of an opened session, to which its runs are trained again; 0 when there is nothing to catch up with.
  [[nodiscard]] long catchUp() const { return catchUp_; }
  void caughtUp() { catchUp_ = 0; }
  void catchUpTo(long iteration) { catchUp_ = iteration; }
  /// Undo and redo of before, as they were kept.
  void recall(History history) { history_ = std::move(history); }

  /// What the reader chose. `remember`: undo comes back to before it.
  void change(const Settings& next, bool newHistoryEntry, bool remember);
  /// What an address asks for; the error says why it cannot be.
  std::string load(const Settings& next);
  void undo() { travel(history_.undo(session_.settings)); }
  void redo() { travel(history_.redo(session_.settings)); }
  void reset();
  void apply(const Edit& edit);
  /// Edited data too large for the address goes to the browser's storage once the mouse has let go.
  void keepDragged();

  /// A file that was dropped or chosen: read now, when that takes a moment only, or in the background. The
  /// hash of its dataset, empty when it is still being read; the error says why it was refused, and then all
  /// is as it was.
  Result<std::string> open(const std::string& name, const std::string& bytes);
  /// A file that has been read.
  Result<std::string> opened(const std::string& name, Result<ImportAnswer> answer);
  void chooseHead(HeadChoice choice);
  void closeHeadOffer() { headOffer_.reset(); }
  /// The dataset that an address names, found in the browser's storage.
  void found(const std::string& hash, const std::string& text) {
    datasets_.keep(hash, text, session_.settings.training.budget);
  }

  /// The SVM of the best tokens, when something shows it.
  void solveBest(bool wanted);

 private:
  std::string use(const Settings& next);
  void commit(const Settings& before, bool newHistoryEntry);
  void travel(const std::optional<Settings>& target);
  void nameEdited(Dataset dataset, Settings& next);
  Result<std::string> openDataset(const std::string& name, const std::string& hash, const std::string& bytes);
  Result<std::string> openSession(const std::string& name, const ImportAnswer& answer);
  Projection projectionFor(const SharedDataset& dataset);

  Host& host_;
  Work& work_;
  Notices& notices_;
  Session session_;
  Datasets datasets_;
  History history_;
  std::optional<HeadOffer> headOffer_;
  long catchUp_ = 0;
  int version_ = 0;
  bool bestWanted_ = false;  ///< by something that is no plot
  bool bestRefused_ = false;
  SharedDataset shown_;  ///< the session's
  struct Read {
    SharedDataset dataset;
    Projection projection;
  };
  Read read_;                ///< of the file that is being opened
  std::string draggedHash_;  ///< of edited data that the browser does not keep yet
};

}  // namespace attention_svm::shell
