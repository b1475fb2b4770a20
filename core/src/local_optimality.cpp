// SPDX-License-Identifier: MIT
#include "attention_svm/local_optimality.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace attention_svm {

namespace {

/// Scores, rows and optimal tokens, computed once for many selections.
struct Scored {
  std::vector<Bounded> gamma;
  std::vector<AttentionRow> rows;
  OptimalTokens optimal;

  [[nodiscard]] const Bounded& of(Index sequence) const { return gamma[static_cast<std::size_t>(sequence)]; }
};

Result<Scored> scored(const Dataset& dataset, QueryMode mode) {
  Result<std::vector<Bounded>> gamma = boundedScores(dataset);
  if (!gamma) return Error{gamma.error()};
  return Scored{std::move(gamma).value(), attentionRows(dataset, mode), optimalTokens(dataset, mode).value()};
}

std::size_t rowOf(const std::vector<AttentionRow>& rows, const TokenConstraint& name) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&name](const AttentionRow& row) {
    return row.sequence == name.sequence && row.query == name.query;
  });
  return static_cast<std::size_t>(found - rows.begin());
}

Standing standingOf(const Selection& tokens, const OptimalTokens& optimal) {
  for (std::size_t r = 0; r < tokens.size(); ++r)
    if (!optimal.isBest(r, tokens[r])) return Standing::NotBest;
  return optimal.ties.empty() ? Standing::Global : Standing::Tied;
}

LocalOptimality judged(const Dataset& dataset, const Selection& tokens, QueryMode mode, const Scored& known) {
  LocalOptimality result;
  result.solution = solveSvm(svmProblem(dataset, tokens, mode).value(), Norm::frobenius());
  result.feasible = result.solution.feasible;
  result.standing = standingOf(tokens, known.optimal);
  result.global = result.standing == Standing::Global;
  result.uniqueBest = known.optimal.ties.empty();
  for (const TokenConstraint& support : result.solution.support) {
    const Index selected = tokens[rowOf(known.rows, support)];
    const Bounded& score = known.of(support.sequence);
    const Order order = score.order(support.token, selected);
    if (order == Order::Lower) continue;
    std::vector<ScoreViolation>& list = order == Order::Higher ? result.violations : result.ties;
    list.push_back({support, score.value(selected), score.value(support.token)});
  }
  result.locallyOptimal =
      result.feasible && result.solution.trusted() && result.violations.empty() && result.ties.empty();
  return result;
}

/// The next selection in lexicographic order; false after the last one.
bool nextSelection(Selection& tokens, const std::vector<AttentionRow>& rows) {
  for (std::size_t r = rows.size(); r-- > 0;) {
    if (++tokens[r] < rows[r].visible) return true;
    tokens[r] = 0;
  }
  return false;
}

}  // namespace

Result<LocalOptimality> localOptimality(const Dataset& dataset, const Selection& tokens, QueryMode mode) {
  const Result<Selection> checked = checkedSelection(dataset, tokens, mode);
  if (!checked) return Error{checked.error()};
  const Result<Scored> known = scored(dataset, mode);
  if (!known) return Error{known.error()};
  return judged(dataset, tokens, mode, known.value());
}

struct LocallyOptimalSearch::Known {
  Scored scored;
};

Result<LocallyOptimalSearch> LocallyOptimalSearch::create(const Dataset& dataset, QueryMode mode) {
  Result<Scored> known = scored(dataset, mode);
  if (!known) return Error{known.error()};
  return LocallyOptimalSearch(dataset, mode, std::make_shared<const Known>(Known{std::move(known).value()}));
}

LocallyOptimalSearch::LocallyOptimalSearch(const Dataset& dataset, QueryMode mode,
                                           std::shared_ptr<const Known> known)
    : dataset_(dataset), mode_(mode), known_(std::move(known)) {
  found_.total = 1.0;
  for (const AttentionRow& row : known_->scored.rows) {
    found_.total *= static_cast<double>(row.visible);
    next_.push_back(0);
  }
}

bool LocallyOptimalSearch::advance() {
  if (found_.complete) return false;
  LocalOptimality one = judged(dataset_, next_, mode_, known_->scored);
  found_.examined += 1.0;
  if (one.locallyOptimal) {
    found_.found.push_back(std::move(one));
    found_.selections.push_back(next_);
  }
  found_.complete = !nextSelection(next_, known_->scored.rows);
  return !found_.complete;
}

Result<LocallyOptimalSelections> enumerateLocallyOptimal(const Dataset& dataset, double limit,
                                                         QueryMode mode) {
  Result<LocallyOptimalSearch> search = LocallyOptimalSearch::create(dataset, mode);
  if (!search) return Error{search.error()};
  while (search.value().found().examined < limit && search.value().advance()) continue;
  return search.value().found();
}

namespace {

/// (a) for one row: the spread of the scores below the best, and whether rounding explains it.
void compareOthers(const Scored& known, std::size_t r, GlobalConditions& result) {
  const Bounded& score = known.of(known.rows[r].sequence);
  Index low = -1, high = -1;
  for (Index t = 0; t < known.rows[r].visible; ++t) {
    if (known.optimal.isBest(r, t)) continue;
    if (low < 0 || score.value(t) < score.value(low)) low = t;
    if (high < 0 || score.value(t) > score.value(high)) high = t;
  }
  if (low < 0) return;
  result.scoreSpread = std::max(result.scoreSpread, score.value(high) - score.value(low));
  if (score.order(high, low) != Order::Equal) result.equalScores = false;
}

/// (b) for one row: how far the step W0 -> W0 + step moves the best token before each other one. A margin
/// that rounding of a token, of the step or of the query explains counts as zero.
void compareStep(const Dataset& dataset, QueryMode mode, const Scored& known, std::size_t r,
                 const Matrix& step, GlobalConditions& result) {
  const AttentionRow& row = known.rows[r];
  const Index best = known.optimal.tokens[r];
  const Matrix X = dataset.tokens(row.sequence).topRows(row.visible);
  const Vector z = queryOf(dataset, mode, row), push = step * z;
  const Bounded moved = boundedLogits(X, step, z);
  for (Index t = 0; t < row.visible; ++t) {
    if (known.optimal.isBest(r, t)) continue;
    const double margin = (X.row(best) - X.row(t)).dot(push);
    if (moved.order(best, t) != Order::Higher) result.gradientPointsToOptimal = false;
    if (margin >= result.smallestStepMargin) continue;
    result.smallestStepMargin = margin;
    result.smallestStepAt = {row.sequence, row.query, t};
  }
}

/// The logarithm of what rounding of the scores may have made of the gradient: each token besides the
/// selected one pulls by its share times its score's distance, which is off by the bounds of the two scores.
double logRoundingOfGradient(const Dataset& dataset, QueryMode mode, Loss loss, const AttentionModel& model,
                             const Scored& known) {
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t r = 0; r < known.rows.size(); ++r) {
    const AttentionRow& row = known.rows[r];
    const Matrix& X = dataset.tokens(row.sequence);
    const auto at = static_cast<Index>(r);
    const Index selected = model.selected(at);
    const Vector& error = known.of(row.sequence).error;
    double sum = 0.0;
    for (Index t = 0; t < row.visible; ++t)
      if (t != selected)
        sum += model.probabilities(at)(t) * (error(t) + error(selected)) *
               (X.row(t).norm() + X.row(selected).norm());
    const double slope = logLossSlope(loss, dataset.y(row.sequence) * model.prediction(at));
    largest = std::max(largest, slope + std::log(sum * queryOf(dataset, mode, row).norm()));
  }
  return largest;
}

/// -grad L(W0) / |grad|; zero where the gradient is, to the rounding of the data.
Matrix firstStep(const Dataset& dataset, const Matrix& W0, Loss loss, QueryMode mode, const Scored& known) {
  AttentionModel model(dataset, mode, loss);
  model.forward(W0);
  ScaledGradient gradient;
  model.gradient(GradientMode::LogDomain, gradient);
  const double norm = gradient.direction.norm();
  const double rounding = logRoundingOfGradient(dataset, mode, loss, model, known);
  const bool means = norm > 0.0 && gradient.logScale + std::log(norm) > rounding;
  return means ? Matrix(gradient.direction / -norm) : Matrix::Zero(W0.rows(), W0.cols());
}

}  // namespace

Result<GlobalConditions> globalConditions(const Dataset& dataset, const Matrix& W0, Loss loss, QueryMode mode,
                                          const SvmSolution* best) {
  const Result<Scored> found = scored(dataset, mode);
  if (!found) return Error{found.error()};
  if (W0.rows() != dataset.d() || W0.cols() != dataset.d())
    return Error{"W0: expected " + std::to_string(dataset.d()) + " x " + std::to_string(dataset.d()) +
                 " numbers"};
  const Scored& known = found.value();
  const Matrix step = firstStep(dataset, W0, loss, mode, known);
  GlobalConditions result;
  result.equalScores = result.gradientPointsToOptimal = true;
  result.smallestStepMargin = std::numeric_limits<double>::infinity();
  result.tiedRows = static_cast<int>(known.optimal.ties.size());
  Index longest = 0;
  for (std::size_t r = 0; r < known.rows.size(); ++r) {
    longest = std::max(longest, known.rows[r].visible);
    compareOthers(known, r, result);
    compareStep(dataset, mode, known, r, step, result);
  }
  result.nothingToCompare = std::isinf(result.smallestStepMargin);
  result.requiredDimension = std::max<Index>(longest - 1, static_cast<Index>(known.rows.size()));
  result.overparameterized = dataset.d() >= result.requiredDimension;

  for (const AttentionRow& row : known.rows) result.otherTokens += row.visible - 1;
  if (best == nullptr || !best->feasible || !best->trusted()) return result;
  result.supportTokens = static_cast<Index>(best->support.size());
  result.allSupport = result.supportTokens == result.otherTokens;
  return result;
}

namespace {

std::string scoreLines(const std::vector<ScoreViolation>& tokens, const char* relation) {
  std::string text;
  for (const ScoreViolation& one : tokens) {
    char line[200];
    std::snprintf(line, sizeof line,
                  "sequence %d: support token %d has score %.6g, %s %.6g of the selected one\n",
                  static_cast<int>(one.where.sequence) + 1, static_cast<int>(one.where.token) + 1,
                  one.supportScore, relation, one.selectedScore);
    text += line;
  }
  return text;
}

const char* standingText(Standing standing) {
  switch (standing) {
    case Standing::Global: return ", the global selection\n";
    case Standing::Tied: return ", no token scores higher, but some score the same\n";
    case Standing::NotBest: return "\n";
  }
  return "";
}

}  // namespace

std::string toText(const LocalOptimality& optimality) {
  if (optimality.solution.status == SvmStatus::Infeasible)
    return "not locally optimal: no matrix separates these tokens (" + toText(optimality.solution) + ")";
  if (!optimality.solution.trusted())
    return "undecided: the SVM was not solved to its tolerance\n" + toText(optimality.solution);
  std::string text = optimality.locallyOptimal     ? "locally optimal"
                     : optimality.undecidedByTie() ? "neither locally optimal nor not, for a tie"
                                                   : "not locally optimal";
  text += standingText(optimality.standing);
  return text + scoreLines(optimality.violations, "above") + scoreLines(optimality.ties, "equal to") +
         toText(optimality.solution);
}

std::string toText(const LocallyOptimalSelections& selections) {
  char line[200];
  std::snprintf(line, sizeof line, "%d locally optimal among %.0f selections%s",
                static_cast<int>(selections.found.size()), selections.examined,
                selections.complete ? ", all there are\n" : "");
  std::string text = line;
  if (!selections.complete) {
    std::snprintf(line, sizeof line, " looked at, the first of %.6g in lexicographic order\n",
                  selections.total);
    text += line;
  }
  for (std::size_t k = 0; k < selections.found.size(); ++k) {
    std::snprintf(line, sizeof line, "norm %.6g%s, tokens", selections.found[k].solution.norm,
                  selections.found[k].global ? ", global" : "");
    text += line;
    for (const Index token : selections.selections[k]) text += " " + std::to_string(token + 1);
    text += "\n";
  }
  return text;
}

std::string toText(const GlobalConditions& conditions) {
  if (conditions.nothingToCompare)
    return "(a) and (b) say nothing: no token scores below the best of its sequence\n";
  char text[600];
  const auto word = [&conditions](bool holds) {
    if (conditions.tiedRows > 0) return "undecided, several tokens share the best score";
    return holds ? "holds here" : "does not hold here";
  };
  std::snprintf(text, sizeof text,
                "(a) equal scores of all non-optimal tokens: %s (largest spread %.3g)\n"
                "    all tokens are support tokens of the optimal tokens' SVM: %s (%d of %d)\n"
                "(b) the first gradient step favours every optimal token: %s (smallest margin %.3g, "
                "sequence %d, token %d)\n"
                "(c) d at least max(T - 1, n) = %d: %s\n",
                word(conditions.equalScores), conditions.scoreSpread,
                !conditions.allSupport   ? "there is no solution"
                : *conditions.allSupport ? "yes"
                                         : "no",
                static_cast<int>(conditions.supportTokens), static_cast<int>(conditions.otherTokens),
                word(conditions.gradientPointsToOptimal), conditions.smallestStepMargin,
                static_cast<int>(conditions.smallestStepAt.sequence) + 1,
                static_cast<int>(conditions.smallestStepAt.token) + 1,
                static_cast<int>(conditions.requiredDimension),
                conditions.overparameterized ? "holds here" : "does not hold here");
  return text;
}

}  // namespace attention_svm
