// SPDX-License-Identifier: MIT
#include "files.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace attention_svm::cli {

namespace fs = std::filesystem;

Result<std::string> readFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (!file || fs::is_directory(path) || !(text << file.rdbuf()))
    return Error{"cannot read " + path.string() + ": " + std::strerror(errno)};
  return text.str();
}

std::string writeFile(const fs::path& path, const std::string& text) {
  fs::path beside = path;
  beside += ".part";
  std::ofstream file(beside, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) return "cannot write " + path.string() + ": " + std::strerror(errno);
  std::error_code error;
  fs::rename(beside, path, error);
  return error ? "cannot write " + path.string() + ": " + error.message() : std::string();
}

}  // namespace attention_svm::cli
