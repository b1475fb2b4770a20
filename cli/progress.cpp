// SPDX-License-Identifier: MIT
#include "progress.h"

#include <unistd.h>

#include <cstdio>
#include <string>

namespace attention_svm::cli {

namespace {

std::string duration(double seconds) {
  char text[48];
  if (seconds < 90.0)
    std::snprintf(text, sizeof text, "%.0f s", seconds);
  else if (seconds < 5400.0)
    std::snprintf(text, sizeof text, "%.0f min", seconds / 60.0);
  else
    std::snprintf(text, sizeof text, "%.1f h", seconds / 3600.0);
  return text;
}

}  // namespace

Progress::Progress(long start, bool quiet)
    : start_(start),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) == 1),
      begun_(Clock::now()),
      next_(begun_) {
  if (!terminal_) next_ += std::chrono::seconds(30);
}

void Progress::show(long done, long all) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Clock::time_point now = Clock::now();
  if (quiet_ || now < next_) return;
  next_ = now + (terminal_ ? std::chrono::milliseconds(250) : std::chrono::milliseconds(30000));
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  const double rate = seconds > 0.0 ? static_cast<double>(done - start_) / seconds : 0.0;
  const std::string left = rate > 0.0 ? duration(static_cast<double>(all - done) / rate) + " left" : "";
  std::fprintf(stderr, "%s%ld of %ld rows, %.1f a second, %s%s", terminal_ ? "\r" : "", done, all, rate,
               left.c_str(), terminal_ ? "\x1b[K" : "\n");
  std::fflush(stderr);
  shown_ = true;
}

void Progress::end() {
  if (shown_ && terminal_) std::fprintf(stderr, "\r\x1b[K");
}

}  // namespace attention_svm::cli
