// SPDX-License-Identifier: MIT
// Every setting is changed to a second value and back through every way a setting can travel.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "null/null_host.h"
#include "panels/panels.h"
#include "settings/address.h"
#include "settings/table.h"
#include "support/reference_files.h"

namespace attention_svm::shell {
namespace {

/// A value that the scenario below does not have.
const std::map<std::string, std::string>& secondValues() {
  static const std::map<std::string, std::string> all = {
      {"data", "plane-5"},
      {"n", "4"},
      {"T", "3"},
      {"d", "2"},
      {"seed", "12"},
      {"head", "quadratic"},
      {"lambda", "0.25"},
      {"limit", "3e+07"},
      {"self", "0"},
      {"text", "to be or not to be, that is to say ‘be’"},
      {"unit", "character"},
      {"context", "4"},
      {"embed", "random"},
      {"embd", "9"},
      {"embseed", "8"},
      {"begin", "to be & so on"},
      {"param", "KQ"},
      {"m", "2"},
      {"opt", "adam"},
      {"growth", "2.5"},
      {"p", "1.75"},
      {"eta", "0.025"},
      {"loss", "linear"},
      {"grad", "plain"},
      {"ridge", "0"},
      {"every", "1"},
      {"causal", "1"},
      {"trainseed", "9"},
      {"W0", "1,0,0,0,1,0,0,0,1"},
      {"K0", "1,0,0,0,1,0,0,0,1"},
      {"Q0", "1,0,0,0,1,0,0,0,1"},
      {"compare", "eta=0.2;trainseed=4"},
      {"experiment", "rank,runs=3"},
      {"speed", "7"},
      {"plots", "attention,geometry"},
      {"theme", "dark"},
      {"panel", "compact"},
      {"autoplay", "1"},
      {"layers", "arrows,numbers"},
      {"guess", "30;-70"},
  };
  return all;
}

constexpr const char* kStart = "scenario=self-attention&d=3";

Settings startSettings() {
  std::vector<std::string> notices;
  return settingsFromAddress(kStart, notices);
}

std::string valueIn(const Lab& lab, const Setting& setting) { return setting.read(lab.session().settings); }

class EverySetting : public ::testing::TestWithParam<Setting> {
 protected:
  /// The start with the second value.
  static Settings changed() {
    Settings settings = startSettings();
    const auto second = secondValues().find(GetParam().key);
    EXPECT_NE(second, secondValues().end()) << "no second value for " << GetParam().key;
    if (second == secondValues().end()) return settings;
    EXPECT_EQ(GetParam().write(GetParam(), settings, second->second), "");
    EXPECT_EQ(GetParam().read(settings), second->second);
    EXPECT_NE(GetParam().read(startSettings()), second->second) << "the second value is the first one";
    return settings;
  }
};

TEST_P(EverySetting, GoesThroughTheAddress) {
  const Settings settings = changed();
  std::vector<std::string> notices;
  const Settings back = settingsFromAddress(addressOf(settings), notices);
  EXPECT_TRUE(notices.empty());
  EXPECT_EQ(allFields(back), allFields(settings));
  EXPECT_NE(allFields(back), allFields(startSettings()));
}

TEST_P(EverySetting, GoesThroughStateLoadUndoAndTheSessionFile) {
  const Settings settings = changed();
  Driver driver(kStart);
  const std::string first = driver.lab().state();
  ASSERT_TRUE(driver.lab().loadAddress(addressOf(settings)).empty());
  const std::string second = driver.lab().state();
  EXPECT_NE(second, first);
  ASSERT_TRUE(driver.lab().load(first).empty());
  EXPECT_EQ(driver.lab().state(), first);
  ASSERT_TRUE(driver.lab().load(second).empty());
  EXPECT_EQ(valueIn(driver.lab(), GetParam()), GetParam().read(settings));

  Driver other(kStart);
  ASSERT_TRUE(other.lab().openFile("session.json", sessionJson(driver.lab().session())).ok());
  EXPECT_EQ(valueIn(other.lab(), GetParam()), GetParam().read(settings));
  other.key(ImGuiKey_Z, true);  // undo the session
  EXPECT_EQ(other.lab().state(), first);
}

TEST_P(EverySetting, TrainingGoesOnWhenOnlyLooksDiffer) {
  EXPECT_EQ(onlyLooksDiffer(startSettings(), changed()), GetParam().kind == SettingKind::Looks);
  Driver driver(kStart);
  driver.lab().step(5);
  driver.lab().loadAddress(addressOf(changed()));
  EXPECT_EQ(driver.lab().session().runs.front().trainer.iteration(),
            GetParam().kind == SettingKind::Looks ? 5 : 0);
}

TEST_P(EverySetting, OfTrainingMakesARunToCompare) {
  if (GetParam().kind != SettingKind::Training) return;
  const std::string key = GetParam().key;
  if (key == "compare" || key == "experiment") return;  // they are about all runs
  Driver driver(kStart);
  Settings settings = startSettings();
  std::string value = secondValues().at(key);
  if (value.find(',') != std::string::npos) value.clear();  // a matrix: the comma separates settings there
  settings.compare = {key + "=" + value};
  ASSERT_TRUE(driver.lab().loadAddress(addressOf(settings)).empty());
  ASSERT_EQ(driver.lab().session().runs.size(), 2u);
  if (value.empty()) return;
  Settings run = startSettings();
  run.training = driver.lab().session().runs[1].trainer.options();
  EXPECT_EQ(GetParam().read(run), value);
}

TEST_P(EverySetting, ExplainsItself) {
  EXPECT_GT(std::string(GetParam().help).size(), 10u);
  EXPECT_STRNE(GetParam().label, "");
  EXPECT_FALSE(GetParam().form(GetParam()).empty());
  Settings settings = startSettings();
  if (GetParam().low < GetParam().high) {
    EXPECT_NE(GetParam().write(GetParam(), settings, "1e300"), "");
  }
  EXPECT_EQ(allFields(settings), allFields(startSettings()));
}

INSTANTIATE_TEST_SUITE_P(All, EverySetting, ::testing::ValuesIn(allSettings()),
                         [](const auto& info) { return std::string(info.param.key); });

/// As it stands in docs/settings.md: lines of at most 118 characters.
std::string documented(const Setting& setting) {
  const std::string text = std::string("- `") + setting.key + "` (" + kindText(setting.kind) + "; " +
                           setting.form(setting) + "): " + setting.help;
  std::string result, word;
  int column = 0, length = 0;
  for (const char c : text + " ") {
    if (c != ' ') {
      word.push_back(c);
      length += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;  // a character, not a byte
      continue;
    }
    if (column > 0 && column + 1 + length > 118) {
      result += "\n  " + word;
      column = 2 + length;
    } else {
      result += (column > 0 ? " " : "") + word;
      column += (column > 0 ? 1 : 0) + length;
    }
    word.clear();
    length = 0;
  }
  return result + "\n";
}

TEST(Settings, AreAllInTheDocs) {
  std::string expected;
  for (const Setting& setting : allSettings()) expected += documented(setting);
  const std::string docs = test::readTextFile("docs/settings.md");
  const std::size_t begin = docs.find("\n- `");
  ASSERT_NE(begin, std::string::npos) << expected;
  EXPECT_EQ(docs.substr(begin + 1), expected) << "docs/settings.md ends with this list:\n" << expected;
}

}  // namespace
}  // namespace attention_svm::shell
