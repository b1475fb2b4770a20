// NumPy's file formats (numpy.lib.format, version 1 and 2) and the zip archive of numpy.savez.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <vector>

#include "import.h"

namespace attention_svm::shell {

namespace {

struct Array {
  std::vector<Index> shape;
  std::vector<double> values;  ///< in C order
};

std::uint32_t little(const std::string& bytes, std::size_t at, int size) {
  std::uint32_t value = 0;
  for (int k = 0; k < size; ++k)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(k)]))
             << (8 * k);
  return value;
}

template <class Number>
void decode(const std::string& bytes, std::size_t at, std::size_t count, std::vector<double>& values) {
  for (std::size_t k = 0; k < count; ++k) {
    Number x{};
    std::memcpy(&x, bytes.data() + at + k * sizeof(Number), sizeof(Number));
    values.push_back(static_cast<double>(x));
  }
}

/// The text between quotes or brackets after a key of the header's dictionary.
std::string headerItem(const std::string& header, const std::string& key, char open, char close) {
  const std::size_t at = header.find("'" + key + "'");
  if (at == std::string::npos) return {};
  const std::size_t low = header.find(open, at + key.size() + 2);
  if (low == std::string::npos) return {};
  const std::size_t high = header.find(close, low + 1);
  return high == std::string::npos ? std::string() : header.substr(low + 1, high - low - 1);
}

Result<Array> parseNpy(const std::string& bytes) {
  if (bytes.size() < 12 || bytes.compare(0, 6, "\x93NUMPY") != 0) return Error{"this is no .npy file"};
  const bool first = bytes[6] == 1;
  const std::size_t start = first ? 10 : 12;
  const std::size_t length = little(bytes, 8, first ? 2 : 4);
  if (start + length > bytes.size()) return Error{"the header is cut off"};
  const std::string header = bytes.substr(start, length);
  if (header.find("'fortran_order': True") != std::string::npos)
    return Error{"the array is in Fortran order; save numpy.ascontiguousarray of it"};
  Array array;
  double count = 1;
  const std::string shape = headerItem(header, "shape", '(', ')');
  for (std::size_t at = 0; at < shape.size();) {
    char* end = nullptr;
    const long size = std::strtol(shape.c_str() + at, &end, 10);
    if (end == shape.c_str() + at) break;
    array.shape.push_back(size);
    count *= static_cast<double>(size);
    at = static_cast<std::size_t>(end - shape.c_str()) + 1;
  }
  const std::string type = headerItem(header, "descr", '\'', '\'');
  const std::size_t width = type.size() > 2 ? static_cast<std::size_t>(type[2] - '0') : 0;
  const std::size_t data = start + length;
  if (count < 0 || count * static_cast<double>(width) > static_cast<double>(bytes.size() - data))
    return Error{"the data is cut off"};
  const auto total = static_cast<std::size_t>(count);
  if (type == "<f8")
    decode<double>(bytes, data, total, array.values);
  else if (type == "<f4")
    decode<float>(bytes, data, total, array.values);
  else if (type == "<i8")
    decode<std::int64_t>(bytes, data, total, array.values);
  else if (type == "<i4")
    decode<std::int32_t>(bytes, data, total, array.values);
  else
    return Error{"numbers of type " + type + ": expected float64, float32, int64 or int32"};
  return array;
}

/// Stored (not compressed) entries of a zip archive.
Result<std::map<std::string, Array>> parseNpz(const std::string& bytes) {
  std::map<std::string, Array> arrays;
  std::size_t at = 0;
  while (at + 30 <= bytes.size() && bytes.compare(at, 4, "PK\x03\x04") == 0) {
    const std::uint32_t method = little(bytes, at + 8, 2);
    std::size_t size = little(bytes, at + 18, 4);
    const std::size_t nameLength = little(bytes, at + 26, 2), extraLength = little(bytes, at + 28, 2);
    const std::size_t data = at + 30 + nameLength + extraLength;
    if (data > bytes.size()) return Error{"the archive is cut off"};
    const std::string name = bytes.substr(at + 30, nameLength);
    // numpy writes sizes of 64 bits into the extra field
    if (size == 0xffffffffu && extraLength >= 20) size = little(bytes, at + 30 + nameLength + 12, 4);
    if (method != 0)
      return Error{"the archive is compressed; save it with numpy.savez instead of savez_compressed"};
    if (data + size > bytes.size()) return Error{name + ": the data is cut off"};
    const Result<Array> array = parseNpy(bytes.substr(data, size));
    if (!array) return Error{name + ": " + array.error()};
    arrays[name.substr(0, name.find('.'))] = array.value();
    at = data + size;
  }
  if (arrays.empty()) return Error{"this is no .npz archive"};
  return arrays;
}

Matrix rowsOf(const Array& array, Index rows, Index cols, Index offset) {
  Matrix result(rows, cols);
  for (Index k = 0; k < rows * cols; ++k)
    result(k / cols, k % cols) = array.values[static_cast<std::size_t>(offset + k)];
  return result;
}

}  // namespace

Result<Dataset> parseNumpy(const std::string& name, const std::string& bytes) {
  std::map<std::string, Array> arrays;
  if (name.size() > 4 && name.compare(name.size() - 4, 4, ".npy") == 0) {
    const Result<Array> X = parseNpy(bytes);
    if (!X) return Error{X.error()};
    arrays["X"] = X.value();
  } else {
    Result<std::map<std::string, Array>> all = parseNpz(bytes);
    if (!all) return Error{all.error()};
    arrays = std::move(all).value();
  }
  if (arrays.count("X") == 0 || arrays["X"].shape.size() != 3)
    return Error{"X: expected an array of shape (n, T, d)"};
  const Array& X = arrays["X"];
  const Index n = X.shape[0], T = X.shape[1], d = X.shape[2];
  Dataset dataset;
  for (Index i = 0; i < n; ++i) dataset.X.push_back(rowsOf(X, T, d, i * T * d));
  const auto has = [&arrays](const char* key, Index size) {
    return arrays.count(key) > 0 && static_cast<Index>(arrays[key].values.size()) == size;
  };
  if (arrays.count("Z") > 0 && !has("Z", n * d)) return Error{"Z: expected an array of shape (n, d)"};
  if (arrays.count("Z") > 0) dataset.Z = rowsOf(arrays["Z"], n, d, 0);
  if (arrays.count("y") > 0 && !has("y", n)) return Error{"y: expected n labels"};
  dataset.y = Vector::Ones(n);
  for (Index i = 0; i < n && arrays.count("y") > 0; ++i)
    dataset.y(i) = arrays["y"].values[static_cast<std::size_t>(i)];
  if (arrays.count("v") > 0 && !has("v", d)) return Error{"v: expected d numbers"};
  dataset.head = LinearHead{Vector::Zero(d)};
  const Result<Dataset> sound = validated(dataset);
  if (!sound) return sound;
  if (arrays.count("v") > 0)
    dataset.head = LinearHead{Vector(rowsOf(arrays["v"], 1, d, 0).transpose())};
  else
    dataset.head = LinearHead{fitHead(dataset)};
  return validated(std::move(dataset));
}

}  // namespace attention_svm::shell
