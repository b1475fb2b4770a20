// SPDX-License-Identifier: MIT
#include "values.h"

#include <cmath>
#include <cstdio>

#include "number_text.h"
#include "text.h"

namespace attention_svm::shell {

std::string numberText(double x) {
  char text[32];
  for (const int digits : {6, 17}) {
    std::snprintf(text, sizeof text, "%.*g", digits, x);
    if (double read = 0; readNumber(text, read) && read == x) break;
  }
  return text;
}

bool parseNumber(const std::string& text, double& value) {
  if (text.empty() || text.find_first_not_of("0123456789+-.eE") != std::string::npos) return false;
  return readNumber(text, value);
}

std::string realIn(const std::string& text, double low, double high, double& value) {
  double x = 0;
  if (!parseNumber(text, x) || x < low || x > high)
    return "expected a number from " + numberText(low) + " to " + numberText(high);
  value = x;
  return {};
}

std::string wholeIn(const std::string& text, double low, double high, double& value) {
  double x = 0;
  std::string problem = realIn(text, low, high, x);
  if (problem.empty() && x != std::floor(x)) problem = "expected a whole number";
  if (problem.empty()) value = x;
  return problem;
}

std::string flagIn(const std::string& text, bool& value) {
  if (text != "0" && text != "1" && text != "true" && text != "false" && !text.empty())
    return "expected 0 or 1";
  value = text != "0" && text != "false";
  return {};
}

std::string matrixText(const std::optional<Matrix>& A) {
  if (!A) return {};
  std::string text;
  for (Index r = 0; r < A->rows(); ++r)
    for (Index c = 0; c < A->cols(); ++c) text += (r + c > 0 ? "," : "") + numberText((*A)(r, c));
  return text;
}

std::string matrixIn(const std::string& text, std::optional<Matrix>& A) {
  if (text.empty()) {
    A.reset();
    return {};
  }
  const std::vector<std::string> parts = split(text, ',');
  const Index d = static_cast<Index>(std::lround(std::sqrt(static_cast<double>(parts.size()))));
  if (d * d != static_cast<Index>(parts.size()) || d > 16) return "expected d x d numbers, d at most 16";
  Matrix result(d, d);
  for (Index k = 0; k < d * d; ++k)
    if (!parseNumber(parts[static_cast<std::size_t>(k)], result(k / d, k % d))) return "expected numbers";
  A = result;
  return {};
}

}  // namespace attention_svm::shell
