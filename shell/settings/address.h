// SPDX-License-Identifier: MIT
// Settings as text: key=value fields, the same in the page's address, in state() and in scenarios.
//   v=1&scenario=plane&param=KQ&eta=0.05
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "attention_svm/result.h"
#include "settings.h"

namespace attention_svm::shell {

using Field = std::pair<std::string, std::string>;

constexpr const char* kAddressVersion = "1";

/// Splits "a=1&b=2", undoing %xx escapes.
std::vector<Field> splitFields(const std::string& text);
std::string joinFields(const std::vector<Field>& fields);

/// Every setting as a field, in a fixed order.
std::vector<Field> allFields(const Settings& settings);
/// Version, scenario, and what differs from that scenario's settings.
std::string addressOf(const Settings& settings);

/// Data and training are the same: what is on screen changes, and training goes on.
bool onlyLooksDiffer(const Settings& a, const Settings& b);

/// Takes the fields it understands; the others are named in the returned notices, a sentence each.
std::vector<std::string> applyFields(Settings& settings, const std::vector<Field>& fields);
/// Scenario first, then the other fields on top of it.
Settings settingsFromAddress(const std::string& fragment, std::vector<std::string>& notices);

}  // namespace attention_svm::shell
