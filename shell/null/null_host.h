// SPDX-License-Identifier: MIT
// A host without a screen: remembers what the lab asked for. Tests drive the lab through it.
#pragma once

#include <imgui.h>

#include <map>
#include <string>
#include <vector>

#include "../host.h"
#include "../jobs/import_job.h"
#include "../lab.h"

namespace attention_svm::shell {

class NullHost : public Host {
 public:
  double seconds() const override { return clock; }
  void copyText(const std::string& text) override { copied = text; }
  void saveFile(const std::string& name, const std::string& mime, const std::string& bytes) override {
    saved[name] = bytes;
    static_cast<void>(mime);
  }
  void savePicture(const std::string& name, const ScreenRect&) override { pictures.push_back(name); }
  void askForFile() override { ++filesAsked; }
  void addressChanged(const std::string& fragment, bool push) override {
    address = fragment;
    historyEntries += push ? 1 : 0;
  }
  void notify(const std::string& event) override { ++events[event]; }
  void keepDataset(const std::string& hash, const std::string& bytes) override { kept[hash] = bytes; }
  std::optional<Result<ImportAnswer>> readAtOnce(const std::string& name, const std::string& bytes,
                                                 const Budget& budget) const override {
    if (filesWait) return std::nullopt;
    return imported(name, bytes, budget);
  }
  void fileOpened(const std::string& problem) override { opened.push_back(problem); }

  void startJob(int id, const std::string& request) override;
  void stopJob(int id) override { jobs.erase(id); }
  void remember(const std::string& key, const std::string& value) override { memory[key] = value; }
  std::string remembered(const std::string& key) const override {
    const auto found = memory.find(key);
    return found == memory.end() ? std::string() : found->second;
  }

  std::map<int, std::unique_ptr<Job>> jobs;  ///< the driver moves them on between frames
  std::map<int, std::string> refused;        ///< requests that make no job, with the reason
  mutable double clock = 0.0;                ///< advanced by the driver
  std::string copied, address;
  std::map<std::string, std::string> saved, kept, memory;
  std::vector<std::string> pictures, opened;
  std::map<std::string, int> events;
  bool jobsWait = false;   ///< no worker is free
  bool filesWait = false;  ///< as on the page: files are read by jobs
  int filesAsked = 0, historyEntries = 0;
};

/// A lab with an ImGui context of its own, moved on frame by frame.
class Driver {
 public:
  /// `memory`: what a browser would remember from before.
  explicit Driver(const std::string& address, float width = 1280, float height = 800,
                  const std::map<std::string, std::string>& memory = {});
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  Lab& lab() { return *lab_; }
  NullHost& host() { return host_; }

  void frames(int count = 1);
  /// Frames until no job runs any more.
  void finishJobs();
  /// Presses the widget whose label begins with `label`. False when the last frame showed none.
  bool click(const std::string& label);
  void clickAt(ImVec2 at, ImGuiMouseButton button = ImGuiMouseButton_Left);
  void drag(ImVec2 from, ImVec2 to);
  void key(ImGuiKey key, bool control = false, bool shift = false);
  [[nodiscard]] bool shows(const std::string& label) const;
  /// Centre of the widget on screen.
  [[nodiscard]] ImVec2 centre(const std::string& label) const;
  /// A combo box names itself to no hook; its window and label make its id.
  [[nodiscard]] ImVec2 comboCentre(const std::string& label) const;
  /// Of all widgets whose label begins so, in the order in which they were drawn.
  [[nodiscard]] std::vector<ImVec2> centres(const std::string& label) const;
  [[nodiscard]] int vertices() const { return vertices_; }

  /// For the hooks of Dear ImGui's test engine.
  void itemSeen(ImGuiID id, ImVec2 low, ImVec2 high) { rects_[id] = {low, high}; }
  void itemNamed(ImGuiID id, const char* label) { labels_.emplace_back(label, id); }

 private:
  void advanceJobs(int pieces);
  struct Rect {
    ImVec2 low, high;
  };
  NullHost host_;
  ImGuiContext* context_;
  std::unique_ptr<Lab> lab_;
  std::map<ImGuiID, Rect> rects_;
  std::vector<std::pair<std::string, ImGuiID>> labels_;
  int vertices_ = 0;
};

}  // namespace attention_svm::shell
