// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "../order.h"
#include "import.h"
#include "number_text.h"

namespace attention_svm::shell {

namespace {

using Cells = std::vector<std::string>;

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \r");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \r") - first + 1);
}

/// Reads cell by cell (RFC 4180: a quoted cell may hold separators, line ends and doubled quotes).
class CsvReader {
 public:
  explicit CsvReader(const std::string& text) : text_(text) {
    if (text_.compare(0, 3, "\xEF\xBB\xBF") == 0) at_ = 3;  // the byte order mark of spreadsheets
    while (at_ < text_.size() && (text_[at_] == '#' || text_[at_] == '\n' || text_[at_] == '\r')) skipLine();
    const std::string header = text_.substr(at_, text_.find('\n', at_) - at_);
    for (const char candidate : {'\t', ';'})
      if (header.find(candidate) != std::string::npos) separator_ = candidate;
  }

  /// The next line that is neither empty nor a comment; false at the end.
  bool next(Cells& cells) {
    for (bool empty = true; empty;) {
      while (at_ < text_.size() && text_[at_] == '#') skipLine();
      if (at_ >= text_.size()) return false;
      line_ = nextLine_;
      cells.clear();
      while (readCell(cells)) continue;
      empty = std::all_of(cells.begin(), cells.end(), [](const std::string& c) { return c.empty(); });
    }
    return true;
  }

  [[nodiscard]] int line() const { return line_; }  ///< of the text, counted from 1

 private:
  void skipLine() {
    at_ = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
    ++nextLine_;
  }

  /// False when the cell was the last one of its line.
  bool readCell(Cells& cells) {
    std::string plain, quoted;
    bool inQuotes = false, wasQuoted = false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') ++nextLine_;
      if (inQuotes && c == '"' && at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        quoted.push_back(text_[++at_]);
      } else if (c == '"' && (inQuotes || trimmed(plain).empty())) {
        inQuotes = !inQuotes;
        wasQuoted = true;
      } else if (inQuotes) {
        quoted.push_back(c);
      } else if (c == separator_ || c == '\n') {
        break;
      } else {
        plain.push_back(c);
      }
    }
    cells.push_back(wasQuoted ? quoted : trimmed(plain));
    const bool another = at_ < text_.size() && text_[at_] == separator_;
    ++at_;
    return another;
  }

  const std::string& text_;
  std::size_t at_ = 0;
  int line_ = 1, nextLine_ = 1;
  char separator_ = ',';
};

struct Token {
  double order = 0;  ///< the column "token"; the place in the file where that is blank
  Vector x;
};

struct Sequence {
  std::vector<Token> tokens;
  std::set<double> orders;  ///< of all tokens: a search through them would take quadratic time
};

struct Rows {
  std::map<long, Sequence> sequences;
  std::map<long, Vector> queries;
  std::map<long, double> labels;
  Vector head;
};

std::string takeLabel(const std::string& cell, long sequence, Rows& rows) {
  if (cell.empty()) return {};
  double label = 0;
  if (!readNumber(cell, label) || (label != 1.0 && label != -1.0))
    return "label: expected 1 or -1, found " + cell;
  if (rows.labels.count(sequence) > 0 && rows.labels[sequence] != label)
    return "label: sequence " + std::to_string(sequence) + " has both 1 and -1";
  rows.labels[sequence] = label;
  return {};
}

std::string takeToken(const std::string& cell, long sequence, const Vector& x, Rows& rows) {
  Sequence& into = rows.sequences[sequence];
  double order = static_cast<double>(into.tokens.size()) + 1;
  if (!cell.empty() && !readNumber(cell, order)) return "token: expected a number or nothing, found " + cell;
  if (!into.orders.insert(order).second)
    return "token: sequence " + std::to_string(sequence) + " has token " + cell + " twice";
  into.tokens.push_back({order, x});
  return {};
}

/// Empty, or what is wrong with the line: the column, what was expected, what was found.
std::string takeLine(const Cells& line, Index d, Rows& rows) {
  if (static_cast<Index>(line.size()) != d + 4)
    return "expected " + std::to_string(d + 4) + " cells, found " + std::to_string(line.size());
  Vector x(d);
  for (Index j = 0; j < d; ++j)
    if (!readNumber(line[static_cast<std::size_t>(j) + 3], x(j)))
      return "x" + std::to_string(j + 1) + ": expected a number";
  if (line[2] == "head") {
    rows.head = x;
    return {};
  }
  double sequence = 0;
  if (!readNumber(line[0], sequence) || sequence != std::floor(sequence) || std::abs(sequence) > 1e9)
    return "sequence: expected a whole number, found \"" + line[0] + "\"";
  const long i = static_cast<long>(sequence);
  std::string problem;
  if (line[2] == "token")
    problem = takeToken(line[1], i, x, rows);
  else if (line[2] == "query" && rows.queries.count(i) == 0)
    rows.queries[i] = x;
  else if (line[2] == "query")
    problem = "role: sequence " + line[0] + " has two queries";
  else
    problem = "role: expected token, query or head, found \"" + line[2] + "\"";
  return problem.empty() ? takeLabel(line.back(), i, rows) : problem;
}

Matrix inOrder(const std::vector<Token>& tokens, Index d) {
  std::vector<double> keys;
  keys.reserve(tokens.size());
  for (const Token& token : tokens) keys.push_back(token.order);
  Matrix X(static_cast<Index>(tokens.size()), d);
  Index t = 0;
  for (const std::size_t k : orderOf(keys)) X.row(t++) = tokens[k].x.transpose();
  return X;
}

Result<Imported> assembled(const Rows& rows, Index d) {
  Dataset dataset;
  if (rows.sequences.empty()) return Error{"there is no line with role token"};
  const Index n = static_cast<Index>(rows.sequences.size());
  dataset.y.resize(n);
  dataset.Z.resize(rows.queries.empty() ? 0 : n, d);
  for (const auto& [i, sequence] : rows.sequences) {
    const Index at = dataset.n();
    dataset.X.push_back(inOrder(sequence.tokens, d));
    if (rows.labels.count(i) == 0) return Error{"sequence " + std::to_string(i) + " has no label"};
    dataset.y(at) = rows.labels.at(i);
    if (rows.queries.empty()) continue;
    if (rows.queries.count(i) == 0)
      return Error{"sequence " + std::to_string(i) + " has no query, others have one"};
    dataset.Z.row(at) = rows.queries.at(i).transpose();
  }
  for (const auto& query : rows.queries)
    if (rows.sequences.count(query.first) == 0)
      return Error{"sequence " + std::to_string(query.first) + " has a query but no token"};
  const bool hasHead = rows.head.size() > 0;
  dataset.head = LinearHead{hasHead ? rows.head : Vector(Vector::Zero(d))};
  Result<Dataset> sound = validated(std::move(dataset));
  if (!sound) return Error{sound.error()};
  return Imported{std::move(sound).value(), hasHead};
}

}  // namespace

Result<Imported> parseCsv(const std::string& text, const Budget& budget) {
  if (std::string excess = excessBytes("the file", static_cast<double>(text.size()), budget); !excess.empty())
    return Error{std::move(excess)};
  CsvReader reader(text);
  Cells line;
  if (!reader.next(line)) return Error{"the file is empty"};
  const auto place = [&reader] { return "line " + std::to_string(reader.line()) + ": "; };
  const Index d = static_cast<Index>(line.size()) - 4;
  if (d < 1 || line[0] != "sequence" || line[1] != "token" || line[2] != "role" || line.back() != "label")
    return Error{place() + "expected the header sequence,token,role,x1,...,xd,label"};
  Rows rows;
  for (double numbers = 0; reader.next(line);) {
    numbers += static_cast<double>(d);
    if (std::string excess = excessNumbers("the data", numbers, budget); !excess.empty())
      return Error{place() + excess};
    if (const std::string problem = takeLine(line, d, rows); !problem.empty())
      return Error{place() + problem};
  }
  return assembled(rows, d);
}

}  // namespace attention_svm::shell
