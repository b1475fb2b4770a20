// A small strict JSON reader and writer (RFC 8259): errors name line and column, numbers keep their bits.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "attention_svm/result.h"

namespace attention_svm::json {

class Value;
using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;
using Object = std::vector<Member>;  ///< in the order of the text; keys are unique

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

  /// The member of an object, or null when this is no object or has no such key.
  [[nodiscard]] const Value* find(const std::string& key) const;
  /// "an object", "a number", ... for error messages.
  [[nodiscard]] const char* kind() const;

 private:
  std::variant<std::monostate, bool, double, std::string, Array, Object> content_;
};

Result<Value> parse(const std::string& text);

/// Compact text. NaN and infinities, which JSON lacks, become null.
std::string write(const Value& value);
/// The shortest of 15, 16 and 17 significant digits that reads back as the same double.
std::string writeNumber(double value);

}  // namespace attention_svm::json
