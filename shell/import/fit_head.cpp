#include <Eigen/Cholesky>
#include <cmath>

#include "import.h"

namespace attention_svm::shell {

Vector fitHead(const Dataset& dataset) {
  const Index n = dataset.n(), d = dataset.d();
  Matrix means(n, d);
  for (Index i = 0; i < n; ++i) means.row(i) = dataset.tokens(i).colwise().mean();
  const double ridge = 1e-2;  // separable labels would send v to infinity
  Vector v = Vector::Zero(d);
  for (int iteration = 0; iteration < 30; ++iteration) {
    const Vector u = dataset.y.cwiseProduct(means * v);
    const Vector wrong = u.unaryExpr([](double x) { return 1.0 / (1.0 + std::exp(x)); });
    const Vector gradient =
        ridge * v - means.transpose() * dataset.y.cwiseProduct(wrong) / static_cast<double>(n);
    const Vector weight = wrong.cwiseProduct(Vector::Ones(n) - wrong) / static_cast<double>(n);
    Eigen::MatrixXd H = means.transpose() * weight.asDiagonal() * means;
    H.diagonal().array() += ridge;
    v -= Eigen::LLT<Eigen::MatrixXd>(H).solve(gradient);
    if (gradient.norm() < 1e-12) break;
  }
  return v.norm() > 1e-12 ? Vector(v / v.norm()) : Vector(Vector::Unit(d, 0));
}

Result<Dataset> importDataset(const std::string& name, const std::string& bytes) {
  const auto ends = [&name](const std::string& ending) {
    return name.size() >= ending.size() &&
           name.compare(name.size() - ending.size(), ending.size(), ending) == 0;
  };
  if (ends(".csv") || ends(".tsv")) return parseCsv(bytes);
  if (ends(".npy") || ends(".npz")) return parseNumpy(name, bytes);
  return parseDataset(bytes);
}

}  // namespace attention_svm::shell
