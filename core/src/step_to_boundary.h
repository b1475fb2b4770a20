// SPDX-License-Identifier: MIT
// How far an interior-point method may go in a direction before something that must stay positive vanishes.
#pragma once

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>

#include "double_double_eigen.h"

namespace attention_svm {

/// The largest step in [0, 1] that keeps A + step D positive definite, A = L L^T.
template <class Real>
Real stepToBoundary(const Eigen::LLT<SquareOf<Real>>& llt, const SquareOf<Real>& D) {
  SquareOf<Real> scaled = llt.matrixL().solve(D);
  scaled = llt.matrixL().solve(scaled.transpose().eval());
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(highPart(scaled), Eigen::EigenvaluesOnly);
  const double lowest = eigen.eigenvalues()(0);
  return Real(lowest < -1.0 ? -1.0 / lowest : 1.0);
}

/// The largest step in [0, 1] that keeps x + step dx >= 0.
template <class Real>
Real stepToBoundary(const VectorOf<Real>& x, const VectorOf<Real>& dx) {
  Real step(1.0);
  for (Eigen::Index k = 0; k < x.size(); ++k)
    if (dx(k) < Real(0.0)) step = std::min(step, Real(-x(k) / dx(k)));
  return step;
}

}  // namespace attention_svm
