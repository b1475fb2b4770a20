// SPDX-License-Identifier: MIT
// What the lab asks of its surroundings, answered by a window: files go to the folder it was started in.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "host.h"
#include "jobs/import_job.h"
#include "lab.h"

struct GLFWwindow;

namespace attention_svm::desktop {

class WindowHost : public shell::Host {
 public:
  /// `addressFile`: where the present address is kept, so that a rebuilt window opens at it; may be empty.
  WindowHost(GLFWwindow* window, std::string addressFile);

  [[nodiscard]] double seconds() const override;
  void copyText(const std::string& text) override;
  void saveFile(const std::string& name, const std::string& mime, const std::string& bytes) override;
  void savePicture(const std::string& name, const shell::ScreenRect& area) override;
  void askForFile() override;
  void addressChanged(const std::string& fragment, bool push) override;
  void notify(const std::string&) override {}
  void startJob(int id, const std::string& request) override;
  void stopJob(int id) override { jobs_.erase(id); }
  void remember(const std::string& key, const std::string& value) override { memory_[key] = value; }
  [[nodiscard]] std::string remembered(const std::string& key) const override;
  void keepDataset(const std::string&, const std::string&) override {}
  [[nodiscard]] std::optional<Result<shell::ImportAnswer>> readAtOnce(const std::string& name,
                                                                      const std::string& bytes,
                                                                      const Budget& budget) const override {
    return shell::imported(name, bytes, budget);
  }
  void fileOpened(const std::string&) override {}

  /// Between frames: some milliseconds for the jobs, and the picture that the last frame was asked for.
  void afterFrame(shell::Lab& lab);
  [[nodiscard]] bool working() const { return !jobs_.empty() || !refused_.empty(); }

 private:
  void writePicture();

  GLFWwindow* window_;
  std::string addressFile_;
  std::map<std::string, std::string> memory_;
  std::map<int, std::unique_ptr<shell::Job>> jobs_;
  std::map<int, std::string> refused_;
  std::optional<std::pair<std::string, shell::ScreenRect>> picture_;
};

}  // namespace attention_svm::desktop
