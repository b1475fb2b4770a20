// SPDX-License-Identifier: MIT
#include "zip.h"

namespace attention_svm::shell {

namespace {

constexpr std::size_t kEndSize = 22, kEntrySize = 46, kLocalSize = 30;

bool marked(const std::string& bytes, std::size_t at, const char* mark) {
  return at + 4 <= bytes.size() && bytes.compare(at, 4, mark, 4) == 0;
}

/// What an entry of the directory unpacks to, in bytes. `at` moves on to the next.
double unpackedSize(const std::string& bytes, std::size_t& at) {
  if (at + kEntrySize > bytes.size()) return 0;  // damaged: readEntry() says so
  const bool stored = littleEndian(bytes, at + 10, 2) == 0;
  const std::uint32_t size = littleEndian(bytes, at + (stored ? 20 : 24), 4);
  at += kEntrySize + littleEndian(bytes, at + 28, 2) + littleEndian(bytes, at + 30, 2) +
        littleEndian(bytes, at + 32, 2);
  return size;
}

/// One entry of the directory at the end of the archive; `at` moves on to the next.
Result<std::string> readEntry(const std::string& bytes, std::size_t& at, std::string& name) {
  if (at + kEntrySize > bytes.size() || !marked(bytes, at, "PK\x01\x02"))
    return Error{"the directory of the archive is damaged"};
  const std::uint32_t method = littleEndian(bytes, at + 10, 2);
  const std::size_t packed = littleEndian(bytes, at + 20, 4), size = littleEndian(bytes, at + 24, 4);
  const std::size_t nameLength = littleEndian(bytes, at + 28, 2);
  const std::size_t local = littleEndian(bytes, at + 42, 4);
  name = bytes.substr(at + kEntrySize, nameLength);
  at += kEntrySize + nameLength + littleEndian(bytes, at + 30, 2) + littleEndian(bytes, at + 32, 2);
  if (!marked(bytes, local, "PK\x03\x04") || local + kLocalSize > bytes.size())
    return Error{name + ": the archive is damaged"};
  const std::size_t data =
      local + kLocalSize + littleEndian(bytes, local + 26, 2) + littleEndian(bytes, local + 28, 2);
  if (data > bytes.size() || packed > bytes.size() - data) return Error{name + ": the data is cut off"};
  if (method == 0) return bytes.substr(data, packed);
  std::string content;
  if (method != 8) return Error{name + ": an unknown way of compression"};
  if (!inflate(reinterpret_cast<const unsigned char*>(bytes.data()) + data, packed, size, content))
    return Error{name + ": the compressed data is damaged"};
  return content;
}

}  // namespace

Result<std::map<std::string, std::string>> unzip(const std::string& bytes, const Budget& budget) {
  const std::size_t end = bytes.rfind(std::string("PK\x05\x06", 4));
  if (end == std::string::npos || end + kEndSize > bytes.size())
    return Error{"this is no complete .npz archive"};
  std::map<std::string, std::string> entries;
  const std::size_t directory = littleEndian(bytes, end + 16, 4);
  const std::uint32_t count = littleEndian(bytes, end + 10, 2);
  double total = 0;
  std::size_t at = directory;
  for (std::uint32_t k = 0; k < count; ++k) total += unpackedSize(bytes, at);
  if (std::string excess = excessBytes("the archive", total, budget); !excess.empty())
    return Error{std::move(excess)};
  at = directory;
  for (std::uint32_t k = 0; k < count; ++k) {
    std::string name;
    Result<std::string> content = readEntry(bytes, at, name);
    if (!content) return Error{content.error()};
    entries[name] = std::move(content).value();
  }
  return entries;
}

}  // namespace attention_svm::shell
