// SPDX-License-Identifier: MIT
// The draws of an experiment as lines of text: what the program `attention-svm` writes to draws.csv and
// resumes from, and what the page keeps of a paused experiment and offers for download. The same bytes in
// both.
#pragma once

#include <string>

#include "attention_svm/experiments.h"

namespace attention_svm {

/// The first line, without its end: the value of the sweep where there is one, the draw, whether it enters,
/// columns().
std::string drawsHeader(const Experiment& experiment);

/// A line for one draw, without its end. Numbers have the digits that give back their bits; none: an empty
/// cell.
std::string drawLine(const Experiment& experiment, const ExperimentRow& row);

/// Reads such a line. The error says what was expected.
Result<ExperimentRow> drawFrom(const Experiment& experiment, const std::string& line);

/// Adds all of `text`, a header and whole lines, to an experiment that has no rows yet. Empty when all is
/// well, else what is wrong with which line.
std::string addDraws(Experiment& experiment, const std::string& text);

}  // namespace attention_svm
