// SPDX-License-Identifier: MIT
#include "number_text.h"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <system_error>
#include <version>

#ifdef __cpp_lib_to_chars
#include <charconv>
#else  // libc++ 14 writes no doubles
#include <dragonbox/dragonbox.h>
#endif

namespace attention_svm {

namespace {

/// 0.d_1 d_2 d_3 ... times 10^point, d_1 not zero.
struct Decimal {
  char digits[20];
  int count = 0;
  int point = 0;
};

#ifdef __cpp_lib_to_chars
/// `value` > 0.
Decimal shortestDecimal(double value) {
  char text[32];  // "d.ddddde-05"
  const char* end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  Decimal result;
  const char* at = text;
  for (; *at != 'e'; ++at)
    if (*at != '.') result.digits[result.count++] = *at;
  ++at;
  const bool negative = *at++ == '-';
  int exponent = 0;
  for (; at != end; ++at) exponent = 10 * exponent + (*at - '0');
  result.point = 1 + (negative ? -exponent : exponent);
  return result;
}
#else
/// `value` > 0. The compact table of powers saves 10 kB of a first visit.
Decimal shortestDecimal(double value) {
  const auto decimal = jkj::dragonbox::to_decimal(value, jkj::dragonbox::policy::cache::compact,
                                                  jkj::dragonbox::policy::sign::ignore);
  Decimal result;
  for (auto rest = decimal.significand; rest > 0; rest /= 10)
    result.digits[result.count++] = static_cast<char>('0' + rest % 10);
  std::reverse(result.digits, result.digits + result.count);
  result.point = decimal.exponent + result.count;
  return result;
}
#endif

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
  const char* last = text.data() + text.size();
  double read = 0;
  const auto [end, error] = fast_float::from_chars(text.data() + from, last, read);
  if (error != std::errc() || end != last || !std::isfinite(read)) return false;
  value = read;
  return true;
}

double numberFromText(const char* first, const char* last) {
  double value = 0.0;
  const auto [end, problem] = fast_float::from_chars(first, last, value);
  if (problem == std::errc::invalid_argument || end != last) return std::numeric_limits<double>::quiet_NaN();
  return value;
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
