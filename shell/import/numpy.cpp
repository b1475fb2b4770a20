// SPDX-License-Identifier: MIT
// Datasets from NumPy's files.
#include <map>

#include "import.h"
#include "npy.h"
#include "zip.h"

namespace attention_svm::shell {

namespace {

using Arrays = std::map<std::string, NpyArray>;

Result<Arrays> readArrays(const std::string& name, const std::string& bytes) {
  Arrays arrays;
  std::map<std::string, std::string> files{{"X.npy", bytes}};
  if (name.size() <= 4 || name.compare(name.size() - 4, 4, ".npy") != 0) {
    Result<std::map<std::string, std::string>> entries = unzip(bytes);
    if (!entries) return Error{entries.error()};
    files = std::move(entries).value();
  }
  for (const auto& [file, content] : files) {
    const Result<NpyArray> array = parseNpy(content);
    if (!array) return Error{file + ": " + array.error()};
    arrays[file.substr(0, file.find('.'))] = array.value();
  }
  return arrays;
}

std::string shapeText(const NpyArray& array) {
  std::string text;
  for (const Index size : array.shape) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "(" + text + ")";
}

Matrix rowsOf(const NpyArray& array, Index rows, Index cols, Index offset) {
  Matrix result(rows, cols);
  for (Index k = 0; k < rows * cols; ++k)
    result(k / cols, k % cols) = array.values[static_cast<std::size_t>(offset + k)];
  return result;
}

}  // namespace

Result<Imported> parseNumpy(const std::string& name, const std::string& bytes) {
  Result<Arrays> read = readArrays(name, bytes);
  if (!read) return Error{read.error()};
  Arrays& arrays = read.value();
  if (arrays.count("X") == 0) return Error{"X: the archive has no array of this name"};
  const NpyArray& X = arrays["X"];
  if (X.shape.size() != 3) return Error{"X: expected an array of shape (n, T, d), found " + shapeText(X)};
  const Index n = X.shape[0], T = X.shape[1], d = X.shape[2];
  Dataset dataset;
  for (Index i = 0; i < n; ++i) dataset.X.push_back(rowsOf(X, T, d, i * T * d));
  const auto wrong = [&arrays](const char* key, Index size) {
    return arrays.count(key) > 0 && static_cast<Index>(arrays[key].values.size()) != size;
  };
  if (wrong("Z", n * d))
    return Error{"Z: expected an array of shape (n, d), found " + shapeText(arrays["Z"])};
  if (wrong("y", n)) return Error{"y: expected n labels, found shape " + shapeText(arrays["y"])};
  if (wrong("v", d)) return Error{"v: expected d numbers, found shape " + shapeText(arrays["v"])};
  if (arrays.count("Z") > 0) dataset.Z = rowsOf(arrays["Z"], n, d, 0);
  dataset.y = Vector::Ones(n);
  if (arrays.count("y") > 0) dataset.y = rowsOf(arrays["y"], n, 1, 0);
  const bool hasHead = arrays.count("v") > 0;
  dataset.head = LinearHead{Vector::Zero(d)};
  if (hasHead) dataset.head = LinearHead{rowsOf(arrays["v"], d, 1, 0)};
  Result<Dataset> sound = validated(std::move(dataset));
  if (!sound) return Error{sound.error()};
  return Imported{std::move(sound).value(), hasHead};
}

}  // namespace attention_svm::shell
