// SPDX-License-Identifier: MIT
// The other answer is in light/left_to_worker.cpp.
#include "attention_svm/svm_solver.h"

namespace attention_svm {

bool isLightCore() { return false; }

}  // namespace attention_svm
