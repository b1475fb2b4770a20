// SPDX-License-Identifier: MIT
// What the page and its tests read of a session, as JSON and as a sentence.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "session.h"

namespace attention_svm::shell {

/// Every setting, the same keys as in the address.
std::string stateJson(const Settings& settings);
/// The same settings as an address; what is left out is named in the notices. None when `state` is no object.
std::optional<std::string> fieldsFromState(const std::string& state, std::vector<std::string>& notices);

std::string metricsJson(const Session& session, std::size_t jobs, double frameSeconds);

/// What a reader is told first: the verdict of the main run, or what the experiment has found.
std::string sentenceOf(const Session& session);
/// The same for a reader without the words of the field, to stand before it; empty where there is no such
/// sentence.
std::string plainSentence(const Session& session);
/// For screen readers: scenario, state, sentence.
std::string describe(const Session& session);

}  // namespace attention_svm::shell
