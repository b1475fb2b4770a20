// SPDX-License-Identifier: MIT
// What a lab is rebuilt from when the module or the tab has come to an end.
#pragma once

#include <string>

#include "attention_svm/result.h"
#include "document/history.h"

namespace attention_svm::shell {

struct Keepsake {
  std::string address, fileName;
  long iteration = 0;
  bool playing = false;
  History history;
};

std::string keepsakeText(const Keepsake& keepsake);
Result<Keepsake> keepsakeFrom(const std::string& text);

}  // namespace attention_svm::shell
