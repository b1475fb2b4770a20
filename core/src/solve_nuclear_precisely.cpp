// SPDX-License-Identifier: MIT
#include "nuclear_ipm.h"
#include "solvers.h"

namespace attention_svm {

SvmSolution solveNuclearPrecisely(const ScaledProblem& problem, const Candidate& start,
                                  const SvmOptions& options) {
  const ReducedProblem reduced(problem, 1e-15);
  const Index N = reduced.r1() + reduced.r2(), K = reduced.K;
  constexpr double kLongest = 4e6;  // about a second
  if (std::pow(static_cast<double>(reduced.rows()), 3) + 8.0 * std::pow(static_cast<double>(N), 3) > kLongest)
    return emptySolution(problem.original);
  using Square = SquareOf<Double2>;
  const Square left = reduced.left.cast<Double2>(), right = reduced.right.cast<Double2>();
  const SvmProblem& unit = problem.unit;
  const Square queries = unit.Z.cast<Double2>() * right;
  Rows<Double2> rows{Square(reduced.rows(), reduced.r1()), Square(reduced.rows(), reduced.r2()),
                     reduced.target.cast<Double2>(), K};
  const Square differences = joined<Double2>(unit.delta, unit.deltaLow) * left;
  rows.U.topRows(K) = differences;
  for (Index k = 0; k < K; ++k) rows.V.row(k) = queries.row(unit.query[static_cast<std::size_t>(k)]);
  if (unit.J() > 0) {
    const Square ties = joined<Double2>(unit.equalityDelta, unit.equalityDeltaLow) * left;
    for (std::size_t j = 0; j < reduced.equality.size(); ++j) {
      const Index row = K + static_cast<Index>(j), from = reduced.equality[j];
      rows.U.row(row) = ties.row(from);
      rows.V.row(row) = queries.row(unit.equalityQuery[static_cast<std::size_t>(from)]);
    }
  }
  const Square W = left.transpose() * joined<Double2>(start.W, start.WLow) * right;
  const Vector low = start.aLow.size() > 0 ? reduced.gathered(start.aLow, start.bLow) : Vector(0);
  NuclearIpm<Double2> ipm(std::move(rows));
  ipm.start(W, joined<Double2>(reduced.gathered(start.a, start.b), low));

  const auto candidateAt = [&](int iterations) {
    Candidate candidate;
    const Square lifted = left * ipm.W() * right.transpose();
    candidate.W = highPart(lifted);
    candidate.WLow = lowPart(lifted);
    const Square x = ipm.multipliers();
    const Vector high = highPart(x), rest = lowPart(x);
    candidate.a = high.head(K);
    candidate.aLow = rest.head(K);
    candidate.b = reduced.equalityDual(high, unit.J());
    candidate.bLow = reduced.equalityDual(rest, unit.J());
    candidate.iterations = iterations;
    return candidate;
  };
  SvmSolution best = emptySolution(problem.original);
  for (int iterations = 1; iterations <= 100 && ipm.step(); ++iterations) {
    if (iterations < 10) continue;
    SvmSolution now = certify(problem, candidateAt(iterations), Norm::nuclear(), options);
    if (now.feasible && (!best.feasible || now.gap < best.gap)) best = std::move(now);
    if (best.status == SvmStatus::Solved) break;
  }
  return best;
}

}  // namespace attention_svm
