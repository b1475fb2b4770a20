#include "attention_svm/head.h"

#include <algorithm>

namespace attention_svm {

namespace {

struct Evaluate {
  const Vector& o;
  double operator()(const LinearHead& head) const { return head.v.dot(o); }
  double operator()(const MlpHead& head) const {
    double sum = 0.0;
    for (Index j = 0; j < head.output.size(); ++j)
      sum += head.output(j) * std::max(0.0, head.hidden.row(j).dot(o));
    return sum;
  }
  double operator()(const QuadraticHead& head) const { return head.v.dot(o) - head.lambda * o.squaredNorm(); }
};

struct Gradient {
  const Vector& o;
  Vector& result;
  void operator()(const LinearHead& head) const { result = head.v; }
  void operator()(const MlpHead& head) const {
    result.setZero();
    for (Index j = 0; j < head.output.size(); ++j)
      if (head.hidden.row(j).dot(o) > 0.0) result += head.output(j) * head.hidden.row(j).transpose();
  }
  void operator()(const QuadraticHead& head) const { result = head.v - 2.0 * head.lambda * o; }
};

struct Dimension {
  Index operator()(const LinearHead& head) const { return head.v.size(); }
  Index operator()(const MlpHead& head) const { return head.hidden.cols(); }
  Index operator()(const QuadraticHead& head) const { return head.v.size(); }
};

}  // namespace

double evaluate(const Head& head, const Vector& o) { return std::visit(Evaluate{o}, head); }

void gradient(const Head& head, const Vector& o, Vector& result) { std::visit(Gradient{o, result}, head); }

Index dimension(const Head& head) { return std::visit(Dimension{}, head); }

}  // namespace attention_svm
