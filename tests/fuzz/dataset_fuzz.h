// SPDX-License-Identifier: MIT
// What must hold for any bytes that are taken for a dataset file.
#pragma once

#include <string>

namespace attention_svm::test {

/// The text is read, survives being written and read again, or is refused with a reason.
bool readsOrNamesThePlace(const std::string& text);

}  // namespace attention_svm::test
