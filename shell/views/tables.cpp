// Pictures with one cell or dot for each token: attention map, margins, scores, images.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../style.h"
#include "views.h"

namespace attention_svm::shell {

namespace {

using plot::Axis;
using plot::Dash;
using plot::Marker;
using plot::Plot;
using plot::Point;
using plot::Style;

constexpr std::size_t kMostRows = 200;

float smallSize() { return smallFont()->FontSize * ImGui::GetIO().FontGlobalScale; }

ImVec2 smallExtent(const char* text) { return smallFont()->CalcTextSizeA(smallSize(), FLT_MAX, 0, text); }

void smallText(ImVec2 at, ImU32 colour, const char* text) {
  ImGui::GetWindowDrawList()->AddText(smallFont(), smallSize(), at, colour, text);
}

/// Light for dark cells, dark for light ones.
ImU32 readableOn(ImU32 colour) {
  const ImVec4 c = ImGui::ColorConvertU32ToFloat4(colour);
  const float luminance = 0.2126f * c.x * c.x + 0.7152f * c.y * c.y + 0.0722f * c.z * c.z;
  return luminance > 0.2f ? IM_COL32(16, 20, 26, 255) : IM_COL32(255, 255, 255, 255);
}

void shareText(char* text, std::size_t size, double share) {
  if (share >= 0.995)
    std::snprintf(text, size, "1");
  else if (share >= 0.001)
    std::snprintf(text, size, "%.2f", share);
  else if (share <= 0.0)
    std::snprintf(text, size, "0");
  else
    std::snprintf(text, size, "1e%d", static_cast<int>(std::floor(std::log10(share))));
}

}  // namespace

void drawAttention(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size) {
  const Run& run = session.runs.front();
  const AttentionModel& model = run.trainer.model();
  const auto& rows = model.rows();
  if (rows.size() > kMostRows) {
    drawEmpty("More than 200 rows of attention do not fit a picture; choose smaller n or T.", size);
    return;
  }
  const bool everyToken = run.trainer.options().queries.everyToken;
  const Result<OptimalTokens> optimal = optimalTokens(session.dataset, run.trainer.options().queries);
  Index longest = 1;
  for (const AttentionRow& row : rows) longest = std::max(longest, session.dataset.length(row.sequence));
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  view.plot.areaMin = origin;
  view.plot.areaMax = {origin.x + size.x, origin.y + size.y};
  const float labels = everyToken ? 64.0f : 44.0f, head = 20.0f;
  const float width = (size.x - labels - 6) / static_cast<float>(longest);
  const float height = std::min((size.y - head - 22) / static_cast<float>(rows.size()), 84.0f);
  const bool numbers = width > 32 && height > 16;
  ImDrawList* draw = ImGui::GetWindowDrawList();
  for (Index t = 0; t < longest; ++t) {
    char text[16];
    std::snprintf(text, sizeof text, "%d", static_cast<int>(t) + 1);
    const ImVec2 extent = smallExtent(text);
    if (width > extent.x + 2)
      smallText({origin.x + labels + (static_cast<float>(t) + 0.5f) * width - 0.5f * extent.x, origin.y},
                palette().quiet, text);
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const float y = origin.y + head + static_cast<float>(r) * height;
    char name[48];
    if (everyToken)
      std::snprintf(name, sizeof name, "%d, query %d", static_cast<int>(rows[r].sequence) + 1,
                    static_cast<int>(rows[r].query) + 1);
    else
      std::snprintf(name, sizeof name, "seq %d", static_cast<int>(rows[r].sequence) + 1);
    if (height > smallSize() * 0.8f)
      smallText({origin.x, y + 0.5f * (height - smallSize())},
                highlight.sequence == rows[r].sequence ? palette().text : palette().quiet, name);
    for (Index t = 0; t < rows[r].visible; ++t) {
      const double share = model.probabilities(static_cast<Index>(r))(t);
      const ImVec2 low{origin.x + labels + static_cast<float>(t) * width + 1, y + 1};
      const ImVec2 high{low.x + width - 2, low.y + height - 2};
      const ImU32 colour = mixed(palette().grid, seriesColour(static_cast<int>(rows[r].sequence)),
                                 static_cast<float>(std::sqrt(share)));
      draw->AddRectFilled(low, high, colour, 4);
      if (model.selected(static_cast<Index>(r)) == t) draw->AddRect(low, high, palette().text, 4, 0, 2.0f);
      const bool best = optimal && optimal.value().tokens[r] == t;
      const ImVec2 centre{0.5f * (low.x + high.x), 0.5f * (low.y + high.y)};
      if (numbers) {
        char text[16];
        shareText(text, sizeof text, share);
        const std::string shown = best ? std::string(text) + " ★" : std::string(text);
        const ImVec2 extent = smallExtent(shown.c_str());
        if (extent.x < width - 2)
          smallText({centre.x - 0.5f * extent.x, centre.y - 0.5f * extent.y}, readableOn(colour),
                    shown.c_str());
        else if (best)
          smallText({centre.x - 5, centre.y - 0.5f * extent.y}, readableOn(colour), "★");
      } else if (best) {
        draw->AddCircleFilled(centre, std::min({3.0f, 0.3f * width, 0.3f * height}), readableOn(colour));
      }
      const ImVec2 mouse = ImGui::GetIO().MousePos;
      if (mouse.x >= low.x && mouse.x <= high.x && mouse.y >= low.y && mouse.y <= high.y &&
          ImGui::IsWindowHovered()) {
        highlight = {rows[r].sequence, t};
        ImGui::SetTooltip("sequence %d, token %d\nattention s = %.6g%s",
                          static_cast<int>(rows[r].sequence) + 1, static_cast<int>(t) + 1, share,
                          best ? "\n★ highest score" : "");
      }
    }
  }
  smallText({origin.x + labels, origin.y + size.y - 17}, palette().quiet,
            "token  ·  ★ highest score  ·  frame: selected");
  ImGui::Dummy(size);
}

void drawMargins(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size) {
  const Run& run = session.runs.front();
  const SvmSolution& svm = run.prediction.optimality.solution;
  if (!run.prediction.tooLarge.empty() || run.prediction.decomposition || !svm.feasible) {
    drawEmpty(run.prediction.tooLarge.empty() ? "No SVM separates one token from all others in every "
                                                "sequence here, so there are no margins to compare."
                                              : run.prediction.tooLarge.c_str(),
              size);
    return;
  }
  const SvmProblem problem =
      svmProblem(session.dataset, run.prediction.selection, run.trainer.options().queries).value();
  const double norm = run.trainer.W().norm();
  const Vector now = problem.constraintValues(run.trainer.W()) * (norm > 0 ? svm.W.norm() / norm : 0.0);
  const Vector limit = problem.constraintValues(svm.W);
  Plot plot;
  if (!plot.BeginPlot("Margins", size, view.plot)) return;
  plot.SetupAxes("constraint: each token against the selected one", "");
  const double lowest = std::min(0.0, now.minCoeff()), highest = std::max(limit.maxCoeff(), now.maxCoeff());
  plot.SetupAxisLimits(Axis::X, 0, static_cast<double>(problem.K()) + 1);
  plot.SetupAxisLimits(Axis::Y, std::max(lowest, -3.0) - 0.2, std::min(highest, 12.0) + 0.3);
  Style line;
  line.colour = palette().text;
  line.width = 1.2f;
  line.dash = Dash::Dashed;
  plot.PlotHLine("margin 1 of the SVM", 1.0, line);
  for (Index k = 0; k < problem.K(); ++k) {
    const TokenConstraint& name = problem.name[static_cast<std::size_t>(k)];
    Style style;
    style.colour = seriesColour(static_cast<int>(name.sequence));
    style.width = 1.4f;
    const double x = static_cast<double>(k) + 1;
    plot.PlotLine("##to", {{x, now(k)}, {x, limit(k)}}, style);
    style.marker = sequenceMarker(name.sequence);
    style.size = limit(k) <= 1.0 + 1e-6 ? 5.5f : 3.5f;
    plot.DrawMarker({x, now(k)}, style);
    Style hollow = style;
    hollow.filled = false;
    hollow.size = style.size + 1.5f;
    plot.DrawMarker({x, limit(k)}, hollow);
    if (highlight.sequence == name.sequence && highlight.token == name.token)
      plot.DrawList()->AddCircle(plot.ToPixels({x, now(k)}), 10, palette().text, 0, 1.5f);
    const ImVec2 p = plot.ToPixels({x, now(k)}), mouse = ImGui::GetIO().MousePos;
    if (plot.Hovered() && std::abs(p.x - mouse.x) < 5) {
      highlight = {name.sequence, name.token};
      ImGui::SetTooltip(
          "sequence %d, token %d\nmargin of W, scaled to the SVM's norm: %.4f\nmargin of the SVM: %.4f%s",
          static_cast<int>(name.sequence) + 1, static_cast<int>(name.token) + 1, now(k), limit(k),
          limit(k) <= 1.0 + 1e-6 ? "\na support token" : "");
    }
  }
  Style dot;
  dot.colour = palette().quiet;
  dot.marker = Marker::Circle;
  dot.size = 4;
  dot.width = 1;
  plot.LegendItem("W now", dot);
  dot.filled = false;
  plot.LegendItem("SVM", dot);
  plot.EndPlot();
}

void drawScores(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size) {
  const Run& run = session.runs.front();
  const Result<std::vector<Vector>> gamma = scores(session.dataset);
  if (!gamma) {
    drawEmpty("Only a linear head gives each token a score of its own. This head judges the mixture.", size);
    return;
  }
  const bool everyToken = run.trainer.options().queries.everyToken;
  double low = 1e300, high = -1e300;
  for (const Vector& g : gamma.value()) {
    low = std::min(low, g.minCoeff());
    high = std::max(high, g.maxCoeff());
  }
  Plot plot;
  if (!plot.BeginPlot("Token scores γ", size, view.plot)) return;
  plot.SetupAxes("sequence", "γ = y vᵀx");
  plot.SetupAxisLimits(Axis::X, 0.4, static_cast<double>(session.dataset.n()) + 0.6);
  plot.SetupAxisLimits(Axis::Y, low - 0.1 * (high - low + 0.1), high + 0.1 * (high - low + 0.1));
  for (Index i = 0; i < session.dataset.n(); ++i) {
    const Vector& g = gamma.value()[static_cast<std::size_t>(i)];
    Index best = 0;
    g.maxCoeff(&best);
    for (Index t = 0; t < g.size(); ++t) {
      const double share = everyToken ? 0.3 : run.trainer.model().probabilities(i)(t);
      const Point at{static_cast<double>(i) + 1, g(t)};
      Style style;
      style.colour = withAlpha(seriesColour(static_cast<int>(i)), 0.3f + 0.7f * static_cast<float>(share));
      style.marker = t == best ? Marker::Star : sequenceMarker(i);
      style.size = t == best ? 8.0f : 4.0f;
      plot.DrawMarker(at, style);
      const ImVec2 p = plot.ToPixels(at), mouse = ImGui::GetIO().MousePos;
      if (!everyToken && run.trainer.model().selected(i) == t)
        plot.DrawList()->AddCircle(p, 10, palette().text, 0, 2.0f);
      if (highlight.sequence == i && highlight.token == t)
        plot.DrawList()->AddCircle(p, 13, palette().quiet, 0, 1.5f);
      if (plot.Hovered() && std::hypot(p.x - mouse.x, p.y - mouse.y) < 8) {
        highlight = {i, t};
        ImGui::SetTooltip("sequence %d, token %d\nscore γ = %.6g", static_cast<int>(i) + 1,
                          static_cast<int>(t) + 1, g(t));
      }
    }
  }
  Style style;
  style.colour = palette().quiet;
  style.width = 1;
  style.marker = Marker::Star;
  style.size = 6;
  plot.LegendItem("highest score", style);
  style.marker = Marker::Circle;
  style.filled = false;
  plot.LegendItem("selected", style);
  plot.EndPlot();
}

void drawImages(const Session& session, ViewState& view, ImVec2 size) {
  // Tokens that are rows of an image: the same number of them everywhere, each with 2 T numbers, the first
  // half a one-hot position or pixels; see web/data/digits-rows.json.
  const Dataset& dataset = session.dataset;
  const Index rows = dataset.length(0), d = dataset.d();
  const bool fits = d == 2 * rows && rows >= 4 && rows <= 32;
  if (!fits) {
    drawEmpty("These tokens are no rows of images. Choose the scenario \"Handwritten digits\" to see some.",
              size);
    return;
  }
  const Run& run = session.runs.front();
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  view.plot.areaMin = origin;
  view.plot.areaMax = {origin.x + size.x, origin.y + size.y};
  const int count = static_cast<int>(dataset.n());
  int columns = 1;
  float cell = 0;
  for (int c = 1; c <= count; ++c) {
    const int lines = (count + c - 1) / c;
    const float side = std::min(size.x / static_cast<float>(c), (size.y - 18) / static_cast<float>(lines));
    if (side > cell) {
      cell = side;
      columns = c;
    }
  }
  ImDrawList* draw = ImGui::GetWindowDrawList();
  for (Index i = 0; i < dataset.n(); ++i) {
    const Matrix pixels = dataset.tokens(i).leftCols(rows);
    const double low = pixels.minCoeff(), high = std::max(pixels.maxCoeff(), low + 1e-9);
    const float x0 = origin.x + cell * static_cast<float>(i % columns) + 0.06f * cell;
    const float y0 = origin.y + cell * static_cast<float>(i / columns) + 0.06f * cell;
    const float pixel = 0.74f * cell / static_cast<float>(rows);
    for (Index t = 0; t < rows; ++t) {
      const float y = y0 + pixel * static_cast<float>(t);
      for (Index c = 0; c < rows; ++c) {
        const float shade = static_cast<float>((pixels(t, c) - low) / (high - low));
        const float x = x0 + pixel * static_cast<float>(c);
        draw->AddRectFilled({x, y}, {x + pixel + 0.5f, y + pixel + 0.5f},
                            mixed(palette().grid, palette().text, shade));
      }
      const double share = run.trainer.model().probabilities(i)(t);
      const float bar = static_cast<float>(share) * 0.14f * cell;
      const float right = x0 + 0.75f * cell;
      draw->AddRectFilled({right, y + 1}, {right + std::max(bar, 1.0f), y + pixel - 1},
                          seriesColour(dataset.y(i) > 0 ? 0 : 1), 2);
      if (run.trainer.model().selected(i) == t)
        draw->AddRect({x0 - 1, y - 1}, {x0 + pixel * static_cast<float>(rows) + 1, y + pixel + 1},
                      seriesColour(dataset.y(i) > 0 ? 0 : 1), 2, 0, 2.5f);
    }
    if (cell > 60)
      smallText({x0, y0 + 0.76f * cell}, palette().quiet, dataset.y(i) > 0 ? "y = +1" : "y = −1");
  }
  smallText({origin.x, origin.y + size.y - 16}, palette().quiet,
            "frame: selected row  ·  bar: its share of attention");
  ImGui::Dummy(size);
}

}  // namespace attention_svm::shell
