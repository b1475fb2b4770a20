// SPDX-License-Identifier: MIT
// Reading and writing whole files, with sentences for what goes wrong.
#pragma once

#include <filesystem>
#include <string>

#include "attention_svm/result.h"

namespace attention_svm::cli {

Result<std::string> readFile(const std::filesystem::path& path);
/// Written beside it and renamed, so that the file is whole or as it was. The error names the file; empty:
/// done.
std::string writeFile(const std::filesystem::path& path, const std::string& text);

}  // namespace attention_svm::cli
