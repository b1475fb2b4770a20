// SPDX-License-Identifier: MIT
// The whole session as a file (panels/exports.cpp writes it) and back.
#pragma once

#include <string>

#include "attention_svm/dataset.h"

namespace attention_svm::shell {

struct SessionFile {
  std::string address;
  Dataset dataset;
  long iteration = 0;  ///< of the main run; training is exact, so that it can be trained up to there again
};

bool isSession(const std::string& text);
Result<SessionFile> parseSession(const std::string& text);

}  // namespace attention_svm::shell
