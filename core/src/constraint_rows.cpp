// SPDX-License-Identifier: MIT
#include "constraint_rows.h"

#include "reduced_problem.h"

namespace attention_svm {

namespace {

/// Row (i, j) of the product is difference_i z_j: d^2 numbers.
template <class Real>
SquareOf<Real> products(const Matrix& high, const Matrix& low, const std::vector<Index>& query,
                        const Matrix& Z) {
  const Index d = Z.cols();
  SquareOf<Real> result(high.rows(), d * d);
  if (high.rows() == 0) return result;
  const SquareOf<Real> difference = joined<Real>(high, low);
  for (Index k = 0; k < high.rows(); ++k)
    for (Index i = 0; i < d; ++i)
      for (Index j = 0; j < d; ++j)
        result(k, i * d + j) = difference(k, i) * Real(Z(query[static_cast<std::size_t>(k)], j));
  return result;
}

Vector lowOf(const VectorOf<double>& /*x*/) { return {}; }
Vector lowOf(const VectorOf<Double2>& x) { return lowPart(x); }

}  // namespace

template <class Real>
ConstraintRows<Real>::ConstraintRows(const ScaledProblem& scaled) : d(scaled.unit.d), J(scaled.unit.J()) {
  using std::sqrt;
  const SvmProblem& problem = scaled.unit;
  A = products<Real>(problem.delta, problem.deltaLow, problem.query, problem.Z);
  length = highPart(A).rowwise().norm();
  A = length.cwiseInverse().template cast<Real>().asDiagonal() * A;
  right = scaled.right.template cast<Real>().cwiseQuotient(length.template cast<Real>());
  if (J == 0) {
    E.resize(0, A.cols());
    return;
  }
  const Square all =
      products<Real>(problem.equalityDelta, problem.equalityDeltaLow, problem.equalityQuery, problem.Z);
  equality = independentRows(highPart(all), 1e-10);
  const auto count = static_cast<Index>(equality.size());
  E.resize(count, A.cols());
  equalityFactor = Square::Zero(count, count);
  for (Index j = 0; j < count; ++j) {  // Gram and Schmidt, twice, which is enough (Kahan)
    Column row = all.row(equality[static_cast<std::size_t>(j)]).transpose();
    for (int pass = 0; pass < 2; ++pass) {
      const Column share = E.topRows(j) * row;
      row -= E.topRows(j).transpose() * share;
      equalityFactor.row(j).head(j) += share.transpose();
    }
    const Real size = sqrt(row.squaredNorm());
    equalityFactor(j, j) = size;
    E.row(j) = row.transpose() / size;
  }
}

template <class Real>
typename ConstraintRows<Real>::Column ConstraintRows<Real>::projected(Column w) const {
  if (E.rows() == 0) return w;
  for (int pass = 0; pass < 2; ++pass) w -= E.transpose() * (E * w);
  return w;
}

template <class Real>
Candidate ConstraintRows<Real>::candidate(const Column& w, const Column& a, const Column& b) const {
  Candidate result;
  const auto shaped = [this](const Vector& x) -> Matrix { return x.reshaped<Eigen::RowMajor>(d, d); };
  result.W = shaped(highPart(w));
  const Column own = a.cwiseQuotient(length.template cast<Real>());
  Column ties = Column::Zero(J);
  if (E.rows() > 0) {
    const Column chosen = equalityFactor.transpose().template triangularView<Eigen::Upper>().solve(b);
    for (std::size_t j = 0; j < equality.size(); ++j) ties(equality[j]) = chosen(static_cast<Index>(j));
  }
  result.a = highPart(own);
  result.b = highPart(ties);
  if (const Vector low = lowOf(w); low.size() > 0) {
    result.WLow = shaped(low);
    result.aLow = lowOf(own);
    result.bLow = lowOf(ties);
  }
  return result;
}

template <class Real>
typename ConstraintRows<Real>::Column ConstraintRows<Real>::multipliers(const ScaledProblem& scaled,
                                                                        const Candidate& from) const {
  Column x(K() + E.rows());
  x.head(K()) = joined<Real>(from.a, from.aLow).cwiseProduct(length.template cast<Real>());
  if (E.rows() == 0) return x;
  const Matrix ties = scaled.unit.combination(Vector::Zero(K()), from.b);
  x.tail(E.rows()) = E * Vector(ties.reshaped<Eigen::RowMajor>()).template cast<Real>();
  return x;
}

template struct ConstraintRows<double>;
template struct ConstraintRows<Double2>;

}  // namespace attention_svm
