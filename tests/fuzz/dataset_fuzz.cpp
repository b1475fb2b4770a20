// SPDX-License-Identifier: MIT
// The reader of dataset files on bytes that nobody wrote by hand. The engine searches
// (dataset_target.cpp); core_tests tries mutations of its own, the same in every run.
#include "dataset_fuzz.h"

#include "attention_svm/dataset.h"
#include "attention_svm/tokens.h"

namespace attention_svm::test {

bool readsOrNamesThePlace(const std::string& text) {
  const Result<Dataset> parsed = parseDataset(text);
  if (!parsed) return !parsed.error().empty();
  // What was read is whole: it can be written, read again to the same text, and worked with.
  const std::string written = toJson(parsed.value());
  const Result<Dataset> again = parseDataset(written);
  const bool scored = scores(parsed.value()).ok() == std::holds_alternative<LinearHead>(parsed.value().head);
  return again.ok() && toJson(again.value()) == written && scored;
}

}  // namespace attention_svm::test
