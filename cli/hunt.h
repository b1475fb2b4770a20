// SPDX-License-Identifier: MIT
// The hunt for counterexamples, on all cores, with what it found as files.
#pragma once

#include <filesystem>

#include "attention_svm/hunt.h"
#include "run.h"

namespace attention_svm::cli {

struct HuntRequest {
  Statement statement = Statement::ConditionA;
  int first = 0, last = 1999;  ///< draws; draw k has the seed k + 1
  int tries = 200;             ///< of the search around the worst draw, when no draw fails
  RunOptions options;
};

/// Judges every draw, shrinks the first that fails (or what the search around the worst one comes to),
/// confirms it with four times the patience, and writes `finding.json` (a dataset) and `report.md` into the
/// folder. The same files whatever the number of threads.
RunEnd hunt(const HuntRequest& request, const std::filesystem::path& folder);

}  // namespace attention_svm::cli
