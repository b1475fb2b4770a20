// SPDX-License-Identifier: MIT
// A line on standard error that says how far a run is and how long it will take.
#pragma once

#include <chrono>
#include <mutex>

namespace attention_svm::cli {

class Progress {
 public:
  /// `start`: rows that were there before.
  Progress(long start, bool quiet);
  /// On a terminal four times a second, else twice a minute; from any thread.
  void show(long done, long all);
  void end();

 private:
  using Clock = std::chrono::steady_clock;
  std::mutex mutex_;
  long start_;
  bool quiet_, terminal_, shown_ = false;
  Clock::time_point begun_, next_;
};

}  // namespace attention_svm::cli
