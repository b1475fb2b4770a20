// SPDX-License-Identifier: MIT
#include "attention_svm/experiment_draws.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "attention_svm/json.h"
#include "number_text.h"

namespace attention_svm {

namespace {

bool sweeps(const Experiment& experiment) { return isSweep(experiment.spec().over); }

std::string cell(double number) { return std::isfinite(number) ? json::writeNumber(number) : std::string(); }

/// The cells of a line; empty when one is neither a number nor empty.
std::vector<double> numbersOf(const std::string& line) {
  std::vector<double> numbers;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t end = std::min(line.find(',', at), line.size());
    const std::string text = line.substr(at, end - at);
    double number = std::numeric_limits<double>::quiet_NaN();
    if (!text.empty() && !readNumber(text, number)) return {};
    numbers.push_back(number);
    at = end + 1;
  }
  return numbers;
}

/// Which of the values the sweep's first cell names; values() when none.
std::size_t valueAt(const Experiment& experiment, double cell) {
  const std::vector<double>& values = experiment.spec().values;
  std::size_t k = 0;
  while (k < values.size() && values[k] != cell) ++k;
  return k;
}

}  // namespace

std::string drawsHeader(const Experiment& experiment) {
  std::string text = sweeps(experiment) ? experiment.result().xName + ",draw,enters" : "draw,enters";
  for (const std::string& name : experiment.columns()) text += "," + name;
  return text;
}

std::string drawLine(const Experiment& experiment, const ExperimentRow& row) {
  std::string text;
  if (sweeps(experiment)) text = json::writeNumber(experiment.spec().values[row.value]) + ",";
  text += std::to_string(row.draw) + (row.enters ? ",1" : ",0");
  for (const double number : row.numbers) text += "," + cell(number);
  return text;
}

Result<ExperimentRow> drawFrom(const Experiment& experiment, const std::string& line) {
  const std::size_t before = sweeps(experiment) ? 3 : 2;
  const std::size_t expected = before + experiment.columnCount();
  const std::vector<double> numbers = numbersOf(line);
  if (numbers.size() != expected) return Error{"expected " + std::to_string(expected) + " numbers"};
  ExperimentRow row;
  row.value = sweeps(experiment) ? valueAt(experiment, numbers.front()) : 0;
  if (row.value >= experiment.values())
    return Error{"no value of the sweep: " + json::writeNumber(numbers.front())};
  const double draw = numbers[before - 2], enters = numbers[before - 1];
  if (!(draw >= 0 && draw <= 1e9) || draw != std::floor(draw)) return Error{"the number of the draw is none"};
  if (enters != 0.0 && enters != 1.0) return Error{"expected 0 or 1 for whether it enters"};
  row.draw = static_cast<int>(draw);
  row.enters = enters == 1.0;
  row.numbers.assign(numbers.begin() + static_cast<std::ptrdiff_t>(before), numbers.end());
  return row;
}

std::string addDraws(Experiment& experiment, const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  if (!std::getline(lines, line) || line != drawsHeader(experiment))
    return "line 1 is not that of this experiment";
  for (int number = 2; std::getline(lines, line); ++number) {
    const Result<ExperimentRow> row = drawFrom(experiment, line);
    if (!row) return "line " + std::to_string(number) + ": " + row.error();
    experiment.add(row.value());
  }
  return {};
}

}  // namespace attention_svm
