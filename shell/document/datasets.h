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

  /// A file of any format that can be imported, parsed here and not kept yet.
  Result<Imported> read(const std::string& name, const std::string& bytes);

  struct Kept {
    std::string hash;
    std::string text;  ///< the dataset file
  };
  /// Keeps it under the hash of its file, by which an address names it.
  Kept keep(Dataset dataset);
  /// Keeps the text of a dataset file; false when it is none.
  bool keep(const std::string& hash, const std::string& text);
  void forget(const std::string& hash) { kept_.erase(hash); }
  [[nodiscard]] SharedDataset kept(const std::string& hash) const;

  /// How many texts of datasets were parsed so far.
  [[nodiscard]] int parses() const { return parses_; }

 private:
  Result<SharedDataset> preset(const std::string& name);
  Result<Dataset> parse(const std::string& text);
  std::map<std::string, SharedDataset> kept_, presets_;
  int parses_ = 0;
};

}  // namespace attention_svm::shell
