// SPDX-License-Identifier: MIT
// Norms of W: what an SVM minimizes, and the dual norm that bounds it from below (THEORY sections 3, 6b, 6c).
// A norm is one entry of the table in core/src/norm.cpp; everything that differs between norms is in it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "attention_svm/linalg.h"

namespace attention_svm {

struct ScaledProblem;
struct SvmOptions;
struct SvmSolution;

struct Norm {
  enum class Kind { Frobenius, Nuclear, Lp, Linf, L1, Spectral };
  Kind kind = Kind::Frobenius;
  double p = 2.0;  ///< only for Lp, kLowestP <= p <= kHighestP

  static Norm frobenius() { return {Kind::Frobenius, 2.0}; }
  static Norm nuclear() { return {Kind::Nuclear, 2.0}; }
  static Norm lp(double p) { return {Kind::Lp, p}; }
  static Norm linf() { return {Kind::Linf, 2.0}; }          ///< the largest entry in size
  static Norm l1() { return {Kind::L1, 2.0}; }              ///< the sum of the sizes of all entries
  static Norm spectral() { return {Kind::Spectral, 2.0}; }  ///< the operator norm: the largest singular value

  bool operator==(const Norm&) const = default;
};

struct NormInfo {
  const char* id;       ///< in files, addresses and JavaScript: "frobenius"
  const char* name;     ///< on screen, before "norm" and "SVM": "Frobenius"
  const char* factory;  ///< in C++, behind Norm:: "frobenius"
  bool takesP;          ///< a family of norms, one for each p
  bool unique;          ///< its SVM has one solution: W is compared with it by direction, else by margin
  bool ball;            ///< regularizationPath() knows its ball
  double (*value)(const Norm& norm, const Matrix& W);
  double (*dualValue)(const Norm& norm, const Matrix& S);  ///< max <S, W> over W of norm at most 1
  SvmSolution (*solve)(const Norm& norm, ScaledProblem& problem, const SvmOptions& options);
};

/// Null for a number that is no kind. Kinds count from 0, so that counting up to null visits them all.
const NormInfo* findNorm(Norm::Kind kind);
inline const NormInfo& infoOf(const Norm& norm) { return *findNorm(norm.kind); }

/// The norm of that id; p is used where the norm takes one.
std::optional<Norm> normNamed(std::string_view id, double p = 2.0);
/// "frobenius, nuclear": the ids of the norms for which `which` holds.
std::string normNames(bool (*which)(const NormInfo& info));

/// The powers for which the l_p SVM is solved; others are refused with a sentence.
inline constexpr double kLowestP = 1.05, kHighestP = 50.0;

/// The value of the norm at W.
double normValue(const Norm& norm, const Matrix& W);
/// That of its dual norm: Frobenius, operator, l_q with 1/p + 1/q = 1, l_1, largest entry, or nuclear.
double dualNormValue(const Norm& norm, const Matrix& S);

}  // namespace attention_svm
