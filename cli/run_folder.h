// SPDX-License-Identifier: MIT
// What a run leaves in its folder, and what it resumes from:
//   experiment.json   what was asked for: the experiment, the draws, the part of them (shard)
//   draws.csv         a line for each draw of each value, in their order, appended as they are made
//   summary.csv, summary.txt, *.svg   what the draws add up to
// Nothing in it depends on the number of threads or on how often the run was stopped.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "attention_svm/experiments.h"

namespace attention_svm::cli {

/// Part `index` of `count`, counted from 1: a contiguous block of the draws.
struct Shard {
  int index = 1, count = 1;
  bool operator==(const Shard&) const = default;
};

struct RunRequest {
  ExperimentSpec spec;
  int first = 0, last = 0;  ///< draws, both included
  Shard shard;
};

/// The draws of the shard: [begin, end).
struct DrawRange {
  int begin = 0, end = 0;
};
DrawRange drawsOf(const RunRequest& request);

/// "0..999"
Result<DrawRange> parseDraws(const std::string& text);  ///< end is one beyond the last
/// "3/8"
Result<Shard> parseShard(const std::string& text);

std::string toJson(const RunRequest& request);
Result<RunRequest> readRequest(const std::filesystem::path& folder);

/// Row `index` of the run: draw begin + index / values of value index % values.
struct RowName {
  std::size_t value = 0;
  int draw = 0;
};
RowName rowAt(const Experiment& experiment, DrawRange draws, long index);

/// How many whole lines there are; an unfinished last line is cut off. 0 when there is no file. The error
/// says what is wrong with the file.
Result<long> takeUp(const std::filesystem::path& folder, const Experiment& experiment);

/// Adds every row of the folder's draws.csv to the experiment; empty when all is well.
std::string addRows(const std::filesystem::path& folder, const RunRequest& request, Experiment& experiment);

/// Writes summary and figures from draws.csv; empty when all is well.
std::string summarize(const std::filesystem::path& folder, const RunRequest& request);

}  // namespace attention_svm::cli
