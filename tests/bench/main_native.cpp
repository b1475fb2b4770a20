// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <map>

#include "harness.h"

namespace attention_svm::bench {
namespace {

/// Keeps the fastest repetition of each case: what else the machine does can only slow one down.
class Reporter : public benchmark::BenchmarkReporter {
 public:
  explicit Reporter(std::map<std::string, double>& best) : best_(best) {}
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.iterations == 0) continue;
      const double microseconds = 1e6 * run.real_accumulated_time / static_cast<double>(run.iterations);
      const auto [entry, isNew] = best_.try_emplace(run.run_name.function_name, microseconds);
      if (!isNew && microseconds < entry->second) entry->second = microseconds;
    }
  }

 private:
  std::map<std::string, double>& best_;
};

int run(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const std::vector<Case> all = cases();
  std::map<std::string, bool> right;
  for (const Case& item : all) {
    right[item.name] = true;
    benchmark::RegisterBenchmark(item.name.c_str(),
                                 [&](benchmark::State& state) {
                                   bool good = true;
                                   for ([[maybe_unused]] auto _ : state) good = item.run() && good;
                                   if (!good) right[item.name] = false;
                                 })
        ->Repetitions(kRepetitions)
        ->MinTime(kBatchSeconds);
  }
  std::map<std::string, double> best;
  Reporter reporter(best);
  benchmark::RunSpecifiedBenchmarks(&reporter);
  bool good = true;
  for (const Case& item : all) {
    if (best.count(item.name) == 0) continue;  // left out by --benchmark_filter
    if (right[item.name]) {
      print(item, best[item.name]);
    } else {
      printFailure(item);
      good = false;
    }
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace attention_svm::bench

int main(int argc, char** argv) { return attention_svm::bench::run(argc, argv); }
