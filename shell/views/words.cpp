// SPDX-License-Identifier: MIT
// The text with attention as shading under the words: one line for each place that asks for the next word.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../style.h"
#include "attention_svm/continuation.h"
#include "small_text.h"
#include "views.h"

namespace attention_svm::shell {

std::string wordText(const Words& words, Index word) {
  const std::string& name = words.names[static_cast<std::size_t>(word)];
  return name == " " ? "␣" : name;
}

namespace {

constexpr float kPad = 4, kGap = 3;
constexpr int kContinued = 14;

/// One line: the words that fit, the last one always, and the next word with its probability.
void drawLine(const Session& session, Index row, ImVec2 at, float width, Highlight& highlight) {
  const Words& words = *session.dataset.words;
  const AttentionModel& model = session.runs.front().trainer.model();
  const std::vector<Index>& sequence = words.sequences[static_cast<std::size_t>(row)];
  const Index next = words.next[static_cast<std::size_t>(row)];
  const std::string right = "→ " + wordText(words, next) + "  " + shareText(model.prediction(row));
  float room = width - smallExtent(right.c_str()).x - 12;
  std::size_t first = sequence.size();
  float used = 0;
  while (first > 0) {
    const float more = smallExtent(wordText(words, sequence[first - 1]).c_str()).x + 2 * kPad + kGap;
    if (used + more > room && first < sequence.size()) break;
    used += more;
    --first;
  }
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const float height = smallSize() + 6;
  for (std::size_t t = first; t < sequence.size(); ++t) {
    const std::string text = wordText(words, sequence[t]);
    const double share = model.probabilities(row)(static_cast<Index>(t));
    const ImVec2 high{at.x + smallExtent(text.c_str()).x + 2 * kPad, at.y + height};
    const ImU32 colour =
        mixed(palette().card, seriesColour(0), static_cast<float>(std::sqrt(std::min(1.0, share))));
    draw->AddRectFilled(at, high, colour, 3);
    if (sequence[t] == next) draw->AddRectFilled({at.x, high.y - 2}, high, palette().good);
    smallText({at.x + kPad, at.y + 2}, readableOn(colour), text.c_str());
    if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(at, high)) {
      highlight.pointAt(row, static_cast<Index>(t));
      ImGui::SetTooltip("“%s”: attention %.6g%s", text.c_str(), share,
                        sequence[t] == next ? "\nthe next word" : "");
    }
    at.x = high.x + kGap;
  }
  smallText({at.x + 6, at.y + 2}, palette().text, right.c_str());
}

std::string joined(const Words& words, const std::vector<Index>& list, bool characters) {
  std::string text;
  for (const Index word : list)
    text += (text.empty() || characters ? "" : " ") + words.names[static_cast<std::size_t>(word)];
  return text;
}

/// From the typed beginning: what the layer writes, and what the theory would.
void drawContinuation(const Session& session, float width) {
  const Words& words = *session.dataset.words;
  const Settings& s = session.settings;
  std::vector<Index> beginning;
  for (const std::string& unit : textUnits(s.beginning, s.words.unit)) {
    const auto found = std::find(words.names.begin(), words.names.end(), unit);
    if (found == words.names.end()) {
      ImGui::TextDisabled("“%s” does not occur in the text: begin with words that do.", unit.c_str());
      return;
    }
    beginning.push_back(found - words.names.begin());
  }
  if (beginning.empty()) return;
  const bool characters = s.words.unit == TextUnit::Character;
  const auto length = static_cast<std::size_t>(s.words.context);
  const Matrix& W = session.runs.front().trainer.W();
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
  const auto layer = continued(beginning, kContinued, length, [&](const std::vector<Index>& context) {
    return layerShares(words, W, context);
  });
  ImGui::Text("the layer: %s | %s", joined(words, beginning, characters).c_str(),
              joined(words, layer, characters).c_str());
  if (const auto& parts = session.runs.front().prediction.decomposition; parts && parts->feasible) {
    const auto theory = continued(beginning, kContinued, length, [&](const std::vector<Index>& context) {
      return theoryShares(words, parts->directional.W, parts->finite, context);
    });
    ImGui::Text("the theory: %s | %s", joined(words, beginning, characters).c_str(),
                joined(words, theory, characters).c_str());
  }
  ImGui::PopTextWrapPos();
}

void drawWords(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size) {
  if (!session.dataset.words)
    return drawEmpty("This data is no text. Choose the scenario \"Words\", or \"A text\" in the panel.",
                     size);
  const Words& words = *session.dataset.words;
  const ImVec2 start = ImGui::GetCursorScreenPos();
  view.plot.areaMin = start;
  view.plot.areaMax = {start.x + size.x, start.y + size.y};
  const float below = session.settings.beginning.empty() ? 0 : 4.4f * ImGui::GetTextLineHeight();
  ImGui::BeginChild("lines", {size.x, size.y - below - 24});
  const float step = smallSize() + 10;
  const auto n = static_cast<int>(words.sequences.size());
  ImGuiListClipper clipper;
  clipper.Begin(n, step);
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const ImVec2 at = ImGui::GetCursorScreenPos();
      drawLine(session, i, at, size.x - 14, highlight);
      ImGui::SetCursorScreenPos({at.x, at.y + step});
    }
  ImGui::EndChild();
  char text[160];
  std::snprintf(text, sizeof text,
                "%d places ask, %d are left out: their word does not occur in the context.", n,
                static_cast<int>(words.leftOut));
  smallText({start.x, start.y + size.y - below - 20}, palette().quiet, text);
  ImGui::SetCursorScreenPos({start.x, start.y + size.y - below});
  if (below > 0) drawContinuation(session, size.x);
  ImGui::SetCursorScreenPos({start.x, start.y + size.y});
  ImGui::Dummy({0, 0});
}

}  // namespace

const PlotView kWordsView = {
    .name = "words",
    .title = "Text and attention",
    .help =
        "Each place of the text asks for its next word. The shading under a word is its share of attention, "
        "the bar "
        "below it marks the next word where it stands, and behind the arrow is the attention on it: the "
        "probability "
        "that it comes next.",
    .draw = [](PlotFrame& f) { drawWords(f.session, f.view, f.highlight, f.size); },
};

}  // namespace attention_svm::shell
