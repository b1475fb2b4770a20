// SPDX-License-Identifier: MIT
// Seeded random numbers with the same bits on every machine and compiler.
#pragma once

#include <array>
#include <cstdint>

#include "attention_svm/linalg.h"

namespace attention_svm {

/// xoshiro256** (Blackman, Vigna 2018) seeded through splitmix64. Uses no std:: distribution.
class Random {
 public:
  explicit Random(std::uint64_t seed);

  std::uint64_t bits();
  double uniform();  ///< in [0, 1), 53 random bits
  double uniform(double low, double high);
  double normal();       ///< mean 0, variance 1
  double sign();         ///< -1 or +1 with probability 1/2 each
  int below(int bound);  ///< in {0, ..., bound - 1}, bound >= 1

  Vector unitVector(Index d);  ///< uniform on the unit sphere of R^d, d >= 1
  Matrix uniformMatrix(Index rows, Index cols, double low, double high);

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace attention_svm
