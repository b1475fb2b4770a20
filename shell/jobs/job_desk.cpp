// SPDX-License-Identifier: MIT
#include "job_desk.h"

#include <algorithm>

namespace attention_svm::shell {

void JobDesk::start(const JobRequest& request, const std::string& title, std::size_t run,
                    double atIteration) {
  Running job;
  job.id = next_++;
  job.view = {request.kind, title, 0.0, {}};
  job.run = run;
  job.atIteration = atIteration;
  running_.push_back(job);
  host_.startJob(job.id, toText(request));
}

template <class Which>
void JobDesk::stopIf(Which which) {
  for (const Running& job : running_)
    if (which(job)) host_.stopJob(job.id);
  running_.erase(std::remove_if(running_.begin(), running_.end(), which), running_.end());
}

void JobDesk::stop(JobKind kind) {
  stopIf([kind](const Running& job) { return job.view.kind == kind; });
}

void JobDesk::stopAll() {
  stopIf([](const Running&) { return true; });
}

bool JobDesk::busy(JobKind kind) const {
  return std::any_of(running_.begin(), running_.end(),
                     [kind](const Running& job) { return job.view.kind == kind; });
}

bool JobDesk::predicting(std::size_t run) const {
  return std::any_of(running_.begin(), running_.end(), [run](const Running& job) {
    return job.view.kind == JobKind::Prediction && job.run == run;
  });
}

std::vector<JobView> JobDesk::views() const {
  std::vector<JobView> result;
  for (const Running& job : running_) result.push_back(job.view);
  return result;
}

namespace {

/// By the pace since the first answer: what was there before it, or took the start, says nothing of the rest.
void tellTimeLeft(JobDesk::Running& job, double now) {
  const double progress = job.view.progress;
  if (!job.firstTold) {
    job.firstTold = now;
    job.firstProgress = progress;
  } else if (progress > *job.firstProgress && now > *job.firstTold) {
    job.view.secondsLeft = (now - *job.firstTold) * (1.0 - progress) / (progress - *job.firstProgress);
  }
}

}  // namespace

std::optional<JobDesk::Running> JobDesk::answered(int id, double progress, bool finished) {
  const auto found =
      std::find_if(running_.begin(), running_.end(), [id](const Running& job) { return job.id == id; });
  if (found == running_.end()) return std::nullopt;
  found->view.progress = progress;
  tellTimeLeft(*found, host_.seconds());
  Running job = *found;
  if (finished) running_.erase(found);
  return job;
}

}  // namespace attention_svm::shell
