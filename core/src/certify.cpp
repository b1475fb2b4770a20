// SPDX-License-Identifier: MIT
// Every answer is recomputed here from the data, whatever solver it comes from.
#include <algorithm>
#include <cmath>
#include <limits>

#include "precise_sums.h"
#include "solvers.h"

namespace attention_svm {

namespace {

constexpr double kUnit = 0x1p-53;  // half a unit in the last place: the rounding of one number
/// By how much, relative to its norm, a W may seem to beat the bound of its own multipliers.
constexpr double kEvenRounding = 1e-9;
/// |<E_j, W>| / |E_j| |W| below which an equality counts as met.
constexpr double kEqual = 1e-12;

/// W with the values of its constraints, in scaled units.
struct Point {
  Matrix W, WLow;
  Vector values, equalities;
  double smallest = 0.0;  ///< min_k <A'_k, W> / s_k
  bool feasible = false;
};

void judge(Point& point, const ScaledProblem& problem) {
  point.smallest = point.values.cwiseQuotient(problem.exactRight).minCoeff();
  point.feasible = point.smallest > 0.0 && std::isfinite(point.smallest);
  const double size = point.W.norm();
  for (Index j = 0; j < problem.unit.J(); ++j) {
    const Index q = problem.unit.equalityQuery[static_cast<std::size_t>(j)];
    const double whole = problem.unit.equalityDelta.row(j).norm() * problem.unit.Z.row(q).norm() * size;
    if (std::abs(point.equalities(j)) > kEqual * whole) point.feasible = false;
  }
}

Point preciseAt(const ScaledProblem& problem, const Matrix& W, const Matrix& WLow) {
  Point point;
  point.W = W;
  point.WLow = WLow;
  const Vector all = high(preciseValues(problem.unit, PreciseMatrix(W, WLow)));
  point.values = all.head(problem.unit.K());
  point.equalities = all.tail(problem.unit.J());
  judge(point, problem);
  return point;
}

/// In doubles where their rounding is out of sight, else precisely.
Point pointAt(const ScaledProblem& problem, const Matrix& W) {
  Point point;
  point.W = W;
  point.values = problem.unit.constraintValues(W);
  point.equalities = problem.unit.equalityValues(W);
  judge(point, problem);
  const double size = W.norm();
  for (Index k = 0; k < problem.unit.K(); ++k) {
    const double noise = 4e-16 * size * problem.size(k), value = point.values(k);
    const bool sharp = noise <= 1e-12 * value;
    const bool farAway = value >= 100.0 * noise && value > 1e3 * point.smallest * problem.exactRight(k);
    if (!sharp && !farAway) return preciseAt(problem, W, Matrix());
  }
  return point;
}

/// The same point on the boundary: the smallest constraint holds with equality.
Point scaledToBoundary(const ScaledProblem& problem, Point point) {
  if (point.WLow.size() == 0) {
    point.W /= point.smallest;
    point.values /= point.smallest;
    point.equalities /= point.smallest;
    point.smallest = 1.0;
    return point;
  }
  PreciseMatrix W(point.W, point.WLow);
  for (Double2& x : W.entries) x /= Double2(point.smallest);
  return preciseAt(problem, W.high(), W.low());
}

double boundOf(const ScaledProblem& problem, const Candidate& candidate, const Norm& norm) {
  const Vector a = candidate.a.cwiseMax(0.0);
  double sum = 0.0, whole = 0.0;
  for (Index k = 0; k < a.size(); ++k) {
    sum += a(k) * problem.exactRight(k);
    whole += a(k) * problem.size(k);
  }
  if (!(sum > 0.0) || !std::isfinite(whole)) return 0.0;
  Matrix S = problem.unit.combination(a, candidate.b);
  if (candidate.aLow.size() > 0 || !(kUnit * whole <= 1e-13 * S.norm())) {
    Vector all(a.size() + candidate.b.size()), low = Vector::Zero(all.size());
    all << a, candidate.b;
    if (candidate.aLow.size() > 0) {
      low << candidate.aLow, candidate.bLow;
      for (Index k = 0; k < a.size(); ++k)
        if (a(k) == 0.0) low(k) = 0.0;
    }
    S = preciseCombination(problem.unit, precise(all, low)).high();
  }
  const double bound = sum / dualNormValue(norm, S);
  return std::isfinite(bound) ? bound : 0.0;
}

/// Multipliers of the original constraints; divided by a power of two where they would leave the range.
void putDual(SvmSolution& solution, const ScaledProblem& problem, const Candidate& candidate) {
  const Index K = problem.unit.K(), J = problem.unit.J();
  int highest = -(1 << 20);
  const auto shiftOf = [&problem](int exponent) { return problem.common - exponent; };
  for (Index k = 0; k < K; ++k) {
    int e = 0;
    std::frexp(candidate.a(k), &e);
    if (candidate.a(k) > 0.0)
      highest = std::max(highest, e + shiftOf(problem.exponent[static_cast<std::size_t>(k)]));
  }
  const int back = highest > 960                            ? 960 - highest
                   : highest < -960 && highest > -(1 << 20) ? -960 - highest
                                                            : 0;
  solution.dual.resize(K);
  for (Index k = 0; k < K; ++k)
    solution.dual(k) = std::ldexp(std::max(candidate.a(k), 0.0),
                                  shiftOf(problem.exponent[static_cast<std::size_t>(k)]) + back);
  solution.equalityDual.resize(J);
  for (Index j = 0; j < J; ++j)
    solution.equalityDual(j) =
        std::ldexp(candidate.b(j), shiftOf(problem.equalityExponent[static_cast<std::size_t>(j)]) + back);
}

double scaledBy(double x, int exponent) { return std::ldexp(x, exponent); }

}  // namespace

SvmSolution certify(const ScaledProblem& problem, const Candidate& candidate, const Norm& norm,
                    const SvmOptions& options) {
  const double bound = boundOf(problem, candidate, norm);
  const auto gapOf = [bound](double primal) { return (primal - bound) / primal; };

  Point best;
  double primal = 0.0, gap = 1.0;
  if (candidate.W.allFinite()) {
    best = pointAt(problem, candidate.W);
    if (best.feasible) {
      best = scaledToBoundary(problem, std::move(best));
      primal = normValue(norm, best.W);
      gap = gapOf(primal);
      // Shorter than the bound: then it was the rounding of W that met the constraints.
      best.feasible = gap >= -kEvenRounding;
    }
    // A W of twice the precision: its rounding to doubles is what is returned, and must still be a solution.
    if (candidate.WLow.size() > 0 && !(best.feasible && gap <= options.tolerance)) {
      Point exact = preciseAt(problem, candidate.W, candidate.WLow);
      if (exact.feasible) {
        exact = scaledToBoundary(problem, std::move(exact));
        Point rounded = preciseAt(problem, exact.W, Matrix());
        const double size = normValue(norm, exact.W);
        if (rounded.feasible && rounded.smallest >= 1.0 - 1e-6 && gapOf(size) >= -kEvenRounding &&
            (!best.feasible || gapOf(size) < gap)) {
          best = std::move(rounded);
          primal = size;
          gap = gapOf(size);
        }
      }
    }
  }

  SvmSolution solution = emptySolution(problem.original);
  solution.iterations = candidate.iterations;
  putDual(solution, problem, candidate);
  solution.dualValue = solution.lowerBound = scaledBy(bound, problem.common);
  if (!best.feasible) {
    solution.status =
        bound > 0.0 && std::isfinite(solution.lowerBound) ? SvmStatus::BoundedBelow : SvmStatus::NotConverged;
    return solution;
  }
  solution.feasible = true;
  solution.gap = std::max(0.0, gap);
  solution.status = solution.gap <= options.tolerance ? SvmStatus::Solved : SvmStatus::NotConverged;
  for (Index k = 0; k < best.W.size(); ++k) solution.W.data()[k] = scaledBy(best.W.data()[k], problem.common);
  solution.norm = solution.primalValue = scaledBy(primal, problem.common);
  solution.margin = scaledBy(1.0 / primal, -problem.common);
  solution.smallestConstraint = best.smallest;
  for (Index j = 0; j < problem.unit.J(); ++j)
    solution.equalityResidual =
        std::max(solution.equalityResidual,
                 scaledBy(std::abs(best.equalities(j)),
                          problem.common + problem.equalityExponent[static_cast<std::size_t>(j)]));
  for (Index k = 0; k < problem.unit.K(); ++k) {
    const double right = problem.exactRight(k), value = best.values(k);
    // A right side that vanishes beside the others is met with equality when its value is at the floor.
    if (value <= right * (1.0 + options.supportThreshold) ||
        (right < problem.floor && value <= 2.0 * problem.floor))
      solution.support.push_back(problem.unit.name[static_cast<std::size_t>(k)]);
  }
  const Vector sigma = singularValues(best.W);
  solution.rank = (sigma.array() > options.rankThreshold * sigma(0)).count();
  for (Index k = 0; k < sigma.size(); ++k) solution.singularValues(k) = scaledBy(sigma(k), problem.common);
  if (!std::isfinite(solution.norm) || !solution.W.allFinite()) {
    SvmSolution refused = emptySolution(problem.original);
    refused.message = "the solution is too large for double precision: tokens and queries are too small";
    return refused;
  }
  return solution;
}

std::optional<SvmSolution> certifyInfeasible(const ScaledProblem& problem, const Vector& a, const Vector& b) {
  const Index K = problem.original.K(), J = problem.original.J();
  SvmSolution solution = emptySolution(problem.original);
  solution.status = SvmStatus::Infeasible;
  solution.certificate = Vector::Zero(K);
  solution.certificateEqualities = Vector::Zero(J);
  if (problem.zero >= 0) {  // 0 >= 1
    solution.certificate(problem.zero) = 1.0;
    return solution;
  }
  if (!a.allFinite() || !b.allFinite() || !(a.maxCoeff() > 0.0)) return std::nullopt;

  // Weights of the original constraints, the largest about 1, then with sum 1; back to those of equal size
  // exactly.
  int highest = -(1 << 20);
  const auto exponentOf = [](double x) {
    int e = 0;
    std::frexp(x, &e);
    return e;
  };
  for (Index k = 0; k < K; ++k)
    if (a(k) > 0.0)
      highest = std::max(highest, exponentOf(a(k)) - problem.exponent[static_cast<std::size_t>(k)]);
  double sum = 0.0;
  for (Index k = 0; k < K; ++k)
    sum += std::ldexp(std::max(a(k), 0.0), -problem.exponent[static_cast<std::size_t>(k)] - highest);
  PreciseVector weights;
  double whole = 0.0, allowed = 0.0;
  for (Index k = 0; k < K; ++k) {
    const double weight = std::max(a(k), 0.0) / sum;
    weights.push_back(weight);
    solution.certificate(k) = std::ldexp(weight, -problem.exponent[static_cast<std::size_t>(k)] - highest);
    const Index q = problem.unit.query[static_cast<std::size_t>(k)];
    const double tokens = problem.unit.tokenSize.size() > 0
                              ? problem.unit.tokenSize(k) * problem.unit.Z.row(q).norm()
                              : problem.size(k);
    whole += weight * problem.size(k);
    // Both tokens, the query, the weight; however large the tokens, at most 64 roundings of their difference.
    allowed += weight * kUnit * std::min(tokens + 3.0 * problem.size(k), 64.0 * problem.size(k));
  }
  for (Index j = 0; j < J; ++j) {
    const double weight = b(j) / sum;
    weights.push_back(weight);
    solution.certificateEqualities(j) =
        std::ldexp(weight, -problem.equalityExponent[static_cast<std::size_t>(j)] - highest);
    const Index q = problem.unit.equalityQuery[static_cast<std::size_t>(j)];
    allowed += 4.0 * kUnit * std::abs(weight) * problem.unit.equalityDelta.row(j).norm() *
               problem.unit.Z.row(q).norm();
  }
  const double residual = preciseCombination(problem.unit, weights).high().norm();
  if (!(residual <= allowed) || !solution.certificate.allFinite() ||
      !solution.certificateEqualities.allFinite())
    return std::nullopt;
  solution.certificateResidual = residual / whole;
  return solution;
}

}  // namespace attention_svm
