// SPDX-License-Identifier: MIT
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  attention_svm::test::fuzz(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
