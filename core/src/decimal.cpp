// SPDX-License-Identifier: MIT
#include "decimal.h"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <system_error>
#include <version>

#ifdef __cpp_lib_to_chars
#include <charconv>
#else  // libc++ 14 writes no doubles
#include <dragonbox/dragonbox.h>
#endif

namespace attention_svm {

bool nearestDouble(const char* first, const char* last, double& value) {
  const auto [end, problem] = fast_float::from_chars(first, last, value);
  return problem != std::errc::invalid_argument && end == last;
}

#ifdef __cpp_lib_to_chars
Decimal shortestDecimal(double value) {
  char text[32];
  *std::to_chars(text, text + sizeof text - 1, value, std::chars_format::scientific).ptr = '\0';
  return decimalFrom(text);
}
#else
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

}  // namespace attention_svm
