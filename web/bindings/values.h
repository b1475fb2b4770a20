// SPDX-License-Identifier: MIT
// Values of the core as JavaScript's, and back.
#pragma once

#include <emscripten.h>
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <algorithm>

#include "attention_svm/kept_tokens.h"
#include "attention_svm/names.h"
#include "attention_svm/regularization_path.h"

namespace attention_svm::web {

using emscripten::val;

/// Copied out of the module's memory, which may move when it grows.
inline val floats(const double* data, Index count) {
  return val::global("Float64Array")
      .new_(val(emscripten::typed_memory_view(static_cast<std::size_t>(count), data)));
}
inline val floats(const Matrix& A) { return floats(A.data(), A.size()); }
inline val floats(const Vector& v) { return floats(v.data(), v.size()); }
inline val floats(const std::vector<double>& v) { return floats(v.data(), static_cast<Index>(v.size())); }

inline val list(const Vector& v) {
  val result = val::array();
  for (const double x : v) result.call<void>("push", x);
  return result;
}

inline val list(const Selection& tokens) {
  val result = val::array();
  for (const Index t : tokens) result.call<void>("push", static_cast<double>(t));
  return result;
}

inline val lists(const KeptTokens& all) {
  val result = val::array();
  for (const auto& tokens : all) result.call<void>("push", list(tokens));
  return result;
}

inline val failure(const std::string& message) {
  val result = val::object();
  result.set("error", message);
  return result;
}

inline std::vector<double> numbersOf(const val& array) {
  return emscripten::convertJSArrayToNumberVector<double>(array);
}

inline Selection selectionOf(const val& array) {
  Selection tokens;
  for (const double x : numbersOf(array)) tokens.push_back(static_cast<Index>(x));
  return tokens;
}

inline std::optional<Matrix> matrixOf(const val& array, Index rows) {
  if (array.isUndefined() || array.isNull()) return std::nullopt;
  const std::vector<double> values = numbersOf(array);
  const Index count = static_cast<Index>(values.size());
  // A length that does not fit the rows becomes one row, which Trainer::create refuses with its shape.
  const Index r = rows > 0 && count > 0 && count % rows == 0 ? rows : 1;
  Matrix A(r, count / r);
  std::copy(values.begin(), values.end(), A.data());
  return A;
}

/// Pieces of work until the time is over; false when nothing is left to do.
template <class Piece>
bool workFor(double milliseconds, Piece piece) {
  const double end = emscripten_get_now() + milliseconds;
  bool more = true;
  do {
    more = piece();
  } while (more && emscripten_get_now() < end);
  return more;
}

inline QueryMode modeOf(const val& options) {
  return {options["everyToken"].as<bool>(), options["causal"].as<bool>()};
}

/// Names arrive checked: module.js has the lists of names below.
inline Norm normOf(const val& options) {
  return normNamed(options["norm"].as<std::string>(), options["p"].as<double>()).value();
}

inline val solutionObject(const SvmSolution& s) {
  val result = val::object();
  result.set("status", std::string(nameOf(s.status).id));
  result.set("feasible", s.feasible);
  result.set("W", floats(s.W));
  result.set("norm", s.norm);
  result.set("dual", floats(s.dual));
  result.set("gap", s.gap);
  result.set("margin", s.margin);
  result.set("smallestConstraint", s.smallestConstraint);
  val support = val::array();
  for (const TokenConstraint& name : s.support) {
    val entry = val::object();
    entry.set("sequence", static_cast<double>(name.sequence));
    entry.set("query", static_cast<double>(name.query));
    entry.set("token", static_cast<double>(name.token));
    support.call<void>("push", entry);
  }
  result.set("support", support);
  result.set("singularValues", list(s.singularValues));
  result.set("rank", static_cast<double>(s.rank));
  result.set("iterations", s.iterations);
  result.set("text", toText(s));
  if (s.status == SvmStatus::Infeasible) {
    result.set("certificate", floats(s.certificate));
    result.set("certificateResidual", s.certificateResidual);
  } else if (s.message.empty()) {
    result.set("lowerBound", s.lowerBound);
  }
  return result;
}

inline val orNull(const std::optional<long>& iteration) {
  return iteration ? val(static_cast<double>(*iteration)) : val::null();
}

template <class Enum>
Enum choice(const val& options, const char* name) {
  return valueNamed<Enum>(options[name].as<std::string>()).value();
}

inline val pathPoint(const PathPoint& point) {
  val entry = val::object();
  entry.set("radius", point.radius);
  entry.set("loss", point.loss);
  entry.set("W", floats(point.W));
  entry.set("stationarity", point.stationarity);
  entry.set("converged", point.converged);
  if (point.gap) entry.set("gap", *point.gap);
  return entry;
}

}  // namespace attention_svm::web
