// SPDX-License-Identifier: MIT
// A result as a table, for people and for spreadsheets.
#include <cmath>
#include <cstdio>

#include "attention_svm/experiments.h"
#include "attention_svm/json.h"

namespace attention_svm {

namespace {

/// "rank = 5", or what stands for a number.
std::string place(const ExperimentResult& result, std::size_t k) {
  if (!result.xLabels.empty()) return result.xLabels[k] + " " + result.xName;
  char text[64];
  std::snprintf(text, sizeof text, "%s = %g", result.xName.c_str(), result.x[k]);
  return text;
}

}  // namespace

std::string toText(const ExperimentResult& result) {
  std::string text = result.note + "\n" + std::to_string(result.draws) + " draws, " +
                     std::to_string(result.leftOut) + " left out\n";
  char cell[128];
  for (std::size_t k = 0; k < result.x.size(); ++k) {
    text += place(result, k) + ":";
    for (const ExperimentSeries& series : result.series) {
      std::snprintf(cell, sizeof cell, " %.4g ± %.2g [%.4g, %.4g] of %d", series.mean[k], series.error[k],
                    series.low[k], series.high[k], series.count[k]);
      text += "  " + series.name + cell;
    }
    text += "\n";
  }
  return text;
}

std::string toCsv(const ExperimentResult& result) {
  std::string text = result.xName + ",series,mean,error,median,low,high,count\n";
  const auto number = [](double x) { return std::isfinite(x) ? json::writeNumber(x) : std::string(); };
  for (std::size_t k = 0; k < result.x.size(); ++k)
    for (const ExperimentSeries& series : result.series) {
      text += (result.xLabels.empty() ? number(result.x[k]) : result.xLabels[k]) + ",\"" + series.name + "\"";
      for (const auto* numbers : {&series.mean, &series.error, &series.median, &series.low, &series.high})
        text += "," + number((*numbers)[k]);
      text += "," + std::to_string(series.count[k]) + "\n";
    }
  return text;
}

}  // namespace attention_svm
