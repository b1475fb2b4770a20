// SPDX-License-Identifier: MIT
// The table of settings: everything that the address holds, a row each. The address, state(), sessions, what
// counts as "only looks", runs to compare, the panel's explanations and docs/settings.md all come from it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "settings.h"

namespace attention_svm::shell {

/// What changes with a setting: the data, the training on it, or only how it is shown.
enum class SettingKind { Data, Training, Looks };
constexpr const char* kindText(SettingKind kind) {
  return kind == SettingKind::Data ? "data" : kind == SettingKind::Training ? "training" : "looks";
}

/// Of texts in an address, in bytes.
constexpr int kLongestText = 1500, kLongestBeginning = 200;

struct Setting {
  const char* key;  ///< in addresses: "eta"
  SettingKind kind;
  const char* label;                            ///< in the panel, in one or two words
  const char* help;                             ///< what it does
  double low, high;                             ///< of a number
  std::vector<Name> (*choices)();               ///< of a choice, else null
  std::string (*form)(const Setting& setting);  ///< what it may be: "a whole number from 1 to 500"
  std::string (*read)(const Settings& settings);
  /// Returns nothing, or what was expected; then the settings stay as they were.
  std::string (*write)(const Setting& setting, Settings& settings, const std::string& text);
};

/// In the order in which an address names them.
const std::vector<Setting>& allSettings();
/// Null when there is none.
const Setting* findSetting(std::string_view key);

}  // namespace attention_svm::shell
