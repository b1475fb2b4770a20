// SPDX-License-Identifier: MIT
#include "pace.h"

#include <algorithm>

namespace attention_svm::shell {

namespace {

bool hasFailed(const Run& run) { return !run.trainer.failure().empty(); }

}  // namespace

void trainFor(Session& session, const Host& host, double budget) {
  const double end = host.seconds() + budget;
  for (int k = 0; k < session.settings.stepsPerFrame; ++k) {
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
