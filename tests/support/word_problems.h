// SPDX-License-Identifier: MIT
// Datasets of words for tests: random ones, and those of tests/reference/next-token.json.
#pragma once

#include "attention_svm/random.h"
#include "support/reference_files.h"

namespace attention_svm::test {

/// The words of a case of next-token.json.
inline Words referenceWords(const json::Value& value) {
  Words words;
  for (const json::Value& name : *value.find("names")->array()) words.names.push_back(*name.string());
  words.E = matrix(*value.find("E"));
  for (const json::Value& sequence : *value.find("sequences")->array())
    words.sequences.push_back(indices(sequence));
  words.next = indices(*value.find("next"));
  return words;
}

/// 2 to 8 words, random unit embeddings of `extra` more dimensions than words, 3 to 14 sequences of 1 to 6
/// words whose next word is one of them.
inline Words randomWords(std::uint64_t seed, Index extra = 2) {
  Random random(seed);
  Words words;
  const int K = 2 + random.below(7), n = 3 + random.below(12);
  words.E.resize(K, std::max<Index>(1, K + extra));
  for (int k = 0; k < K; ++k) {
    words.names.push_back("w" + std::to_string(k));
    words.E.row(k) = random.unitVector(words.E.cols()).transpose();
  }
  for (int i = 0; i < n; ++i) {
    std::vector<Index> sequence;
    const int T = 1 + random.below(6);
    for (int t = 0; t < T; ++t) sequence.push_back(random.below(K));
    words.next.push_back(sequence[static_cast<std::size_t>(random.below(T))]);
    words.sequences.push_back(std::move(sequence));
  }
  return words;
}

}  // namespace attention_svm::test
