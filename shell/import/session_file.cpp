// SPDX-License-Identifier: MIT
#include "session_file.h"

#include "import.h"

namespace attention_svm::shell {

namespace {

const std::string* textOf(const json::Value& file, const char* key) {
  const json::Value* member = file.find(key);
  return member != nullptr ? member->string() : nullptr;
}

long iterationOf(const json::Value& file) {
  const json::Value* runs = file.find("weights");
  if (runs == nullptr || runs->array() == nullptr || runs->array()->empty()) return 0;
  const json::Value* iteration = runs->array()->front().find("iteration");
  const double* number = iteration != nullptr ? iteration->number() : nullptr;
  return number != nullptr && *number > 0 && *number < 1e9 ? static_cast<long>(*number) : 0;
}

Result<SessionFile> sessionFrom(const json::Value& file, const Budget& budget) {
  const json::Value* version = file.find("version");
  if (version == nullptr || version->number() == nullptr || *version->number() != 1.0)
    return Error{"version: expected 1"};
  const std::string* address = textOf(file, "address");
  if (address == nullptr) return Error{"address: expected a string"};
  const json::Value* dataset = file.find("dataset");
  if (dataset == nullptr) return Error{"dataset: expected an object"};
  Result<Dataset> parsed = datasetFrom(*dataset, budget);
  if (!parsed) return Error{"dataset: " + parsed.error()};
  return SessionFile{*address, std::move(parsed).value(), iterationOf(file)};
}

}  // namespace

Result<std::optional<SessionFile>> parseSession(const std::string& text, const Budget& budget) {
  const Result<std::optional<SessionFile>> none = std::optional<SessionFile>();
  if (text.find("\"attention-svm-session\"") == std::string::npos) return none;
  const Result<json::Value> file = readJson(text, budget);
  const std::string* format = file ? textOf(file.value(), "format") : nullptr;
  if (format == nullptr || *format != "attention-svm-session") return none;
  Result<SessionFile> session = sessionFrom(file.value(), budget);
  if (!session) return Error{session.error()};
  return std::optional<SessionFile>(std::move(session).value());
}

}  // namespace attention_svm::shell
