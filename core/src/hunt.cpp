// SPDX-License-Identifier: MIT
#include "attention_svm/hunt.h"

#include <cmath>

#include "hunt_statement.h"

namespace attention_svm {

namespace {

constexpr int kStarts = 5;          // tried after a dimension was left out
constexpr Index kFewestTokens = 2;  // of a sequence: with one there is nothing to select

/// Without row k.
Matrix withoutRow(const Matrix& A, Index k) {
  Matrix B(A.rows() - 1, A.cols());
  B << A.topRows(k), A.bottomRows(A.rows() - 1 - k);
  return B;
}
Matrix withoutColumn(const Matrix& A, Index k) { return withoutRow(A.transpose(), k).transpose(); }
Vector withoutEntry(const Vector& v, Index k) { return withoutRow(v, k); }

void dropSequence(Dataset& dataset, Index i) {
  dataset.X.erase(dataset.X.begin() + i);
  if (!dataset.selfAttention()) dataset.Z = withoutRow(dataset.Z, i);
  dataset.y = withoutEntry(dataset.y, i);
}

void dropDimension(HuntCase& at, Index k) {
  Dataset& dataset = at.dataset;
  for (Matrix& X : dataset.X) X = withoutColumn(X, k);
  if (!dataset.selfAttention()) dataset.Z = withoutColumn(dataset.Z, k);
  if (auto* linear = std::get_if<LinearHead>(&dataset.head)) linear->v = withoutEntry(linear->v, k);
  if (auto* mlp = std::get_if<MlpHead>(&dataset.head)) mlp->hidden = withoutColumn(mlp->hidden, k);
  if (auto* quadratic = std::get_if<QuadraticHead>(&dataset.head))
    quadratic->v = withoutEntry(quadratic->v, k);
  if (at.training.W0) at.training.W0 = withoutColumn(withoutRow(*at.training.W0, k), k);
}

/// To decimals, written so that a file shows them: 0.3, not 0.30000000000000004.
void roundAll(HuntCase& at, double perUnit) {
  const auto rounded = [perUnit](double x) { return std::round(x * perUnit) / perUnit; };
  Dataset& dataset = at.dataset;
  for (Matrix& X : dataset.X) X = X.unaryExpr(rounded);
  dataset.Z = dataset.Z.unaryExpr(rounded);
  if (auto* linear = std::get_if<LinearHead>(&dataset.head)) linear->v = linear->v.unaryExpr(rounded);
  if (auto* mlp = std::get_if<MlpHead>(&dataset.head)) {
    mlp->hidden = mlp->hidden.unaryExpr(rounded);
    mlp->output = mlp->output.unaryExpr(rounded);
  }
}

/// Takes the change when the statement still applies and fails.
class Shrinker {
 public:
  Shrinker(Statement statement, HuntCase from, const std::function<void(const HuntCase&)>& progress)
      : statement_(statement), best_(std::move(from)), progress_(progress) {}

  template <class Change>
  bool accepts(Change change) {
    HuntCase smaller = best_;
    change(smaller);
    const HuntStatement& info = huntStatement(statement_);
    if (info.mend != nullptr) info.mend(smaller);
    // Weights of another size are other weights: a few starts, where the start is drawn.
    const int starts = smaller.training.W0 || smaller.dataset.d() == best_.dataset.d() ? 1 : kStarts;
    for (int k = 0; k < starts; ++k) {
      const Judgement judged = judge(statement_, smaller);
      if (judged.applies && judged.fails) {
        best_ = std::move(smaller);
        if (progress_) progress_(best_);
        return true;
      }
      smaller.training.seed = static_cast<std::uint64_t>(k) + 1;
    }
    return false;
  }

  bool sequences() {
    bool any = false;
    for (Index i = best_.dataset.n() - 1; i >= 0 && best_.dataset.n() > 1; --i)
      any = accepts([i](HuntCase& at) { dropSequence(at.dataset, i); }) || any;
    return any;
  }
  bool tokens() {
    bool any = false;
    for (Index i = 0; i < best_.dataset.n(); ++i)
      for (Index t = best_.dataset.length(i) - 1; t >= 0 && best_.dataset.length(i) > kFewestTokens; --t)
        any = accepts([i, t](HuntCase& at) {
                Matrix& X = at.dataset.X[static_cast<std::size_t>(i)];
                X = withoutRow(X, t);
              }) ||
              any;
    return any;
  }
  bool dimensions() {
    bool any = false;
    for (Index k = best_.dataset.d() - 1; k >= 0 && best_.dataset.d() > 1; --k)
      any = accepts([k](HuntCase& at) { dropDimension(at, k); }) || any;
    return any;
  }
  /// The fewest decimals that will do, the signs of them kept where they matter.
  void decimals() {
    for (const double perUnit : {1.0, 2.0, 10.0, 100.0, 1000.0, 1e4, 1e6})
      if (accepts([perUnit](HuntCase& at) { roundAll(at, perUnit); })) return;
  }
  HuntCase take() { return std::move(best_); }

 private:
  Statement statement_;
  HuntCase best_;
  const std::function<void(const HuntCase&)>& progress_;
};

}  // namespace

const char* claimOf(Statement statement) { return huntStatement(statement).claim; }

HuntCase drawCase(Statement statement, std::uint64_t seed) {
  Random random(seed);
  return huntStatement(statement).draw(random, seed);
}

Judgement judge(Statement statement, const HuntCase& at, int patience) {
  return huntStatement(statement).judge(at, patience);
}

HuntCase searchAround(Statement statement, HuntCase from, int tries, std::uint64_t seed) {
  const HuntStatement& info = huntStatement(statement);
  Random random(seed);
  Judgement best = judge(statement, from);
  for (int k = 0; k < tries && !(best.applies && best.fails); ++k) {
    HuntCase near = from;
    const double size = 0.3 * std::pow(10.0, -random.uniform(0.0, 3.0));
    for (Matrix& X : near.dataset.X)
      for (Index t = 0; t < X.rows(); ++t) {
        const double length = X.row(t).norm();
        for (Index c = 0; c < X.cols(); ++c) X(t, c) += size * length * random.normal();
        if (length > 0.0) X.row(t) *= length / X.row(t).norm();
      }
    if (info.mend != nullptr) info.mend(near);
    const Judgement judged = judge(statement, near);
    if (!judged.applies || (best.applies && judged.badness < best.badness)) continue;
    best = judged;
    from = std::move(near);
  }
  return from;
}

HuntCase shrink(Statement statement, HuntCase from, const std::function<void(const HuntCase&)>& progress) {
  Shrinker shrinker(statement, std::move(from), progress);
  for (bool smaller = true; smaller;) {
    smaller = shrinker.sequences();
    smaller = shrinker.tokens() || smaller;
    smaller = shrinker.dimensions() || smaller;
  }
  shrinker.decimals();
  return shrinker.take();
}

}  // namespace attention_svm
