// SPDX-License-Identifier: MIT
// Where starts lead, for d = 2: a map over the angles of W z of the first two sequences at the start. With
// two sequences these and the lengths, which are kept alike, are all there is to a start.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "attention_svm/trainer.h"

namespace attention_svm::shell {

/// The start whose W z_1, W z_2 have these angles (degrees) and a small length; a third sequence follows from
/// the two. None where d is not 2, n is 1, or z_1 and z_2 are parallel.
std::optional<Matrix> startAt(double first, double second, const Dataset& dataset);

/// side x side cells, row by row from angle -180 of the second arrow, column by column from that of the
/// first.
struct BasinMap {
  int side = 0;
  std::vector<int> cells;             ///< index into `selections`; -1: no token led at the end
  std::vector<Selection> selections;  ///< that starts lead to, in the order in which they were met
  std::vector<int> best;              ///< 1 for the selection of best tokens
};

/// Trains from the middle of every cell: coarse maps first, each twice as fine as the one before.
class BasinMapSearch {
 public:
  static Result<BasinMapSearch> create(const Dataset& dataset, const TrainerOptions& options);
  bool advance();  ///< a row of the present map; false when the finest is done
  [[nodiscard]] double progress() const;
  [[nodiscard]] const BasinMap& finished() const { return finished_; }  ///< the finest that is complete

 private:
  BasinMapSearch(Dataset dataset, TrainerOptions options)
      : dataset_(std::move(dataset)), options_(std::move(options)) {}
  int endOf(double first, double second);

  Dataset dataset_;
  TrainerOptions options_;
  BasinMap finished_, next_;
};

}  // namespace attention_svm::shell
