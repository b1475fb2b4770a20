// SPDX-License-Identifier: MIT
// Numbers as text, read and written exactly (decimal.h).
#pragma once

#include <string>

namespace attention_svm {

/// The double nearest to a decimal number without spaces or plus sign ("-1.5e3"); infinite when it is too
/// large.
double numberFromText(const char* first, const char* last);

/// The same for text from outside: true when all of it is a finite decimal number; spaces or a plus sign may
/// stand before it. (C's strtod weighs 4 kB in the page, of arithmetic in 128 bits.)
bool readNumber(const std::string& text, double& value);

/// Appends the fewest digits that read back as the same bits, laid out as by C's %g. `value` is finite.
void appendNumberText(std::string& out, double value);

}  // namespace attention_svm
