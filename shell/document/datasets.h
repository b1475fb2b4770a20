// SPDX-License-Identifier: MIT
// The datasets that settings can name: built in, drawn from a seed, opened from a file, moved by hand. Each
// text is parsed once; what was parsed is shared.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "../import/import.h"
#include "../settings/settings.h"

namespace attention_svm::shell {

using SharedDataset = std::shared_ptr<const Dataset>;

class Datasets {
 public:
  /// What the settings name. The error says what is missing and what to do.
  Result<SharedDataset> find(const Settings& settings);

  struct Kept {
    std::string hash;
    std::string bytes;  ///< as by datasetBytes()
  };
  /// Keeps it under the hash of its file, by which an address names it.
  Kept keep(Dataset dataset);
  /// The same where the hash is known.
  void keep(const std::string& hash, SharedDataset dataset);
  /// Keeps what datasetBytes() has written; false when it did not.
  bool keep(const std::string& hash, const std::string& bytes, const Budget& budget);
  void forget(const std::string& hash) { kept_.erase(hash); }
  [[nodiscard]] SharedDataset kept(const std::string& hash) const;

  /// How many texts of datasets were parsed so far.
  [[nodiscard]] int parses() const { return parses_; }

 private:
  Result<SharedDataset> preset(const std::string& name);
  Result<SharedDataset> random(const Settings& settings);
  Result<Dataset> parse(const std::string& text, const Budget& budget = {});
  std::map<std::string, SharedDataset> kept_, presets_;
  RandomDatasetSpec spec_;
  SharedDataset drawn_;  ///< by it
  int parses_ = 0;
};

}  // namespace attention_svm::shell
