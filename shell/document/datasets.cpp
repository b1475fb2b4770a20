// SPDX-License-Identifier: MIT
#include "datasets.h"

#include "../scenarios.h"
#include "compact_text.h"

namespace attention_svm::shell {

namespace {

/// FNV-1a, 64 bits, as hexadecimal text: names a dataset in an address.
std::string hashOf(const std::string& text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string result;
  for (int shift = 60; shift >= 0; shift -= 4) result.push_back(kDigits[(hash >> shift) & 15]);
  return result;
}

Result<SharedDataset> shared(Result<Dataset> dataset) {
  if (!dataset) return Error{dataset.error()};
  return std::make_shared<const Dataset>(std::move(dataset).value());
}

}  // namespace

Result<Dataset> Datasets::parse(const std::string& text) {
  ++parses_;
  return parseDataset(text);
}

Result<SharedDataset> Datasets::preset(const std::string& name) {
  if (const auto found = presets_.find(name); found != presets_.end()) return found->second;
  Result<SharedDataset> dataset = shared(parse(presetJson(name)));
  if (dataset) presets_[name] = dataset.value();
  return dataset;
}

Result<SharedDataset> Datasets::find(const Settings& settings) {
  switch (settings.source) {
    case DataSource::Random: return shared(randomDataset(settings.random));
    case DataSource::Edited: return shared(expandDataset(settings.edited));
    case DataSource::Preset: return preset(settings.preset);
    case DataSource::Text: return shared(textDataset(settings.text, settings.words));
    case DataSource::File: break;
  }
  if (const SharedDataset dataset = kept(settings.fileHash)) return dataset;
  return Error{"This link shows a dataset file" +
               (settings.fileName.empty() ? std::string() : " (" + settings.fileName + ")") +
               " that this browser does not have. Open the file to see it."};
}

SharedDataset Datasets::kept(const std::string& hash) const {
  const auto found = kept_.find(hash);
  return found != kept_.end() ? found->second : nullptr;
}

Result<Imported> Datasets::read(const std::string& name, const std::string& bytes) {
  ++parses_;
  return importDataset(name, bytes);
}

Datasets::Kept Datasets::keep(Dataset dataset) {
  Kept result;
  result.text = toJson(dataset);
  result.hash = hashOf(result.text);
  if (!kept(result.hash)) kept_[result.hash] = std::make_shared<const Dataset>(std::move(dataset));
  return result;
}

bool Datasets::keep(const std::string& hash, const std::string& text) {
  if (kept(hash)) return true;
  Result<Dataset> dataset = parse(text);
  if (!dataset) return false;
  kept_[hash] = std::make_shared<const Dataset>(std::move(dataset).value());
  return true;
}

}  // namespace attention_svm::shell
