// SPDX-License-Identifier: MIT
// The paper's Monte-Carlo experiments (paper, sections 5 and 7 with their figures; THEORY section 7). A draw
// is a row of numbers that depends on the specification and its own number alone, and a result is what the
// rows add up to, in their order: the page makes one draw after the other, the program `attention-svm` many
// at a time on all cores, and both have the same bits.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "attention_svm/attention.h"
#include "attention_svm/result.h"

namespace attention_svm {

enum class ExperimentKind {
  LocalConvergence,    ///< over iterations: distance of W to W_mm(alpha), of (K, Q) to W*_mm(alpha)
  GlobalOrLocal,       ///< share of runs whose selection is globally, only locally, not locally optimal
  Rank,                ///< rank of W_mm and W*_mm of the optimal tokens
  SeveralTokens,       ///< MLP head: distance of W to the three directions of the generalized SVM
  QuadraticHead,       ///< number of kept tokens as lambda grows
  OptimizersAndNorms,  ///< how much of the largest margin in each norm each optimizer has (THEORY 6c)
};

/// What the horizontal axis shows. Iteration: LocalConvergence always, SeveralTokens when asked to. Norm:
/// OptimizersAndNorms.
enum class SweepVariable { N, T, D, Lambda, Iteration, Norm };
/// Each value of the variable has its own draws; else one draw gives a number for every x.
constexpr bool isSweep(SweepVariable over) {
  return over != SweepVariable::Iteration && over != SweepVariable::Norm;
}

struct ExperimentSpec {
  ExperimentKind kind = ExperimentKind::LocalConvergence;
  Index n = 6;   ///< sequences
  Index T = 8;   ///< tokens in each
  Index d = 10;  ///< dimension
  SweepVariable over = SweepVariable::D;
  std::vector<double> values;  ///< of the variable, at least one; only where isSweep(over)
  int runs = 100;              ///< draws for each value that enter: where `advance` stops
  int steps = 2000;            ///< of normalized gradient descent
  double stepSize = 0.1;
  GradientMode gradient = GradientMode::LogDomain;
  std::uint64_t seed = 1;  ///< draw k of every value uses the data of seed + k
};

/// The settings of the paper (THEORY section 7).
ExperimentSpec paperExperiment(ExperimentKind kind);

/// What is wrong with a specification, naming the place; empty when it can be run.
std::string experimentProblem(const ExperimentSpec& spec);

/// As the address and the command line name it: the kind, then what differs from the paper's settings.
///   rank,runs=20,T=10,values=1:2:5
std::string toText(const ExperimentSpec& spec);
/// Reads that; the error says what was expected.
Result<ExperimentSpec> parseExperiment(const std::string& text);

/// One quantity at every x.
struct ExperimentSeries {
  std::string name;
  bool share = false;  ///< of runs, in [0, 1]: low and high are Wilson's 95 % interval, else the quartiles
  bool below = false;  ///< has the other y axis (belowName), which goes from 0 to 1
  std::vector<double> mean, median, low, high;  ///< NaN where there is no sample
  std::vector<double> error;                    ///< standard error of the mean; NaN below two samples
  std::vector<int> count;                       ///< samples behind each
};

/// A single run in the plane of two of its quantities.
struct ExperimentPoint {
  int series = 0;
  double x = 0.0, y = 0.0;
};

struct ExperimentResult {
  std::string xName, yName, belowName;
  bool logY = false;
  std::vector<double> x;
  std::vector<std::string>
      xLabels;  ///< what the x stand for where they are no quantity: then they are 1, 2, ...
  std::vector<ExperimentSeries> series;
  std::string scatterName;              ///< name of the points' x; empty when the experiment has none
  std::vector<ExperimentPoint> points;  ///< y as in the series
  int draws = 0;                        ///< made so far
  int leftOut = 0;                      ///< of these, those that do not enter, for the reason in the note
  double progress = 0.0;                ///< share of the work that is done
  std::string note;                     ///< what a reader must know to read the figures
};

/// What one draw gave.
struct ExperimentRow {
  std::size_t value = 0;        ///< which of the values; 0 when the horizontal axis shows iterations
  int draw = 0;                 ///< k: the data are those of seed + k
  bool enters = false;          ///< else it is counted as left out
  std::vector<double> numbers;  ///< one for each of columns(); NaN: none
};

/// One of the experiments as a state that takes rows. Movable.
class Experiment {
 public:
  /// Checks the specification; the error says what to change.
  static Result<Experiment> create(const ExperimentSpec& spec);
  ~Experiment();
  Experiment(Experiment&&) noexcept;
  Experiment& operator=(Experiment&&) noexcept;

  [[nodiscard]] const ExperimentSpec& spec() const;
  [[nodiscard]] std::size_t values() const;  ///< of the sweep; 1 when there is none
  [[nodiscard]] std::vector<std::string> columns() const;

  /// A few to some hundred milliseconds. Pure: any thread, any order, any number of times.
  [[nodiscard]] ExperimentRow draw(std::size_t value, int draw) const;
  /// Adds it to the result; the rows of a value in the order of their draws.
  void add(const ExperimentRow& row);
  /// Makes the next draw and adds it; false when every value has its `runs` or has been drawn too often.
  bool advance();
  [[nodiscard]] double progress() const;  ///< in [0, 1]
  /// From the rows so far.
  [[nodiscard]] ExperimentResult result() const;

  struct Plan;  ///< what a kind of experiment does with a draw (core/src/experiment_plan.h)

 private:
  struct State;
  explicit Experiment(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// The whole experiment at once.
Result<ExperimentResult> runExperiment(const ExperimentSpec& spec);

/// A table for people: a line for each x, mean and spread of every series.
std::string toText(const ExperimentResult& result);
/// The same for spreadsheets: x, series, mean, error, median, low, high, count.
std::string toCsv(const ExperimentResult& result);

}  // namespace attention_svm
