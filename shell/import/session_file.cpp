// SPDX-License-Identifier: MIT
#include "session_file.h"

#include "attention_svm/json.h"

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

}  // namespace

bool isSession(const std::string& text) {
  if (text.find("\"attention-svm-session\"") == std::string::npos) return false;
  const Result<json::Value> file = json::parse(text);
  const std::string* format = file ? textOf(file.value(), "format") : nullptr;
  return format != nullptr && *format == "attention-svm-session";
}

Result<SessionFile> parseSession(const std::string& text) {
  const Result<json::Value> file = json::parse(text);
  if (!file) return Error{file.error()};
  const json::Value* version = file.value().find("version");
  if (version == nullptr || version->number() == nullptr || *version->number() != 1.0)
    return Error{"version: expected 1"};
  const std::string* address = textOf(file.value(), "address");
  if (address == nullptr) return Error{"address: expected a string"};
  const json::Value* dataset = file.value().find("dataset");
  if (dataset == nullptr) return Error{"dataset: expected an object"};
  Result<Dataset> parsed = parseDataset(json::write(*dataset));
  if (!parsed) return Error{"dataset: " + parsed.error()};
  return SessionFile{*address, std::move(parsed).value(), iterationOf(file.value())};
}

}  // namespace attention_svm::shell
