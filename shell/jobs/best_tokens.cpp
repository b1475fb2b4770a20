// SPDX-License-Identifier: MIT
#include "best_tokens.h"

#include "attention_svm/budget.h"

namespace attention_svm::shell {

Certificate certificateOf(const Dataset& dataset, const Selection& tokens, QueryMode mode,
                          const SvmSolution& solution) {
  Certificate result;
  if (solution.status != SvmStatus::Infeasible) return result;
  const SvmProblem problem = svmProblem(dataset, tokens, mode).value();
  const std::vector<AttentionRow> rows = attentionRows(dataset, mode);
  std::size_t r = 0;  // constraints come row by row
  for (const TokenConstraint& name : problem.name) {
    while (rows[r].sequence != name.sequence || rows[r].query != name.query) ++r;
    result.entries.push_back({name, tokens[r]});
  }
  result.weights = solution.certificate;
  result.residual = solution.certificateResidual;
  return result;
}

Result<BestTokens> solveBestTokens(const Dataset& dataset, QueryMode mode, Index mostConstraints) {
  if (constraintsOf(dataset, mode) > static_cast<double>(mostConstraints))
    return Error{"too many constraints to solve while the page runs"};
  const Result<OptimalTokens> optimal = optimalTokens(dataset, mode);
  if (!optimal) return Error{optimal.error()};
  BestTokens best;
  best.tokens = optimal.value().tokens;
  best.ties = static_cast<int>(optimal.value().ties.size());
  const SvmProblem problem = svmProblem(dataset, best.tokens, mode).value();
  best.solution = solveSvm(problem, Norm::frobenius());
  best.certificate = certificateOf(dataset, best.tokens, mode, best.solution);
  return best;
}

}  // namespace attention_svm::shell
