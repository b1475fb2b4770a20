// SPDX-License-Identifier: MIT
// The whole session as a file (panels/exports.cpp writes it) and back.
#pragma once

#include <optional>
#include <string>

#include "attention_svm/budget.h"

namespace attention_svm::shell {

struct SessionFile {
  std::string address;
  Dataset dataset;
  long iteration = 0;  ///< of the main run; training is exact, so that it can be trained up to there again
};

/// What the text holds, if it says that it is a session; nothing when it does not, or is no JSON.
Result<std::optional<SessionFile>> parseSession(const std::string& text, const Budget& budget = {});

}  // namespace attention_svm::shell
