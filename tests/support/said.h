// SPDX-License-Identifier: MIT
// What is said, against what is expected: a pattern in which every {} stands for a number, which may be off
// by half a unit of the last digit that is shown, and by `slack` of its size.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

namespace attention_svm::test {

struct Number {
  Number(long double is, double about = 0.0) : value(static_cast<double>(is)), absolute(about) {}
  double value;
  double absolute;  ///< allowed besides
};

/// Half a unit in the last digit of "12.5", "3.4e-05", "7".
inline double lastDigit(const std::string& number) {
  const std::size_t e = number.find_first_of("eE");
  const std::string mantissa = number.substr(0, e);
  const std::size_t point = mantissa.find('.');
  const double decimals = point == std::string::npos ? 0 : static_cast<double>(mantissa.size() - point - 1);
  const double exponent = e == std::string::npos ? 0 : std::strtod(number.c_str() + e + 1, nullptr);
  return 0.5 * std::pow(10.0, exponent - decimals);
}

inline ::testing::AssertionResult says(const std::string& text, const std::string& pattern,
                                       const std::vector<Number>& numbers, double slack = 1e-6) {
  std::size_t at = 0, next = 0;
  const auto failed = [&](const std::string& what) {
    return ::testing::AssertionFailure() << what << "\n  said:     " << text << "\n  expected: " << pattern;
  };
  for (std::size_t p = 0; p < pattern.size(); ++p) {
    if (pattern.compare(p, 2, "{}") != 0) {
      if (at >= text.size() || text[at] != pattern[p]) return failed("other words at " + std::to_string(at));
      ++at;
      continue;
    }
    ++p;
    const char* start = text.c_str() + at;
    char* end = nullptr;
    const double shown = std::strtod(start, &end);
    std::string number(start, static_cast<std::size_t>(end - start));
    if (!number.empty() && number.back() == '.') number.pop_back();  // the full stop of the sentence
    if (number.empty()) return failed("no number at " + std::to_string(at));
    const Number& expected = numbers.at(next++);
    if (!(std::abs(shown - expected.value) <=
          1.01 * lastDigit(number) + slack * std::abs(expected.value) + expected.absolute))
      return failed("shown " + number + ", expected " + std::to_string(expected.value));
    at += number.size();
  }
  if (at != text.size()) return failed("more is said: " + text.substr(at));
  return ::testing::AssertionSuccess();
}

}  // namespace attention_svm::test
