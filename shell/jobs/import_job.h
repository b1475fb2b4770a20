// SPDX-License-Identifier: MIT
// A file read in the background: parsed, the head fitted where there is none, the plane of the picture found.
#pragma once

#include "job.h"

namespace attention_svm::shell {

Result<std::unique_ptr<Job>> makeImport(const JobRequest& request);

/// All of it at once.
Result<ImportAnswer> imported(const std::string& name, const std::string& bytes, const Budget& budget);

}  // namespace attention_svm::shell
