// SPDX-License-Identifier: MIT
#include "attention_svm/head.h"

#include <algorithm>
#include <limits>

#include "ordered_sums.h"

namespace attention_svm {

namespace {

/// Hidden unit j before its relu
double unit(const MlpHead& head, Index j, const Vector& o) {
  return orderedDot(head.hidden.data() + j * head.hidden.cols(), o.data(), o.size());
}

struct Evaluate {
  const Vector& o;
  double operator()(const LinearHead& head) const { return orderedDot(head.v, o); }
  double operator()(const MlpHead& head) const {
    double sum = 0.0;
    for (Index j = 0; j < head.output.size(); ++j) sum += head.output(j) * std::max(0.0, unit(head, j, o));
    return sum;
  }
  double operator()(const QuadraticHead& head) const {
    return orderedDot(head.v, o) - head.lambda * orderedDot(o, o);
  }
  double operator()(const NextWordHead& /*head*/) const { return std::numeric_limits<double>::quiet_NaN(); }
};

struct Gradient {
  const Vector& o;
  Vector& result;
  void operator()(const LinearHead& head) const { result = head.v; }
  void operator()(const MlpHead& head) const {
    result.setZero();
    for (Index j = 0; j < head.output.size(); ++j)
      if (unit(head, j, o) > 0.0) result += head.output(j) * head.hidden.row(j).transpose();
  }
  void operator()(const QuadraticHead& head) const { result = head.v - 2.0 * head.lambda * o; }
  void operator()(const NextWordHead& /*head*/) const { result.setZero(); }
};

struct Dimension {
  Index operator()(const LinearHead& head) const { return head.v.size(); }
  Index operator()(const MlpHead& head) const { return head.hidden.cols(); }
  Index operator()(const QuadraticHead& head) const { return head.v.size(); }
  Index operator()(const NextWordHead& /*head*/) const { return 0; }
};

}  // namespace

double evaluate(const Head& head, const Vector& o) { return std::visit(Evaluate{o}, head); }

void gradient(const Head& head, const Vector& o, Vector& result) { std::visit(Gradient{o, result}, head); }

Index dimension(const Head& head) { return std::visit(Dimension{}, head); }

}  // namespace attention_svm
