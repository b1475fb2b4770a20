// SPDX-License-Identifier: MIT
// Everything that a verdict may claim of a trained problem, found by slow_theory.h.
#pragma once

#include "attention_svm/trainer.h"
#include "slow_theory.h"

namespace attention_svm::slow {

struct Judged {
  std::vector<Row> rows;
  Vec W;
  std::vector<Attention> attention;
  std::vector<int> selected;
  std::vector<std::size_t> shared;  ///< rows in which several tokens lead
  Real off = 0;                     ///< largest share off the selected token
  bool nothing = true;              ///< one token everywhere
  Svm frobenius;
  std::vector<Constraint> constraint;
  std::vector<int> higher, same;   ///< support tokens (constraints) by their scores
  std::vector<std::size_t> below;  ///< rows in which another token scores higher than the selected one
  std::vector<std::size_t> tied;   ///< rows in which the selected one shares the highest score
  bool uniqueBest = true;
  bool clear = true;  ///< nothing is so close that one could argue

  [[nodiscard]] bool atTop() const { return below.empty(); }
};

inline bool closeCall(Real a, Real b, Real size) {
  const Real relative = size > 0 ? std::abs(a - b) / size : 0;
  return relative > 2e-15L && relative < 1e-10L;
}

inline Judged judged(const Trainer& trainer) {
  Judged j;
  const QueryMode mode = trainer.options().queries;
  j.rows = rowsOf(trainer.dataset(), mode.everyToken, mode.causal);
  j.W = flat(trainer.W());
  for (const Index token : trainer.selected()) j.selected.push_back(static_cast<int>(token));
  for (std::size_t r = 0; r < j.rows.size(); ++r) {
    const Row& row = j.rows[r];
    const int selected = j.selected[r];
    j.attention.push_back(attend(row, j.W));
    const Attention& a = j.attention.back();
    if (a.lead.size() > 1) j.shared.push_back(r);
    Real off = 0;
    for (int t = 0; t < row.count(); ++t) {
      if (t == selected) continue;
      off += a.share[Row::at(t)];
      if (closeCall(a.logit[Row::at(t)], a.logit[Row::at(selected)],
                    a.size[Row::at(t)] + a.size[Row::at(selected)]))
        j.clear = false;
    }
    j.off = std::max(j.off, off);
    if (row.count() > 1) j.nothing = false;
    const std::vector<int> best = row.best();
    if (best.size() > 1) j.uniqueBest = false;
    if (std::find(best.begin(), best.end(), selected) == best.end())
      j.below.push_back(r);
    else if (best.size() > 1)
      j.tied.push_back(r);
  }
  j.constraint = constraints(j.rows, j.selected);
  j.frobenius = svm(j.rows, j.selected);
  for (const int k : j.frobenius.support) {
    const Constraint& c = j.constraint[Row::at(k)];
    const int compared = j.rows[Row::at(c.row)].compare(c.token, j.selected[Row::at(c.row)]);
    if (compared > 0) j.higher.push_back(k);
    if (compared == 0) j.same.push_back(k);
  }
  return j;
}

}  // namespace attention_svm::slow
