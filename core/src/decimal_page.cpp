// SPDX-License-Identifier: MIT
// In the page: by JavaScript, whose Number() and toExponential() are exact too. Only for what is small: files
// are read by the worker, which has decimal.cpp.
#include <emscripten.h>

#include <algorithm>

#include "decimal.h"

// Neither can throw: no exception of JavaScript may cross a C++ frame.
// clang-format off
EM_JS(double, attention_svm_number, (const char* text, int size), {
  let digits = "";
  for (let k = 0; k < size; k++) digits += String.fromCharCode(HEAPU8[text + k]);
  return Number(digits);
});
EM_JS(void, attention_svm_digits, (double value, char* text), {
  const digits = value.toExponential();
  for (let k = 0; k < digits.length; k++) HEAPU8[text + k] = digits.charCodeAt(k);
  HEAPU8[text + digits.length] = 0;
});
// clang-format on

namespace attention_svm {

bool nearestDouble(const char* first, const char* last, double& value) {
  // Number() knows more than decimal numbers: none of it is written with these letters alone.
  const auto decimal = [](char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '-' || c == '+';
  };
  if (first == last || *first == '+' || !std::all_of(first, last, decimal)) return false;
  value = attention_svm_number(first, static_cast<int>(last - first));
  return value == value;
}

Decimal shortestDecimal(double value) {
  char text[32];
  attention_svm_digits(value, text);
  return decimalFrom(text);
}

}  // namespace attention_svm
