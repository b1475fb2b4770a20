// SPDX-License-Identifier: MIT
// The dataset file format (docs/data-format.md), read and written.
#include <cmath>

#include "attention_svm/budget.h"
#include "attention_svm/json.h"

namespace attention_svm {

namespace {

constexpr const char* kFormat = "attention-svm-dataset";
constexpr double kVersion = 1.0, kWordsVersion = 2.0;

std::string indexed(const std::string& path, std::size_t i) { return path + "[" + std::to_string(i) + "]"; }

std::string expected(const std::string& path, const std::string& what, const json::Value& found) {
  return path + ": expected " + what + ", found " + found.kind();
}

/// Reads JSON into vectors and matrices; the first problem is kept with its place.
class Reader {
 public:
  [[nodiscard]] bool ok() const { return error_.empty(); }
  [[nodiscard]] const std::string& error() const { return error_; }
  void fail(std::string message) {
    if (ok()) error_ = std::move(message);
  }

  const json::Value* member(const json::Value& object, const std::string& key, const std::string& path) {
    const json::Value* value = object.find(key);
    if (value == nullptr) fail(path + ": missing");
    return value;
  }

  const json::Array* list(const json::Value& value, const std::string& path, const char* of) {
    const json::Array* items = value.array();
    if (items == nullptr) fail(expected(path, std::string("a list of ") + of, value));
    return items;
  }

  /// `size` < 0: any length of at least one.
  Vector numbers(const json::Value& value, const std::string& path, Index size) {
    const json::Array* items = list(value, path, "numbers");
    if (items == nullptr) return {};
    const Index found = static_cast<Index>(items->size());
    if (size >= 0 && found != size)
      fail(path + ": expected " + std::to_string(size) + (size == 1 ? " number" : " numbers") + ", found " +
           std::to_string(found));
    if (found == 0) fail(path + ": expected at least 1 number, found 0");
    Vector result(found);
    for (std::size_t j = 0; j < items->size(); ++j) {
      const double* number = (*items)[j].number();
      if (number == nullptr) {
        fail(expected(indexed(path, j), "a number", (*items)[j]));
        return {};
      }
      result(static_cast<Index>(j)) = *number;
    }
    return result;
  }

  /// `cols` < 0: as many as the first row has.
  Matrix rows(const json::Value& value, const std::string& path, const char* of, Index cols) {
    const json::Array* items = list(value, path, of);
    if (items == nullptr) return {};
    if (items->empty()) {
      fail(path + ": expected at least 1 of its " + of + ", found 0");
      return {};
    }
    Matrix result;
    for (std::size_t r = 0; r < items->size() && ok(); ++r) {
      const Vector row = numbers((*items)[r], indexed(path, r), cols);
      if (!ok()) return {};
      if (r == 0) {
        cols = row.size();
        result.resize(static_cast<Index>(items->size()), cols);
      }
      result.row(static_cast<Index>(r)) = row.transpose();
    }
    return result;
  }

  double number(const json::Value& object, const std::string& key, const std::string& path) {
    const json::Value* value = member(object, key, path);
    if (value == nullptr) return 0.0;
    const double* found = value->number();
    if (found == nullptr) fail(expected(path, "a number", *value));
    return found == nullptr ? 0.0 : *found;
  }

 private:
  std::string error_;
};

/// The version, 1 or 2.
double readHeader(Reader& reader, const json::Value& root) {
  if (root.object() == nullptr) {
    reader.fail(std::string("expected an object, found ") + root.kind());
    return 0.0;
  }
  const json::Value* format = root.find("format");
  if (format == nullptr || format->string() == nullptr || *format->string() != kFormat) {
    reader.fail(std::string("format: expected \"") + kFormat + "\"");
    return 0.0;
  }
  const double version = reader.number(root, "version", "version");
  if (reader.ok() && version != kVersion && version != kWordsVersion)
    reader.fail("version: expected 1 or 2, found " + json::writeNumber(version));
  return version;
}

std::string textMember(Reader& reader, const json::Value& root, const std::string& key) {
  const json::Value* value = root.find(key);
  if (value == nullptr) return {};
  if (value->string() == nullptr) {
    reader.fail(expected(key, "a string", *value));
    return {};
  }
  return *value->string();
}

void readSequences(Reader& reader, const json::Value& root, Dataset& dataset) {
  const json::Value* X = reader.member(root, "X", "X");
  const json::Array* sequences = X == nullptr ? nullptr : reader.list(*X, "X", "sequences");
  if (sequences == nullptr) return;
  if (sequences->empty()) reader.fail("X: expected at least 1 sequence, found 0");
  Index d = -1;
  for (std::size_t i = 0; i < sequences->size() && reader.ok(); ++i) {
    dataset.X.push_back(reader.rows((*sequences)[i], indexed("X", i), "tokens", d));
    d = dataset.X.back().cols();
  }
  const json::Value* Z = root.find("Z");
  if (!reader.ok() || Z == nullptr || Z->isNull()) return;
  dataset.Z = reader.rows(*Z, "Z", "queries", d);
}

void readLabels(Reader& reader, const json::Value& root, Dataset& dataset) {
  const json::Value* y = reader.member(root, "y", "y");
  const json::Array* labels = y == nullptr ? nullptr : reader.list(*y, "y", "labels");
  if (labels == nullptr) return;
  dataset.y.resize(static_cast<Index>(labels->size()));
  for (std::size_t i = 0; i < labels->size(); ++i) {
    const double* label = (*labels)[i].number();
    if (label == nullptr || (*label != 1.0 && *label != -1.0)) {
      reader.fail(indexed("y", i) + ": expected 1 or -1, found " + json::write((*labels)[i]));
      return;
    }
    dataset.y(static_cast<Index>(i)) = *label;
  }
}

Vector vectorMember(Reader& reader, const json::Value& head, const char* key, Index size) {
  const std::string path = std::string("head.") + key;
  const json::Value* value = reader.member(head, key, path);
  return value == nullptr ? Vector() : reader.numbers(*value, path, size);
}

Head readMlp(Reader& reader, const json::Value& head, Index d) {
  MlpHead mlp;
  if (const json::Value* hidden = reader.member(head, "hidden", "head.hidden"))
    mlp.hidden = reader.rows(*hidden, "head.hidden", "rows", d);
  if (reader.ok()) mlp.output = vectorMember(reader, head, "output", mlp.hidden.rows());
  const json::Value* activation = head.find("activation");
  if (activation != nullptr && (activation->string() == nullptr || *activation->string() != "relu"))
    reader.fail("head.activation: expected \"relu\", found " + json::write(*activation));
  return mlp;
}

Head readHead(Reader& reader, const json::Value& root, Index d) {
  const json::Value* head = reader.member(root, "head", "head");
  if (head == nullptr) return {};
  if (head->object() == nullptr) {
    reader.fail(expected("head", "an object", *head));
    return {};
  }
  const json::Value* kind = reader.member(*head, "kind", "head.kind");
  const std::string name = kind != nullptr && kind->string() != nullptr ? *kind->string() : std::string();
  if (name == "linear") return LinearHead{vectorMember(reader, *head, "v", d)};
  if (name == "mlp") return readMlp(reader, *head, d);
  if (name == "quadratic") {
    Vector v = vectorMember(reader, *head, "v", d);
    return QuadraticHead{std::move(v), reader.number(*head, "lambda", "head.lambda")};
  }
  reader.fail("head.kind: expected \"linear\", \"mlp\" or \"quadratic\"");
  return {};
}

/// Whole numbers from 0 on; which of them are words, wordDataset() checks.
std::vector<Index> wordNumbers(Reader& reader, const json::Value& value, const std::string& path) {
  const json::Array* items = reader.list(value, path, "word numbers");
  std::vector<Index> result;
  for (std::size_t t = 0; items != nullptr && t < items->size(); ++t) {
    const double* number = (*items)[t].number();
    if (number == nullptr || *number != std::floor(*number) || std::abs(*number) > 1e9) {
      reader.fail(indexed(path, t) + ": expected a word number, found " + json::write((*items)[t]));
      return {};
    }
    result.push_back(static_cast<Index>(*number));
  }
  return result;
}

void readVocabulary(Reader& reader, const json::Value& root, Words& words) {
  const json::Value* vocabulary = reader.member(root, "vocabulary", "vocabulary");
  if (vocabulary == nullptr) return;
  if (vocabulary->object() == nullptr) {
    reader.fail(expected("vocabulary", "an object", *vocabulary));
    return;
  }
  const std::string path = "vocabulary.words";
  const json::Value* names = reader.member(*vocabulary, "words", path);
  const json::Array* items = names == nullptr ? nullptr : reader.list(*names, path, "words");
  for (std::size_t k = 0; items != nullptr && k < items->size(); ++k) {
    const std::string* name = (*items)[k].string();
    if (name == nullptr) {
      reader.fail(expected(indexed(path, k), "a string", (*items)[k]));
      return;
    }
    words.names.push_back(*name);
  }
  if (!reader.ok()) return;
  const json::Value* E = reader.member(*vocabulary, "E", "vocabulary.E");
  if (E != nullptr) words.E = reader.rows(*E, "vocabulary.E", "embeddings", -1);
}

/// Empty, or why the sequences are too much once the embeddings of their words stand in them.
std::string wordsExcess(const Words& words, const Budget& budget) {
  double places = static_cast<double>(words.E.rows());
  for (const std::vector<Index>& sequence : words.sequences) places += static_cast<double>(sequence.size());
  return excessNumbers("the data", places * static_cast<double>(words.E.cols()), budget);
}

Result<Dataset> readWords(Reader& reader, const json::Value& root, const Budget& budget) {
  Words words;
  readVocabulary(reader, root, words);
  const json::Value* sequences = reader.ok() ? reader.member(root, "sequences", "sequences") : nullptr;
  const json::Array* items =
      sequences == nullptr ? nullptr : reader.list(*sequences, "sequences", "sequences");
  for (std::size_t i = 0; items != nullptr && reader.ok() && i < items->size(); ++i)
    words.sequences.push_back(wordNumbers(reader, (*items)[i], indexed("sequences", i)));
  const json::Value* next = reader.ok() ? reader.member(root, "next", "next") : nullptr;
  if (next != nullptr) words.next = wordNumbers(reader, *next, "next");
  if (!reader.ok()) return Error{reader.error()};
  if (std::string excess = wordsExcess(words, budget); !excess.empty()) return Error{std::move(excess)};
  return wordDataset(std::move(words));
}

void readPoints(Reader& reader, const json::Value& root, Dataset& dataset, bool headless) {
  readSequences(reader, root, dataset);
  if (reader.ok()) readLabels(reader, root, dataset);
  if (!reader.ok()) return;
  dataset.head = headless ? Head(LinearHead{Vector::Zero(dataset.d())}) : readHead(reader, root, dataset.d());
}

json::Value toJson(const Vector& v) {
  json::Array items;
  for (const double x : v) items.emplace_back(x);
  return items;
}

json::Value toJson(const Matrix& A) {
  json::Array items;
  for (Index r = 0; r < A.rows(); ++r) items.push_back(toJson(Vector(A.row(r).transpose())));
  return items;
}

json::Value toJson(const std::vector<Index>& words) {
  json::Array items;
  for (const Index word : words) items.emplace_back(static_cast<double>(word));
  return items;
}

json::Value toJson(const Head& head) {
  if (const auto* mlp = std::get_if<MlpHead>(&head))
    return json::Object{{"kind", "mlp"},
                        {"hidden", toJson(mlp->hidden)},
                        {"output", toJson(mlp->output)},
                        {"activation", "relu"}};
  if (const auto* quadratic = std::get_if<QuadraticHead>(&head))
    return json::Object{{"kind", "quadratic"}, {"v", toJson(quadratic->v)}, {"lambda", quadratic->lambda}};
  return json::Object{{"kind", "linear"}, {"v", toJson(std::get<LinearHead>(head).v)}};
}

}  // namespace

Result<Dataset> parseDataset(const std::string& text) { return parseDataset(text, Budget{}); }

Result<Dataset> parseDataset(const std::string& text, const Budget& budget) {
  if (std::string excess = excessBytes("the file", static_cast<double>(text.size()), budget); !excess.empty())
    return Error{std::move(excess)};
  const Result<json::Value> parsed =
      json::parse(text, budget.numbers * (json::kMostValues / Budget{}.numbers));
  if (!parsed) return Error{parsed.error()};
  return datasetFrom(parsed.value(), budget);
}

Result<Dataset> datasetFrom(const json::Value& root, const Budget& budget, bool headless) {
  Reader reader;
  const double version = readHeader(reader, root);
  const std::string name = reader.ok() ? textMember(reader, root, "name") : std::string();
  const std::string source = reader.ok() ? textMember(reader, root, "source") : std::string();
  if (!reader.ok()) return Error{reader.error()};
  Dataset dataset;
  if (version == kWordsVersion) {
    Result<Dataset> words = readWords(reader, root, budget);
    if (!words) return words;
    dataset = std::move(words).value();
  } else {
    readPoints(reader, root, dataset, headless);
    if (!reader.ok()) return Error{reader.error()};
    if (std::string excess = excessNumbers("the data", numbersOf(dataset), budget); !excess.empty())
      return Error{std::move(excess)};
  }
  dataset.name = name;
  dataset.source = source;
  return version == kWordsVersion ? dataset : validated(std::move(dataset));
}

namespace {

void putWords(const Words& words, json::Object& root) {
  json::Array names, sequences;
  for (const std::string& name : words.names) names.emplace_back(name);
  for (const std::vector<Index>& sequence : words.sequences) sequences.push_back(toJson(sequence));
  root.emplace_back("vocabulary", json::Object{{"words", std::move(names)}, {"E", toJson(words.E)}});
  root.emplace_back("sequences", std::move(sequences));
  root.emplace_back("next", toJson(words.next));
}

}  // namespace

std::string toJson(const Dataset& dataset) {
  json::Object root{{"format", kFormat}, {"version", dataset.words ? kWordsVersion : kVersion}};
  if (!dataset.name.empty()) root.emplace_back("name", dataset.name);
  if (!dataset.source.empty()) root.emplace_back("source", dataset.source);
  if (dataset.words) {
    putWords(*dataset.words, root);
    return json::write(root);
  }
  json::Array X;
  for (const Matrix& tokens : dataset.X) X.push_back(toJson(tokens));
  root.emplace_back("X", std::move(X));
  if (!dataset.selfAttention()) root.emplace_back("Z", toJson(dataset.Z));
  root.emplace_back("y", toJson(dataset.y));
  root.emplace_back("head", toJson(dataset.head));
  return json::write(root);
}

}  // namespace attention_svm
