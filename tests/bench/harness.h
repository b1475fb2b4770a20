// SPDX-License-Identifier: MIT
// Benchmarks that run in both builds: by Google Benchmark natively (main_native.cpp), by a small clock of our
// own under Node (main_wasm.cpp), where Debian has no Google Benchmark. Both print one line of JSON a case,
// which script/bench joins into a table.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace attention_svm::bench {

struct Case {
  std::string name;
  double nativeLimit = 0.0;   ///< microseconds that the design allows; 0: none set
  double wasmLimit = 0.0;     ///< the same in WebAssembly
  std::function<bool()> run;  ///< once; false when the result is not what the case claims to measure
};

/// Every case, its data already made: only run() is timed.
std::vector<Case> cases();

/// Many short batches, of which the fastest counts: other work on the machine can only slow one down, and a
/// batch shorter than a scheduler's turn has a chance to be left alone.
inline constexpr int kRepetitions = 40;
inline constexpr double kBatchSeconds = 0.005;

/// Keeps a result alive, so that the compiler cannot leave out the work behind it.
inline volatile double sink = 0.0;

/// {"name": ..., "microseconds": ..., "nativeLimit": ..., "wasmLimit": ...} or {"name": ..., "error": ...}
void print(const Case& item, double microseconds);
void printFailure(const Case& item);

}  // namespace attention_svm::bench
