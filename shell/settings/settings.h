// SPDX-License-Identifier: MIT
// Everything that the address of the page holds. Plain data; the session is made from it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../views/plot_list.h"
#include "attention_svm/names.h"

namespace attention_svm::shell {

enum class Theme { Auto, Light, Dark };
enum class Panel { Full, Compact, None };

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"

constexpr Name nameOf(Theme x) {
  switch (x) {
    case Theme::Auto: return {"auto", "like the system"};
    case Theme::Light: return {"light", "light"};
    case Theme::Dark: return {"dark", "dark"};
  }
  return {};
}

constexpr Name nameOf(Panel x) {
  switch (x) {
    case Panel::Full: return {"full", "full"};
    case Panel::Compact: return {"compact", "compact"};
    case Panel::None: return {"none", "none"};
  }
  return {};
}

#pragma GCC diagnostic pop

/// Of the plot's own file (shell/views).
Name nameOf(PlotKind x);
/// The plot's name in addresses.
inline const char* plotName(PlotKind kind) { return nameOf(kind).id; }

/// Where the data comes from.
enum class DataSource {
  Preset,  ///< one of the built-in datasets, by name
  Random,  ///< RandomDatasetSpec
  File,    ///< opened by the user, named by its hash
  Edited,  ///< written out in the address (small data moved by hand)
  Text,    ///< a text, whose words are the data
};

struct Settings {
  std::string scenario = "plane";
  DataSource source = DataSource::Preset;
  std::string preset = "plane-3";  ///< with Preset
  RandomDatasetSpec random;        ///< with Random
  std::string fileHash, fileName;  ///< with File
  std::string edited;              ///< with Edited: compact text of the dataset (shell/address.h)
  std::string text;                ///< with Text
  TextOptions words;               ///< with Text

  TrainerOptions training;           ///< the main run
  std::vector<std::string> compare;  ///< further runs as differences, such as "param=KQ" or "trainseed=3"

  std::optional<ExperimentSpec> experiment;  ///< what the experiment plot runs

  std::string beginning;  ///< of a text that the trained layer continues
  int stepsPerFrame = 1;
  bool autoplay = false;
  std::vector<PlotKind> plots;  ///< empty: the scenario's choice
  Theme theme = Theme::Auto;
  Panel panel = Panel::Full;
};

}  // namespace attention_svm::shell
