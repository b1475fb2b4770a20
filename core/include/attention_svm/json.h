// SPDX-License-Identifier: MIT
// A small strict JSON reader and writer (RFC 8259): errors name line and column, numbers keep their bits.
// Time and memory grow with the length of the text and no faster; lists and objects nest at most 64 deep. A
// text of more than kLargestText bytes is refused before anything is read.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "attention_svm/result.h"

namespace attention_svm::json {

class Value;
using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;
using Object = std::vector<Member>;  ///< in the order of the text; keys are unique

/// null, true or false, a number, a string, a list or an object. Exactly one of the pointers below is not
/// null, none for null.
class Value {
 public:
  Value() = default;
  Value(bool value) : content_(value) {}
  Value(double value) : content_(value) {}
  Value(int value) : content_(static_cast<double>(value)) {}
  Value(std::string value) : content_(std::move(value)) {}
  Value(const char* value) : content_(std::string(value)) {}
  Value(Array value) : content_(std::move(value)) {}
  Value(Object value) : content_(std::move(value)) {}

  [[nodiscard]] bool isNull() const { return content_.index() == 0; }
  [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&content_); }
  [[nodiscard]] const double* number() const { return std::get_if<double>(&content_); }
  [[nodiscard]] const std::string* string() const { return std::get_if<std::string>(&content_); }
  [[nodiscard]] const Array* array() const { return std::get_if<Array>(&content_); }
  [[nodiscard]] const Object* object() const { return std::get_if<Object>(&content_); }

  /// The member of an object, found in time that grows with its number of members; null when this is no
  /// object or has no such key.
  [[nodiscard]] const Value* find(std::string_view key) const;
  /// "an object", "a number", ... for error messages.
  [[nodiscard]] const char* kind() const;

 private:
  std::variant<std::monostate, bool, double, std::string, Array, Object> content_;
};

/// 1 GiB: half of what WebAssembly can address, so that text and value fit side by side.
inline constexpr std::size_t kLargestText = std::size_t{1} << 30;

/// A value takes 24 bytes in WebAssembly: 720 MB. Half as many again as the numbers of the largest dataset.
inline constexpr double kMostValues = 3e7;

/// The value that the text holds, or "line 2, column 6: expected ':'". Numbers are rounded correctly to
/// double; those beyond its range, repeated keys, comments and trailing commas are errors. A byte order mark
/// is passed over. A text of more than `mostValues` values (numbers, strings, lists, ...) is refused before
/// any of them is read.
Result<Value> parse(const std::string& text, double mostValues = kMostValues);

/// Compact text. NaN and infinities, which JSON lacks, become null.
std::string write(const Value& value);
/// The fewest digits that read back as the same double: 0.1, 1e-05, 1e+300. Exponents stand where C's %.17g
/// has them, or %.15g when 15 digits do. NaN and infinities become null.
std::string writeNumber(double value);

}  // namespace attention_svm::json
