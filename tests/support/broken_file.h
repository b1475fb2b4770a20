// SPDX-License-Identifier: MIT
// A dataset file with a mistake, and the error that names its place.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "attention_svm/dataset.h"

namespace attention_svm::test {

struct Broken {
  const char *from, *to, *error;  ///< what stands once in the valid file, what takes its place
};

inline void expectError(std::string valid, const Broken& broken) {
  const std::size_t at = valid.find(broken.from);
  ASSERT_NE(at, std::string::npos);
  valid.replace(at, std::string(broken.from).size(), broken.to);
  const Result<Dataset> parsed = parseDataset(valid);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error(), broken.error);
}

}  // namespace attention_svm::test
