// SPDX-License-Identifier: MIT
#include "cyclic_gram.h"

namespace attention_svm {

double CyclicSubspace::product(const Pair& one, const Pair& other) const {
  const auto difference = [this](const Pair& pair) { return E_.row(pair.first) - E_.row(pair.other); };
  return difference(one).dot(difference(other)) * E_.row(one.query).dot(E_.row(other.query));
}

CyclicSubspace::CyclicSubspace(const Words& words) : E_(words.E), graphs_(priorityGraphs(words)) {
  constexpr double kDependent = 1e-14;  // of the squared length
  for (const PriorityGraph& graph : graphs_)
    for (const std::vector<Index>& component : graph.components)
      for (std::size_t j = 1; j < component.size(); ++j)
        pairs_.push_back({graph.last, component.front(), component[j]});
  auto gram = std::make_shared<Gram>();
  for (std::size_t j = 0; j < pairs_.size(); ++j) {
    Vector row(dimension());
    for (Index l = 0; l < row.size(); ++l)
      row(l) = product(pairs_[j], pairs_[basis_[static_cast<std::size_t>(l)]]);
    const double diagonal = product(pairs_[j], pairs_[j]);
    if (gram->factor.append(row, diagonal, kDependent * diagonal)) basis_.push_back(j);
  }
  gram_ = std::move(gram);
}

Vector CyclicSubspace::values(const Matrix& W) const {
  Vector result(dimension());
  Vector We;
  Index query = -1;
  for (Index l = 0; l < result.size(); ++l) {
    const Pair& pair = pairs_[basis_[static_cast<std::size_t>(l)]];
    if (pair.query != query) We = W * E_.row(pair.query).transpose();
    query = pair.query;
    result(l) = (E_.row(pair.first) - E_.row(pair.other)).dot(We);
  }
  return result;
}

Matrix CyclicSubspace::withValues(const Vector& right) const {
  Matrix W = Matrix::Zero(E_.cols(), E_.cols());
  Vector rest = right;
  // The Gram matrix squares the condition number: what is left over is solved for again.
  for (int round = 0; round < 3 && dimension() > 0; ++round) {
    gram_->factor.solve(rest);
    for (Index l = 0; l < rest.size(); ++l) {
      const Pair& pair = pairs_[basis_[static_cast<std::size_t>(l)]];
      W += (rest(l) * (E_.row(pair.first) - E_.row(pair.other))).transpose() * E_.row(pair.query);
    }
    rest = right - values(W);
  }
  return W;
}

Matrix CyclicSubspace::project(const Matrix& W) const { return withValues(values(W)); }

}  // namespace attention_svm
