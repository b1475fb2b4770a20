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

/// Whether the weights already put every word above those that it outranks.
bool learned(const Words& words, const PriorityGraph& graph, const Matrix& W) {
  const Vector logits = words.E * (W * words.E.row(graph.last).transpose());
  return std::all_of(graph.edges.begin(), graph.edges.end(), [&](const auto& edge) {
    return graph.componentOf(edge.first) == graph.componentOf(edge.second) ||
           logits(edge.first) > logits(edge.second);
  });
}

std::string mixture(const Words& words, const PriorityGraph& graph, const std::vector<Index>& component,
                    const Decomposition& parts, const Matrix& W) {
  std::string text = listed(words, component) + (component.size() == 2 ? " are mixed " : " stay mixed");
  if (component.size() > kWordsNamed) return text + " for ever";
  if (component.size() > 2) text += " ";
  return text + sharesText(mixingShares(words, parts.finite, graph.last, component)) + " for ever (now " +
         sharesText(mixingShares(words, W, graph.last, component)) + ")";
}

std::string ofGraph(const Words& words, const PriorityGraph& graph, const Decomposition& parts,
                    const Matrix& W) {
  const std::vector<std::size_t> ranked = rankedComponents(graph);
  std::string text = "after " + quoted(words, graph.last) + ", ";
  if (ranked.size() > 1) {
    std::vector<Index> rest;
    for (std::size_t r = 1; r < ranked.size(); ++r)
      rest.insert(rest.end(), graph.components[ranked[r]].begin(), graph.components[ranked[r]].end());
    text += std::string("attention ") + (learned(words, graph, W) ? "retrieves " : "is still to retrieve ") +
            listed(words, graph.components[ranked.front()]) + " before " + listed(words, rest);
  }
  bool first = ranked.size() < 2;
  for (const std::size_t c : ranked) {
    if (graph.components[c].size() < 2) continue;
    text += (first ? "" : "; ") + mixture(words, graph, graph.components[c], parts, W);
    first = false;
  }
  return text;
}

/// Those that a reader meets most often first.
std::vector<PriorityGraph> mostUsed(const Words& words) {
  std::vector<PriorityGraph> graphs = priorityGraphs(words);
  std::erase_if(graphs, [](const PriorityGraph& graph) { return graph.edges.empty(); });
  const auto uses = [&words](const PriorityGraph& graph) {
    return std::count_if(words.sequences.begin(), words.sequences.end(),
                         [&graph](const auto& sequence) { return sequence.back() == graph.last; });
  };
  std::stable_sort(graphs.begin(), graphs.end(),
                   [&uses](const PriorityGraph& a, const PriorityGraph& b) { return uses(a) > uses(b); });
  return graphs;
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
  return text + " So it goes on for " +
         (more == 1 ? "one more last word." : std::to_string(more) + " more last words.");
}

}  // namespace attention_svm
