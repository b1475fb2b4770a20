// SPDX-License-Identifier: MIT
// What a statement is for the hunt.
#pragma once

#include "attention_svm/hunt.h"
#include "attention_svm/random.h"

namespace attention_svm {

struct HuntStatement {
  const char* claim;
  HuntCase (*draw)(Random& random, std::uint64_t seed);
  Judgement (*judge)(const HuntCase& at, int patience);
  /// Changes data so that they meet again what the statement asks for; null: nothing to mend.
  void (*mend)(HuntCase& at) = nullptr;
};

const HuntStatement& huntStatement(Statement statement);

}  // namespace attention_svm
