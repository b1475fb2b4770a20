// SPDX-License-Identifier: MIT
// A shared library that has the core inside and offers one function of its own.
#include <attention_svm/attention_svm.h>

extern "C" int tokensOfRandomData() {
  return static_cast<int>(attention_svm::randomDataset({}).value().X[0].rows());
}
