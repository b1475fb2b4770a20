// SPDX-License-Identifier: MIT
// What undo and redo come back to. Every change of the document goes through commit().
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "../settings/settings.h"

namespace attention_svm::shell {

class History {
 public:
  static constexpr std::size_t kMost = 100;
  History() = default;
  History(std::vector<Settings> done, std::vector<Settings> undone)
      : done_(std::move(done)), undone_(std::move(undone)) {}
  [[nodiscard]] const std::vector<Settings>& done() const { return done_; }
  [[nodiscard]] const std::vector<Settings>& undone() const { return undone_; }

  /// `before`: the settings that a change has just replaced.
  void commit(const Settings& before) {
    done_.push_back(before);
    if (done_.size() > kMost) done_.erase(done_.begin());
    undone_.clear();
  }
  std::optional<Settings> undo(const Settings& now) { return move(done_, undone_, now); }
  std::optional<Settings> redo(const Settings& now) { return move(undone_, done_, now); }

  [[nodiscard]] bool canUndo() const { return !done_.empty(); }
  [[nodiscard]] bool canRedo() const { return !undone_.empty(); }
  /// Undo would come back to that file.
  [[nodiscard]] bool holds(const std::string& fileHash) const {
    for (const Settings& settings : done_)
      if (settings.fileHash == fileHash) return true;
    return false;
  }

 private:
  static std::optional<Settings> move(std::vector<Settings>& from, std::vector<Settings>& to,
                                      const Settings& now) {
    if (from.empty()) return std::nullopt;
    Settings target = from.back();
    from.pop_back();
    to.push_back(now);
    return target;
  }
  std::vector<Settings> done_, undone_;
};

}  // namespace attention_svm::shell
