// SPDX-License-Identifier: MIT
// Every sentence of the verdict against the definitions of THEORY.md, which tests/support/slow_theory.h
// writes down a second time, on random problems of which half are degenerate.
#include <gtest/gtest.h>

#include "attention_svm/verdict.h"
#include "support/judged.h"
#include "support/random_problems.h"
#include "support/said.h"
#include "support/scale.h"

namespace attention_svm {
namespace {

using slow::Judged;
using slow::Real;
using slow::Vec;

constexpr std::uint64_t kProblems = 2000 / test::kScale;

/// What shall be said: words with {} for numbers.
struct Expected {
  std::string words;
  std::vector<test::Number> numbers;
};

std::string one(int index) { return std::to_string(index + 1); }

const char* descentName(Optimizer optimizer) {
  switch (optimizer) {
    case Optimizer::SignDescent: return "sign descent";
    case Optimizer::SpectralDescent: return "spectral descent";
    case Optimizer::CoordinateDescent: return "coordinate descent";
    default: return "";
  }
}

/// The norm in which the optimizer descends, of W.
Real descentNorm(Optimizer optimizer, const Vec& W, std::size_t d) {
  if (optimizer == Optimizer::SpectralDescent) return slow::singular(W, d).front();
  Real sum = 0, largest = 0;
  for (const Real w : W) {
    sum += std::abs(w);
    largest = std::max(largest, std::abs(w));
  }
  return optimizer == Optimizer::SignDescent ? largest : sum;
}

struct Writer {
  const Judged& j;
  const Trainer& trainer;
  const SvmSolution& prediction;

  [[nodiscard]] bool everyToken() const { return trainer.options().queries.everyToken; }
  [[nodiscard]] bool kq() const { return trainer.options().parameterization == Parameterization::KQ; }
  [[nodiscard]] bool mirror() const { return trainer.options().optimizer == Optimizer::NormalizedMirror; }
  [[nodiscard]] bool steepest() const { return *descentName(trainer.options().optimizer) != '\0'; }

  [[nodiscard]] std::string row(std::size_t r, const char* in = "in") const {
    const slow::Row& it = j.rows[r];
    return std::string(in) + " sequence " + one(it.sequence) +
           (everyToken() ? ", query " + one(it.query) + "," : "");
  }

  [[nodiscard]] std::string tokens() const {
    std::string text = j.selected.size() == 1 ? "token" : "tokens";
    for (const int t : j.selected) text.append(" ").append(one(t));
    return text;
  }

  void ratio(Expected& e) const {
    const Optimizer optimizer = trainer.options().optimizer;
    const std::size_t d = j.rows.front().z.size();
    e.words += std::string("; its margin is {} % of the largest in the ") +
               (optimizer == Optimizer::SignDescent       ? "ℓ∞"
                : optimizer == Optimizer::SpectralDescent ? "operator"
                                                          : "ℓ1") +
               " norm, whose SVM may have many solutions: margins are compared, not directions. That " +
               descentName(optimizer) +
               " goes to the largest margin is proved for linear models; for attention it is open.";
    Real margin = std::numeric_limits<Real>::infinity();
    for (const slow::Constraint& c : j.constraint) margin = std::min(margin, slow::dot(c.A, j.W));
    const Real size = descentNorm(optimizer, j.W, d);
    e.numbers.emplace_back(100 * margin / size * descentNorm(optimizer, slow::flat(prediction.W), d), 1e-6);
  }

  void direction(Expected& e) const {
    if (!j.higher.empty())
      e.words += ": not a locally optimal direction";
    else if (!j.same.empty())
      e.words += ": a tie leaves open whether its direction is locally optimal";
    else
      e.words += ": a locally optimal direction";
    if (steepest()) return ratio(e);
    e.words += std::string("; angle to its ") +
               (kq()       ? "nuclear-norm "
                : mirror() ? "ℓp-norm "
                           : "") +
               "SVM {}°.";
    const bool frobenius = !kq() && !mirror();
    e.numbers.emplace_back(slow::angle(j.W, frobenius ? j.frobenius.W : slow::flat(prediction.W)), 1e-6);
    if (trainer.options().optimizer == Optimizer::Adam)
      e.words += " No theorem names the SVM that Adam goes to.";
    if (!kq()) return;
    const Vec sigma = slow::singular(slow::flat(prediction.W), j.rows.front().z.size());
    const auto rank = std::count_if(sigma.begin(), sigma.end(), [&](Real s) { return s > 1e-6L * sigma[0]; });
    if (trainer.K().cols() >= rank) return;
    e.words +=
        " The inner size m = {} is too small: the solution of that SVM has rank {}, which K Qᵀ cannot reach.";
    e.numbers.emplace_back(static_cast<Real>(trainer.K().cols()));
    e.numbers.emplace_back(static_cast<Real>(rank));
  }

  void standing(Expected& e) const {
    if (!j.below.empty()) {
      e.words += (j.uniqueBest ? " Not the global one: " : " Not at the top: ") + row(j.below.front()) +
                 " token " + one(j.rows[j.below.front()].best().front()) + " scores higher.";
    } else if (!j.tied.empty()) {
      const std::size_t r = j.tied.front();
      const std::vector<int> best = j.rows[r].best();
      e.words += " Not alone at the top: " + row(r) + " token " +
                 one(best[0] == j.selected[r] ? best[1] : best[0]) +
                 " has the same score as the selected one.";
    } else {
      e.words += " It is the global one: every selected token has the highest score.";
    }
  }

  void support(Expected& e) const {
    const char* which = kq() || mirror() || steepest() ? " of the Frobenius SVM" : "";
    const auto token = [&](int k, const char* in) {
      const slow::Constraint& c = j.constraint[slow::Row::at(k)];
      return row(slow::Row::at(c.row), in) + " token " + one(c.token) + " is a support token" + which;
    };
    if (!j.higher.empty())
      e.words += " It may yet leave: " + token(j.higher.front(), "in") + " with a higher score.";
    else if (!j.same.empty())
      e.words +=
          " " + token(j.same.front(), "In") +
          " with the same score as the selected one: it neither holds the direction nor draws it away.";
  }

  [[nodiscard]] Expected sentence() const {
    if (j.nothing)
      return {j.rows.size() == 1 ? "The sequence has one token only: there is nothing to select."
                                 : "Every sequence has one token only: there is nothing to select.",
              {}};
    Expected e;
    if (j.off <= 1e-3L && j.shared.empty()) {
      e.words = "Selected " + tokens();
      direction(e);
      standing(e);
      support(e);
      return e;
    }
    e = {"Attention is still spread: up to {} % is off the leading token.", {100 * j.off}};
    if (j.shared.empty()) {
      e.words += " It leans to " + tokens() + " now";
      direction(e);
      return e;
    }
    e.words += " " + row(j.shared.front(), "In") + " tokens";
    for (const int t : j.attention[j.shared.front()].lead) e.words.append(" ").append(one(t));
    e.words += " lead together";
    if (j.shared.size() > 1) e.words += ", and so it is in " + std::to_string(j.shared.size() - 1) + " more";
    e.words += ". As long as they do, no selection stands out and there is nothing to predict.";
    return e;
  }
};

/// The certificate of a solution, recomputed: W meets the constraints, a >= 0, and sum a bounds the norm.
void expectSolved(const Judged& j, const SvmSolution& svm, const Norm& norm) {
  const Vec W = slow::flat(svm.W);
  const std::size_t d = j.rows.front().z.size();
  Vec S(W.size());
  Real sum = 0;
  for (std::size_t k = 0; k < j.constraint.size(); ++k) {
    EXPECT_GE(slow::dot(j.constraint[k].A, W), 1 - 1e-9L);
    const Real a = static_cast<Real>(svm.dual(static_cast<Index>(k)));
    EXPECT_GE(a, 0);
    sum += a;
    S = slow::minus(S, j.constraint[k].A, -a);
  }
  const auto power = [](const Vec& x, Real p) {
    Real total = 0;
    for (const Real e : x) total += std::pow(std::abs(e), p);
    return std::pow(total, 1 / p);
  };
  Real primal = slow::length(W), dual = slow::length(S);
  if (norm.kind == Norm::Kind::Nuclear) {
    primal = 0;
    for (const Real s : slow::singular(W, d)) primal += s;
    dual = slow::singular(S, d).front();
  } else if (norm.kind == Norm::Kind::Lp) {
    primal = power(W, static_cast<Real>(norm.p));
    dual = power(S, static_cast<Real>(norm.p / (norm.p - 1)));
  } else if (norm.kind != Norm::Kind::Frobenius) {
    const auto sized = [&](Optimizer optimizer, const Vec& x) { return descentNorm(optimizer, x, d); };
    if (norm.kind == Norm::Kind::Spectral) {
      primal = sized(Optimizer::SpectralDescent, W);
      dual = 0;
      for (const Real s : slow::singular(S, d)) dual += s;
    } else {
      const bool l1 = norm.kind == Norm::Kind::L1;
      primal = sized(l1 ? Optimizer::CoordinateDescent : Optimizer::SignDescent, W);
      dual = sized(l1 ? Optimizer::SignDescent : Optimizer::CoordinateDescent, S);
    }
  }
  EXPECT_GE(sum / dual, primal * (1 - 2e-9L));
}

struct Tally {
  int argued = 0, selected = 0, leaning = 0, shared = 0, nothing = 0, ties = 0, tiedTops = 0, leaving = 0,
      global = 0;
};

void compare(std::uint64_t seed, Tally& tally) {
  const test::Problem problem = test::randomProblem(seed);
  Trainer trainer = Trainer::create(validated(problem.data).value(), problem.options).value();
  trainer.step(problem.steps);
  const Judged j = slow::judged(trainer);
  if (!j.clear) {
    ++tally.argued;
    return;
  }
  const QueryMode mode = problem.options.queries;
  const LocalOptimality local = localOptimality(problem.data, trainer.selected(), mode).value();
  const SvmSolution prediction =
      solveSvm(svmProblem(problem.data, trainer.selected(), mode).value(), predictedNorm(trainer.options()));
  const Verdict said = verdict(trainer, local, prediction);
  if (!trainer.failure().empty()) {  // numbers out of range: then nothing else is said
    EXPECT_EQ(said.sentence, trainer.failure());
    return;
  }

  EXPECT_EQ(said.nothingToSelect, j.nothing);
  EXPECT_EQ(said.sharedLeads.size(), j.shared.size());
  EXPECT_EQ(said.saturated, j.off <= 1e-3L && j.shared.empty());
  EXPECT_NEAR(said.unsaturated, static_cast<double>(j.off), 1e-12 + 1e-6 * static_cast<double>(j.off));
  EXPECT_EQ(said.standing, !j.below.empty() ? Standing::NotBest
                           : j.tied.empty() ? Standing::Global
                                            : Standing::Tied);
  EXPECT_EQ(said.global, said.standing == Standing::Global);
  // A strict lead everywhere is a matrix that separates
  EXPECT_TRUE(j.frobenius.feasible || !j.shared.empty());
  if (j.frobenius.clear) {
    EXPECT_TRUE(said.trusted);
    EXPECT_EQ(said.feasible, j.frobenius.feasible);
    EXPECT_EQ(said.locallyOptimal, j.frobenius.feasible && j.higher.empty() && j.same.empty());
    EXPECT_EQ(said.violation.has_value(), !j.higher.empty());
    EXPECT_EQ(said.tie.has_value(), !j.same.empty());
  }
  if (j.frobenius.clear && j.frobenius.feasible && !j.constraint.empty()) {
    EXPECT_NEAR(local.solution.norm, static_cast<double>(j.frobenius.norm()), 1e-8 * local.solution.norm);
    EXPECT_EQ(local.solution.support.size(), j.frobenius.support.size());
    expectSolved(j, prediction, predictedNorm(trainer.options()));
  }
  if (!j.frobenius.clear && j.shared.empty()) {
    ++tally.argued;
    return;
  }
  const Expected expected = Writer{j, trainer, prediction}.sentence();
  EXPECT_TRUE(test::says(said.sentence, expected.words, expected.numbers, 1e-5));

  tally.nothing += j.nothing;
  tally.shared += !j.nothing && !j.shared.empty();
  const bool predicted = !j.nothing && j.shared.empty();
  tally.selected += predicted && said.saturated;
  tally.leaning += predicted && !said.saturated;
  tally.ties += predicted && j.higher.empty() && !j.same.empty();
  tally.leaving += predicted && !j.higher.empty();
  tally.tiedTops += predicted && j.atTop() && !j.tied.empty();
  tally.global += predicted && said.saturated && said.global;
}

TEST(Said, EverySentenceOfTheVerdictIsTrue) {
  Tally tally;
  for (std::uint64_t seed = 1; seed <= kProblems; ++seed) {
    SCOPED_TRACE("problem " + std::to_string(seed));
    compare(seed, tally);
    if (HasFailure() && seed > 50) break;
  }
  // Each kind occurs often enough to mean something, and few are too close to call
  const int some = static_cast<int>(kProblems / 100);
  EXPECT_LE(tally.argued, some);
  for (const int count : {tally.selected, tally.leaning, tally.shared, tally.nothing, tally.ties,
                          tally.tiedTops, tally.leaving, tally.global})
    EXPECT_GE(count, some) << ::testing::PrintToString(
        std::vector<int>{tally.selected, tally.leaning, tally.shared, tally.nothing, tally.ties,
                         tally.tiedTops, tally.leaving, tally.global});
}

/// Conditions (a), (b), (c), and whether all tokens are support tokens of the optimal tokens' SVM.
TEST(Said, TheConditionsAreWhatTheDefinitionsSay) {
  int holdsA = 0, holdsB = 0, all = 0, ties = 0;
  for (std::uint64_t seed = 1; seed <= kProblems; ++seed) {
    SCOPED_TRACE("problem " + std::to_string(seed));
    const test::Problem problem = test::randomProblem(seed);
    const Trainer trainer = Trainer::create(problem.data, problem.options).value();
    const QueryMode mode = problem.options.queries;
    const std::vector<slow::Row> rows = slow::rowsOf(problem.data, mode.everyToken, mode.causal);
    std::vector<int> best;
    std::size_t tied = 0, longest = 0;
    bool equal = true, nothing = true, moderate = true;
    Real spread = 0;
    for (const slow::Row& row : rows) {
      const std::vector<int> top = row.best();
      best.push_back(top.front());
      if (top.size() > 1) ++tied;
      longest = std::max(longest, row.x.size());
      for (int t = 0; t < row.count(); ++t)
        for (int u = 0; u < row.count(); ++u) {
          if (std::abs(row.score[slow::Row::at(t)]) > 30) moderate = false;
          if (row.compare(t, top[0]) == 0 || row.compare(u, top[0]) == 0) continue;
          nothing = false;
          equal = equal && row.compare(t, u) == 0;
          spread = std::max(spread, row.score[slow::Row::at(t)] - row.score[slow::Row::at(u)]);
        }
    }
    const slow::Svm svm = slow::svm(rows, best);
    const OptimalTokens optimal = optimalTokens(problem.data, mode).value();
    const SvmSolution solution =
        solveSvm(svmProblem(problem.data, optimal.tokens, mode).value(), Norm::frobenius());
    const GlobalConditions found =
        globalConditions(problem.data, trainer.W(), problem.options.loss, mode, &solution).value();
    EXPECT_EQ(found.nothingToCompare, nothing);
    EXPECT_EQ(static_cast<std::size_t>(found.tiedRows), tied);
    EXPECT_EQ(found.equalScores, equal);
    EXPECT_NEAR(found.scoreSpread, static_cast<double>(spread),
                1e-12 * (1e-30 + static_cast<double>(spread)) + (equal ? 1e-9 : 0.0));
    EXPECT_EQ(found.overparameterized, rows.front().z.size() >= std::max(longest - 1, rows.size()));
    EXPECT_EQ(static_cast<std::size_t>(found.requiredDimension), std::max(longest - 1, rows.size()));
    if (svm.clear) {
      EXPECT_EQ(found.allSupport.has_value(), svm.feasible);
      EXPECT_EQ(found.allSupport.value_or(false), svm.feasible && svm.support.size() == svm.value.size());
    }
    all += svm.feasible && svm.support.size() == svm.value.size() && !nothing;
    ties += tied > 0;
    holdsA += equal && !nothing;
    // The plain formula of the gradient loses what is left of a saturated row
    for (const slow::Row& row : rows) {
      const slow::Attention a = slow::attend(row, slow::flat(trainer.W()));
      moderate =
          moderate && (row.count() < 2 || *std::max_element(a.share.begin(), a.share.end()) < 1 - 1e-5L);
    }
    if (!moderate || nothing) continue;
    const Vec step =
        slow::descent(problem.data, rows, slow::flat(trainer.W()), static_cast<int>(problem.options.loss));
    const Real size = slow::length(step);
    if (size < 1e-13L) continue;  // nothing but the rounding of equal scores may be left
    Real smallest = 1e300L;
    for (std::size_t r = 0; r < rows.size(); ++r)
      for (int t = 0; t < rows[r].count(); ++t) {
        if (rows[r].compare(t, best[r]) >= 0) continue;
        const Vec apart = slow::minus(rows[r].x[slow::Row::at(best[r])], rows[r].x[slow::Row::at(t)]);
        smallest = std::min(smallest, slow::dot(apart, slow::applied(step, rows[r].z)) / size);
      }
    EXPECT_NEAR(found.smallestStepMargin, static_cast<double>(smallest),
                1e-9 * (1 + std::abs(static_cast<double>(smallest))));
    if (std::abs(smallest) < 1e-9L && smallest != 0) continue;
    EXPECT_EQ(found.gradientPointsToOptimal, smallest > 0);
    holdsB += smallest > 0;
  }
  const int some = static_cast<int>(kProblems / 20);
  for (const int count : {holdsA, holdsB, all, ties}) EXPECT_GE(count, some);
}

}  // namespace
}  // namespace attention_svm
