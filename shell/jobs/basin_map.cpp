// SPDX-License-Identifier: MIT
#include "basin_map.h"

#include <algorithm>
#include <cmath>

#include "attention_svm/tokens.h"

namespace attention_svm::shell {

namespace {

constexpr double kRadians = 0.017453292519943295;
constexpr double kLength = 2.0;  // of W z at the start: long enough to lean to a token, no more
constexpr int kCoarsest = 12, kFinest = 48;
constexpr int kSteps = 400;

}  // namespace

std::optional<Matrix> startAt(double first, double second, const Dataset& dataset) {
  if (dataset.d() != 2 || dataset.n() < 2) return std::nullopt;
  const Vector z1 = dataset.query(0), z2 = dataset.query(1);
  const double area = z1(0) * z2(1) - z1(1) * z2(0);
  if (std::abs(area) < 1e-3 * z1.norm() * z2.norm()) return std::nullopt;
  const double a = first * kRadians, b = second * kRadians;
  const double first2[] = {std::cos(a), std::sin(a)}, second2[] = {std::cos(b), std::sin(b)};
  Matrix W(2, 2);  // W [z1 z2] = kLength [first2 second2]
  for (Index r = 0; r < 2; ++r) {
    W(r, 0) = kLength * (first2[r] * z2(1) - second2[r] * z1(1)) / area;
    W(r, 1) = kLength * (second2[r] * z1(0) - first2[r] * z2(0)) / area;
  }
  return W;
}

Result<BasinMapSearch> BasinMapSearch::create(const Dataset& dataset, const TrainerOptions& options) {
  if (!startAt(0, 90, dataset))
    return Error{
        "a map of starts needs tokens in the plane and two sequences whose queries differ in direction"};
  if (options.parameterization != Parameterization::W || options.queries.everyToken)
    return Error{"a map of starts is for training W, with one query a sequence"};
  if (Result<Trainer> trainer = Trainer::create(dataset, options); !trainer) return Error{trainer.error()};
  return BasinMapSearch(dataset, options);
}

/// Index of the selection at the end of training from there.
int BasinMapSearch::endOf(double first, double second) {
  options_.W0 = *startAt(first, second, dataset_);
  Trainer trainer = Trainer::create(dataset_, options_).value();
  trainer.step(kSteps);
  const Selection end = trainer.selected();
  const auto known = std::find(next_.selections.begin(), next_.selections.end(), end);
  if (known != next_.selections.end()) return static_cast<int>(known - next_.selections.begin());
  next_.selections.push_back(end);
  const Result<OptimalTokens> optimal = optimalTokens(dataset_, options_.queries);
  bool best = optimal.ok();
  for (std::size_t r = 0; r < end.size() && best; ++r) best = optimal.value().isBest(r, end[r]);
  next_.best.push_back(best ? 1 : 0);
  return static_cast<int>(next_.selections.size()) - 1;
}

bool BasinMapSearch::advance() {
  if (finished_.side >= kFinest) return false;
  if (next_.side == 0) {
    next_.side = finished_.side == 0 ? kCoarsest : 2 * finished_.side;
    next_.selections = finished_.selections;
    next_.best = finished_.best;
  }
  const auto side = static_cast<std::size_t>(next_.side);
  const double cell = 360.0 / next_.side;
  const double second = -180.0 + cell * (0.5 + static_cast<double>(next_.cells.size() / side));
  for (int k = 0; k < next_.side; ++k) next_.cells.push_back(endOf(-180.0 + cell * (0.5 + k), second));
  if (next_.cells.size() < side * side) return true;
  finished_ = std::move(next_);
  next_ = {};
  return finished_.side < kFinest;
}

double BasinMapSearch::progress() const {
  double done = static_cast<double>(next_.cells.size()), all = 0;
  for (int side = kCoarsest; side <= kFinest; side *= 2) {
    all += side * side;
    if (side <= finished_.side) done += side * side;
  }
  return done / all;
}

}  // namespace attention_svm::shell
