// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdio>

#include "plot.h"

namespace attention_svm::shell::plot {

std::vector<double> niceTicks(Range range, int most) {
  const double length = range.max - range.min;
  if (!(length > 0.0) || !std::isfinite(length)) return {};
  const double raw = length / std::max(most, 1);
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  double step = 10.0 * power;
  for (const double nice : {1.0, 2.0, 5.0})
    if (nice * power >= raw) {
      step = nice * power;
      break;
    }
  std::vector<double> ticks;
  const double first = std::ceil(range.min / step - 1e-9);
  for (double k = first; k * step <= range.max + 1e-9 * length && ticks.size() < 50; k += 1.0)
    ticks.push_back(k * step);
  return ticks;
}

std::vector<double> decadeTicks(Range range, int most) {
  const int low = static_cast<int>(std::ceil(std::log10(range.min) - 1e-9));
  const int high = static_cast<int>(std::floor(std::log10(range.max) + 1e-9));
  const int stride = std::max(1, (high - low + most) / std::max(most, 1));
  std::vector<double> ticks;
  for (int exponent = low; exponent <= high; ++exponent)
    if (exponent % stride == 0) ticks.push_back(std::pow(10.0, exponent));
  if (ticks.size() > 2 || 3 * (high - low + 1) > most + 2) return ticks;
  ticks.clear();
  for (int exponent = low - 1; exponent <= high; ++exponent)
    for (const double nice : {1.0, 2.0, 5.0})
      if (const double tick = nice * std::pow(10.0, exponent);
          tick >= range.min * (1 - 1e-9) && tick <= range.max * (1 + 1e-9))
        ticks.push_back(tick);
  return ticks;
}

std::string tickText(double value, double step) {
  char text[32];
  const double size = std::max(std::abs(value), step);
  if (value == 0.0) return "0";
  if (size >= 1e6 || size < 1e-4) {
    std::snprintf(text, sizeof text, "%.3g", value);
    return text;
  }
  const int digits = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return value < 0 ? "−" + std::string(text + 1) : std::string(text);
}

std::string decadeText(int exponent) {
  static constexpr const char* kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  if (exponent == 0) return "1";
  if (exponent == 1) return "10";
  std::string text = "10";
  if (exponent < 0) text += "⁻";
  for (const char c : std::to_string(std::abs(exponent))) text += kDigits[c - '0'];
  return text;
}

std::string logTickText(double value) {
  const int exponent = static_cast<int>(std::floor(std::log10(value) + 1e-9));
  const auto leading = static_cast<int>(std::lround(value / std::pow(10.0, exponent)));
  if (leading == 1) return decadeText(exponent);
  if (exponent == 0) return std::to_string(leading);
  return std::to_string(leading) + "·" + decadeText(exponent);
}

}  // namespace attention_svm::shell::plot
