// SPDX-License-Identifier: MIT
// Words instead of points (Li, Huang, Ildiz, Rawat, Oymak, Mechanics of Next Token Prediction with
// Self-Attention, 2024; THEORY section 6d): a vocabulary with embeddings, sequences of word numbers, next
// words.
#pragma once

#include <string>
#include <vector>

#include "attention_svm/linalg.h"

namespace attention_svm {

/// What a dataset of words holds beside the points that it is made of (Dataset::words). Words are counted
/// from 0.
struct Words {
  std::vector<std::string> names;             ///< K names, each once
  Matrix E;                                   ///< K x d, row k is the embedding e_k
  std::vector<std::vector<Index>> sequences;  ///< n lists of words; the last word of each is its query
  std::vector<Index> next;                    ///< n labels: the next word, which occurs in its sequence
  /// Places of a text that make no sequence, because the next word does not occur before it within the
  /// context (text_dataset.h); not part of a dataset file.
  Index leftOut = 0;

  [[nodiscard]] Index count() const { return E.rows(); }
  [[nodiscard]] Index last(Index i) const { return sequences[static_cast<std::size_t>(i)].back(); }
};

/// Whether the embeddings are linearly independent, to rounding and whatever their lengths: what the theorem
/// asks for.
struct EmbeddingCheck {
  Index rank = 0;            ///< of the K embeddings, each divided by its length
  bool independent = false;  ///< rank = K
};
EmbeddingCheck checkEmbeddings(const Matrix& E);

/// Empty, or that the theory does not cover these embeddings, and why.
std::string embeddingNote(const Words& words);

}  // namespace attention_svm
