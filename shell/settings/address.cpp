// SPDX-License-Identifier: MIT
#include "address.h"

#include <cstdio>

#include "../scenarios.h"
#include "table.h"
#include "text.h"

namespace attention_svm::shell {

namespace {

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string unescaped(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 && hexDigit(text[i + 2]) >= 0) {
      result.push_back(static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2])));
      i += 2;
    } else {
      result.push_back(text[i]);
    }
  }
  return result;
}

std::string escaped(const std::string& text) {
  std::string result;
  char buffer[4];
  for (const char c : text) {
    const unsigned char u = static_cast<unsigned char>(c);
    if (u <= 0x20 || u >= 0x7f || c == '%' || c == '&' || c == '#' || c == '"' || c == '<' || c == '>') {
      std::snprintf(buffer, sizeof buffer, "%%%02X", u);
      result += buffer;
    } else {
      result.push_back(c);
    }
  }
  return result;
}

}  // namespace

std::vector<Field> splitFields(const std::string& text) {
  std::vector<Field> fields;
  for (const std::string& part : split(text, '&')) {
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos)
      fields.emplace_back(unescaped(part), "");
    else
      fields.emplace_back(unescaped(part.substr(0, equals)), unescaped(part.substr(equals + 1)));
  }
  return fields;
}

std::string joinFields(const std::vector<Field>& fields) {
  std::string text;
  for (const Field& field : fields)
    text += (text.empty() ? "" : "&") + escaped(field.first) + "=" + escaped(field.second);
  return text;
}

std::vector<Field> allFields(const Settings& settings) {
  std::vector<Field> fields;
  for (const Setting& setting : allSettings()) fields.emplace_back(setting.key, setting.read(settings));
  return fields;
}

std::string addressOf(const Settings& settings) {
  std::vector<Field> fields{{"v", kAddressVersion}, {"scenario", settings.scenario}};
  const Settings base = scenarioSettings(settings.scenario);
  for (const Setting& setting : allSettings())
    if (std::string now = setting.read(settings); now != setting.read(base))
      fields.emplace_back(setting.key, std::move(now));
  return joinFields(fields);
}

bool onlyLooksDiffer(const Settings& a, const Settings& b) {
  if (a.scenario != b.scenario) return false;
  for (const Setting& setting : allSettings())
    if (setting.kind != SettingKind::Looks && setting.read(a) != setting.read(b)) return false;
  return true;
}

std::vector<std::string> applyFields(Settings& settings, const std::vector<Field>& fields) {
  std::vector<std::string> notices;
  for (const auto& [key, value] : fields) {
    if (key == "scenario") continue;
    if (key == "v") {
      if (value != kAddressVersion)
        notices.push_back("This address has version " + shortened(value) + ", the lab knows version 1.");
      continue;
    }
    const Setting* setting = findSetting(key);
    if (setting == nullptr) {
      notices.push_back("Unknown setting \"" + shortened(key) + "\" was left out.");
      continue;
    }
    if (const std::string problem = setting->write(*setting, settings, value); !problem.empty())
      notices.push_back("Setting " + key + "=" + shortened(value) + " was left out: " + problem + ".");
  }
  return notices;
}

Settings settingsFromAddress(const std::string& fragment, std::vector<std::string>& notices) {
  const std::vector<Field> fields = splitFields(fragment);
  std::string scenario = "plane";
  for (const Field& field : fields) {
    if (field.first != "scenario") continue;
    if (findScenario(field.second) != nullptr)
      scenario = field.second;
    else
      notices.push_back("There is no scenario \"" + shortened(field.second) + "\"; this is \"plane\".");
  }
  Settings settings = scenarioSettings(scenario);
  for (std::string& notice : applyFields(settings, fields)) notices.push_back(std::move(notice));
  return settings;
}

}  // namespace attention_svm::shell
