// SPDX-License-Identifier: MIT
// Doubles compared bit for bit. (libc++ 14, which compiles the tests to WebAssembly, has no std::bit_cast.)
#pragma once

#include <cstdint>
#include <cstring>

#include "attention_svm/linalg.h"

namespace attention_svm::test {

inline std::uint64_t bitsOf(double x) {
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

inline double fromBits(std::uint64_t bits) {
  double x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

inline bool sameBits(const Matrix& A, const Matrix& B) {
  return A.rows() == B.rows() && A.cols() == B.cols() &&
         (A.size() == 0 ||
          std::memcmp(A.data(), B.data(), static_cast<std::size_t>(A.size()) * sizeof(double)) == 0);
}

/// A running digest of the bits of numbers, for golden values.
class Digest {
 public:
  void add(double x) {
    hash_ = (hash_ ^ bitsOf(x)) * 0x100000001b3ULL;
    hash_ ^= hash_ >> 29;
  }
  void add(const Matrix& A) {
    for (Index i = 0; i < A.rows(); ++i)
      for (Index j = 0; j < A.cols(); ++j) add(A(i, j));
  }
  [[nodiscard]] std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

}  // namespace attention_svm::test
