// SPDX-License-Identifier: MIT
#include "attention_svm/words.h"

#include <Eigen/QR>
#include <algorithm>
#include <limits>

namespace attention_svm {

EmbeddingCheck checkEmbeddings(const Matrix& E) {
  EmbeddingCheck check;
  Matrix unit = E;
  for (Index k = 0; k < E.rows(); ++k) {
    const double largest = E.row(k).cwiseAbs().maxCoeff();
    if (largest > 0.0) unit.row(k) = (E.row(k) / largest).normalized();
  }
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr;
  qr.setThreshold(4.0 * std::numeric_limits<double>::epsilon() *
                  static_cast<double>(std::max(E.rows(), E.cols())));
  qr.compute(unit.transpose());
  check.rank = qr.rank();
  check.independent = check.rank == E.rows();
  return check;
}

std::string embeddingNote(const Words& words) {
  const EmbeddingCheck check = checkEmbeddings(words.E);
  if (check.independent) return {};
  return "the embeddings of the " + std::to_string(words.count()) +
         " words are not linearly independent (d = " + std::to_string(words.E.cols()) + ", rank " +
         std::to_string(check.rank) + "), which the theory does not cover; give them at least " +
         std::to_string(words.count()) + " dimensions";
}

}  // namespace attention_svm
