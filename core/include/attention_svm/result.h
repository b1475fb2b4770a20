// SPDX-License-Identifier: MIT
// Errors without exceptions: the core is also compiled with -fno-exceptions.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace attention_svm {

/// What went wrong, in a sentence for the user that names the place ("X[3][2]: expected 10
/// numbers, found 9").
struct Error {
  std::string message;
};

/// A value, or the reason why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}
  Result(Error error) : content_(std::move(error)) {}

  [[nodiscard]] bool ok() const { return std::holds_alternative<T>(content_); }
  explicit operator bool() const { return ok(); }

  /// Only when ok().
  [[nodiscard]] const T& value() const& { return *std::get_if<T>(&content_); }
  [[nodiscard]] T& value() & { return *std::get_if<T>(&content_); }
  [[nodiscard]] T&& value() && { return std::move(*std::get_if<T>(&content_)); }

  /// Only when not ok().
  [[nodiscard]] const std::string& error() const { return std::get_if<Error>(&content_)->message; }

 private:
  std::variant<T, Error> content_;
};

}  // namespace attention_svm
