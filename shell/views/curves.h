// SPDX-License-Identifier: MIT
// What curves over the iterations share. Internal to shell/views.
#pragma once

#include <string>
#include <vector>

#include "views.h"

namespace attention_svm::shell {

template <class Value>
std::vector<plot::Point> curve(const Trace& trace, Value value) {
  std::vector<plot::Point> points;
  points.reserve(trace.samples.size());
  for (const TraceSample& sample : trace.samples) points.push_back({sample.iteration, value(sample)});
  return points;
}

double lastIteration(const Session& session);
/// Of the axis: in a figure nothing is named that its text has not named.
const char* timeName(const Session& session);

struct Extent {
  double min = 1e300, max = -1e300;
  void include(const std::vector<plot::Point>& points);
};

struct Series {
  std::string label;
  std::vector<plot::Point> points;
  plot::Style style;
};

plot::Style seriesStyle(int colour, plot::Dash dash);
/// Adds a series that has a finite value somewhere.
void addSeries(std::vector<Series>& all, const std::string& label, std::vector<plot::Point> points,
               plot::Style style);
/// The distance to, or the margin against, the k-th solution of a run's prediction, by the samples' list.
std::vector<plot::Point> listCurve(const Trace& trace, std::vector<double> TraceSample::*list, std::size_t k);

/// Distances that fall, over the iterations, on a logarithmic axis.
void plotFalling(const char* title, const char* yName, const std::vector<Series>& all, const Session& session,
                 ViewState& view, ImVec2 size);

/// Before the first step there is no curve yet.
void hintAtStart(const Session& session, const ViewState& view);

}  // namespace attention_svm::shell
