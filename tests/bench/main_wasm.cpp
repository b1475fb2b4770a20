// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <limits>

#include "harness.h"

namespace attention_svm::bench {
namespace {

double seconds(const Case& item, long count, bool& good) {
  const auto start = std::chrono::steady_clock::now();
  for (long i = 0; i < count; ++i) good = item.run() && good;
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

bool measure(const Case& item) {
  bool good = true;
  // On the way to batches of the right size the engine compiles with its optimizing compiler.
  long count = 1;
  for (double spent = 0.0; spent < 20 * kBatchSeconds;) {
    const double batch = seconds(item, count, good);
    spent += batch;
    if (batch < kBatchSeconds) count *= 2;
  }
  double best = std::numeric_limits<double>::infinity();
  for (int repetition = 0; repetition < kRepetitions; ++repetition)
    best = std::min(best, seconds(item, count, good) / static_cast<double>(count));
  if (good) {
    print(item, 1e6 * best);
  } else {
    printFailure(item);
  }
  return good;
}

}  // namespace
}  // namespace attention_svm::bench

int main() {
  bool good = true;
  for (const attention_svm::bench::Case& item : attention_svm::bench::cases())
    good = attention_svm::bench::measure(item) && good;
  return good ? 0 : 1;
}
