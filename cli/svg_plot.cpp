// SPDX-License-Identifier: MIT
#include "svg_plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace attention_svm::cli {

namespace {

// shell/style.cpp and shell/views/experiment.cpp: the page's series
constexpr std::array<const char*, 8> kColours{"#0068a8", "#c44f00", "#007a5a", "#a84a83",
                                              "#8a6d00", "#2c8fc4", "#5b4bb0", "#4d4d4d"};
constexpr std::array<const char*, 4> kDashes{"", "7 4", "9 3 2 3", "2 4"};

template <class... Values>
std::string format(const char* text, Values... values) {
  char line[512];
  std::snprintf(line, sizeof line, text, values...);
  return line;
}

const char* colour(int series) { return kColours[static_cast<std::size_t>(series) % kColours.size()]; }
const char* dash(int series) { return kDashes[static_cast<std::size_t>(series) % kDashes.size()]; }

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else
      result += c;
  }
  return result;
}

std::string label(double x, double y, const char* anchor, const std::string& text, const char* more = "") {
  return format(R"(<text x="%.1f" y="%.1f" text-anchor="%s"%s>)", x, y, anchor, more) + escaped(text) +
         "</text>\n";
}

std::vector<double> ticksOf(const PlotAxis& axis) {
  std::vector<double> ticks;
  if (axis.log) {
    const int low = static_cast<int>(std::ceil(std::log10(axis.min) - 1e-9));
    const int high = static_cast<int>(std::floor(std::log10(axis.max) + 1e-9));
    const int stride = std::max(1, (high - low + 6) / 6);
    const bool few = high - low < 2;
    for (int exponent = few ? low - 1 : low; exponent <= high; ++exponent)
      for (const double nice : few ? std::vector<double>{1, 2, 5} : std::vector<double>{1})
        if (const double tick = nice * std::pow(10.0, exponent);
            (few || exponent % stride == 0) && tick >= axis.min * (1 - 1e-9) && tick <= axis.max * (1 + 1e-9))
          ticks.push_back(tick);
    return ticks;
  }
  const double raw = (axis.max - axis.min) / 6.0, power = std::pow(10.0, std::floor(std::log10(raw)));
  double step = 10.0 * power;
  for (const double nice : {5.0, 2.0, 1.0})
    if (nice * power >= raw) step = nice * power;
  for (double k = std::ceil(axis.min / step - 1e-9); k * step <= axis.max + 1e-9 * step; k += 1.0)
    ticks.push_back(k * step);
  return ticks;
}

std::string tickLabel(const PlotAxis& axis, double tick) {
  if (!axis.labels.empty()) {
    const long k = std::lround(tick) - 1;
    return k >= 0 && k < static_cast<long>(axis.labels.size()) ? axis.labels[static_cast<std::size_t>(k)]
                                                               : "";
  }
  if (!axis.log || (tick >= 0.01 && tick < 1e4)) return format("%g", std::abs(tick) < 1e-12 ? 0.0 : tick);
  const int exponent = static_cast<int>(std::floor(std::log10(tick) + 1e-9));
  const int leading = static_cast<int>(std::lround(tick / std::pow(10.0, exponent)));
  static constexpr std::array<const char*, 10> kDigits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = leading == 1 ? "10" : std::to_string(leading) + "·10";
  if (exponent < 0) text += "⁻";
  for (const char c : std::to_string(std::abs(exponent))) text += kDigits[static_cast<std::size_t>(c - '0')];
  return text;
}

double share(const PlotAxis& axis, double value) {
  if (!axis.log) return (value - axis.min) / (axis.max - axis.min);
  return std::log(std::max(value, axis.min) / axis.min) / std::log(axis.max / axis.min);
}

}  // namespace

SvgPlot::SvgPlot(const PlotAxis& x, const PlotAxis& y, double left, double top, double width, double height)
    : x_(x), y_(y), left_(left), top_(top), width_(width), height_(height) {
  axes();
}

PlotPoint SvgPlot::place(PlotPoint point) const {
  return {left_ + width_ * share(x_, point.x), top_ + height_ * (1.0 - share(y_, point.y))};
}

void SvgPlot::axes() {
  for (const double tick : ticksOf(x_)) {
    const double x = place({tick, y_.min}).x;
    svg_ += format(R"(<path class="grid" d="M%.1f %.1fV%.1f"/>)", x, top_, top_ + height_) + "\n";
    svg_ += label(x, top_ + height_ + 18, "middle", tickLabel(x_, tick));
  }
  for (const double tick : ticksOf(y_)) {
    const double y = place({x_.min, tick}).y;
    svg_ += format(R"(<path class="grid" d="M%.1f %.1fH%.1f"/>)", left_, y, left_ + width_) + "\n";
    svg_ += label(left_ - 8, y + 4, "end", tickLabel(y_, tick));
  }
  svg_ += format(R"(<rect class="frame" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>)", left_, top_, width_,
                 height_) +
          "\n";
  svg_ += label(left_ + width_ / 2, top_ + height_ + 38, "middle", x_.name);
  const double x = left_ - 56, y = top_ + height_ / 2;
  svg_ += label(x, y, "middle", y_.name, format(R"~( transform="rotate(-90 %.1f %.1f)")~", x, y).c_str());
}

std::string SvgPlot::path(const std::vector<PlotPoint>& points) const {
  std::string text;
  for (const PlotPoint& point : points) {
    const PlotPoint at = place(point);
    text += format("%s%.2f %.2f", text.empty() ? "M" : "L", at.x, at.y);
  }
  return text;
}

void SvgPlot::band(const std::vector<PlotPoint>& high, const std::vector<PlotPoint>& low, int series) {
  if (high.size() < 2) return;
  std::vector<PlotPoint> around = high;
  around.insert(around.end(), low.rbegin(), low.rend());
  svg_ += format(R"(<path fill="%s" fill-opacity="0.14" d=")", colour(series)) + path(around) + "Z\"/>\n";
}

void SvgPlot::line(const std::vector<PlotPoint>& points, int series, bool marked) {
  svg_ += format(R"(<path fill="none" stroke="%s" stroke-width="2.2" stroke-dasharray="%s" d=")",
                 colour(series), dash(series)) +
          path(points) + "\"/>\n";
  if (marked)
    for (const PlotPoint& point : points) marker(place(point), series, 3.5, 1.0);
}

void SvgPlot::scatter(const std::vector<PlotPoint>& points, int series) {
  for (const PlotPoint& point : points) marker(place(point), series, 2.2, 0.6);
}

void SvgPlot::marker(PlotPoint at, int series, double size, double opacity) {
  const char* const fill = colour(series);
  switch (series % 4) {
    case 0: svg_ += format(R"(<circle cx="%.2f" cy="%.2f" r="%.1f")", at.x, at.y, size); break;
    case 1:
      svg_ += format(R"(<rect x="%.2f" y="%.2f" width="%.1f" height="%.1f")", at.x - size, at.y - size,
                     2 * size, 2 * size);
      break;
    case 2:
      svg_ += format(R"(<path d="M%.2f %.2fl%.1f %.1fl%.1f %.1fl%.1f %.1fz")", at.x, at.y - 1.3 * size,
                     1.3 * size, 1.3 * size, -1.3 * size, 1.3 * size, -1.3 * size, -1.3 * size);
      break;
    default:
      svg_ += format(R"(<path d="M%.2f %.2fl%.1f %.1fh%.1fz")", at.x, at.y - 1.2 * size, 1.2 * size,
                     2.1 * size, -2.4 * size);
  }
  svg_ += format(R"( fill="%s" fill-opacity="%.2g"/>)", fill, opacity) + "\n";
}

void SvgPlot::legend(const std::vector<std::pair<int, std::string>>& entries) {
  double x = left_, y = top_ - 12.0 - 18.0 * static_cast<double>((entries.size() - 1) / 2);
  for (std::size_t k = 0; k < entries.size(); ++k) {
    const auto& [series, name] = entries[k];
    svg_ +=
        format(
            R"(<path fill="none" stroke="%s" stroke-width="2.2" stroke-dasharray="%s" d="M%.1f %.1fh28"/>)",
            colour(series), dash(series), x, y - 4) +
        "\n";
    marker({x + 14, y - 4}, series, 3.5, 1.0);
    svg_ += label(x + 36, y, "start", name);
    x = k % 2 == 0 ? left_ + width_ / 2 : left_;
    if (k % 2 == 1) y += 18.0;
  }
}

std::string svgFile(double width, double height, const std::string& title, const std::string& plots) {
  return format(
             R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" height="%g" role="img">)",
             width, height, width, height) +
         "\n<title>" + escaped(title) + "</title>\n" +
         "<style>text{font:13px Inter,'DejaVu Sans',sans-serif;fill:#1b1f27}.grid{stroke:#eceef2}"
         ".frame{fill:none;stroke:#9aa1ad}</style>\n" +
         format(R"(<rect width="%g" height="%g" fill="#ffffff"/>)", width, height) + "\n" + plots +
         "</svg>\n";
}

}  // namespace attention_svm::cli
