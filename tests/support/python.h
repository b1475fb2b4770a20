// SPDX-License-Identifier: MIT
// Runs programs of other languages beside a test. They are not optional: script/bootstrap installs them.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace attention_svm::test {

inline std::string readAbsolute(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void writeText(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// An empty folder of this process, removed when it ends.
inline std::string temporaryFolder(const std::string& name) {
  static struct Folders {
    std::vector<std::filesystem::path> all;
    ~Folders() {
      std::error_code ignored;
      for (const std::filesystem::path& one : all) std::filesystem::remove_all(one, ignored);
    }
  } made;
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("attention-svm-" + name + "-" + std::to_string(::getpid()));
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  made.all.push_back(folder);
  return folder.string();
}

/// What the command writes, with its errors; "exit N: " before it when it fails.
inline std::string run(const std::string& command) {
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return "exit: the command did not start";
  std::string output;
  std::array<char, 4096> buffer;
  for (std::size_t count; (count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    output.append(buffer.data(), count);
  const int status = ::pclose(pipe);
  return status == 0 ? output : "exit " + std::to_string(WEXITSTATUS(status)) + ": " + output;
}

inline std::string runPython(const std::string& file, const std::string& program) {
  writeText(file, program);
  return run(std::string("'") + ATTENTION_SVM_PYTHON + "' '" + file + "'");
}

}  // namespace attention_svm::test
