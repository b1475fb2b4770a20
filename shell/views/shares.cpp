// SPDX-License-Identifier: MIT
// Attention as a bar for each query: the whole is one, each token has its part of it.
#include <algorithm>
#include <cstdio>

#include "../style.h"
#include "small_text.h"
#include "views.h"

namespace attention_svm::shell {

namespace {

constexpr std::size_t kMostBars = 24;

/// The longest of "token 3  41 %", "3  41 %", "3" that fits.
void drawPartName(Index token, double share, ImVec2 low, ImVec2 high, ImU32 background) {
  char percent[24];
  std::snprintf(percent, sizeof percent, "  %.0f %%", 100 * share);
  const std::string number = std::to_string(token + 1);
  for (const std::string& text : {"token " + number + percent, number + percent, number}) {
    const ImVec2 extent = smallExtent(text.c_str());
    if (extent.x > high.x - low.x - 6 || extent.y > high.y - low.y) continue;
    return smallText({0.5f * (low.x + high.x - extent.x), 0.5f * (low.y + high.y - extent.y)},
                     readableOn(background), text.c_str());
  }
}

void writeTable(const AttentionModel& model, plot::State& state) {
  state.csv = "sequence,query,token,attention\n";
  for (std::size_t r = 0; r < model.rows().size(); ++r)
    for (Index t = 0; t < model.rows()[r].visible; ++t) {
      char line[96];
      std::snprintf(line, sizeof line, "%d,%d,%d,%.17g\n", static_cast<int>(model.rows()[r].sequence) + 1,
                    static_cast<int>(model.rows()[r].query) + 1, static_cast<int>(t) + 1,
                    model.probabilities(static_cast<Index>(r))(t));
      state.csv += line;
    }
  state.wantCsv = false;
  state.csvReady = true;
}

void drawShares(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size) {
  const AttentionModel& model = session.runs.front().trainer.model();
  const auto& rows = model.rows();
  if (rows.size() > kMostBars)
    return drawEmpty("Too many queries for bars; look at the attention map.", size);
  const ImVec2 start = ImGui::GetCursorScreenPos();
  view.plot.areaMin = start;
  view.plot.areaMax = {start.x + size.x, start.y + size.y};
  if (view.plot.wantCsv) writeTable(model, view.plot);
  const float height = std::min(size.y / static_cast<float>(rows.size()), 56.0f);
  ImDrawList* draw = ImGui::GetWindowDrawList();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    float x = start.x;
    const float y = start.y + static_cast<float>(r) * height;
    for (Index t = 0; t < rows[r].visible; ++t) {
      const double share = model.probabilities(static_cast<Index>(r))(t);
      const float next = x + static_cast<float>(share) * size.x;
      const ImVec2 low{x, y}, high{std::max(next - 2, x + 0.5f), y + height - 6};
      const ImU32 colour = mixed(palette().grid, seriesColour(static_cast<int>(rows[r].sequence)),
                                 static_cast<float>(0.15 + 0.85 * share));
      draw->AddRectFilled(low, high, colour, 3);
      if (highlight.sequence == rows[r].sequence && highlight.token == t)
        draw->AddRect(low, high, palette().text, 3, 0, 2.0f);
      drawPartName(t, share, low, high, colour);
      if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(low, high))
        highlight.pointAt(rows[r].sequence, t);
      x = next;
    }
  }
  plot::PictureMenu("Shares of attention", {start.x + size.x, start.y - 28}, view.plot);
  ImGui::Dummy(size);
}

}  // namespace

const PlotView kSharesView = {
    .name = "shares",
    .title = "Shares of attention",
    .help = "One bar for each query: the whole of its attention, and the part that each token gets.",
    .draw = [](PlotFrame& f) { drawShares(f.session, f.view, f.highlight, f.size); },
    .phoneHeight = 160.0f,
};

}  // namespace attention_svm::shell
