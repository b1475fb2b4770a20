// SPDX-License-Identifier: MIT
#include "edit.h"

#include "compact_text.h"

namespace attention_svm::shell {

namespace {

Vector place(const Edit& edit) {
  return edit.position.unaryExpr([](double x) { return rounded(x); });
}

void addToken(Dataset& dataset, const Edit& edit) {
  Matrix& X = dataset.X[static_cast<std::size_t>(edit.sequence)];
  X.conservativeResize(X.rows() + 1, Eigen::NoChange);
  X.bottomRows(1) = place(edit).transpose();
}

/// The new token and its mirror image, the query at a right angle.
void addSequence(Dataset& dataset, const Edit& edit) {
  const Vector x = place(edit);
  Matrix pair(2, 2);
  pair << x.transpose(), -x.transpose();
  dataset.X.push_back(pair);
  dataset.y.conservativeResize(dataset.y.size() + 1);
  dataset.y.tail(1)(0) = 1.0;
  if (dataset.selfAttention()) return;
  dataset.Z.conservativeResize(dataset.Z.rows() + 1, Eigen::NoChange);
  dataset.Z.bottomRows(1) << -x(1), x(0);
}

bool deleteSequence(Dataset& dataset, const Edit& edit) {
  if (dataset.n() < 2) return false;
  const Index below = dataset.n() - edit.sequence - 1;
  dataset.X.erase(dataset.X.begin() + edit.sequence);
  dataset.y.segment(edit.sequence, below) = dataset.y.tail(below).eval();
  dataset.y.conservativeResize(dataset.y.size() - 1);
  if (dataset.selfAttention()) return true;
  dataset.Z.middleRows(edit.sequence, below) = dataset.Z.bottomRows(below).eval();
  dataset.Z.conservativeResize(dataset.Z.rows() - 1, Eigen::NoChange);
  return true;
}

bool deleteToken(Dataset& dataset, const Edit& edit) {
  Matrix& X = dataset.X[static_cast<std::size_t>(edit.sequence)];
  if (X.rows() < 2) return false;
  Matrix rest(X.rows() - 1, X.cols());
  rest << X.topRows(edit.token), X.bottomRows(X.rows() - edit.token - 1);
  X = rest;
  return true;
}

}  // namespace

std::optional<Dataset> edited(const Dataset& before, const Edit& edit) {
  if (before.words) return std::nullopt;  // their tokens are made from the vocabulary
  Dataset dataset = before;
  const auto i = static_cast<std::size_t>(edit.sequence);
  switch (edit.kind) {
    case Edit::Kind::MoveWz:
    case Edit::Kind::Start:
    case Edit::Kind::MoveGuess: return std::nullopt;
    case Edit::Kind::MoveToken: dataset.X[i].row(edit.token) = place(edit).transpose(); break;
    case Edit::Kind::MoveQuery: dataset.Z.row(edit.sequence) = place(edit).transpose(); break;
    case Edit::Kind::MoveHead: std::get<LinearHead>(dataset.head).v = place(edit); break;
    case Edit::Kind::FlipLabel: dataset.y(edit.sequence) = -dataset.y(edit.sequence); break;
    case Edit::Kind::AddToken: addToken(dataset, edit); break;
    case Edit::Kind::AddSequence: addSequence(dataset, edit); break;
    case Edit::Kind::DeleteSequence:
      if (!deleteSequence(dataset, edit)) return std::nullopt;
      break;
    case Edit::Kind::DeleteToken:
      if (!deleteToken(dataset, edit)) return std::nullopt;
      break;
  }
  return dataset;
}

Matrix startAfter(const Edit& edit, const Dataset& dataset, const TrainerOptions& options) {
  const Trainer start = Trainer::create(dataset, options).value();
  const Vector z = dataset.query(edit.sequence);
  const Vector change = edit.position - start.W() * z;
  const Matrix W = start.W() + change * z.transpose() / z.squaredNorm();
  return W.unaryExpr([](double x) { return rounded(x); });
}

}  // namespace attention_svm::shell
