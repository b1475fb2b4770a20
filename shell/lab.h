// SPDX-License-Identifier: MIT
// The application: one frame at a time, no browser and no window system. Host and input are given.
#pragma once

#include <memory>
#include <string>

#include "attention_svm/result.h"
#include "host.h"
#include "session.h"

namespace attention_svm::shell {

class Lab {
 public:
  /// `address`: the fragment of the page's address without '#', may be empty or nonsense.
  Lab(Host& host, const std::string& address);
  ~Lab();
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;

  /// Trains for at most `budget` seconds if playing, then submits one frame of ImGui.
  /// Called between ImGui::NewFrame() and ImGui::Render().
  void frame(double budget);
  /// False when nothing would change in the next frame, so that the page may sleep.
  [[nodiscard]] bool wantsFrame() const;

  void play();
  void pause();
  void step(int count);
  /// Every run as it was, or will be, at that iteration; what was recorded after it stays to be seen.
  void seek(long iteration);
  void reset();
  [[nodiscard]] bool playing() const;

  /// Settings as a JSON object, the same keys as in the address.
  [[nodiscard]] std::string state() const;
  /// Takes what it understands; what it does not is named in a notice on screen and returned.
  std::vector<std::string> load(const std::string& stateJson);
  std::vector<std::string> loadAddress(const std::string& fragment);
  /// The sentences on screen about what could not be used; they leave it. For a place whose author, not whose
  /// reader, wrote the settings.
  std::vector<std::string> takeNotices();
  [[nodiscard]] std::string address() const;
  /// iteration, loss, norm, correlation {frobenius, nuclear}, selected, verdict, frameMilliseconds...
  [[nodiscard]] std::string metrics() const;
  /// A sentence for screen readers: scenario, state, verdict.
  [[nodiscard]] std::string description() const;
  [[nodiscard]] std::string verdict() const;

  /// A file dropped or chosen: JSON, CSV, .npy or .npz. A bad one is refused with the reason, which is
  /// shown and returned, and everything stays as it was.
  Result<std::string> openFile(const std::string& name, const std::string& bytes);
  /// A large file is being read in the background; Host::fileOpened() tells the end.
  [[nodiscard]] bool opening() const;

  /// What the lab is rebuilt from after it was lost: address, iteration, undo and redo. Files that the
  /// address or undo name are not in it; datasetFound() brings them.
  [[nodiscard]] std::string keepsake() const;
  /// Back to what was kept: the runs train to their iteration again, which gives the same bits. The error
  /// says what is missing.
  std::string restore(const std::string& keepsake);
  /// A sentence above everything, until it is closed.
  void tell(const std::string& sentence);
  /// What a job of Host::startJob() has come to. `error` is a sentence, and then there is no answer.
  void jobAnswered(int id, double progress, bool finished, const std::string& answer,
                   const std::string& error = {});
  /// The dataset that an address names by its hash, found in the browser's storage.
  void datasetFound(const std::string& hash, const std::string& json);

  void setDarkSystem(bool dark);  ///< what the system prefers, for Theme::Auto
  void setReducedMotion(bool reduced);
  /// The page around the lab has the scenarios, play, step and reset: the lab draws none of its own.
  void setPageHasControls(bool has);

  [[nodiscard]] const Session& session() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Adds the fonts to ImGui's atlas at `pixelRatio` device pixels per unit; call before the first frame
/// and again when the ratio changes.
void buildFonts(float pixelRatio);

}  // namespace attention_svm::shell
