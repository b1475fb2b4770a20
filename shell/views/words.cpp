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

/// Large where all lines fit so, else in the small font.
struct Lettering {
  bool large;
  ImVec2 extent(const std::string& text) const {
    return large ? ImGui::CalcTextSize(text.c_str()) : smallExtent(text.c_str());
  }
  void draw(ImVec2 at, ImU32 colour, const std::string& text) const {
    if (large)
      ImGui::GetWindowDrawList()->AddText(at, colour, text.c_str());
    else
      smallText(at, colour, text.c_str());
  }
  float height() const { return (large ? ImGui::GetFontSize() : smallSize()) + 6; }
  float step() const { return height() + (large ? 8.0f : 4.0f); }
};

/// One line: the words that fit, the last one always, and the next word with its probability.
void drawLine(const Session& session, Index row, const Lettering& letters, ImVec2 at, float width,
              Highlight& highlight) {
  const Words& words = *session.dataset.words;
  const AttentionModel& model = session.runs.front().trainer.model();
  const std::vector<Index>& sequence = words.sequences[static_cast<std::size_t>(row)];
  const Index next = words.next[static_cast<std::size_t>(row)];
  const std::string right = "→ " + wordText(words, next) + "  " + shareText(model.prediction(row));
  const float room = width - letters.extent(right).x - 12;
  std::size_t first = sequence.size();
  float used = 0;
  while (first > 0) {
    const float more = letters.extent(wordText(words, sequence[first - 1])).x + 2 * kPad + kGap;
    if (used + more > room && first < sequence.size()) break;
    used += more;
    --first;
  }
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const float height = letters.height();
  for (std::size_t t = first; t < sequence.size(); ++t) {
    const std::string text = wordText(words, sequence[t]);
    const double share = model.probabilities(row)(static_cast<Index>(t));
    const ImVec2 high{at.x + letters.extent(text).x + 2 * kPad, at.y + height};
    const ImU32 colour =
        mixed(palette().card, seriesColour(0), static_cast<float>(std::sqrt(std::min(1.0, share))));
    draw->AddRectFilled(at, high, colour, 3);
    if (sequence[t] == next) draw->AddRectFilled({at.x, high.y - 2}, high, palette().good);
    letters.draw({at.x + kPad, at.y + 2}, readableOn(colour), text);
    if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(at, high)) {
      highlight.pointAt(row, static_cast<Index>(t));
      ImGui::SetTooltip("“%s”: attention %.6g%s", text.c_str(), share,
                        sequence[t] == next ? "\nthe next word" : "");
    }
    at.x = high.x + kGap;
  }
  letters.draw({at.x + 6, at.y + 2}, palette().text, right);
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
  const auto layer = layerContinues(words, W, beginning, kContinued, length);
  ImGui::Text("the layer: %s | %s", joined(words, beginning, characters).c_str(),
              joined(words, layer, characters).c_str());
  if (const auto& parts = session.runs.front().prediction.decomposition; parts && parts->feasible) {
    const auto theory =
        theoryContinues(words, parts->directional.W, parts->finite, beginning, kContinued, length);
    ImGui::Text("the theory: %s | %s", joined(words, beginning, characters).c_str(),
                joined(words, theory, characters).c_str());
  }
  ImGui::PopTextWrapPos();
}

void writeTable(const Session& session, plot::State& state) {
  const Words& words = *session.dataset.words;
  const AttentionModel& model = session.runs.front().trainer.model();
  state.csv = "place,position,word,attention,next\n";
  for (std::size_t i = 0; i < words.sequences.size(); ++i)
    for (std::size_t t = 0; t < words.sequences[i].size(); ++t) {
      const auto name = [&](Index word) {
        return plot::csvQuoted(words.names[static_cast<std::size_t>(word)]);
      };
      char share[40];
      std::snprintf(share, sizeof share, "%.17g",
                    model.probabilities(static_cast<Index>(i))(static_cast<Index>(t)));
      state.csv += std::to_string(i + 1) + "," + std::to_string(t + 1) + "," + name(words.sequences[i][t]) +
                   "," + share + "," + name(words.next[i]) + "\n";
    }
  state.wantCsv = false;
  state.csvReady = true;
}

/// Lines that do not fit are scrolled to, in whole lines.
struct Scroll : OwnState {
  float first = 0;
};

/// From which line on, of n with room for `fit`; the wheel and a drag move it.
int scrolled(Scroll& scroll, int n, int fit, ImVec2 low, ImVec2 high, float step) {
  if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(low, high)) {
    scroll.first -= 3 * ImGui::GetIO().MouseWheel;
    if (ImGui::IsMouseDragging(ImGuiMouseButton_Left, 3.0f))
      scroll.first -= ImGui::GetIO().MouseDelta.y / step;
  }
  scroll.first = std::clamp(scroll.first, 0.0f, static_cast<float>(std::max(0, n - fit)));
  return static_cast<int>(scroll.first + 0.5f);
}

std::string footText(const Words& words, int first, int last) {
  const auto n = static_cast<int>(words.sequences.size());
  std::string text = std::to_string(n) + " places ask";
  if (last - first < n)
    text +=
        ", here " + std::to_string(first + 1) + " to " + std::to_string(last) + " (scroll for the others)";
  if (words.leftOut > 0)
    text += "; " + std::to_string(words.leftOut) + " left out: the next word stands not before it";
  return text + ".";
}

void drawWords(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size) {
  if (!session.dataset.words)
    return drawEmpty("This data is no text. Choose the scenario \"Words\", or \"A text\" in the panel.",
                     size);
  const Words& words = *session.dataset.words;
  if (view.plot.wantCsv) writeTable(session, view.plot);
  const ImVec2 start = ImGui::GetCursorScreenPos();
  view.plot.areaMin = start;
  view.plot.areaMax = {start.x + size.x, start.y + size.y};
  const float foot = smallSize() + 8;
  const bool goesOn = !session.settings.beginning.empty() && size.y > 160;
  const float below = goesOn ? 4.4f * ImGui::GetTextLineHeight() : 0;
  const auto n = static_cast<int>(words.sequences.size());
  const float room = size.y - below - foot;
  const Lettering letters{Lettering{true}.step() * static_cast<float>(n) <= room};
  const float step = letters.step();
  const int fit = std::max(1, static_cast<int>(room / step));
  const ImVec2 end{start.x + size.x, start.y + size.y - below - foot};
  const int first = scrolled(view.own<Scroll>(), n, fit, start, end, step), last = std::min(n, first + fit);
  for (int i = first; i < last; ++i)
    drawLine(session, i, letters, {start.x, start.y + static_cast<float>(i - first) * step}, size.x,
             highlight);
  smallText({start.x, end.y + 2}, palette().quiet, footText(words, first, last).c_str());
  ImGui::SetCursorScreenPos({start.x, end.y + foot});
  if (goesOn) drawContinuation(session, size.x);
  plot::PictureMenu("Text and attention", {start.x + size.x, start.y - 28}, view.plot);
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
