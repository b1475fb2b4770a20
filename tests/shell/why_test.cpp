// SPDX-License-Identifier: MIT
// Every sentence and table of "why?" against the definitions of THEORY.md, written down a second time in
// tests/support/slow_theory.h, on random problems of which half are degenerate.
#include <gtest/gtest.h>

#include <set>

#include "panels/why_facts.h"
#include "support/judged.h"
#include "support/random_problems.h"
#include "support/said.h"
#include "support/scale.h"

namespace attention_svm::shell {
namespace {

using slow::Judged;
using slow::Real;
using slow::Vec;
using test::Number;

constexpr std::uint64_t kProblems = 2000 / test::kScale;

std::string one(int index) { return std::to_string(index + 1); }

/// The items one after the other: each check takes the next one.
class Reader {
 public:
  explicit Reader(const std::vector<FactItem>& items) : items_(items) {}

  void fact(const std::string& claim, Answer holds, const std::string& why,
            const std::vector<Number>& numbers = {}) {
    const Fact* found = next<Fact>();
    ASSERT_NE(found, nullptr) << "expected: " << claim;
    EXPECT_EQ(found->claim, claim);
    EXPECT_EQ(static_cast<int>(found->holds), static_cast<int>(holds)) << claim << "\n" << found->why;
    EXPECT_TRUE(test::says(found->why, why, numbers, 1e-5)) << claim;
  }
  const FactTable* table(const std::string& id) {
    const FactTable* found = next<FactTable>();
    EXPECT_TRUE(found != nullptr && found->id == id) << "expected the table " << id;
    return found != nullptr && found->id == id ? found : nullptr;
  }
  void heading() { EXPECT_NE(next<FactHeading>(), nullptr); }
  void note() { EXPECT_NE(next<FactNote>(), nullptr); }
  [[nodiscard]] bool atEnd() const { return at_ == items_.size(); }

 private:
  template <class T>
  const T* next() {
    return at_ < items_.size() ? std::get_if<T>(&items_[at_++]) : nullptr;
  }
  const std::vector<FactItem>& items_;
  std::size_t at_ = 0;
};

struct Case {
  test::Problem problem;
  Run run;
  BestTokens best;
  GlobalConditions conditions;
  Judged j;

  [[nodiscard]] bool everyToken() const { return problem.options.queries.everyToken; }
  [[nodiscard]] std::string name(const slow::Row& row) const {
    return one(row.sequence) + (everyToken() ? ", query " + one(row.query) : "");
  }
};

Case caseOf(std::uint64_t seed) {
  const test::Problem problem = test::randomProblem(seed);
  Trainer trainer = Trainer::create(problem.data, problem.options).value();
  const Matrix start = trainer.W();
  trainer.step(problem.steps);
  const QueryMode mode = problem.options.queries;
  Prediction prediction = predict(trainer, trainer.selected(), predictedNorm(trainer.options()));
  const SvmSolution& named = *prediction.in(predictedNorm(trainer.options()).kind);
  Verdict said = verdict(trainer, prediction.optimality, named);
  BestTokens best = solveBestTokens(problem.data, mode, kQuickConstraints).value();
  GlobalConditions conditions =
      globalConditions(problem.data, start, problem.options.loss, mode, &best.solution).value();
  Judged j = slow::judged(trainer);
  Run run{"W", 0, std::move(trainer), {}, std::move(prediction), std::move(said), {}, {}, {}, {}, false, {}};
  return {problem, std::move(run), std::move(best), std::move(conditions), std::move(j)};
}

int rankOf(const Vec& W, std::size_t d) {
  const Vec sigma = slow::singular(W, d);
  return static_cast<int>(
      std::count_if(sigma.begin(), sigma.end(), [&](Real s) { return s > 1e-6L * sigma[0]; }));
}

constexpr const char* kProof =
    " norm {}, margin {}, relative duality gap {}, smallest constraint {}, rank {}, {} support tokens";

void frobeniusProof(Reader& reader, const std::string& claim, const slow::Svm& svm, std::size_t d) {
  if (svm.feasible && svm.value.empty())
    return reader.fact(claim, Answer::Yes,
                       "There is only one token to select from, so nothing to separate: W = 0.");
  if (!svm.feasible)
    return reader.fact(
        claim, Answer::No,
        "Certificate: weights aₖ ≥ 0 with sum 1 for which the constraints cancel to rounding, ‖Σ aₖ Aₖ‖ = "
        "{} of Σ aₖ ‖Aₖ‖. Its heaviest constraints:",
        {{0, 1e-9}});
  reader.fact(claim, Answer::Yes, "Frobenius" + std::string(kProof),
              {svm.norm(),
               1 / svm.norm(),
               {0, 1e-9},
               1,
               static_cast<Real>(rankOf(svm.W, d)),
               static_cast<Real>(svm.support.size())});
}

/// The weights cancel the constraints that the table names, or all of them together.
void certificate(Reader& reader, const Case& c, const Certificate& proof,
                 const std::vector<slow::Constraint>& constraint) {
  const FactTable* table = reader.table("certificate");
  ASSERT_NE(table, nullptr);
  ASSERT_EQ(static_cast<std::size_t>(proof.weights.size()), constraint.size());
  Vec sum(constraint.front().A.size());
  Real largest = 0, total = 0;
  std::size_t heavy = 0;
  for (std::size_t k = 0; k < constraint.size(); ++k) {
    const double weight = proof.weights(static_cast<Index>(k));
    EXPECT_GE(weight, 0);
    sum = slow::minus(sum, constraint[k].A, -static_cast<Real>(weight));
    largest = std::max(largest, slow::length(constraint[k].A));
    total += static_cast<Real>(weight);
    heavy += weight > 1e-6;
  }
  EXPECT_NEAR(static_cast<double>(total), 1, 1e-9);
  EXPECT_LE(slow::length(sum), 1e-9L * largest);
  EXPECT_EQ(table->rows.size() + static_cast<std::size_t>(table->left), heavy);
  for (const auto& row : table->rows) {
    const bool known = std::any_of(constraint.begin(), constraint.end(), [&](const slow::Constraint& k) {
      return row[0] == c.name(c.j.rows[slow::Row::at(k.row)]) &&
             row[1].find(" over " + one(k.token)) != std::string::npos;
    });
    EXPECT_TRUE(known) << row[0] << " " << row[1];
  }
}

std::pair<std::string, Real> nameAndValue(Norm::Kind kind, const Vec& W, std::size_t d) {
  Real sum = 0, cubes = 0, largest = 0, singular = 0;
  for (const Real w : W) {
    sum += std::abs(w);
    cubes += std::pow(std::abs(w), Real(3));
    largest = std::max(largest, std::abs(w));
  }
  const Vec sigma = slow::singular(W, d);
  for (const Real s : sigma) singular += s;
  switch (kind) {
    case Norm::Kind::Nuclear: return {"nuclear", singular};
    case Norm::Kind::Spectral: return {"operator", sigma.front()};
    case Norm::Kind::L1: return {"ℓ1", sum};
    case Norm::Kind::Linf: return {"ℓ∞", largest};
    default: return {"ℓp", std::cbrt(cubes)};
  }
}

void separation(Reader& reader, const Case& c) {
  const std::size_t d = c.j.rows.front().z.size();
  frobeniusProof(reader, "A matrix separates the selected tokens: the SVM has a solution", c.j.frobenius, d);
  for (const NormSolution& other : c.run.prediction.others) {
    const Vec W = slow::flat(other.solution.W);
    const auto [name, norm] = nameAndValue(other.norm.kind, W, d);
    reader.fact("The " + name + "-norm SVM is solved", Answer::Yes, name + kProof,
                {norm,
                 1 / norm,
                 {0, 1e-9},
                 1,
                 static_cast<Real>(rankOf(W, d)),
                 static_cast<Real>(other.solution.support.size())});
  }
  if (c.problem.options.parameterization != Parameterization::KQ) return;
  const int m = static_cast<int>(c.problem.options.rank);
  const int rank = rankOf(slow::flat(c.run.prediction.in(Norm::Kind::Nuclear)->W), d);
  reader.fact("K and Q have room for the solution", m >= rank ? Answer::Yes : Answer::No,
              "Inner size m = {}, rank of the nuclear solution {}.",
              {static_cast<Real>(m), static_cast<Real>(rank)});
}

void supportTable(const FactTable* table, const Case& c) {
  ASSERT_NE(table, nullptr);
  ASSERT_EQ(table->rows.size(), c.j.frobenius.support.size());
  std::size_t at = 0;
  for (const int wanted : {1, 0, -1})
    for (const int k : c.j.frobenius.support) {
      const slow::Constraint& constraint = c.j.constraint[slow::Row::at(k)];
      const slow::Row& row = c.j.rows[slow::Row::at(constraint.row)];
      const int selected = c.j.selected[slow::Row::at(constraint.row)];
      if (row.compare(constraint.token, selected) != wanted) continue;
      const std::vector<std::string>& cells = table->rows[at++];
      EXPECT_EQ(cells[0], c.name(row));
      EXPECT_EQ(cells[1], one(constraint.token));
      EXPECT_TRUE(test::says(cells[2], "{}", {{row.score[slow::Row::at(constraint.token)], 1e-12}}));
      EXPECT_TRUE(test::says(cells[3], "{}  (token {})",
                             {{row.score[slow::Row::at(selected)], 1e-12}, static_cast<Real>(selected) + 1}));
      EXPECT_EQ(cells[4], wanted > 0 ? "✗ higher" : wanted == 0 ? "= the same" : "✓ lower");
    }
}

void betterTable(const FactTable* table, const Case& c) {
  ASSERT_NE(table, nullptr);
  ASSERT_EQ(table->rows.size(), c.j.below.size() + c.j.tied.size());
  std::size_t at = 0;
  for (const bool higher : {true, false})
    for (const std::size_t r : higher ? c.j.below : c.j.tied) {
      const std::vector<std::string>& cells = table->rows[at++];
      const std::vector<int> best = c.j.rows[r].best();
      const int selected = c.j.selected[r], other = best[0] == selected ? best[1] : best[0];
      EXPECT_EQ(cells[0], c.name(c.j.rows[r]));
      EXPECT_EQ(cells[1], one(selected));
      EXPECT_TRUE(test::says(cells[2], "{}", {{c.j.rows[r].score[slow::Row::at(selected)], 1e-12}}));
      EXPECT_EQ(cells[3], one(other));
      EXPECT_TRUE(test::says(cells[4], "{}", {{c.j.rows[r].score[slow::Row::at(other)], 1e-12}}));
      EXPECT_EQ(cells[5], higher ? "higher ★" : "= the same");
    }
}

void optimality(Reader& reader, const Case& c) {
  const Judged& j = c.j;
  const std::string claim = "Locally optimal: every support token scores below the selected one";
  const Real support = static_cast<Real>(j.frobenius.support.size());
  if (!j.higher.empty())
    reader.fact(claim, Answer::No, "{} of {} support tokens score higher; training may leave this direction:",
                {static_cast<Real>(j.higher.size()), support});
  else if (!j.same.empty())
    reader.fact(
        claim, Answer::Open,
        "Undecided: {} of {} support tokens have the same score as the selected one, to rounding, and none "
        "has more:",
        {static_cast<Real>(j.same.size()), support});
  else
    reader.fact(
        claim, Answer::Yes,
        "Support tokens lie on the edge of the margin, (x_selected − x)ᵀ W z = {}. All score lower:", {1});
  supportTable(reader.table("support"), c);
  const std::string top = "Every selected token has the highest score of its sequence";
  if (j.below.empty() && j.tied.empty())
    return reader.fact(top, Answer::Yes,
                       "The selected tokens are the optimal ones: this is the global direction.");
  if (j.below.empty())
    reader.fact("The selected tokens are alone at the top of their sequences", Answer::Open,
                "Undecided: another token has the same score, to rounding:");
  else
    reader.fact(top, Answer::No, "Another token scores higher here:");
  betterTable(reader.table("better"), c);
}

struct Tops {
  std::vector<int> best;
  int tied = 0;
  bool nothing = true, equal = true;
  Real spread = 0;
};

Tops topsOf(const std::vector<slow::Row>& rows) {
  Tops tops;
  for (const slow::Row& row : rows) {
    const std::vector<int> best = row.best();
    tops.best.push_back(best[0]);
    tops.tied += best.size() > 1;
    for (int t = 0; t < row.count(); ++t)
      for (int u = 0; u < row.count(); ++u) {
        if (row.compare(t, best[0]) == 0 || row.compare(u, best[0]) == 0) continue;
        tops.nothing = false;
        tops.equal = tops.equal && row.compare(t, u) == 0;
        tops.spread = std::max(tops.spread, row.score[slow::Row::at(t)] - row.score[slow::Row::at(u)]);
      }
  }
  return tops;
}

void bestTokens(Reader& reader, const Case& c, const Tops& tops, const slow::Svm& svm) {
  frobeniusProof(reader,
                 tops.tied == 0 ? "The best tokens ★ of all sequences can be separated together"
                                : "The first ★ tokens of all sequences can be separated together",
                 svm, c.j.rows.front().z.size());
  if (!svm.feasible) certificate(reader, c, c.best.certificate, slow::constraints(c.j.rows, tops.best));
  if (tops.tied == 0) return;
  const std::string rows =
      c.everyToken() ? (tops.tied == 1 ? "query" : "queries") : (tops.tied == 1 ? "sequence" : "sequences");
  reader.fact("Each sequence has one ★ token", Answer::No,
              "In {} " + rows + " several tokens share the top score: the theory leaves such data out.",
              {static_cast<Real>(tops.tied)});
}

void conditions(Reader& reader, const Case& c, const Tops& tops, const slow::Svm& svm) {
  reader.heading();
  reader.note();
  const GlobalConditions& g = c.conditions;  // its numbers are checked by Said.TheConditionsAre…
  const auto condition = [&](const std::string& claim, bool holds, const std::string& number,
                             const std::vector<Number>& numbers) {
    if (tops.tied > 0)
      reader.fact(claim, Answer::Open,
                  "Undecided: several tokens share the top score, which the paper leaves out. " + number,
                  numbers);
    else if (tops.nothing)
      reader.fact(claim, Answer::Open, "There is nothing to compare: no token scores below the top one.");
    else
      reader.fact(claim, holds ? Answer::Yes : Answer::No,
                  (holds ? "It holds here. " : "It does not hold here. ") + number, numbers);
  };
  condition("Condition (a) of the paper: all other tokens of a sequence score the same", tops.equal,
            std::string("Largest spread of their scores in a sequence: {}") +
                (tops.equal && g.scoreSpread > 0 ? ", equal to rounding." : "."),
            {{tops.spread, tops.equal ? 1e-9 : 0.0}});
  if (!tops.nothing) {
    const std::string claim = "With (a): all other tokens are support tokens of the ★ tokens' SVM";
    if (svm.feasible)
      reader.fact(claim, svm.support.size() == svm.value.size() ? Answer::Yes : Answer::No, "{} of {} are.",
                  {static_cast<Real>(svm.support.size()), static_cast<Real>(svm.value.size())});
    else
      reader.fact(claim, Answer::Open,
                  "Not known: that SVM has no solution, is too large to solve here, or was not solved to its "
                  "tolerance.");
  }
  const std::string zero =
      !g.gradientPointsToOptimal && g.smallestStepMargin > 0 ? ", zero to rounding." : ".";
  condition(
      "Condition (b) of the paper: the first gradient step favours every ★ token", g.gradientPointsToOptimal,
      tops.nothing ? ""
                   : "Smallest (x_best − x)ᵀ (−∇L(W₀)/‖∇L(W₀)‖) z: {}, in sequence {} at token {}" + zero,
      {g.smallestStepMargin, static_cast<Real>(g.smallestStepAt.sequence) + 1,
       static_cast<Real>(g.smallestStepAt.token) + 1});
  std::size_t longest = 0;
  for (const slow::Row& row : c.j.rows) longest = std::max(longest, row.x.size());
  const std::size_t d = c.j.rows.front().z.size(), needed = std::max(longest - 1, c.j.rows.size());
  reader.fact("Condition (c) of the paper: at least as many dimensions as max(T − 1, n)",
              d >= needed ? Answer::Yes : Answer::No, "d = {}, max(T − 1, n) = {}.",
              {static_cast<Real>(d), static_cast<Real>(needed)});
}

TEST(WhyFacts, EveryOneIsTrue) {
  int argued = 0;
  for (std::uint64_t seed = 1; seed <= kProblems; ++seed) {
    SCOPED_TRACE("problem " + std::to_string(seed));
    const Case c = caseOf(seed);
    const Tops tops = topsOf(c.j.rows);
    const slow::Svm best = slow::svm(c.j.rows, tops.best);
    if (!c.run.trainer.failure().empty()) continue;
    if (!c.j.clear || !best.clear || (!c.j.frobenius.clear && c.j.shared.empty())) {
      ++argued;
      continue;
    }
    const std::vector<FactItem> items = whyFacts(c.run, &c.best, &c.conditions);
    Reader reader(items);
    if (!c.j.nothing) {
      const bool leads = c.j.shared.empty();
      std::string settled = "The largest share off the leading token is {}; at most 0.001 counts as settled.";
      std::vector<Number> numbers{c.j.off};
      if (!leads) {
        settled += " Rows of attention in which several tokens lead together, to rounding: {}.";
        numbers.emplace_back(static_cast<Real>(c.j.shared.size()));
      }
      reader.fact("Attention has settled on one token each",
                  leads && c.j.off <= 1e-3L ? Answer::Yes : Answer::No, settled, numbers);
      if (leads) separation(reader, c);
      if (leads) optimality(reader, c);
      bestTokens(reader, c, tops, best);
    }
    conditions(reader, c, tops, best);
    EXPECT_TRUE(reader.atEnd());
    if (HasFailure() && seed > 50) break;
  }
  EXPECT_LE(argued,
            static_cast<int>(
                kProblems /
                30));  // tokens a rounding apart: 59 of 2,000  // tokens that differ by a rounding, mostly
}

}  // namespace
}  // namespace attention_svm::shell
