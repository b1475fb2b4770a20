// SPDX-License-Identifier: MIT
// What every target is: a function of bytes that must() hold for all of them. clang's libFuzzer calls it
// (preset sanitize, script/fuzz); core and shell are built for it, so that it sees which ways the bytes take.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace attention_svm::test {

/// The target: each is a program of its own.
void fuzz(const std::string& bytes);

/// Ends the search when the claim is wrong; the engine keeps the bytes.
inline void must(bool claim, const std::string& otherwise = "") {
  if (claim) return;
  std::fprintf(stderr, "a claim is wrong: %s\n", otherwise.c_str());
  std::abort();
}

}  // namespace attention_svm::test
