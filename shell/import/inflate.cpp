// Deflate, unpacked (RFC 1951; canonical Huffman codes are decoded bit by bit, from counts per length).
#include <array>
#include <vector>

#include "zip.h"

namespace attention_svm::shell {

namespace {

constexpr int kLongestCode = 15;

struct Code {
  std::array<int, kLongestCode + 1> count{};  ///< symbols of each length
  std::vector<int> symbols;                   ///< ordered by length, then value

  explicit Code(const std::vector<int>& lengths) : symbols(lengths.size()) {
    for (const int length : lengths) ++count[static_cast<std::size_t>(length)];
    std::array<int, kLongestCode + 2> start{};
    for (std::size_t length = 1; length <= kLongestCode; ++length)
      start[length + 1] = start[length] + count[length];
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol)
      if (const auto length = static_cast<std::size_t>(lengths[symbol]); length > 0)
        symbols[static_cast<std::size_t>(start[length]++)] = static_cast<int>(symbol);
    count[0] = 0;
  }
};

class Inflater {
 public:
  Inflater(const unsigned char* data, std::size_t length, std::size_t size, std::string& out)
      : data_(data), length_(length), size_(size), out_(out) {}

  bool run() {
    for (bool last = false; !last && good_;) {
      last = bits(1) == 1;
      switch (bits(2)) {
        case 0: stored(); break;
        case 1: compressed(Code(fixedLengths()), Code(std::vector<int>(30, 5))); break;
        case 2: dynamic(); break;
        default: good_ = false;
      }
    }
    return good_ && out_.size() == size_;
  }

 private:
  int bits(int count) {
    int value = 0;
    for (int k = 0; k < count; ++k) {
      if (at_ >= 8 * length_) good_ = false;
      if (!good_) return 0;
      value |= ((data_[at_ / 8] >> (at_ % 8)) & 1) << k;
      ++at_;
    }
    return value;
  }

  int symbol(const Code& code) {
    int value = 0, first = 0, index = 0;
    for (std::size_t length = 1; length <= kLongestCode && good_; ++length) {
      value |= bits(1);
      const int count = code.count[length];
      if (value - first < count) return code.symbols[static_cast<std::size_t>(index + value - first)];
      index += count;
      first = (first + count) << 1;
      value <<= 1;
    }
    good_ = false;
    return 0;
  }

  void stored() {
    at_ = (at_ + 7) / 8 * 8;
    const auto count = static_cast<std::size_t>(bits(16));
    good_ = good_ && bits(16) == static_cast<int>(~count & 0xffffu) && count <= size_ - out_.size() &&
            at_ / 8 + count <= length_;
    if (!good_) return;
    out_.append(reinterpret_cast<const char*>(data_) + at_ / 8, count);
    at_ += 8 * count;
  }

  static std::vector<int> fixedLengths() {
    std::vector<int> lengths(288, 8);
    for (std::size_t k = 144; k < 280; ++k) lengths[k] = k < 256 ? 9 : 7;
    return lengths;
  }

  void dynamic() {
    static constexpr int kOrder[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    const int literals = bits(5) + 257, distances = bits(5) + 1, codes = bits(4) + 4;
    std::vector<int> lengths(19, 0);
    for (int k = 0; k < codes; ++k) lengths[static_cast<std::size_t>(kOrder[k])] = bits(3);
    const Code code(lengths);
    const auto all = static_cast<std::size_t>(literals + distances);
    lengths.clear();
    while (lengths.size() < all && good_) {
      const int s = symbol(code);
      if (s == 16 && lengths.empty()) good_ = false;
      if (!good_) return;
      const int repeat = s < 16 ? 1 : s == 16 ? 3 + bits(2) : s == 17 ? 3 + bits(3) : 11 + bits(7);
      const int value = s < 16 ? s : s == 16 ? lengths.back() : 0;
      lengths.insert(lengths.end(), static_cast<std::size_t>(repeat), value);
    }
    good_ = good_ && lengths.size() == all;
    if (!good_) return;
    compressed(Code({lengths.begin(), lengths.begin() + literals}),
               Code({lengths.begin() + literals, lengths.end()}));
  }

  void compressed(const Code& literal, const Code& distance) {
    while (good_) {
      const int s = symbol(literal);
      if (!good_ || s == 256) return;
      if (s < 256)
        out_.push_back(static_cast<char>(s));
      else
        repeat(s - 257, distance);
      good_ = good_ && out_.size() <= size_;
    }
  }

  /// Length symbols 0..28 and distance symbols 0..29 each stand for a base and some more bits.
  void repeat(int s, const Code& distance) {
    if (s > 28) good_ = false;
    const int more = s < 8 || s > 27 ? 0 : s / 4 - 1;
    const int length = s > 27 ? 258 : s < 8 ? s + 3 : ((4 + s % 4) << more) + 3 + bits(more);
    const int far = symbol(distance);
    if (far > 29) good_ = false;
    const int farMore = far < 4 ? 0 : far / 2 - 1;
    const auto back =
        static_cast<std::size_t>(far < 4 ? far + 1 : ((2 + far % 2) << farMore) + 1 + bits(farMore));
    good_ = good_ && back <= out_.size();
    for (int k = 0; k < length && good_; ++k) out_.push_back(out_[out_.size() - back]);
  }

  const unsigned char* data_;
  std::size_t length_, size_;
  std::string& out_;
  std::size_t at_ = 0;  ///< in bits
  bool good_ = true;
};

}  // namespace

bool inflate(const unsigned char* data, std::size_t length, std::size_t size, std::string& result) {
  result.clear();
  return Inflater(data, length, size, result).run();
}

}  // namespace attention_svm::shell
