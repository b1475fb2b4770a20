// SPDX-License-Identifier: MIT
#include "keepsake.h"

#include "attention_svm/json.h"
#include "settings/address.h"

namespace attention_svm::shell {

namespace {

json::Array addresses(const std::vector<Settings>& all) {
  json::Array items;
  for (const Settings& settings : all) items.emplace_back(addressOf(settings));
  return items;
}

std::vector<Settings> settingsOf(const json::Value& file, const char* key) {
  std::vector<Settings> all;
  const json::Value* list = file.find(key);
  if (list == nullptr || list->array() == nullptr) return all;
  for (const json::Value& item : *list->array()) {
    std::vector<std::string> problems;
    if (item.string() != nullptr && all.size() < History::kMost)
      all.push_back(settingsFromAddress(*item.string(), problems));
  }
  return all;
}

std::string textOf(const json::Value& file, const char* key) {
  const json::Value* member = file.find(key);
  return member != nullptr && member->string() != nullptr ? *member->string() : std::string();
}

}  // namespace

std::string keepsakeText(const Keepsake& kept) {
  return json::write(json::Object{{"address", kept.address},
                                  {"file", kept.fileName},
                                  {"iteration", static_cast<double>(kept.iteration)},
                                  {"playing", kept.playing},
                                  {"undo", addresses(kept.history.done())},
                                  {"redo", addresses(kept.history.undone())}});
}

Result<Keepsake> keepsakeFrom(const std::string& text) {
  const Result<json::Value> file = json::parse(text);
  if (!file) return Error{file.error()};
  Keepsake kept;
  kept.address = textOf(file.value(), "address");
  if (kept.address.empty()) return Error{"address: expected a string"};
  kept.fileName = textOf(file.value(), "file");
  const json::Value* iteration = file.value().find("iteration");
  const double* number = iteration != nullptr ? iteration->number() : nullptr;
  if (number != nullptr && *number > 0 && *number < 1e9) kept.iteration = static_cast<long>(*number);
  const json::Value* playing = file.value().find("playing");
  kept.playing = playing != nullptr && playing->boolean() != nullptr && *playing->boolean();
  kept.history = History(settingsOf(file.value(), "undo"), settingsOf(file.value(), "redo"));
  return kept;
}

}  // namespace attention_svm::shell
