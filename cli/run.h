// SPDX-License-Identifier: MIT
// Makes the draws of an experiment on many threads and writes them in order.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "run_folder.h"

namespace attention_svm::cli {

enum class RunEnd { Finished, Stopped, Failed };

struct RunOptions {
  int threads = 0;  ///< 0: one for each core
  bool quiet = false;
};

/// Resumes when the folder holds the same request. Stops when `requestStop` was called, with every line
/// whole. Messages and progress go to standard error.
RunEnd run(const RunRequest& request, const std::filesystem::path& folder, const RunOptions& options);

/// Asks a run to end soon; may be called from a signal handler.
void requestStop();
[[nodiscard]] bool stopAsked();

/// Puts the shards of one run together, in any order; the folder is then the same as that of a single run.
/// The error says which part is missing or differs; empty when all is well.
std::string merge(const std::vector<std::filesystem::path>& shards, const std::filesystem::path& folder);

}  // namespace attention_svm::cli
