// SPDX-License-Identifier: MIT
// What the lab asks of its surroundings: a browser page (web/canvas) or a test (shell/null).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "attention_svm/budget.h"
#include "attention_svm/result.h"

namespace attention_svm::shell {

struct ImportAnswer;

/// A rectangle of the screen in ImGui units (CSS pixels), origin at the top left of the canvas.
struct ScreenRect {
  float x = 0, y = 0, width = 0, height = 0;
};

class Host {
 public:
  virtual ~Host() = default;

  [[nodiscard]] virtual double seconds() const = 0;  ///< monotonic clock, for time budgets only

  virtual void copyText(const std::string& text) = 0;
  /// Offers a file for download.
  virtual void saveFile(const std::string& name, const std::string& mime, const std::string& bytes) = 0;
  /// Copies what is drawn in `area` after the present frame as a PNG to the clipboard, or downloads it.
  virtual void savePicture(const std::string& name, const ScreenRect& area) = 0;
  /// Asks the user for a file; its content comes back through Lab::openFile().
  virtual void askForFile() = 0;

  /// The settings changed. `push`: a new entry of the history (else the present one is replaced).
  virtual void addressChanged(const std::string& fragment, bool push) = 0;
  /// An event for the page: "progress" or "verdict".
  virtual void notify(const std::string& event) = 0;

  /// Starts work that is longer than a frame (shell/jobs/job.h); the request is bytes, as the answers are.
  /// Answers come through Lab::jobAnswered(), never from within this call.
  virtual void startJob(int id, const std::string& request) = 0;
  virtual void stopJob(int id) = 0;

  /// Small things that belong to the reader, not to the address: the width of the panel, say.
  virtual void remember(const std::string& key, const std::string& value) = 0;
  /// Empty when nothing is remembered.
  [[nodiscard]] virtual std::string remembered(const std::string& key) const = 0;

  /// Keeps a dataset under its hash so that an address can name it; it comes back through
  /// Lab::datasetFound().
  virtual void keepDataset(const std::string& hash, const std::string& bytes) = 0;
  /// Reads a file here and now where the program can (`imported()` does it); the page cannot, and leaves the
  /// code for files to its worker: nothing.
  [[nodiscard]] virtual std::optional<Result<ImportAnswer>> readAtOnce(const std::string& name,
                                                                       const std::string& bytes,
                                                                       const Budget& budget) const = 0;
  /// A file that took longer has been opened, or was refused with the sentence that the screen shows.
  virtual void fileOpened(const std::string& problem) = 0;
};

}  // namespace attention_svm::shell
