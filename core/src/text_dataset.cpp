// SPDX-License-Identifier: MIT
#include "attention_svm/text_dataset.h"

#include <algorithm>
#include <map>

#include "attention_svm/random.h"

namespace attention_svm {

namespace {

std::string optionProblem(const TextOptions& options) {
  const auto range = [](const char* name, int low, int high, int found) {
    return std::string(name) + ": expected a whole number from " + std::to_string(low) + " to " +
           std::to_string(high) + ", found " + std::to_string(found);
  };
  if (options.context < 1 || options.context > kLongestContext)
    return range("context", 1, kLongestContext, options.context);
  if (options.d < 0 || options.d > kLargestEmbedding) return range("d", 1, kLargestEmbedding, options.d);
  return {};
}

/// The text as word numbers; fills the names.
std::vector<Index> numbered(const std::vector<std::string>& units, std::vector<std::string>& names) {
  std::map<std::string, Index> known;
  std::vector<Index> result;
  for (const std::string& unit : units) {
    const auto [at, isNew] = known.emplace(unit, static_cast<Index>(names.size()));
    if (isNew) names.push_back(unit);
    result.push_back(at->second);
  }
  return result;
}

std::string putEmbeddings(const TextOptions& options, Words& words) {
  const auto K = static_cast<Index>(words.names.size());
  const Index d = options.d > 0 ? options.d : K;
  const bool oneHot = options.embeddings == EmbeddingKind::OneHot;
  if (oneHot && d < K)
    return "d: one-hot embeddings of " + std::to_string(K) + " words need at least " + std::to_string(K) +
           " dimensions, found " + std::to_string(d);
  if (d > kLargestEmbedding)
    return "text: " + std::to_string(K) + " different words; expected at most " +
           std::to_string(kLargestEmbedding) + ", or random embeddings of a given d";
  words.E.setZero(K, d);
  Random random(options.seed);
  for (Index k = 0; k < K; ++k) {
    if (oneHot)
      words.E(k, k) = 1.0;
    else
      words.E.row(k) = random.unitVector(d).transpose();
  }
  return {};
}

void putSequences(const std::vector<Index>& text, std::size_t context, Words& words) {
  for (std::size_t t = 1; t < text.size(); ++t) {
    const auto at = text.begin() + static_cast<std::ptrdiff_t>(t);
    const auto first = at - static_cast<std::ptrdiff_t>(std::min(t, context));
    if (std::find(first, at, *at) == at) {
      ++words.leftOut;
      continue;
    }
    words.sequences.emplace_back(first, at);
    words.next.push_back(*at);
  }
}

/// The text, or its beginning.
std::string nameOfText(const std::string& text) {
  constexpr std::size_t kLongest = 60;
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

Result<Dataset> textDataset(const std::string& text, const TextOptions& options, const Budget& budget) {
  if (std::string problem = optionProblem(options); !problem.empty()) return Error{std::move(problem)};
  Words words;
  const std::vector<Index> numbers = numbered(textUnits(text, options.unit), words.names);
  if (numbers.size() < 2) return Error{"text: expected at least 2 words"};
  const double K = static_cast<double>(words.names.size());
  const double places = static_cast<double>(numbers.size()) * options.context + K;
  const double d = options.d > 0 ? options.d : std::min<double>(K, kLargestEmbedding);
  if (std::string excess = excessNumbers("text: the data of this context and dimension", places * d, budget);
      !excess.empty())
    return Error{std::move(excess)};
  if (std::string problem = putEmbeddings(options, words); !problem.empty()) return Error{std::move(problem)};
  putSequences(numbers, static_cast<std::size_t>(options.context), words);
  if (words.sequences.empty())
    return Error{"text: no word occurs among the " + std::to_string(options.context) +
                 " before it, so that there is nothing to attend to; give a text that repeats itself, or a "
                 "longer context"};
  Result<Dataset> dataset = wordDataset(std::move(words));
  if (dataset) dataset.value().name = nameOfText(text);
  return dataset;
}

}  // namespace attention_svm
