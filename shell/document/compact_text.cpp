// SPDX-License-Identifier: MIT
#include "compact_text.h"

#include <cmath>

#include "../settings/text.h"
#include "../settings/values.h"

namespace attention_svm::shell {

double rounded(double x) { return std::round(x * 1e4) / 1e4; }

namespace {

std::string vectorText(const Vector& v) {
  std::string text;
  for (Index j = 0; j < v.size(); ++j) text += (j > 0 ? "," : "") + numberText(rounded(v(j)));
  return text;
}

std::string rowsText(const Matrix& A) {
  std::string text;
  for (Index r = 0; r < A.rows(); ++r) text += (r > 0 ? ";" : "") + vectorText(A.row(r).transpose());
  return text;
}

bool parseVector(const std::string& text, Vector& v) {
  const std::vector<std::string> parts = split(text, ',');
  v.resize(static_cast<Index>(parts.size()));
  for (std::size_t j = 0; j < parts.size(); ++j)
    if (!parseNumber(parts[j], v(static_cast<Index>(j)))) return false;
  return true;
}

bool parseRows(const std::string& text, Matrix& A) {
  const std::vector<std::string> parts = split(text, ';');
  for (std::size_t r = 0; r < parts.size(); ++r) {
    Vector row;
    if (!parseVector(parts[r], row)) return false;
    if (r == 0) A.resize(static_cast<Index>(parts.size()), row.size());
    if (row.size() != A.cols()) return false;
    A.row(static_cast<Index>(r)) = row.transpose();
  }
  return true;
}

}  // namespace

// X sequences by '|', tokens by ';', coordinates by ','; sections X~Z~y~v by '~'.
std::string compactDataset(const Dataset& dataset) {
  std::string text;
  for (Index i = 0; i < dataset.n(); ++i) text += (i > 0 ? "|" : "") + rowsText(dataset.tokens(i));
  text += "~" + (dataset.selfAttention() ? std::string("self") : rowsText(dataset.Z)) + "~";
  for (Index i = 0; i < dataset.n(); ++i) text += dataset.y(i) > 0 ? "p" : "n";
  const auto* head = std::get_if<LinearHead>(&dataset.head);
  return text + "~" + (head != nullptr ? vectorText(head->v) : std::string());
}

Result<Dataset> expandDataset(const std::string& text) {
  const std::vector<std::string> sections = split(text, '~');
  const Error broken{"the data in the address is damaged"};
  if (sections.size() != 4 || text.size() > 20000) return broken;
  Dataset dataset;
  dataset.name = "edited by hand";
  for (const std::string& sequence : split(sections[0], '|')) {
    Matrix X;
    if (!parseRows(sequence, X)) return broken;
    dataset.X.push_back(X);
  }
  if (sections[1] != "self" && !parseRows(sections[1], dataset.Z)) return broken;
  dataset.y.resize(static_cast<Index>(sections[2].size()));
  for (std::size_t i = 0; i < sections[2].size(); ++i)
    dataset.y(static_cast<Index>(i)) = sections[2][i] == 'p' ? 1.0 : -1.0;
  LinearHead head;
  if (!parseVector(sections[3], head.v)) return broken;
  dataset.head = head;
  return validated(std::move(dataset));
}

}  // namespace attention_svm::shell
