// SPDX-License-Identifier: MIT
// What attention does after a word, in words (THEORY section 6d).
#include <algorithm>
#include <cstdio>

#include "verdict_sentence.h"

namespace attention_svm {

namespace {

constexpr std::size_t kGraphsNamed = 2, kWordsNamed = 4;

std::string quoted(const Words& words, Index word) {
  const std::string& name = words.names[static_cast<std::size_t>(word)];
  return "“" + (name == " " ? std::string("␣") : name) + "”";
}

/// “a”, “b” and “c”; no more than kWordsNamed of them.
std::string listed(const Words& words, const std::vector<Index>& list) {
  const std::size_t shown = list.size() > kWordsNamed ? kWordsNamed - 1 : list.size();
  std::string text;
  for (std::size_t j = 0; j < shown; ++j)
    text += (j == 0 ? "" : j + 1 == list.size() ? " and " : ", ") + quoted(words, list[j]);
  if (shown < list.size()) text += " and " + std::to_string(list.size() - shown) + " more";
  return text;
}

/// "62 : 38", in hundredths.
std::string sharesText(const Vector& shares) {
  std::string text;
  char one[16];
  for (const double share : shares) {
    std::snprintf(one, sizeof one, "%s%.3g", text.empty() ? "" : " : ", 100.0 * share);
    text += one;
  }
  return text;
}

/// Whether the weights already put each of `higher` above each of `lower`.
bool learned(const Words& words, Index last, const std::vector<Index>& higher,
             const std::vector<Index>& lower, const Matrix& W) {
  const Vector logits = words.E * (W * words.E.row(last).transpose());
  double least = logits(higher.front()), most = logits(lower.front());
  for (const Index word : higher) least = std::min(least, logits(word));
  for (const Index word : lower) most = std::max(most, logits(word));
  return least > most;
}

std::string mixture(const Words& words, const PriorityGraph& graph, const std::vector<Index>& component,
                    const Decomposition& parts, const Matrix& W) {
  std::string text = listed(words, component) + (component.size() == 2 ? " are mixed " : " stay mixed");
  if (component.size() > kWordsNamed) return text + " for ever";
  if (component.size() > 2) text += " ";
  return text + sharesText(mixingShares(words, parts.finite, graph.last, component)) + " for ever (now " +
         sharesText(mixingShares(words, W, graph.last, component)) + ")";
}

/// "attention retrieves “a” before “b”": of the first component that outranks another. Empty when none does.
std::string retrieval(const Words& words, const PriorityGraph& graph, const Matrix& W) {
  for (const std::size_t c : rankedComponents(graph)) {
    const std::vector<Index> lower = outrankedBy(graph, c);
    if (lower.empty()) continue;
    const std::vector<Index>& higher = graph.components[c];
    return std::string("attention ") +
           (learned(words, graph.last, higher, lower, W) ? "retrieves " : "is still to retrieve ") +
           listed(words, higher) + " before " + listed(words, lower);
  }
  return {};
}

std::string ofGraph(const Words& words, const PriorityGraph& graph, const Decomposition& parts,
                    const Matrix& W) {
  std::string text = retrieval(words, graph, W);
  for (const std::size_t c : rankedComponents(graph))
    if (graph.components[c].size() > 1)
      text += (text.empty() ? "" : "; ") + mixture(words, graph, graph.components[c], parts, W);
  return "after " + quoted(words, graph.last) + ", " + text;
}

/// Those that a reader meets most often first, of equals the earlier.
std::vector<PriorityGraph> mostUsed(const Words& words) {
  std::vector<PriorityGraph> graphs = priorityGraphs(words);
  std::erase_if(graphs, [](const PriorityGraph& graph) { return graph.edges.empty(); });
  std::vector<std::pair<Index, std::size_t>> order;  // fewer uses last
  for (std::size_t g = 0; g < graphs.size(); ++g)
    order.emplace_back(
        -std::count_if(words.sequences.begin(), words.sequences.end(),
                       [&](const auto& sequence) { return sequence.back() == graphs[g].last; }),
        g);
  std::sort(order.begin(), order.end());
  std::vector<PriorityGraph> sorted;
  for (const auto& entry : order) sorted.push_back(std::move(graphs[entry.second]));
  return sorted;
}

}  // namespace

std::string sentenceOfWords(const Words& words, const Decomposition& parts, const Matrix& W) {
  const std::vector<PriorityGraph> graphs = mostUsed(words);
  if (graphs.empty()) return "Every sequence holds one word only: there is nothing to choose.";
  std::string text;
  for (std::size_t g = 0; g < std::min(kGraphsNamed, graphs.size()); ++g) {
    std::string one = ofGraph(words, graphs[g], parts, W);
    if (g == 0) one[0] = 'A';
    text += (g == 0 ? "" : "; ") + one;
  }
  text += ".";
  if (graphs.size() <= kGraphsNamed) return text;
  const std::size_t more = graphs.size() - kGraphsNamed;
  return text + " And so on for " +
         (more == 1 ? "one more last word." : std::to_string(more) + " more last words.");
}

}  // namespace attention_svm
