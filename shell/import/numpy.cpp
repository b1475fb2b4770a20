// SPDX-License-Identifier: MIT
// Datasets from NumPy's files.
#include <map>

#include "import.h"
#include "npy.h"
#include "zip.h"

namespace attention_svm::shell {

namespace {

using Arrays = std::map<std::string, NpyArray>;

Result<Arrays> readArrays(const std::string& name, const std::string& bytes, const Budget& budget) {
  Arrays arrays;
  std::map<std::string, std::string> files;
  const auto add = [&](const std::string& file, const std::string& content) {
    Result<NpyArray> array = parseNpy(content, budget);
    if (!array) return file + ": " + array.error();
    arrays[file.substr(0, file.find('.'))] = std::move(array).value();
    return std::string();
  };
  if (name.size() > 4 && name.compare(name.size() - 4, 4, ".npy") == 0) {
    if (std::string problem = add("X.npy", bytes); !problem.empty()) return Error{std::move(problem)};
    return arrays;
  }
  Result<std::map<std::string, std::string>> entries = unzip(bytes, budget);
  if (!entries) return Error{entries.error()};
  files = std::move(entries).value();
  while (!files.empty()) {  // each is let go once it is read: there is no room for everything twice
    const auto entry = files.extract(files.begin());
    if (std::string problem = add(entry.key(), entry.mapped()); !problem.empty())
      return Error{std::move(problem)};
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

Result<Imported> parseNumpy(const std::string& name, const std::string& bytes, const Budget& budget) {
  Result<Arrays> read = readArrays(name, bytes, budget);
  if (!read) return Error{read.error()};
  Arrays& arrays = read.value();
  if (arrays.count("X") == 0) return Error{"X: the archive has no array of this name"};
  const NpyArray& X = arrays["X"];
  if (X.shape.size() != 3) return Error{"X: expected an array of shape (n, T, d), found " + shapeText(X)};
  const Index n = X.shape[0], T = X.shape[1], d = X.shape[2];
  // Checked here: of arrays without numbers there may be a thousand million.
  if (X.values.empty())
    return Error{"X: expected at least 1 sequence of 1 token of 1 number, found " + shapeText(X)};
  Dataset dataset;
  dataset.X.reserve(static_cast<std::size_t>(n));
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
