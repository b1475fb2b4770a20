// SPDX-License-Identifier: MIT
#include "import.h"

namespace attention_svm::shell {

Result<json::Value> readJson(const std::string& text, const Budget& budget) {
  if (std::string excess = excessBytes("the file", static_cast<double>(text.size()), budget); !excess.empty())
    return Error{std::move(excess)};
  return json::parse(text, budget.numbers * (json::kMostValues / Budget{}.numbers));
}

Result<Imported> parseJson(const std::string& text, const Budget& budget) {
  const Result<json::Value> file = readJson(text, budget);
  if (!file) return Error{file.error()};
  const bool headless = file.value().object() != nullptr && file.value().find("head") == nullptr &&
                        file.value().find("vocabulary") == nullptr;  // words have no head
  Result<Dataset> dataset = datasetFrom(file.value(), budget, headless);
  if (!dataset) return Error{dataset.error()};
  return Imported{std::move(dataset).value(), !headless};
}

Result<Imported> importDataset(const std::string& name, const std::string& bytes, const Budget& budget) {
  const auto ends = [&name](const std::string& ending) {
    return name.size() >= ending.size() &&
           name.compare(name.size() - ending.size(), ending.size(), ending) == 0;
  };
  if (ends(".csv") || ends(".tsv")) return parseCsv(bytes, budget);
  if (ends(".npy") || ends(".npz")) return parseNumpy(name, bytes, budget);
  return parseJson(bytes, budget);
}

}  // namespace attention_svm::shell
