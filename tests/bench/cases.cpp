// SPDX-License-Identifier: MIT
// What is measured, with the limits that the design sets.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include "attention_svm/local_optimality.h"
#include "attention_svm/random_dataset.h"
#include "attention_svm/svm_solver.h"
#include "attention_svm/tokens.h"
#include "attention_svm/trainer.h"
#include "harness.h"

namespace attention_svm::bench {
namespace {

/// The value, or the end of the program: a benchmark on data that cannot be made has nothing to say.
template <class T>
T required(Result<T> result) {
  if (!result.ok()) {
    std::fprintf(stderr, "bench: %s\n", result.error().c_str());
    std::exit(1);
  }
  return std::move(result).value();
}

Dataset data(Index n, Index T, Index d) {
  return required(randomDataset({.n = n, .T = T, .d = d, .seed = 1}));
}

Case training(std::string name, const Dataset& dataset, Parameterization parameterization, double nativeLimit,
              double wasmLimit) {
  // Small enough a step that the weights stay where nothing is saturated or denormal.
  TrainerOptions options;
  options.parameterization = parameterization;
  options.stepSize = 1e-6;
  auto trainer = std::make_shared<Trainer>(required(Trainer::create(dataset, options)));
  return {std::move(name), nativeLimit, wasmLimit, [trainer] {
            trainer->step();
            sink = trainer->loss();
            return !trainer->stalled();
          }};
}

Case svm(std::string name, const Dataset& dataset, const Norm& norm, double nativeLimit, double wasmLimit) {
  auto problem =
      std::make_shared<SvmProblem>(required(svmProblem(dataset, required(optimalTokens(dataset)).tokens)));
  return {std::move(name), nativeLimit, wasmLimit, [problem, norm] {
            const SvmSolution solution = solveSvm(*problem, norm);
            sink = solution.norm;
            return solution.status == SvmStatus::Solved && solution.gap <= 1e-9;
          }};
}

Case parsing(std::string name, const Dataset& dataset) {
  auto text = std::make_shared<std::string>(toJson(dataset));
  return {std::move(name), 0.0, 0.0, [text] {
            const Result<Dataset> parsed = parseDataset(*text);
            sink = parsed.ok() ? static_cast<double>(parsed.value().n()) : 0.0;
            return parsed.ok();
          }};
}

}  // namespace

std::vector<Case> cases() {
  const Dataset small = data(6, 8, 10);
  const Dataset middle = data(15, 5, 20);
  const Dataset wide = data(100, 20, 32);
  const Dataset large = data(128, 64, 64);
  std::vector<Case> all;
  all.push_back(training("training step, W, n=6 T=8 d=10", small, Parameterization::W, 2, 3));
  all.push_back(training("training step, (K,Q), n=6 T=8 d=10", small, Parameterization::KQ, 0, 0));
  all.push_back(training("training step, W, n=128 T=64 d=64", large, Parameterization::W, 600, 1200));
  all.push_back(training("training step, (K,Q), n=128 T=64 d=64", large, Parameterization::KQ, 0, 0));
  all.push_back(svm("Frobenius SVM, 60 constraints, d=20", middle, Norm::frobenius(), 400, 800));
  all.push_back(svm("Frobenius SVM, 1900 constraints, d=32", wide, Norm::frobenius(), 100e3, 200e3));
  all.push_back(svm("nuclear SVM, 60 constraints, d=20", middle, Norm::nuclear(), 8e3, 15e3));
  all.push_back(svm("l_3 SVM, 60 constraints, d=20", middle, Norm::lp(3.0), 0, 0));
  all.push_back(parsing("dataset from JSON, n=128 T=64 d=64", large));
  return all;
}

void print(const Case& item, double microseconds) {
  std::printf("{\"name\": \"%s\", \"microseconds\": %.4f, \"nativeLimit\": %g, \"wasmLimit\": %g}\n",
              item.name.c_str(), microseconds, item.nativeLimit, item.wasmLimit);
  std::fflush(stdout);
}

void printFailure(const Case& item) {
  std::printf("{\"name\": \"%s\", \"error\": \"wrong result\"}\n", item.name.c_str());
}

}  // namespace attention_svm::bench
