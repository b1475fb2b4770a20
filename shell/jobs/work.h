// SPDX-License-Identifier: MIT
// The background work of a session: what is started, and what its answers change.
#pragma once

#include <string>

#include "../session.h"
#include "job_desk.h"

namespace attention_svm::shell {

class Work {
 public:
  explicit Work(Host& host) : desk_(host) {}

  /// The SVMs that runs wait for.
  void predict(Session& session);
  /// From where it was stopped, if it was.
  void runExperiment(Session& session);
  void forgetExperiment(Session& session);
  void findBasins(const Session& session);
  /// The map of starts, when a plot shows it and the data or the training is another one than the map's.
  void mapBasins(Session& session);
  void followPath(Session& session, const Norm& norm);
  /// A file, in the place of one that is still being read.
  void read(const std::string& name, const std::string& bytes, const Budget& budget);
  void stop(JobKind kind) { desk_.stop(kind); }
  /// The data is another one: what was asked about it is of no use any more.
  void forgetData();
  [[nodiscard]] bool busy(JobKind kind) const { return desk_.busy(kind); }
  [[nodiscard]] std::vector<JobView> views() const { return desk_.views(); }

  /// Puts an answer into the session. Returns a sentence when the job has failed.
  std::string take(Session& session, int id, double progress, bool finished, const std::string& answer,
                   const std::string& error);
  /// The file that has just been read, or why it was not; once.
  struct ReadFile {
    std::string name;
    Result<ImportAnswer> answer;
  };
  std::optional<ReadFile> takeFile() { return std::exchange(file_, std::nullopt); }

 private:
  void takeAnswer(Session& session, const JobDesk::Running& job, const std::string& answer);
  JobDesk desk_;
  std::string reading_;  ///< name of the file
  std::optional<ReadFile> file_;
};

}  // namespace attention_svm::shell
