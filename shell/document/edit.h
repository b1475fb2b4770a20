// SPDX-License-Identifier: MIT
// What the reader does to the data with the mouse, and what becomes of it: Dataset x Edit -> Dataset.
#pragma once

#include <optional>

#include "attention_svm/trainer.h"

namespace attention_svm::shell {

struct Edit {
  enum class Kind {
    MoveToken,
    MoveQuery,
    MoveHead,
    MoveWz,     ///< not the data, but where training starts
    Start,      ///< the same by the angles of W z of the first two sequences, `position` in degrees
    MoveGuess,  ///< nothing but a ray of the reader's
    AddToken,
    DeleteToken,
    FlipLabel,
    AddSequence,
    DeleteSequence
  };
  Kind kind = Kind::MoveToken;
  Index sequence = 0;
  Index token = 0;
  Vector position;      ///< 2 numbers, where needed
  bool begins = false;  ///< the mouse went down: undo comes back to before this
};

/// None where it would take the last token or sequence away, and for what is not about the data.
std::optional<Dataset> edited(const Dataset& dataset, const Edit& edit);

/// MoveWz: the smallest change of the start of `options` that puts W z where the mouse is.
Matrix startAfter(const Edit& edit, const Dataset& dataset, const TrainerOptions& options);

}  // namespace attention_svm::shell
