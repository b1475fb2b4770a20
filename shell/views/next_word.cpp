// SPDX-License-Identifier: MIT
// The probability of the right next word over the iterations, a curve for each place that asks.
#include <string>

#include "../style.h"
#include "curves.h"
#include "small_text.h"

namespace attention_svm::shell {

namespace {

std::string curveName(const Words& words, std::size_t i) {
  const std::vector<Index>& sequence = words.sequences[i];
  std::string text = std::to_string(i + 1) + " …";
  for (std::size_t t = sequence.size() > 2 ? sequence.size() - 2 : 0; t < sequence.size(); ++t)
    text += " " + wordText(words, sequence[t]);
  return text + " → " + wordText(words, words.next[i]);
}

void drawNextWord(const Session& session, ViewState& view, ImVec2 size) {
  if (!session.dataset.words)
    return drawEmpty("This data is no text. Choose the scenario \"Words\", or \"A text\" in the panel.",
                     size);
  const Words& words = *session.dataset.words;
  const Trace& trace = session.runs.front().trace;
  plot::Plot plot;
  if (!plot.BeginPlot("Probability of the next word", size, view.plot)) return;
  plot.SetupAxes("iteration", "p of the next word");
  plot.SetupAxisLimits(plot::Axis::X, view.plot.flipX ? 1 : 0, lastIteration(session));
  plot.SetupAxisLimits(plot::Axis::Y, 0, 1.03);
  const std::size_t count = trace.samples.empty() ? 0 : trace.samples.front().next.size();
  for (std::size_t i = 0; i < count; ++i)
    plot.PlotLine(curveName(words, i).c_str(), listCurve(trace, &TraceSample::next, i),
                  seriesStyle(static_cast<int>(words.sequences[i].back()), plot::Dash::Solid), count <= 8);
  hintAtStart(session, view);
  plot.EndPlot();
}

}  // namespace

const PlotView kNextWordView = {
    .name = "next-word",
    .title = "Probability of the next word",
    .help =
        "For each place of the text the attention on its next word, over the iterations; of one colour after "
        "the same "
        "word. It goes to 1 where that word outranks all others, and to its share where words are mixed for "
        "ever.",
    .draw = [](PlotFrame& f) { drawNextWord(f.session, f.view, f.size); },
};

}  // namespace attention_svm::shell
