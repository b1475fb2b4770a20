// SPDX-License-Identifier: MIT
// An experiment in the address: its kind, then what differs from the paper's settings.
//   experiment=rank,runs=20,T=10,values=1:2:5
#pragma once

#include <optional>
#include <string>

#include "attention_svm/experiments.h"

namespace attention_svm::shell {

/// Empty when there is none.
std::string experimentText(const std::optional<ExperimentSpec>& spec);
/// Empty when `text` was understood, else what was expected; then `spec` stays as it was.
std::string parseExperiment(const std::string& text, std::optional<ExperimentSpec>& spec);

/// What the experiment has found so far, in a sentence with its numbers.
std::string experimentSentence(const ExperimentSpec& spec, const std::optional<ExperimentResult>& result);

}  // namespace attention_svm::shell
