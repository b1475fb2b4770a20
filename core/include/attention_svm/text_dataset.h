// SPDX-License-Identifier: MIT
// A text as a dataset of words: each place of it asks for the next word (THEORY section 6d).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "attention_svm/budget.h"

namespace attention_svm {

enum class TextUnit {
  Word,       ///< what stands between white space or dashes, without the punctuation around it
  Character,  ///< code points; white space counts as one blank
};

enum class EmbeddingKind {
  OneHot,  ///< e_k is the k-th unit vector
  Random,  ///< uniform on the unit sphere
};

struct TextOptions {
  TextUnit unit = TextUnit::Word;
  int context = 6;  ///< at most so many words before the next one, from 1 to kLongestContext
  EmbeddingKind embeddings = EmbeddingKind::OneHot;
  int d = 0;               ///< dimension of the embeddings; 0: as many as there are words
  std::uint64_t seed = 1;  ///< of random embeddings
};

inline constexpr int kLongestContext = 1000, kLargestEmbedding = 1000;

/// The words or characters of a text in UTF-8, in order; capital letters (Latin, Greek, Cyrillic) become
/// small.
std::vector<std::string> textUnits(const std::string& text, TextUnit unit);

/// Words in the order in which they first occur; for each place after the first one the sequence of at most
/// `context` words before it, unless its word does not occur among them (Words::leftOut counts these). The
/// error says what to change. Of text that may need more numbers than the budget has, nothing is made.
Result<Dataset> textDataset(const std::string& text, const TextOptions& options = {},
                            const Budget& budget = {});

}  // namespace attention_svm
