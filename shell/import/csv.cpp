#include <cmath>
#include <cstdlib>
#include <map>
#include <vector>

#include "import.h"

namespace attention_svm::shell {

namespace {

std::vector<std::string> cells(const std::string& line) {
  const char by = line.find('\t') != std::string::npos ? '\t' : ',';
  std::vector<std::string> result(1);
  for (const char c : line) {
    if (c == by)
      result.emplace_back();
    else if (c != '"' && c != '\r' && c != ' ')
      result.back().push_back(c);
  }
  return result;
}

bool number(const std::string& text, double& value) {
  char* end = nullptr;
  value = std::strtod(text.c_str(), &end);
  return !text.empty() && *end == '\0' && std::isfinite(value);
}

struct Rows {
  std::map<long, std::vector<Vector>> tokens;
  std::map<long, Vector> queries;
  std::map<long, double> labels;
  Vector head;
};

/// Empty, or what is wrong with the line.
std::string takeLine(const std::vector<std::string>& line, Index d, Rows& rows) {
  if (static_cast<Index>(line.size()) != d + 4)
    return "expected " + std::to_string(d + 4) + " cells, found " + std::to_string(line.size());
  Vector x(d);
  for (Index j = 0; j < d; ++j)
    if (!number(line[static_cast<std::size_t>(j) + 3], x(j)))
      return "x" + std::to_string(j + 1) + ": expected a number";
  if (line[2] == "head") {
    rows.head = x;
    return {};
  }
  double sequence = 0, label = 0;
  if (!number(line[0], sequence)) return "sequence: expected a number";
  const long i = static_cast<long>(sequence);
  if (line[2] == "token")
    rows.tokens[i].push_back(x);
  else if (line[2] == "query")
    rows.queries[i] = x;
  else
    return "role: expected token, query or head, found " + line[2];
  if (line.back().empty()) return {};
  if (!number(line.back(), label) || (label != 1.0 && label != -1.0)) return "label: expected 1 or -1";
  rows.labels[i] = label;
  return {};
}

Result<Dataset> assembled(const Rows& rows, Index d) {
  Dataset dataset;
  if (rows.tokens.empty()) return Error{"there is no line with role token"};
  for (const auto& [i, tokens] : rows.tokens) {
    Matrix X(static_cast<Index>(tokens.size()), d);
    for (std::size_t t = 0; t < tokens.size(); ++t) X.row(static_cast<Index>(t)) = tokens[t].transpose();
    dataset.X.push_back(X);
    dataset.y.conservativeResize(dataset.y.size() + 1);
    if (rows.labels.count(i) == 0) return Error{"sequence " + std::to_string(i) + " has no label"};
    dataset.y(dataset.y.size() - 1) = rows.labels.at(i);
    if (rows.queries.empty()) continue;
    if (rows.queries.count(i) == 0)
      return Error{"sequence " + std::to_string(i) + " has no query, others have one"};
    dataset.Z.conservativeResize(dataset.n(), d);
    dataset.Z.row(dataset.n() - 1) = rows.queries.at(i).transpose();
  }
  dataset.head = LinearHead{rows.head.size() > 0 ? rows.head : fitHead(dataset)};
  return validated(std::move(dataset));
}

}  // namespace

Result<Dataset> parseCsv(const std::string& text) {
  Rows rows;
  Index d = -1;
  std::size_t start = 0, count = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::vector<std::string> line = cells(text.substr(start, end - start));
    start = end + 1;
    ++count;
    if (line.size() == 1 && line[0].empty()) continue;
    if (d < 0) {
      d = static_cast<Index>(line.size()) - 4;
      if (d < 1 || line[0] != "sequence" || line[1] != "token" || line[2] != "role" || line.back() != "label")
        return Error{"line 1: expected the header sequence,token,role,x1,...,xd,label"};
      continue;
    }
    if (const std::string problem = takeLine(line, d, rows); !problem.empty())
      return Error{"line " + std::to_string(count) + ": " + problem};
  }
  if (d < 0) return Error{"the file is empty"};
  return assembled(rows, d);
}

}  // namespace attention_svm::shell
