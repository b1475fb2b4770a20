// SPDX-License-Identifier: MIT
// Decimal numbers and doubles, both ways and both exact. By fast_float and the standard library or dragonbox
// (decimal.cpp); in the page by JavaScript, which has them (decimal_page.cpp): tables of powers weigh 12 kB
// there.
#pragma once

namespace attention_svm {

/// 0.d_1 d_2 d_3 ... times 10^point, d_1 not zero.
struct Decimal {
  char digits[20];
  int count = 0;
  int point = 0;
};

/// True when all of the text is a decimal number without spaces or plus sign; then `value` is the double
/// nearest to it, infinite when it is too large.
bool nearestDouble(const char* first, const char* last, double& value);

/// The fewest digits that read back as the same bits; `value` > 0 and finite.
Decimal shortestDecimal(double value);

/// From "d.ddde-05".
Decimal decimalFrom(const char* scientific);

}  // namespace attention_svm
