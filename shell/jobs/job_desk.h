// SPDX-License-Identifier: MIT
// The background work of one lab: hands requests to the host, knows what runs, says what an answer belongs
// to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../host.h"
#include "answers.h"

namespace attention_svm::shell {

class JobDesk {
 public:
  struct Running {
    int id = 0;
    JobView view;
    std::size_t run = 0;                             ///< Prediction: of which run
    double atIteration = 0.0;                        ///< Prediction: of the weights that were sent
    std::optional<double> firstTold, firstProgress;  ///< seconds and progress of the first answer
  };

  explicit JobDesk(Host& host) : host_(host) {}
  ~JobDesk() { stopAll(); }
  JobDesk(const JobDesk&) = delete;
  JobDesk& operator=(const JobDesk&) = delete;

  void start(const JobRequest& request, const std::string& title, std::size_t run = 0,
             double atIteration = 0.0);
  void stop(JobKind kind);
  void stopAll();
  [[nodiscard]] bool busy(JobKind kind) const;
  [[nodiscard]] bool predicting(std::size_t run) const;
  [[nodiscard]] std::vector<JobView> views() const;

  /// The job that an answer comes from, no longer kept when it is finished; none for one that was stopped.
  std::optional<Running> answered(int id, double progress, bool finished);

 private:
  template <class Which>
  void stopIf(Which which);
  Host& host_;
  std::vector<Running> running_;
  int next_ = 1;
};

}  // namespace attention_svm::shell
