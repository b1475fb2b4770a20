// SPDX-License-Identifier: MIT
// Structs as JSON and back, by one list of members for both ways:
//   template <class Archive> void describe(Archive& archive, Point& p) { archive("x", p.x); archive("y",
//   p.y); }
// Doubles keep their bits; what is no number becomes null and comes back as NaN. Enumerations go as numbers:
// both ends are of one build.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "attention_svm/json.h"
#include "attention_svm/linalg.h"
#include "attention_svm/result.h"

namespace attention_svm::shell {

/// Arrays of more numbers than this travel as their bytes behind the text: a megabyte of digits would take a
/// tenth of a second to read.
constexpr Index kInText = 256;

class Writer {
 public:
  explicit Writer(std::string& raw) : raw_(raw) {}
  template <class T>
  void operator()(const char* name, T& x) {
    members_.emplace_back(name, value(x));
  }
  [[nodiscard]] json::Object take() { return std::move(members_); }

  json::Value value(double x) { return x; }
  json::Value value(bool x) { return x; }
  json::Value value(const std::string& x) {
    if (x.size() <= 8 * kInText) return x;
    return raw(x.data(), x.size(), {{"bytes", static_cast<double>(x.size())}});
  }
  json::Value value(const Vector& v) {
    if (v.size() > kInText) return raw(v.data(), bytesOf(v), {{"size", static_cast<double>(v.size())}});
    json::Array items;
    for (const double x : v) items.emplace_back(x);
    return items;
  }
  json::Value value(const Matrix& A) {
    if (A.size() > kInText)
      return raw(A.data(), bytesOf(A),
                 {{"rows", static_cast<double>(A.rows())}, {"cols", static_cast<double>(A.cols())}});
    json::Array rows;
    for (Index r = 0; r < A.rows(); ++r) rows.push_back(value(Vector(A.row(r).transpose())));
    return rows;
  }
  template <class T>
  json::Value value(const std::vector<T>& all) {
    json::Array items;
    for (const T& x : all) items.push_back(value(x));
    return items;
  }
  template <class T>
  json::Value value(const std::optional<T>& x) {
    return x ? value(*x) : json::Value();
  }
  template <class T>
  json::Value value(const T& x) {
    if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      return static_cast<double>(x);
    } else {
      Writer writer(raw_);
      describe(writer, const_cast<T&>(x));  // describe() serves both ways; writing changes nothing
      return writer.take();
    }
  }

 private:
  template <class A>
  static std::size_t bytesOf(const A& array) {
    return sizeof(double) * static_cast<std::size_t>(array.size());
  }
  json::Value raw(const void* data, std::size_t bytes, json::Object shape) {
    shape.emplace_back("at", static_cast<double>(raw_.size()));
    raw_.append(static_cast<const char*>(data), bytes);
    return shape;
  }

  std::string& raw_;
  json::Object members_;
};

/// Missing members keep what they had; a member of another kind is left alone and makes ok() false.
class Reader {
 public:
  Reader(const json::Value& from, std::string_view raw)
      : from_(from), raw_(raw), ok_(from.object() != nullptr) {}
  [[nodiscard]] bool ok() const { return ok_; }

  template <class T>
  void operator()(const char* name, T& x) {
    if (const json::Value* found = from_.find(name)) ok_ = take(*found, x) && ok_;
  }

  bool take(const json::Value& from, double& x) const {
    if (from.isNull()) x = std::numeric_limits<double>::quiet_NaN();
    if (from.number() != nullptr) x = *from.number();
    return from.isNull() || from.number() != nullptr;
  }
  bool take(const json::Value& from, bool& x) const {
    if (from.boolean() != nullptr) x = *from.boolean();
    return from.boolean() != nullptr;
  }
  bool take(const json::Value& from, std::string& x) const {
    if (from.string() != nullptr) {
      x = *from.string();
      return true;
    }
    Index bytes = 0;
    const char* data = nullptr;
    if (!whole(from, "bytes", bytes) || !found(from, static_cast<double>(bytes), data)) return false;
    x.assign(data, static_cast<std::size_t>(bytes));
    return true;
  }
  bool take(const json::Value& from, Vector& v) const {
    if (from.object() != nullptr) {
      Index size = 0;
      const char* data = nullptr;
      if (!whole(from, "size", size) || !found(from, 8.0 * static_cast<double>(size), data)) return false;
      v.resize(size);
      if (size > 0) std::memcpy(v.data(), data, sizeof(double) * static_cast<std::size_t>(size));
      return true;
    }
    std::vector<double> numbers;
    if (!take(from, numbers)) return false;
    v = Vector::Map(numbers.data(), static_cast<Index>(numbers.size()));
    return true;
  }
  bool take(const json::Value& from, Matrix& A) const {
    if (from.object() != nullptr) {
      Index rows = 0, cols = 0;
      const char* data = nullptr;
      if (!whole(from, "rows", rows) || !whole(from, "cols", cols)) return false;
      const double bytes = 8.0 * static_cast<double>(rows) * static_cast<double>(cols);
      if (!found(from, bytes, data)) return false;
      A.resize(rows, cols);
      if (A.size() > 0) std::memcpy(A.data(), data, sizeof(double) * static_cast<std::size_t>(A.size()));
      return true;
    }
    std::vector<Vector> rows;
    if (!take(from, rows)) return false;
    A.resize(static_cast<Index>(rows.size()), rows.empty() ? 0 : rows.front().size());
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (rows[r].size() != A.cols()) return false;
      A.row(static_cast<Index>(r)) = rows[r].transpose();
    }
    return true;
  }
  template <class T>
  bool take(const json::Value& from, std::vector<T>& all) const {
    if (from.array() == nullptr) return false;
    all.assign(from.array()->size(), T());
    bool ok = true;
    for (std::size_t k = 0; k < all.size(); ++k) ok = take((*from.array())[k], all[k]) && ok;
    return ok;
  }
  template <class T>
  bool take(const json::Value& from, std::optional<T>& x) const {
    x.reset();
    return from.isNull() || take(from, x.emplace());
  }
  template <class T>
  bool take(const json::Value& from, T& x) const {
    if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      constexpr double kLargest = std::is_enum_v<T> ? 100.0 : 9e15;
      if (from.number() == nullptr || !(std::abs(*from.number()) <= kLargest)) return false;
      const T value = static_cast<T>(static_cast<long long>(*from.number()));
      // Both ends are of one build, but nobody knows what else arrives.
      if constexpr (requires { nameOf(value).id; })
        if (nameOf(value).id == nullptr) return false;
      x = value;
      return true;
    } else {
      Reader reader(from, raw_);
      describe(reader, x);
      return reader.ok();
    }
  }

 private:
  static bool whole(const json::Value& from, const char* name, Index& x) {
    const json::Value* member = from.find(name);
    const double* number = member != nullptr ? member->number() : nullptr;
    if (number == nullptr || !(*number >= 0 && *number <= 4e9)) return false;
    x = static_cast<Index>(*number);
    return true;
  }
  /// Where the bytes of an array are, when there are that many.
  bool found(const json::Value& from, double bytes, const char*& data) const {
    Index at = 0;
    if (!whole(from, "at", at) || static_cast<double>(at) + bytes > static_cast<double>(raw_.size()))
      return false;
    data = raw_.data() + at;
    return true;
  }

  const json::Value& from_;
  std::string_view raw_;
  bool ok_;
};

/// JSON, and behind a zero byte, which no JSON holds, the large arrays.
template <class T>
std::string archived(const T& x) {
  std::string raw;
  std::string text = json::write(Writer(raw).value(x));
  if (!raw.empty()) text.append(1, '\0').append(raw);
  return text;
}

template <class T>
Result<T> unarchived(const std::string& message) {
  const std::size_t end = std::min(message.find('\0'), message.size());
  const Result<json::Value> parsed = json::parse(message.substr(0, end));
  if (!parsed) return Error{parsed.error()};
  const std::string_view raw =
      end < message.size() ? std::string_view(message).substr(end + 1) : std::string_view();
  T x;
  if (!Reader(parsed.value(), raw).take(parsed.value(), x))
    return Error{"the text has another shape than expected"};
  return x;
}

}  // namespace attention_svm::shell
