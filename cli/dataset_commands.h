// SPDX-License-Identifier: MIT
// train, solve and verdict: a dataset file in, JSON out. Tokens and sequences count from 0 in JSON, as in the
// JavaScript module; sentences count from 1.
#pragma once

#include <string>

#include "attention_svm/svm_solver.h"
#include "attention_svm/trainer.h"

namespace attention_svm::cli {

struct SolveRequest {
  std::string norm = "frobenius";
  double p = 2.0;
  std::string tokens;  ///< "3,0,2", one for each attention row; empty: the optimal ones
  QueryMode queries;
  double tolerance = 1e-9;
  Budget budget;
};

/// The dataset in a file, or on standard input when the name is "-".
Result<Dataset> readDataset(const std::string& file, const Budget& budget = {});

/// What `steps` steps lead to: weights, loss, attention, selected tokens.
Result<std::string> trainJson(const Dataset& dataset, const TrainerOptions& options, int steps);
/// The SVM with its proof.
Result<std::string> solveJson(const Dataset& dataset, const SolveRequest& request);
/// What training did, in a sentence with its evidence.
Result<std::string> verdictJson(const Dataset& dataset, const TrainerOptions& options, int steps);

}  // namespace attention_svm::cli
