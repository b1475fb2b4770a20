// SPDX-License-Identifier: MIT
// What must hold of any file that the lab opens.
#pragma once

#include "fuzz.h"
#include "import/import.h"
#include "jobs/packed.h"

namespace attention_svm::test {

/// Small, so that the search spends its time on reading and not on memory.
constexpr Budget kFuzzBudget{20000};

inline void readsOrRefuses(const std::string& name, const std::string& bytes) {
  const Result<shell::Imported> imported = shell::importDataset(name, bytes, kFuzzBudget);
  if (!imported) return must(!imported.error().empty(), "an error without a sentence");
  const Dataset& dataset = imported.value().dataset;
  must(numbersOf(dataset) <= kFuzzBudget.numbers + static_cast<double>(dataset.d() + 2 * dataset.n()),
       "more numbers than the budget");
  must(validated(dataset).ok(), "what was read is not whole");
  const std::string text = toJson(dataset);
  const Result<Dataset> again = parseDataset(text);
  must(again.ok() && toJson(again.value()) == text, "it is not read again as it was written");
  if (!imported.value().hasHead) {
    const Vector v = headFrom(shell::HeadChoice::MeanDifference, dataset);
    must(v.size() == dataset.d(), "a head of another size");
  }
}

}  // namespace attention_svm::test
