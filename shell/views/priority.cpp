// SPDX-License-Identifier: MIT
// The priority graph of one last word: components as groups, the highest on top.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "../style.h"
#include "small_text.h"
#include "views.h"

namespace attention_svm::shell {

namespace {

/// Graphs and their order, made once for a vocabulary.
struct Graphs : OwnState {
  std::vector<std::vector<Index>> sequences;  ///< for which the rest was made
  std::vector<PriorityGraph> all;
  int chosen = 0;
};

void renew(Graphs& graphs, const Words& words) {
  if (graphs.sequences == words.sequences) return;
  graphs.sequences = words.sequences;
  graphs.all = priorityGraphs(words);
  std::erase_if(graphs.all, [](const PriorityGraph& graph) { return graph.edges.empty(); });
  graphs.chosen = 0;
}

void chooseLast(Graphs& graphs, const Words& words) {
  const auto name = [&](int k) {
    return "after “" + wordText(words, graphs.all[static_cast<std::size_t>(k)].last) + "”";
  };
  ImGui::SetNextItemWidth(180);
  if (!ImGui::BeginCombo("##last", name(graphs.chosen).c_str())) return;
  for (int k = 0; k < static_cast<int>(graphs.all.size()); ++k)
    if (ImGui::Selectable(name(k).c_str(), k == graphs.chosen)) graphs.chosen = k;
  ImGui::EndCombo();
}

struct Picture {
  const Words& words;
  const PriorityGraph& graph;
  Vector logits;               ///< e_w^T W e_k of every word, now
  std::map<Index, ImVec2> at;  ///< centre of each word
};

void placeWords(Picture& picture, ImVec2 start, ImVec2 size) {
  const std::vector<std::size_t> ranked = rankedComponents(picture.graph);
  for (std::size_t r = 0; r < ranked.size(); ++r) {
    const std::vector<Index>& component = picture.graph.components[ranked[r]];
    const float y = start.y + size.y * (static_cast<float>(r) + 0.5f) / static_cast<float>(ranked.size());
    // Groups of one word stand apart by turns, so that edges past them can be seen.
    const float shift = component.size() > 1 ? 0 : (r % 2 == 0 ? -0.12f : 0.12f) * size.x;
    for (std::size_t j = 0; j < component.size(); ++j)
      picture.at[component[j]] = {
          start.x + shift + size.x * (static_cast<float>(j) + 1) / (static_cast<float>(component.size()) + 1),
          y};
  }
}

/// Learnt edges, whose upper word has the higher logit now, are drawn strong; the others thin and grey.
void drawEdges(const Picture& picture) {
  ImDrawList* draw = ImGui::GetWindowDrawList();
  for (const auto& [from, to] : picture.graph.edges) {
    const bool inside = picture.graph.componentOf(from) == picture.graph.componentOf(to);
    const bool learnt = inside || picture.logits(from) > picture.logits(to);
    const ImVec2 a = picture.at.at(from), b = picture.at.at(to);
    const ImU32 colour = inside ? seriesColour(1) : learnt ? seriesColour(0) : palette().axis;
    draw->AddLine(a, b, colour, learnt ? 2.0f : 1.0f);
    const float length = std::hypot(b.x - a.x, b.y - a.y);
    if (length < 30) continue;
    const ImVec2 u{(b.x - a.x) / length, (b.y - a.y) / length}, tip{b.x - 16 * u.x, b.y - 16 * u.y};
    draw->AddTriangleFilled(tip, {tip.x - 9 * u.x - 4 * u.y, tip.y - 9 * u.y + 4 * u.x},
                            {tip.x - 9 * u.x + 4 * u.y, tip.y - 9 * u.y - 4 * u.x}, colour);
  }
}

void drawWordsOf(const Picture& picture, const std::optional<Decomposition>& parts) {
  ImDrawList* draw = ImGui::GetWindowDrawList();
  for (const std::vector<Index>& component : picture.graph.components) {
    Vector shares;
    if (parts && component.size() > 1)
      shares = mixingShares(picture.words, parts->finite, picture.graph.last, component);
    for (std::size_t j = 0; j < component.size(); ++j) {
      std::string text = wordText(picture.words, component[j]);
      char share[24];
      if (shares.size() > 0) {
        std::snprintf(share, sizeof share, "  %.3g %%", 100 * shares(static_cast<Index>(j)));
        text += share;
      }
      const ImVec2 extent = smallExtent(text.c_str()), at = picture.at.at(component[j]);
      const ImVec2 low{at.x - 0.5f * extent.x - 6, at.y - 0.5f * extent.y - 3};
      const ImVec2 high{at.x + 0.5f * extent.x + 6, at.y + 0.5f * extent.y + 3};
      draw->AddRectFilled(low, high, palette().card, 8);
      draw->AddRect(low, high, component.size() > 1 ? seriesColour(1) : seriesColour(0), 8, 0, 1.5f);
      smallText({low.x + 6, low.y + 3}, palette().text, text.c_str());
    }
  }
}

void writeTable(const Words& words, const PriorityGraph& graph, const Matrix& W, plot::State& state) {
  const Vector logits = words.E * (W * words.E.row(graph.last).transpose());
  const auto name = [&](Index word) { return plot::csvQuoted(words.names[static_cast<std::size_t>(word)]); };
  for (const auto& [from, to] : graph.edges) {
    char difference[40];
    std::snprintf(difference, sizeof difference, "%.17g", logits(from) - logits(to));
    state.csv += name(graph.last) + "," + name(from) + "," + name(to) + "," + difference + "\n";
  }
}

void writeTables(const Graphs& graphs, const Words& words, const Matrix& W, plot::State& state) {
  state.csv = "last,higher,lower,difference of logits\n";
  for (const PriorityGraph& graph : graphs.all) writeTable(words, graph, W, state);
  state.wantCsv = false;
  state.csvReady = true;
}

void drawPriority(const Session& session, ViewState& view, ImVec2 size) {
  if (!session.dataset.words)
    return drawEmpty("This data is no text. Choose the scenario \"Words\", or \"A text\" in the panel.",
                     size);
  const Words& words = *session.dataset.words;
  Graphs& graphs = view.own<Graphs>();
  renew(graphs, words);
  if (graphs.all.empty())
    return drawEmpty("Every sequence holds one word only: nothing outranks anything. Give a longer text.",
                     size);
  const ImVec2 start = ImGui::GetCursorScreenPos();
  view.plot.areaMin = start;
  view.plot.areaMax = {start.x + size.x, start.y + size.y};
  chooseLast(graphs, words);
  const PriorityGraph& graph = graphs.all[static_cast<std::size_t>(graphs.chosen)];
  const Run& run = session.runs.front();
  Picture picture{words, graph, words.E * (run.trainer.W() * words.E.row(graph.last).transpose()), {}};
  if (view.plot.wantCsv) writeTables(graphs, words, run.trainer.W(), view.plot);
  const float head = ImGui::GetFrameHeight() + 6, foot = smallSize() + 8;
  placeWords(picture, {start.x, start.y + head}, {size.x, size.y - head - foot});
  drawEdges(picture);
  drawWordsOf(picture, run.prediction.decomposition);
  smallText({start.x, start.y + size.y - foot + 2}, palette().quiet,
            "strong: learnt    percent: shares in which W_fin mixes a group for ever");
  plot::PictureMenu("Priority graph", {start.x + size.x, start.y - 28}, view.plot);
  ImGui::SetCursorScreenPos({start.x, start.y + size.y});
  ImGui::Dummy({0, 0});
}

}  // namespace

const PlotView kPriorityView = {
    .name = "priority",
    .title = "Which word outranks which",
    .help =
        "The priority graph after one word: an arrow goes from the word that came next to each other word of "
        "that "
        "sequence. Words that outrank each other in a circle form a group, which attention mixes in fixed "
        "shares; the "
        "others it retrieves from the top. An arrow turns strong when the weights have learnt it.",
    .draw = [](PlotFrame& f) { drawPriority(f.session, f.view, f.size); },
};

}  // namespace attention_svm::shell
