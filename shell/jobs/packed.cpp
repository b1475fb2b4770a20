// SPDX-License-Identifier: MIT
#include "packed.h"

#include <cstdint>
#include <cstring>

#include "archive.h"

namespace attention_svm::shell {

namespace {

constexpr char kMark[] = "attention-svm-packed\n";

/// All but X; X as the lengths of the sequences and all tokens one below the other.
struct Packed {
  std::string name, source;
  Vector lengths;
  Matrix X, Z;
  Vector y;
  int head = 0;  ///< index of the variant
  Vector v;      ///< v, or the output of an MLP
  Matrix hidden;
  double lambda = 0.0;
};

template <class Archive>
void describe(Archive& archive, Packed& p) {
  archive("name", p.name);
  archive("source", p.source);
  archive("lengths", p.lengths);
  archive("X", p.X);
  archive("Z", p.Z);
  archive("y", p.y);
  archive("head", p.head);
  archive("v", p.v);
  archive("hidden", p.hidden);
  archive("lambda", p.lambda);
}

Packed packedFrom(const Dataset& dataset) {
  Packed p;
  p.name = dataset.name;
  p.source = dataset.source;
  p.lengths.resize(dataset.n());
  Index count = 0;
  for (Index i = 0; i < dataset.n(); ++i) {
    p.lengths(i) = static_cast<double>(dataset.length(i));
    count += dataset.length(i);
  }
  p.X.resize(count, dataset.d());
  for (Index i = 0, at = 0; i < dataset.n(); at += dataset.length(i++))
    p.X.middleRows(at, dataset.length(i)) = dataset.tokens(i);
  p.Z = dataset.Z;
  p.y = dataset.y;
  p.head = static_cast<int>(dataset.head.index());
  if (const auto* linear = std::get_if<LinearHead>(&dataset.head)) p.v = linear->v;
  if (const auto* mlp = std::get_if<MlpHead>(&dataset.head)) {
    p.v = mlp->output;
    p.hidden = mlp->hidden;
  }
  if (const auto* quadratic = std::get_if<QuadraticHead>(&dataset.head)) {
    p.v = quadratic->v;
    p.lambda = quadratic->lambda;
  }
  return p;
}

Result<Dataset> datasetFrom(Packed p) {
  const Error damaged{"the bytes of the dataset are damaged"};
  Dataset dataset;
  dataset.name = std::move(p.name);
  dataset.source = std::move(p.source);
  Index at = 0;
  for (const double length : p.lengths) {
    if (!(length >= 1 && length <= static_cast<double>(p.X.rows() - at))) return damaged;
    const Index T = static_cast<Index>(length);
    dataset.X.push_back(p.X.middleRows(at, T));
    at += T;
  }
  if (at != p.X.rows()) return damaged;
  dataset.Z = std::move(p.Z);
  dataset.y = std::move(p.y);
  if (p.head == static_cast<int>(Head(LinearHead{}).index()))
    dataset.head = LinearHead{std::move(p.v)};
  else if (p.head == static_cast<int>(Head(MlpHead{}).index()))
    dataset.head = MlpHead{std::move(p.hidden), std::move(p.v)};
  else
    dataset.head = QuadraticHead{std::move(p.v), p.lambda};
  return validated(std::move(dataset));
}

}  // namespace

std::string datasetBytes(const Dataset& dataset) {
  // Words are short as they are written: what is long are the embeddings that stand for them.
  if (dataset.words || numbersOf(dataset) < kLargeDataset) return toJson(dataset);
  return kMark + archived(packedFrom(dataset));
}

Result<Dataset> datasetFromBytes(const std::string& bytes, const Budget& budget) {
  constexpr std::size_t kStart = sizeof kMark - 1;
  if (bytes.compare(0, kStart, kMark) != 0) return parseDataset(bytes, budget);
  if (std::string excess =
          excessNumbers("the data", static_cast<double>(bytes.size()) / 8.0, Budget{budget.numbers + 1e5});
      !excess.empty())
    return Error{std::move(excess)};
  Result<Packed> packed = unarchived<Packed>(bytes.substr(kStart));
  if (!packed) return Error{packed.error()};
  return datasetFrom(std::move(packed).value());
}

std::string hashOf(const std::string& bytes) {
  std::uint64_t hash = 14695981039346656037ULL;
  const auto take = [&hash](std::uint64_t part) { hash = (hash ^ part) * 1099511628211ULL; };
  std::size_t k = 0;
  if (bytes.compare(0, sizeof kMark - 1, kMark) == 0)
    for (; k + 8 <= bytes.size(); k += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + k, 8);
      take(word ^ (word >> 32));  // else the high bits would never reach the low ones
    }
  for (; k < bytes.size(); ++k) take(static_cast<unsigned char>(bytes[k]));
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string result;
  for (int shift = 60; shift >= 0; shift -= 4) result.push_back(kDigits[(hash >> shift) & 15]);
  return result;
}

}  // namespace attention_svm::shell
