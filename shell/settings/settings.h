// SPDX-License-Identifier: MIT
// Everything that the address of the page holds. Plain data; the session is made from it.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "../views/plot_list.h"
#include "attention_svm/names.h"

namespace attention_svm::shell {

enum class Theme { Auto, Light, Dark };
enum class Panel { Full, Compact, None, Figure };
/// What the geometry draws besides the tokens.
enum class Layer { Arrows, Paths, Rays, Bands, Best, Head, Queries, Numbers, Names, Axes };

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
    case Panel::Figure: return {"figure", "figure"};
  }
  return {};
}

constexpr Name nameOf(Layer x) {
  switch (x) {
    case Layer::Arrows: return {"arrows", "arrows of W z"};
    case Layer::Paths: return {"paths", "their way so far"};
    case Layer::Rays: return {"rays", "rays of the SVM"};
    case Layer::Bands: return {"bands", "separating lines and bands"};
    case Layer::Best: return {"best", "stars on best tokens"};
    case Layer::Head: return {"head", "head v"};
    case Layer::Queries: return {"queries", "queries z"};
    case Layer::Numbers: return {"numbers", "numbers of tokens"};
    case Layer::Names: return {"names", "names of lines"};
    case Layer::Axes: return {"axes", "axes and legend"};
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

  std::string beginning;       ///< of a text that the trained layer continues
  double stepsPerFrame = 1.0;  ///< at 60 frames a second, whatever the screen makes
  bool autoplay = false;
  std::vector<PlotKind> plots;  ///< empty: the scenario's choice
  Theme theme = Theme::Auto;
  Panel panel = Panel::Full;
  std::vector<Layer> layers;  ///< of the geometry; empty: all
  std::vector<double> guess;  ///< degrees from the first axis: where the reader thinks W z_i will point
};

/// For a press of "step": as many as a frame makes, at least one.
inline int stepsAtOnce(const Settings& settings) {
  return std::max(1, static_cast<int>(settings.stepsPerFrame));
}

inline bool shows(const Settings& settings, Layer layer) {
  const std::vector<Layer>& all = settings.layers;
  return all.empty() || std::find(all.begin(), all.end(), layer) != all.end();
}

}  // namespace attention_svm::shell
