// SPDX-License-Identifier: MIT
// What a reader must know about the training itself, beside the verdict on where it goes.
#pragma once

#include <string>

#include "attention_svm/trainer.h"

namespace attention_svm {

/// A sentence or two, with what to do next: training has failed or stands still; rounding or the ridge leads;
/// constant steps of (K, Q) creep; the optimizer belongs to a norm whose SVM is not the one that is shown.
/// Empty when there is nothing to say.
std::string trainingNote(const Trainer& trainer);

}  // namespace attention_svm
