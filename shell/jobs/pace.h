// SPDX-License-Identifier: MIT
// Training between two pictures, as far as the frame's time goes.
#pragma once

#include "../host.h"
#include "../session.h"

namespace attention_svm::shell {

/// How many steps are due: so many a second, however often the screen is drawn.
class Pace {
 public:
  /// Steps due at `seconds`, a time of Host::seconds(), of a run at that iteration.
  int due(double seconds, double stepsPerFrame, long iteration);
  void rest() { last_ = -1.0; }  ///< time that passes now counts for nothing

 private:
  double last_ = -1.0, owed_ = 0.0;
};

/// That many steps, as far as `budget` seconds go.
void trainFor(Session& session, const Host& host, double budget, int steps);
/// On to the iteration of an opened session; false when it is reached.
bool trainBack(Session& session, const Host& host, double budget, long iteration);
/// That many steps of every run.
void trainBy(Session& session, int steps);

}  // namespace attention_svm::shell
