// SPDX-License-Identifier: MIT
#include "number_text.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "decimal.h"

namespace attention_svm {

namespace {

void appendExponent(std::string& out, int exponent) {
  out += exponent < 0 ? "e-" : "e+";
  const int size = std::abs(exponent);
  if (size < 10) out += '0';
  out += std::to_string(size);
}

}  // namespace

bool readNumber(const std::string& text, double& value) {
  std::size_t from = text.find_first_not_of(" \t");
  if (from == std::string::npos) return false;
  if (text[from] == '+' && from + 1 < text.size() && text[from + 1] != '-') ++from;
  double read = 0;
  if (!nearestDouble(text.data() + from, text.data() + text.size(), read) || !std::isfinite(read))
    return false;
  value = read;
  return true;
}

double numberFromText(const char* first, const char* last) {
  double value = 0.0;
  return nearestDouble(first, last, value) ? value : std::numeric_limits<double>::quiet_NaN();
}

Decimal decimalFrom(const char* at) {
  Decimal result;
  for (; *at != 'e'; ++at)
    if (*at != '.') result.digits[result.count++] = *at;
  ++at;
  const bool negative = *at++ == '-';
  int exponent = 0;
  for (; *at != '\0'; ++at) exponent = 10 * exponent + (*at - '0');
  result.point = 1 + (negative ? -exponent : exponent);
  return result;
}

void appendNumberText(std::string& out, double value) {
  if (std::signbit(value)) out += '-';
  if (value == 0.0) {
    out += '0';
    return;
  }
  const Decimal decimal = shortestDecimal(std::abs(value));
  const auto digits = [&](int from, int to) {
    out.append(decimal.digits + from, static_cast<std::size_t>(to - from));
  };
  const auto zeros = [&](int count) { out.append(static_cast<std::size_t>(count), '0'); };
  const int count = decimal.count, point = decimal.point;
  if (point < -3 || point > std::max(count, 15)) {
    digits(0, 1);
    if (count > 1) out += '.';
    digits(1, count);
    appendExponent(out, point - 1);
  } else if (point <= 0) {
    out += "0.";
    zeros(-point);
    digits(0, count);
  } else if (point >= count) {
    digits(0, count);
    zeros(point - count);
  } else {
    digits(0, point);
    out += '.';
    digits(point, count);
  }
}

}  // namespace attention_svm
