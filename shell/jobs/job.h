// SPDX-License-Identifier: MIT
// Work that is longer than a frame, in pieces. Text goes in and text comes out, so that a job runs in a Web
// Worker (web/src/worker.js), between frames, or at once in a test, and the page looks the same.
#pragma once

#include <memory>
#include <string>

#include "answers.h"
#include "attention_svm/result.h"

namespace attention_svm::shell {

class Job {
 public:
  virtual ~Job() = default;
  /// One piece of work; false when nothing is left to do.
  virtual bool advance() = 0;
  [[nodiscard]] virtual double progress() const = 0;  ///< in [0, 1]
  /// As far as it is known (shell/jobs/answers.h, as text); also while the job is unfinished.
  [[nodiscard]] virtual std::string answer() const = 0;
  /// Why there will be no answer, a sentence's end; empty when all is well.
  [[nodiscard]] virtual std::string failure() const { return {}; }
};

/// The job that a request asks for. A request that cannot be carried out gives the reason.
Result<std::unique_ptr<Job>> makeJob(const JobRequest& request);
/// The same for toText(request).
Result<std::unique_ptr<Job>> makeJob(const std::string& request);

}  // namespace attention_svm::shell
