// SPDX-License-Identifier: MIT
// What a kind of experiment is: names, columns, and a function that makes a draw.
#pragma once

#include <functional>

#include "attention_svm/dataset.h"
#include "attention_svm/experiments.h"
#include "attention_svm/random.h"
#include "attention_svm/random_dataset.h"
#include "attention_svm/trainer.h"

namespace attention_svm {

/// The data and the start of one draw.
struct ExperimentDraw {
  const ExperimentSpec& spec;
  std::size_t value;
  std::uint64_t seed;

  /// Random data of the value's size; `head` as the experiment needs it.
  [[nodiscard]] Dataset data(HeadKind head = HeadKind::Linear) const;
  /// Starts with weights that share no random numbers with the data of the same seed.
  [[nodiscard]] Trainer trainer(const Dataset& dataset,
                                Parameterization parameterization = Parameterization::W) const;
  /// More random numbers that nothing else uses.
  [[nodiscard]] Random random() const;
};

struct ExperimentColumn {
  static constexpr int kNoSeries = -1;
  static constexpr int kOfTheValue = -1;
  std::string name;        ///< in files: no spaces
  int series = kNoSeries;  ///< to which its numbers belong
  int x = kOfTheValue;     ///< at which x of the result
};

struct Experiment::Plan {
  ExperimentResult frame;  ///< names and x values; series with name and kind only
  std::vector<ExperimentColumn> columns;
  /// A value ends after spec.runs draws that enter, or after spec.runs * mostDraws of any kind, so that data
  /// which hardly ever enters ends all the same.
  int mostDraws = 1;
  int scatter =
      -1;  ///< column with the x of the points; the y are the columns of the series that are no shares
  /// Fills in the numbers, which are NaN. False: the draw does not enter.
  std::function<bool(const ExperimentDraw&, std::vector<double>& numbers)> draw;
};

Experiment::Plan localConvergencePlan(const ExperimentSpec& spec);
Experiment::Plan globalOrLocalPlan(const ExperimentSpec& spec);
Experiment::Plan rankPlan(const ExperimentSpec& spec);
Experiment::Plan severalTokensPlan(const ExperimentSpec& spec);
Experiment::Plan quadraticHeadPlan(const ExperimentSpec& spec);
Experiment::Plan optimizersAndNormsPlan(const ExperimentSpec& spec);

/// Names and x values of a sweep, its series still to come.
ExperimentResult sweepFrame(const ExperimentSpec& spec, std::string yName, bool logY);
ExperimentSeries quantity(std::string name, bool below = false);
ExperimentSeries shareOf(std::string name, bool below = false);
/// One column for each x of the frame: "name_x".
void addColumns(Experiment::Plan& plan, const std::string& name, int series);

}  // namespace attention_svm
