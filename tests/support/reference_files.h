// SPDX-License-Identifier: MIT
// Reads files of this repository in tests, native and under Node.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "attention_svm/dataset.h"
#include "attention_svm/json.h"

namespace attention_svm::test {

/// The file at a path relative to the repository. Fails the test when it cannot be read.
inline std::string readTextFile(const std::string& path) {
  const char* folder = std::getenv("ATTENTION_SVM_SOURCE_DIR");
  const std::string root = folder != nullptr ? folder : ATTENTION_SVM_SOURCE_DIR;
  std::ifstream file(root + "/" + path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << "cannot read " << root << "/" << path;
  return text.str();
}

inline json::Value readJsonFile(const std::string& path) {
  Result<json::Value> parsed = json::parse(readTextFile(path));
  EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error());
  return parsed.ok() ? std::move(parsed).value() : json::Value();
}

inline const json::Array& referenceCases(const json::Value& file) {
  static const json::Array kNone;
  EXPECT_NE(file.array(), nullptr);
  return file.array() == nullptr ? kNone : *file.array();
}

inline double number(const json::Value& object, const char* key) {
  const json::Value* value = object.find(key);
  return value != nullptr && value->number() != nullptr ? *value->number() : std::nan("");
}

inline bool boolean(const json::Value& object, const char* key) {
  const json::Value* value = object.find(key);
  return value != nullptr && value->boolean() != nullptr && *value->boolean();
}

inline std::string text(const json::Value& object, const char* key) {
  const json::Value* value = object.find(key);
  return value != nullptr && value->string() != nullptr ? *value->string() : std::string();
}

inline Dataset referenceDataset(const json::Value& value) {
  Result<Dataset> dataset = parseDataset(json::write(*value.find("dataset")));
  EXPECT_TRUE(dataset.ok()) << (dataset.ok() ? "" : dataset.error());
  return std::move(dataset).value();
}

/// A list of lists of numbers, row by row; a flat list becomes one row.
inline Matrix matrix(const json::Value& value) {
  const json::Array& rows = *value.array();
  if (rows.empty()) return {};
  const bool flat = rows[0].array() == nullptr;
  const Index count = flat ? 1 : static_cast<Index>(rows.size());
  const json::Array& first = flat ? rows : *rows[0].array();
  Matrix result(count, static_cast<Index>(first.size()));
  for (Index r = 0; r < count; ++r) {
    const json::Array& row = flat ? rows : *rows[static_cast<std::size_t>(r)].array();
    for (Index c = 0; c < result.cols(); ++c) result(r, c) = *row[static_cast<std::size_t>(c)].number();
  }
  return result;
}

inline std::vector<Index> indices(const json::Value& value) {
  std::vector<Index> result;
  for (const json::Value& item : *value.array()) result.push_back(static_cast<Index>(*item.number()));
  return result;
}

}  // namespace attention_svm::test
