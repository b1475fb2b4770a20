// SPDX-License-Identifier: MIT
#include "polish_nuclear.h"

#include <Eigen/QR>

#include "svd.h"

namespace attention_svm {

namespace {

/// W = P Q^T with the r pairs of singular vectors on which S is the identity:
///   P - S Q = 0,   Q - S^T P = 0,   <A_k, P Q^T> = s_k (active), 0 (equalities).
struct Face {
  Matrix P, Q;
  std::vector<Index> rows;  ///< active constraints, then the equalities
};

Face guessFace(const ReducedProblem& problem, const Matrix& W, const Vector& x) {
  const ThinSvd svd = thinSvd(W);
  const Vector& sigma = svd.sigma;
  const Vector dual = singularValues(problem.combination(x));
  Index r = 0;
  while (r < sigma.size() && sigma(r) / sigma(0) > std::abs(1.0 - dual(r) / dual(0))) ++r;
  const Vector root = sigma.head(r).cwiseSqrt();
  Face face{svd.U.leftCols(r) * root.asDiagonal(), svd.V.leftCols(r) * root.asDiagonal(), {}};
  const Vector values = problem.values(W);
  const double largest = x.head(problem.K).maxCoeff();
  for (Index k = 0; k < problem.K; ++k)
    if (x(k) / largest > values(k) - problem.target(k)) face.rows.push_back(k);
  for (Index k = problem.K; k < problem.rows(); ++k) face.rows.push_back(k);
  return face;
}

/// One Newton step. The rotations P R, Q R leave W as it is: the system is singular but consistent.
void newtonStep(const ReducedProblem& problem, Face& face, Vector& x) {
  const Index r = face.P.cols(), r1 = problem.r1(), r2 = problem.r2();
  const Index nP = r1 * r, nQ = r2 * r, m = static_cast<Index>(face.rows.size());
  const Matrix S = problem.combination(x);
  Eigen::MatrixXd jacobian = Eigen::MatrixXd::Zero(nP + nQ + m, nP + nQ + m);
  Vector residual(nP + nQ + m);
  const Matrix F1 = face.P - S * face.Q, F2 = face.Q - S.transpose() * face.P;
  jacobian.topLeftCorner(nP + nQ, nP + nQ).setIdentity();
  for (Index c = 0; c < r; ++c) {  // unknowns and equations column by column of P and Q
    jacobian.block(c * r1, nP + c * r2, r1, r2) = -S;
    jacobian.block(nP + c * r2, c * r1, r2, r1) = -S.transpose();
    residual.segment(c * r1, r1) = F1.col(c);
    residual.segment(nP + c * r2, r2) = F2.col(c);
  }
  for (Index j = 0; j < m; ++j) {
    const Index k = face.rows[static_cast<std::size_t>(j)];
    const Vector Pu = face.P.transpose() * problem.U.row(k).transpose();
    const Vector Qv = face.Q.transpose() * problem.V.row(k).transpose();
    for (Index c = 0; c < r; ++c) {
      jacobian.block(c * r1, nP + nQ + j, r1, 1) = -Qv(c) * problem.U.row(k).transpose();
      jacobian.block(nP + c * r2, nP + nQ + j, r2, 1) = -Pu(c) * problem.V.row(k).transpose();
      jacobian.block(nP + nQ + j, c * r1, 1, r1) = Qv(c) * problem.U.row(k);
      jacobian.block(nP + nQ + j, nP + c * r2, 1, r2) = Pu(c) * problem.V.row(k);
    }
    residual(nP + nQ + j) = Pu.dot(Qv) - problem.target(k);
  }
  Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> solver;
  solver.setThreshold(1e-11);
  solver.compute(jacobian);
  const Vector step = solver.solve(residual);
  for (Index c = 0; c < r; ++c) {
    face.P.col(c) -= step.segment(c * r1, r1);
    face.Q.col(c) -= step.segment(nP + c * r2, r2);
  }
  for (Index j = 0; j < m; ++j) x(face.rows[static_cast<std::size_t>(j)]) -= step(nP + nQ + j);
}

}  // namespace

void polishNuclear(const ReducedProblem& problem, Matrix& W, Vector& x) {
  Face face = guessFace(problem, W, x);
  constexpr Index kLargestSystem = 1500;  // dense Newton beyond this costs more than it is worth
  const Index size = (problem.r1() + problem.r2()) * face.P.cols() + static_cast<Index>(face.rows.size());
  if (face.P.cols() == 0 || size > kLargestSystem) return;
  Vector clean = Vector::Zero(x.size());
  for (const Index k : face.rows) clean(k) = x(k);
  for (int iteration = 0; iteration < 4; ++iteration) newtonStep(problem, face, clean);
  W = face.P * face.Q.transpose();
  x = clean;
  x.head(problem.K) = x.head(problem.K).cwiseMax(0.0);
}

}  // namespace attention_svm
