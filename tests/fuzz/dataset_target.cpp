// SPDX-License-Identifier: MIT
#include "dataset_fuzz.h"
#include "fuzz.h"

void attention_svm::test::fuzz(const std::string& bytes) { must(readsOrNamesThePlace(bytes)); }
