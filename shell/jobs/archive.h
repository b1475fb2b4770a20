// SPDX-License-Identifier: MIT
// Structs as JSON and back, by one list of members for both ways:
//   template <class Archive> void describe(Archive& archive, Point& p) { archive("x", p.x); archive("y",
//   p.y); }
// Doubles keep their bits; what is no number becomes null and comes back as NaN. Enumerations go as numbers:
// both ends are of one build.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "attention_svm/json.h"
#include "attention_svm/linalg.h"
#include "attention_svm/result.h"

namespace attention_svm::shell {

class Writer {
 public:
  template <class T>
  void operator()(const char* name, T& x) {
    members_.emplace_back(name, value(x));
  }
  [[nodiscard]] json::Object take() { return std::move(members_); }

  static json::Value value(double x) { return x; }
  static json::Value value(bool x) { return x; }
  static json::Value value(const std::string& x) { return x; }
  static json::Value value(const Vector& v) {
    json::Array items;
    for (const double x : v) items.emplace_back(x);
    return items;
  }
  static json::Value value(const Matrix& A) {
    json::Array rows;
    for (Index r = 0; r < A.rows(); ++r) rows.push_back(value(Vector(A.row(r).transpose())));
    return rows;
  }
  template <class T>
  static json::Value value(const std::vector<T>& all) {
    json::Array items;
    for (const T& x : all) items.push_back(value(x));
    return items;
  }
  template <class T>
  static json::Value value(const std::optional<T>& x) {
    return x ? value(*x) : json::Value();
  }
  template <class T>
  static json::Value value(const T& x) {
    if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      return static_cast<double>(x);
    } else {
      Writer writer;
      describe(writer, const_cast<T&>(x));  // describe() serves both ways; writing changes nothing
      return writer.take();
    }
  }

 private:
  json::Object members_;
};

/// Missing members keep what they had; a member of another kind is left alone and makes ok() false.
class Reader {
 public:
  explicit Reader(const json::Value& from) : from_(from), ok_(from.object() != nullptr) {}
  [[nodiscard]] bool ok() const { return ok_; }

  template <class T>
  void operator()(const char* name, T& x) {
    if (const json::Value* found = from_.find(name)) ok_ = take(*found, x) && ok_;
  }

  static bool take(const json::Value& from, double& x) {
    if (from.isNull()) x = std::numeric_limits<double>::quiet_NaN();
    if (from.number() != nullptr) x = *from.number();
    return from.isNull() || from.number() != nullptr;
  }
  static bool take(const json::Value& from, bool& x) {
    if (from.boolean() != nullptr) x = *from.boolean();
    return from.boolean() != nullptr;
  }
  static bool take(const json::Value& from, std::string& x) {
    if (from.string() != nullptr) x = *from.string();
    return from.string() != nullptr;
  }
  static bool take(const json::Value& from, Vector& v) {
    std::vector<double> numbers;
    if (!take(from, numbers)) return false;
    v = Vector::Map(numbers.data(), static_cast<Index>(numbers.size()));
    return true;
  }
  static bool take(const json::Value& from, Matrix& A) {
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
  static bool take(const json::Value& from, std::vector<T>& all) {
    if (from.array() == nullptr) return false;
    all.assign(from.array()->size(), T());
    bool ok = true;
    for (std::size_t k = 0; k < all.size(); ++k) ok = take((*from.array())[k], all[k]) && ok;
    return ok;
  }
  template <class T>
  static bool take(const json::Value& from, std::optional<T>& x) {
    x.reset();
    return from.isNull() || take(from, x.emplace());
  }
  template <class T>
  static bool take(const json::Value& from, T& x) {
    if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      if (from.number() != nullptr) x = static_cast<T>(static_cast<long long>(*from.number()));
      return from.number() != nullptr;
    } else {
      Reader reader(from);
      describe(reader, x);
      return reader.ok();
    }
  }

 private:
  const json::Value& from_;
  bool ok_;
};

template <class T>
std::string archived(const T& x) {
  return json::write(Writer::value(x));
}

template <class T>
Result<T> unarchived(const std::string& text) {
  const Result<json::Value> parsed = json::parse(text);
  if (!parsed) return Error{parsed.error()};
  T x;
  if (!Reader::take(parsed.value(), x)) return Error{"the text has another shape than expected"};
  return x;
}

}  // namespace attention_svm::shell
