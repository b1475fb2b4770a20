// SPDX-License-Identifier: MIT
// Dense types shared by every header. Matrices are stored row by row: a token or a query is a
// contiguous row, and the memory of a Matrix is what JSON and JavaScript call "row by row".
#pragma once

#include <Eigen/Core>

namespace attention_svm {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;
using Index = Eigen::Index;

/// <A, B> = sum of the entrywise products. A and B have the same shape.
double inner(const Matrix& A, const Matrix& B);

/// <A, B> / (|A|_F |B|_F) in [-1, 1] (paper, section 5); 0 when one of them is zero.
double correlation(const Matrix& A, const Matrix& B);

/// 1 - correlation(A, B), computed without cancellation as half the squared distance of the two
/// unit matrices, so that values far below 1e-16 / 2 remain meaningful. In [0, 2].
double oneMinusCorrelation(const Matrix& A, const Matrix& B);

/// Singular values of A, largest first; min(rows, cols) of them.
Vector singularValues(const Matrix& A);

}  // namespace attention_svm
