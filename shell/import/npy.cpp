// SPDX-License-Identifier: MIT
#include "npy.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "zip.h"

namespace attention_svm::shell {

namespace {

struct Type {
  char kind = 0;  ///< b, i, u, f
  std::size_t width = 0;
  bool bigEndian = false;
};

template <class Number>
double as(const unsigned char* bytes) {
  Number x{};
  std::memcpy(&x, bytes, sizeof(Number));
  return static_cast<double>(x);
}

double half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 31, fraction = bits & 1023;
  const double sign = (bits >> 15) != 0 ? -1.0 : 1.0;
  if (exponent == 31) return fraction != 0 ? std::nan("") : sign * HUGE_VAL;
  return sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25));
}

/// Little-endian bytes, as every machine that we run on has them.
double decode(const Type& type, const unsigned char* bytes) {
  switch (type.kind == 'f' ? type.width + 16 : type.kind == 'i' ? type.width + 32 : type.width) {
    case 18: return half(static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8));
    case 20: return as<float>(bytes);
    case 24: return as<double>(bytes);
    case 33: return as<std::int8_t>(bytes);
    case 34: return as<std::int16_t>(bytes);
    case 36: return as<std::int32_t>(bytes);
    case 40: return as<std::int64_t>(bytes);
    case 1: return as<std::uint8_t>(bytes);  // and booleans
    case 2: return as<std::uint16_t>(bytes);
    case 4: return as<std::uint32_t>(bytes);
    case 8: return as<std::uint64_t>(bytes);
    default: return 0.0;
  }
}

/// What stands behind a key of the header, a Python dictionary.
std::string headerItem(const std::string& header, const std::string& key) {
  const std::size_t at = header.find("'" + key + "'");
  if (at == std::string::npos) return {};
  const std::size_t value = header.find_first_not_of(": ", at + key.size() + 2);
  return value == std::string::npos ? std::string() : header.substr(value);
}

Result<Type> parseType(const std::string& header) {
  const std::string item = headerItem(header, "descr");
  if (item.empty() || item[0] != '\'') return Error{"fields with names: expected plain numbers"};
  const std::string text = item.substr(1, item.find('\'', 1) - 1);
  if (text.find('O') != std::string::npos)
    return Error{
        "an array of Python objects (pickled), which only Python can read. Sequences of different lengths go "
        "into JSON or CSV; for others save numpy.array(x, dtype=float)"};
  Type type;
  type.bigEndian = text[0] == '>';
  type.kind = text.size() > 1 ? text[1] : '?';
  type.width = text.size() == 3 ? static_cast<std::size_t>(text[2] - '0') : 0;
  const std::string widths = type.kind == 'b'                       ? "1"
                             : type.kind == 'f'                     ? "248"
                             : type.kind == 'i' || type.kind == 'u' ? "1248"
                                                                    : "";
  if (text.size() != 3 || widths.find(text[2]) == std::string::npos)
    return Error{"numbers of type " + text + ": expected floating-point numbers, integers or booleans"};
  return type;
}

/// Index in C order of the k-th number of a file in Fortran order.
std::size_t fromFortran(std::size_t k, const std::vector<Index>& shape) {
  std::size_t result = 0, stride = 1;
  std::vector<std::size_t> at;
  for (const Index size : shape) {
    at.push_back(k % static_cast<std::size_t>(size));
    k /= static_cast<std::size_t>(size);
  }
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    result += at[axis] * stride;
    stride *= static_cast<std::size_t>(shape[axis]);
  }
  return result;
}

/// The shape; its product in `count`, as a double that a nonsensical shape cannot overflow.
std::vector<Index> parseShape(const std::string& header, double& count) {
  constexpr std::size_t kMostAxes = 32;  // NumPy's own limit
  std::vector<Index> shape;
  const std::string item = headerItem(header, "shape");
  const char* at = item.c_str() + (item.empty() ? 0 : 1);
  for (count = 1.0;;) {
    char* end = nullptr;
    const long size = std::strtol(at, &end, 10);
    if (end == at || size < 0 || shape.size() >= kMostAxes) return shape;
    shape.push_back(size);
    count *= static_cast<double>(size);
    at = end + (*end == ',' ? 1 : 0);
  }
}

}  // namespace

Result<NpyArray> parseNpy(const std::string& bytes, const Budget& budget) {
  if (bytes.size() < 12 || bytes.compare(0, 6, "\x93NUMPY") != 0) return Error{"this is no .npy file"};
  const bool first = bytes[6] == 1;
  const std::size_t start = first ? 10 : 12;
  const std::size_t length = littleEndian(bytes, 8, first ? 2 : 4);
  if (start + length > bytes.size()) return Error{"the header is cut off"};
  const std::string header = bytes.substr(start, length);
  const Result<Type> type = parseType(header);
  if (!type) return Error{type.error()};
  NpyArray array;
  double count = 0;
  array.shape = parseShape(header, count);
  const std::size_t width = type.value().width, data = start + length;
  if (count * static_cast<double>(width) > static_cast<double>(bytes.size() - data))
    return Error{"the data is cut off"};
  if (std::string excess = excessNumbers("the array", count, budget); !excess.empty())
    return Error{std::move(excess)};
  const bool fortran = headerItem(header, "fortran_order").rfind("True", 0) == 0;
  array.values.resize(static_cast<std::size_t>(count));
  unsigned char one[8];
  for (std::size_t k = 0; k < array.values.size(); ++k) {
    std::memcpy(one, bytes.data() + data + k * width, width);
    if (type.value().bigEndian) std::reverse(one, one + width);
    array.values[fortran ? fromFortran(k, array.shape) : k] = decode(type.value(), one);
  }
  return array;
}

}  // namespace attention_svm::shell
