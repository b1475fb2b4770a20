// SPDX-License-Identifier: MIT
// What a kind of experiment does with a draw, and the bookkeeping that all kinds share.
#pragma once

#include <functional>

#include "attention_svm/dataset.h"
#include "attention_svm/experiments.h"
#include "attention_svm/random_dataset.h"
#include "attention_svm/trainer.h"

namespace attention_svm {

class Experiment::Plan {
 public:
  virtual ~Plan() = default;

  bool advance();
  [[nodiscard]] double progress() const;
  [[nodiscard]] ExperimentResult result() const;

 protected:
  /// `frame` holds the names and the x values of the result; series come with name and kind only. A cell is a
  /// value of the sweep (one cell when there is none). It is done after spec.runs accepted draws, or after
  /// spec.runs * mostDraws of any kind, so that data which is hardly ever accepted ends all the same.
  Plan(const ExperimentSpec& spec, ExperimentResult frame, std::size_t cells, int mostDraws);

  /// Makes one draw and adds its samples. False: the draw does not enter (it is counted as left out).
  virtual bool draw(std::size_t cell, std::uint64_t seed) = 0;

  void add(std::size_t series, std::size_t x, double value) { samples_[series][x].push_back(value); }
  void addPoint(int series, double x, double y) { frame_.points.push_back({series, x, y}); }

  [[nodiscard]] const ExperimentSpec& spec() const { return spec_; }
  /// Random data of the cell's size; `head` as the experiment needs it.
  [[nodiscard]] Dataset data(std::size_t cell, std::uint64_t seed, HeadKind head = HeadKind::Linear) const;
  /// Starts with weights that share no random numbers with the data of the same seed.
  [[nodiscard]] Trainer trainer(const Dataset& dataset, std::uint64_t seed,
                                Parameterization parameterization = Parameterization::W) const;

 private:
  struct Cell {
    int draws = 0, accepted = 0;
  };
  [[nodiscard]] bool done(const Cell& cell) const;

  ExperimentSpec spec_;
  ExperimentResult frame_;
  int mostDraws_;
  std::vector<Cell> cells_;
  std::size_t next_ = 0;                                   ///< cell of the next draw: all grow together
  std::vector<std::vector<std::vector<double>>> samples_;  ///< [series][x]
};

std::unique_ptr<Experiment::Plan> localConvergencePlan(const ExperimentSpec& spec);
std::unique_ptr<Experiment::Plan> globalOrLocalPlan(const ExperimentSpec& spec);
std::unique_ptr<Experiment::Plan> rankPlan(const ExperimentSpec& spec);
std::unique_ptr<Experiment::Plan> severalTokensPlan(const ExperimentSpec& spec);
std::unique_ptr<Experiment::Plan> quadraticHeadPlan(const ExperimentSpec& spec);

/// Names and x values of a sweep, its series still to come.
ExperimentResult sweepFrame(const ExperimentSpec& spec, std::string yName, bool logY);
ExperimentSeries quantity(std::string name, bool below = false);
ExperimentSeries shareOf(std::string name, bool below = false);

}  // namespace attention_svm
