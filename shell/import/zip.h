// SPDX-License-Identifier: MIT
// Reads zip archives (stored and deflated entries), as numpy.savez and savez_compressed write them.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "attention_svm/budget.h"

namespace attention_svm::shell {

/// Names and contents. The error names the entry. What all entries unpack to must fit the budget; entries may
/// overlap, so that a small file holds a large one many times.
Result<std::map<std::string, std::string>> unzip(const std::string& bytes, const Budget& budget = {});

/// RFC 1951. False when the data is damaged or is not of exactly `size` bytes when unpacked.
bool inflate(const unsigned char* data, std::size_t length, std::size_t size, std::string& result);

/// A number of `size` bytes, the lowest first.
inline std::uint32_t littleEndian(const std::string& bytes, std::size_t at, int size) {
  std::uint32_t value = 0;
  for (int k = 0; k < size; ++k)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(k)]))
             << (8 * k);
  return value;
}

}  // namespace attention_svm::shell
