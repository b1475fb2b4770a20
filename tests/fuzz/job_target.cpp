// SPDX-License-Identifier: MIT
// Requests of jobs, as they reach a worker: refused with a reason, or carried out for a few pieces.
#include <algorithm>

#include "fuzz.h"
#include "jobs/job.h"

namespace attention_svm::test {

namespace {

/// Large problems are valid, and slow: not what is searched for.
bool small(const shell::JobRequest& request) {
  const ExperimentSpec& e = request.experiment;
  if (request.dataset.size() > 4000) return false;
  double most = std::max({static_cast<double>(e.n), static_cast<double>(e.T), static_cast<double>(e.d)});
  for (const double value : e.values) most = std::max(most, value);
  return e.steps <= 100 && most <= 8 && request.options.rank <= 16 && request.steps <= 400;
}

}  // namespace

void fuzz(const std::string& bytes) {
  const Result<shell::JobRequest> request = shell::requestFrom(bytes);
  if (!request) return must(!request.error().empty(), "an error without a sentence");
  if (!small(request.value())) return;
  Result<std::unique_ptr<shell::Job>> made = shell::makeJob(request.value());
  if (!made) return must(!made.error().empty(), "a refusal without a reason");
  shell::Job& job = *made.value();
  for (int piece = 0; piece < 3 && job.advance(); ++piece) continue;
  must(job.progress() >= 0 && job.progress() <= 1 + 1e-9, "progress outside of 0 to 1");
  const std::string answer = job.answer();
  must(!answer.empty() || !job.failure().empty() || request.value().kind == shell::JobKind::Import,
       "neither an answer nor a failure");
}

}  // namespace attention_svm::test
