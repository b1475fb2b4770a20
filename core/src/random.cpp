// SPDX-License-Identifier: MIT
#include "attention_svm/random.h"

#include <cmath>

#include "portable_math.h"

namespace attention_svm {

namespace {

std::uint64_t splitmix(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::uint64_t rotateLeft(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

}  // namespace

Random::Random(std::uint64_t seed) {
  for (std::uint64_t& word : state_) word = splitmix(seed);
}

std::uint64_t Random::bits() {
  const std::uint64_t result = rotateLeft(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = rotateLeft(state_[3], 45);
  return result;
}

double Random::uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }

double Random::uniform(double low, double high) { return low + (high - low) * uniform(); }

// The polar method (Marsaglia, Bray 1964) needs only a logarithm and sqrt, which is exactly rounded
// everywhere.
double Random::normal() {
  for (;;) {
    const double u = uniform(-1.0, 1.0), v = uniform(-1.0, 1.0);
    const double s = u * u + v * v;
    if (s > 0.0 && s < 1.0) return u * std::sqrt(-2.0 * portableLog(s) / s);
  }
}

double Random::sign() { return (bits() >> 63) != 0 ? 1.0 : -1.0; }

int Random::below(int bound) { return static_cast<int>(uniform() * bound); }

Vector Random::unitVector(Index d) {
  Vector x(d);
  double squares = 0.0;  // summed in order: Eigen's sum depends on the width of the vector unit
  do {
    squares = 0.0;
    for (Index j = 0; j < d; ++j) {
      x(j) = normal();
      squares += x(j) * x(j);
    }
  } while (!(squares > 1e-24));
  return x / std::sqrt(squares);
}

Matrix Random::uniformMatrix(Index rows, Index cols, double low, double high) {
  Matrix A(rows, cols);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) A(i, j) = uniform(low, high);
  return A;
}

}  // namespace attention_svm
