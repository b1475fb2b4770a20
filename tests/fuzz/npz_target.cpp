// SPDX-License-Identifier: MIT
#include "import_fuzz.h"

void attention_svm::test::fuzz(const std::string& bytes) { readsOrRefuses("file.npz", bytes); }
