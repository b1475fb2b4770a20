// SPDX-License-Identifier: MIT
// Max-margin token separation in the norms of norm.h, every answer with its proof.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "attention_svm/norm.h"
#include "attention_svm/svm_problem.h"

namespace attention_svm {

enum class SvmStatus {
  Solved,        ///< relative duality gap at most the tolerance
  Infeasible,    ///< proved by the certificate, whose residual the rounding of the data explains
  NotConverged,  ///< a point that meets the constraints, `gap` says how far from the least norm; or refused:
                 ///< `message`
  BoundedBelow,  ///< no point found and no proof that there is none: every solution has norm at least
                 ///< `lowerBound`
};

struct SvmOptions {
  double tolerance = 1e-9;         ///< relative duality gap to reach
  int maxIterations = 0;           ///< 0: the solver's own limit
  double rankThreshold = 1e-6;     ///< singular values above this share of the largest count for the rank
  double supportThreshold = 1e-6;  ///< constraints with value <= 1 + this are support
  /// K multipliers of a problem nearby, to start from (Frobenius norm only); ignored when of another size.
  std::optional<Vector> dualStart;
};

struct SvmSolution {
  SvmStatus status = SvmStatus::NotConverged;
  bool feasible = false;            ///< W meets the constraints: always when Solved, never when BoundedBelow
  Matrix W;                         ///< d x d, satisfies every constraint to rounding; zero when not feasible
  double norm = 0.0;                ///< of W, in the norm that was minimized
  double margin = 0.0;              ///< 1 / norm; 0 when infeasible, infinite when there is no constraint
  Vector dual;                      ///< K multipliers a >= 0 (divided by a number where they would overflow)
  Vector equalityDual;              ///< J multipliers
  double primalValue = 0.0;         ///< norm of W (a feasible point)
  double dualValue = 0.0;           ///< lower bound on the norm, from the multipliers
  double lowerBound = 0.0;          ///< every W that meets the constraints has norm at least this: dualValue
  double gap = 0.0;                 ///< (primalValue - dualValue) / primalValue; 0 when K = 0, 1 without a W
  double smallestConstraint = 0.0;  ///< min_k <A_k, W>
  double equalityResidual = 0.0;    ///< max_j |<E_j, W> - right_j|
  std::vector<TokenConstraint> support;  ///< constraints that hold with equality
  Vector singularValues;                 ///< of W, largest first
  Index rank = 0;
  Vector certificate;                ///< when infeasible: a >= 0, sum a = 1, sum a_k A_k + sum b_j E_j ~ 0
  Vector certificateEqualities;      ///< b of the certificate (J)
  double certificateResidual = 0.0;  ///< |sum a_k A_k + sum b_j E_j|_F / sum a_k |A_k|_F, whatever the sizes
  std::string message;               ///< why there is no answer, when the question was refused; else empty
  int iterations = 0;

  [[nodiscard]] bool trusted() const {
    return status == SvmStatus::Solved || status == SvmStatus::Infeasible;
  }
};

/// One line per fact, for people: status, norm, gap, smallest constraint, rank, iterations.
std::string toText(const SvmSolution& solution);

/// Empty, or the sentence with which solveSvm() refuses this norm ("p: expected a number from ...").
std::string normProblem(const Norm& norm);

/// True in the copy of the core that the page loads first, which must weigh little: it solves in the
/// Frobenius and the nuclear norm, the latter in doubles only, and answers NotConverged, with a message, to
/// what it leaves to the worker's copy; decompose() too is the worker's. False everywhere else.
bool isLightCore();

/// Least-norm W for the problem. Never throws; look at the status. Constraints may be of any size from 1e-300
/// to 1e300 (tokens and queries from 1e-150 to 1e150): they are scaled to equal size first, by powers of two,
/// so that multiplying a token difference or a query by a positive number changes nothing about feasibility.
SvmSolution solveSvm(const SvmProblem& problem, const Norm& norm, const SvmOptions& options = {});

}  // namespace attention_svm
