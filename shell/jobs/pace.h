// SPDX-License-Identifier: MIT
// Training between two pictures, as far as the frame's time goes.
#pragma once

#include "../host.h"
#include "../session.h"

namespace attention_svm::shell {

/// As many steps as the settings ask for, in at most `budget` seconds.
void trainFor(Session& session, const Host& host, double budget);
/// On to the iteration of an opened session; false when it is reached.
bool trainBack(Session& session, const Host& host, double budget, long iteration);
/// That many steps of every run.
void trainBy(Session& session, int steps);

}  // namespace attention_svm::shell
