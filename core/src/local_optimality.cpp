// SPDX-License-Identifier: MIT
#include "attention_svm/local_optimality.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace attention_svm {

namespace {

double scoreOf(const std::vector<Vector>& gamma, Index sequence, Index token) {
  return gamma[static_cast<std::size_t>(sequence)](token);
}

/// Scores, rows and optimal tokens, computed once for many selections.
struct Scored {
  std::vector<Vector> gamma;
  std::vector<AttentionRow> rows;
  Selection optimal;
};

Result<Scored> scored(const Dataset& dataset, QueryMode mode) {
  Result<std::vector<Vector>> gamma = scores(dataset);
  if (!gamma) return Error{gamma.error()};
  return Scored{std::move(gamma).value(), attentionRows(dataset, mode),
                optimalTokens(dataset, mode).value().tokens};
}

Index rowOf(const std::vector<AttentionRow>& rows, const TokenConstraint& name) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&name](const AttentionRow& row) {
    return row.sequence == name.sequence && row.query == name.query;
  });
  return static_cast<Index>(found - rows.begin());
}

LocalOptimality judged(const Dataset& dataset, const Selection& tokens, QueryMode mode, const Scored& known) {
  LocalOptimality result;
  result.solution = solveSvm(svmProblem(dataset, tokens, mode).value(), Norm::frobenius());
  result.feasible = result.solution.feasible;
  result.global = tokens == known.optimal;
  for (const TokenConstraint& support : result.solution.support) {
    const Index row = rowOf(known.rows, support);
    const double selected = scoreOf(known.gamma, support.sequence, tokens[static_cast<std::size_t>(row)]);
    const double other = scoreOf(known.gamma, support.sequence, support.token);
    if (other >= selected) result.violations.push_back({support, selected, other});
  }
  result.locallyOptimal = result.feasible && result.solution.trusted() && result.violations.empty();
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

Result<GlobalConditions> globalConditions(const Dataset& dataset, const Matrix& W0, Loss loss,
                                          QueryMode mode) {
  const Result<Scored> known = scored(dataset, mode);
  if (!known) return Error{known.error()};
  if (W0.rows() != dataset.d() || W0.cols() != dataset.d())
    return Error{"W0: expected " + std::to_string(dataset.d()) + " x " + std::to_string(dataset.d()) +
                 " numbers"};
  AttentionModel model(dataset, mode, loss);
  model.forward(W0);
  ScaledGradient gradient;
  model.gradient(GradientMode::LogDomain, gradient);
  const double norm = gradient.direction.norm();

  GlobalConditions result;
  result.smallestStepMargin = std::numeric_limits<double>::infinity();
  Index longest = 0;
  for (std::size_t r = 0; r < known.value().rows.size(); ++r) {
    const AttentionRow& row = known.value().rows[r];
    const Index best = known.value().optimal[r];
    const Matrix& X = dataset.tokens(row.sequence);
    longest = std::max(longest, row.visible);
    const Vector step = norm > 0.0 ? Vector(gradient.direction * queryOf(dataset, mode, row) / -norm)
                                   : Vector(Vector::Zero(dataset.d()));
    double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
    for (Index t = 0; t < row.visible; ++t) {
      if (t == best) continue;
      lowest = std::min(lowest, scoreOf(known.value().gamma, row.sequence, t));
      highest = std::max(highest, scoreOf(known.value().gamma, row.sequence, t));
      const double margin = (X.row(best) - X.row(t)).dot(step);
      if (margin < result.smallestStepMargin) {
        result.smallestStepMargin = margin;
        result.smallestStepAt = {row.sequence, row.query, t};
      }
    }
    if (highest > lowest) result.scoreSpread = std::max(result.scoreSpread, highest - lowest);
  }
  // Equal up to the rounding of a score, a sum of d products
  result.equalScores = result.scoreSpread <= 1e-12;
  result.gradientPointsToOptimal = result.smallestStepMargin > 0.0;
  result.requiredDimension = std::max<Index>(longest - 1, static_cast<Index>(known.value().rows.size()));
  result.overparameterized = dataset.d() >= result.requiredDimension;
  return result;
}

std::string toText(const LocalOptimality& optimality) {
  if (optimality.solution.status == SvmStatus::Infeasible)
    return "not locally optimal: no matrix separates these tokens (" + toText(optimality.solution) + ")";
  if (!optimality.solution.trusted())
    return "undecided: the SVM was not solved to its tolerance\n" + toText(optimality.solution);
  std::string text = optimality.locallyOptimal ? "locally optimal" : "not locally optimal";
  text += optimality.global ? ", the global selection\n" : "\n";
  for (const ScoreViolation& violation : optimality.violations) {
    char line[200];
    std::snprintf(line, sizeof line,
                  "sequence %d: support token %d has score %.6g, not below %.6g of the selected one\n",
                  static_cast<int>(violation.where.sequence) + 1, static_cast<int>(violation.where.token) + 1,
                  violation.supportScore, violation.selectedScore);
    text += line;
  }
  return text + toText(optimality.solution);
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
  char text[512];
  const auto word = [](bool holds) { return holds ? "holds" : "does not hold"; };
  std::snprintf(text, sizeof text,
                "(a) equal scores of all non-optimal tokens: %s (largest spread %.3g)\n"
                "(b) the first gradient step favours every optimal token: %s (smallest margin %.3g, "
                "sequence %d, token %d)\n"
                "(c) d at least max(T - 1, n) = %d: %s\n",
                word(conditions.equalScores), conditions.scoreSpread,
                word(conditions.gradientPointsToOptimal), conditions.smallestStepMargin,
                static_cast<int>(conditions.smallestStepAt.sequence) + 1,
                static_cast<int>(conditions.smallestStepAt.token) + 1,
                static_cast<int>(conditions.requiredDimension), word(conditions.overparameterized));
  return text;
}

}  // namespace attention_svm
