// SPDX-License-Identifier: MIT
#include "datasets.h"

#include "../jobs/packed.h"
#include "../scenarios.h"
#include "compact_text.h"

namespace attention_svm::shell {

namespace {

Result<SharedDataset> shared(Result<Dataset> dataset) {
  if (!dataset) return Error{dataset.error()};
  return std::make_shared<const Dataset>(std::move(dataset).value());
}

}  // namespace

Result<Dataset> Datasets::parse(const std::string& text, const Budget& budget) {
  ++parses_;
  return datasetFromBytes(text, budget);
}

Result<SharedDataset> Datasets::preset(const std::string& name) {
  if (const auto found = presets_.find(name); found != presets_.end()) return found->second;
  Result<SharedDataset> dataset = shared(parse(presetJson(name)));
  if (dataset) presets_[name] = dataset.value();
  return dataset;
}

/// Other settings of training leave the data as it was.
Result<SharedDataset> Datasets::random(const Settings& settings) {
  const RandomDatasetSpec &a = settings.random, &b = spec_;
  const bool same = a.n == b.n && a.T == b.T && a.d == b.d && a.seed == b.seed && a.head == b.head &&
                    a.lambda == b.lambda && a.selfAttention == b.selfAttention;
  if (same && drawn_ != nullptr) return drawn_;
  Result<SharedDataset> dataset = shared(randomDataset(a, settings.training.budget));
  if (!dataset) return dataset;
  spec_ = a;
  drawn_ = dataset.value();
  return dataset;
}

Result<SharedDataset> Datasets::find(const Settings& settings) {
  switch (settings.source) {
    case DataSource::Random: return random(settings);
    case DataSource::Edited: return shared(expandDataset(settings.edited));
    case DataSource::Preset: return preset(settings.preset);
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

Datasets::Kept Datasets::keep(Dataset dataset) {
  Kept result;
  result.bytes = datasetBytes(dataset);
  result.hash = hashOf(result.bytes);
  keep(result.hash, std::make_shared<const Dataset>(std::move(dataset)));
  return result;
}

void Datasets::keep(const std::string& hash, SharedDataset dataset) {
  if (!kept(hash)) kept_[hash] = std::move(dataset);
}

bool Datasets::keep(const std::string& hash, const std::string& bytes, const Budget& budget) {
  if (kept(hash)) return true;
  Result<Dataset> dataset = parse(bytes, budget);
  if (!dataset) return false;
  kept_[hash] = std::make_shared<const Dataset>(std::move(dataset).value());
  return true;
}

}  // namespace attention_svm::shell
