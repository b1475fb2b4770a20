// SPDX-License-Identifier: MIT
// The scenarios: data, registered in one table (scenarios.cpp).
#pragma once

#include <string>
#include <vector>

#include "settings/settings.h"

namespace attention_svm::shell {

struct TryThis {
  const char* text;    ///< what the reader clicks
  const char* fields;  ///< settings that change, in address syntax; "basins" and "path" are actions
};

struct Scenario {
  const char* id;
  const char* title;
  const char* story;
  const char* fields;  ///< settings in address syntax
  std::vector<TryThis> tries;
};

const std::vector<Scenario>& scenarios();
const Scenario* findScenario(const std::string& id);
/// Settings of a scenario; those of the first one for an unknown id.
Settings scenarioSettings(const std::string& id);

/// JSON of a built-in dataset, null when there is none of that name.
const char* presetJson(const std::string& name);
std::string presetNames();

}  // namespace attention_svm::shell
