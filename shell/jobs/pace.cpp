// SPDX-License-Identifier: MIT
#include "pace.h"

#include <algorithm>

namespace attention_svm::shell {

namespace {

bool hasFailed(const Run& run) { return !run.trainer.failure().empty(); }

}  // namespace

int Pace::due(double seconds, double stepsPerFrame, long iteration) {
  constexpr double kFrames = 60.0, kLongest = 0.25;  // a page that slept does not catch up
  constexpr double kFirst = 8.0, kQuickening = 1.0;  // steps a second at the start, and more for each made
  const double slow = kFirst + kQuickening * static_cast<double>(iteration);
  if (last_ < 0)
    owed_ = 1.0;  // who presses play sees something happen
  else
    owed_ += std::clamp(seconds - last_, 0.0, kLongest) * std::min(kFrames * stepsPerFrame, slow);
  last_ = seconds;
  const int whole = static_cast<int>(owed_ + 1e-9);
  owed_ = std::max(owed_ - whole, 0.0);
  return whole;
}

void trainFor(Session& session, const Host& host, double budget, int steps) {
  const double end = host.seconds() + budget;
  for (int k = 0; k < steps; ++k) {
    for (Run& run : session.runs) train(run, 1, session.projection);
    if (host.seconds() >= end) break;
  }
  for (Run& run : session.runs) judge(run);
  if (std::all_of(session.runs.begin(), session.runs.end(), hasFailed)) session.playing = false;
}

bool trainBack(Session& session, const Host& host, double budget, long iteration) {
  const double end = host.seconds() + budget;
  const auto before = [iteration](const Run& run) {
    return run.trainer.iteration() < iteration && !hasFailed(run);
  };
  while (before(session.runs.front()) && host.seconds() < end)
    for (Run& run : session.runs) train(run, before(run) ? 1 : 0, session.projection);
  for (Run& run : session.runs) judge(run);
  return before(session.runs.front());
}

void trainBy(Session& session, int steps) {
  for (Run& run : session.runs) {
    train(run, steps, session.projection);
    judge(run);
  }
}

}  // namespace attention_svm::shell
