// SPDX-License-Identifier: MIT
// Built in two folders by tests/machines: the bytes must be the same.
#include <cstdio>

#include "attention_svm/random.h"

int main() {
  attention_svm::Random random(1);
  std::printf("%g\n", random.normal());
}
