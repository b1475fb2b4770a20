// SPDX-License-Identifier: MIT
// HTML that shows the present figure in somebody's page.
#include "../scenarios.h"
#include "../settings/address.h"
#include "panels.h"

namespace attention_svm::shell {

namespace {

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '"')
      result += "&quot;";
    else if (c == '<')
      result += "&lt;";
    else
      result += c;
  }
  return result;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

std::string embedCode(const Session& session) {
  const Settings& settings = session.settings;
  const std::string address = addressOf(settings);
  std::string attributes;
  for (const auto& [key, value] : splitFields(address))
    if (key != "v" && key != "panel" && key != "autoplay")
      attributes += " " + lower(key) + "=\"" + escaped(value) + "\"";
  const Scenario* scenario = findScenario(settings.scenario);
  const std::string title = escaped(scenario->title), link = "{SITE}index.html#" + escaped(address);
  return "<script src=\"{SITE}embed.js\" defer></script>\n<attention-svm" + attributes +
         " height=\"420\">\n  <a href=\"" + link + "\"><img src=\"{SITE}posters/" + settings.scenario +
         ".webp\" width=\"720\" alt=\"" + title +
         ": attention in training, and its support vector machine\"></a>\n</attention-svm>\n";
}

}  // namespace attention_svm::shell
