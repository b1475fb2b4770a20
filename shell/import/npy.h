// SPDX-License-Identifier: MIT
// NumPy's .npy format (numpy.lib.format, versions 1 to 3).
#pragma once

#include <string>
#include <vector>

#include "attention_svm/budget.h"
#include "attention_svm/result.h"

namespace attention_svm::shell {

struct NpyArray {
  std::vector<Index> shape;
  std::vector<double> values;  ///< in C order, whatever the file's
};

/// Booleans, integers and floating-point numbers of either byte order, C or Fortran order.
Result<NpyArray> parseNpy(const std::string& bytes, const Budget& budget = {});

}  // namespace attention_svm::shell
