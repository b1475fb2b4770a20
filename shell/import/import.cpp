// SPDX-License-Identifier: MIT
#include "import.h"

#include "attention_svm/json.h"

namespace attention_svm::shell {

namespace {

/// d, as the first token has it; 0 when there is none.
std::size_t firstTokenSize(const json::Value& file) {
  const json::Value* at = file.find("X");
  for (int level = 0; level < 2; ++level)
    at = at != nullptr && at->array() != nullptr && !at->array()->empty() ? &at->array()->front() : nullptr;
  return at != nullptr && at->array() != nullptr ? at->array()->size() : 0;
}

}  // namespace

Result<Imported> parseJson(const std::string& text) {
  const Result<json::Value> file = json::parse(text);
  const bool headless = file && file.value().object() != nullptr && file.value().find("head") == nullptr &&
                        file.value().find("vocabulary") == nullptr;  // words have no head
  if (!headless) {
    Result<Dataset> dataset = parseDataset(text);
    if (!dataset) return Error{dataset.error()};
    return Imported{std::move(dataset).value(), true};
  }
  // The core asks for a head: give it one of zeros, and every other check stays the core's.
  json::Object completed = *file.value().object();
  const json::Array zeros(firstTokenSize(file.value()), json::Value(0.0));
  completed.emplace_back("head", json::Object{{"kind", "linear"}, {"v", zeros}});
  Result<Dataset> dataset = parseDataset(json::write(completed));
  if (!dataset) return Error{dataset.error()};
  return Imported{std::move(dataset).value(), false};
}

Result<Imported> importDataset(const std::string& name, const std::string& bytes) {
  const auto ends = [&name](const std::string& ending) {
    return name.size() >= ending.size() &&
           name.compare(name.size() - ending.size(), ending.size(), ending) == 0;
  };
  if (ends(".csv") || ends(".tsv")) return parseCsv(bytes);
  if (ends(".npy") || ends(".npz")) return parseNumpy(name, bytes);
  return parseJson(bytes);
}

}  // namespace attention_svm::shell
