// SPDX-License-Identifier: MIT
// The hunt for counterexamples: statements about attention and its support vector machine, each with a way to
// draw data on which it ought to hold, a judge that trains or solves and says whether it does, a search for
// worse data nearby, and a way to make what fails small. Some statements are theorems, some are what one is
// tempted to believe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "attention_svm/dataset.h"
#include "attention_svm/trainer.h"

namespace attention_svm {

enum class Statement {
  LocalOptimality,  ///< training ends in a locally optimal selection (paper, section 4.2)
  Settles,          ///< what training selects after 4,000 steps it keeps
  ConditionA,       ///< condition (a), equal non-optimal scores, leads to the global selection (section 4.1)
  ConditionB,   ///< condition (b), the first gradient step points to the optimal tokens, does (section 4.1)
  Feasible,     ///< a selection can be separated when d >= max(T - 1, n) (section 3)
  NuclearRank,  ///< the rank r of W*_mm has r (r + 1) / 2 <= number of constraints
  Rate,         ///< 1 - correlation with the SVM of the selection falls as 1 / k^2 or better
  SignDescent,  ///< sign descent reaches the largest margin in the entrywise l_inf norm (THEORY section 6c)
  FinitePart,   ///< W_fin + R W_mm lies no further from W than W_mm alone (section 6)
};

/// What a statement speaks about: data, and how training starts on them.
struct HuntCase {
  Dataset dataset;
  TrainerOptions training;
};

struct Judgement {
  bool applies = false;  ///< the data meet what the statement asks for
  bool fails = false;
  double badness = 0.0;  ///< how near to failing; comparable between cases of one statement only
  std::string evidence;  ///< in a sentence, with the figures
};

/// The claim in a sentence.
const char* claimOf(Statement statement);

/// Random data and start of a seed; not every draw applies.
HuntCase drawCase(Statement statement, std::uint64_t seed);

/// Deterministic; milliseconds to a second times `patience`, by which training may take longer before the
/// statement counts as failed (1 when hunting, more to confirm).
Judgement judge(Statement statement, const HuntCase& at, int patience = 1);

/// `tries` times moves the tokens a little, and stays where the statement comes nearer to failing. Ends early
/// at a failure.
HuntCase searchAround(Statement statement, HuntCase from, int tries, std::uint64_t seed);

/// The smallest case it comes to by leaving out sequences, tokens and dimensions and by rounding to few
/// digits, as long as the statement still applies and fails. `from` must fail. `progress` hears of every
/// step.
HuntCase shrink(Statement statement, HuntCase from,
                const std::function<void(const HuntCase&)>& progress = {});

}  // namespace attention_svm
