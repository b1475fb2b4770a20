// SPDX-License-Identifier: MIT
#include <cstdint>

#include "attention_svm/text_dataset.h"

namespace attention_svm {

namespace {

using CodePoint = std::uint32_t;

/// The code point that begins at `at`, which moves behind it. What is no UTF-8 reads as U+FFFD, byte by byte.
CodePoint nextCodePoint(const std::string& text, std::size_t& at) {
  const auto byte = [&text](std::size_t k) {
    return k < text.size() ? static_cast<CodePoint>(static_cast<unsigned char>(text[k])) : 0U;
  };
  const CodePoint first = byte(at++);
  if (first < 0x80) return first;
  const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC2 ? 1 : 0;
  if (more == 0 || first > 0xF4) return 0xFFFD;
  CodePoint result = first & (0x3FU >> more);
  for (std::size_t k = 0; k < more; ++k) {
    if ((byte(at + k) & 0xC0U) != 0x80U) return 0xFFFD;
    result = result << 6 | (byte(at + k) & 0x3FU);
  }
  at += more;
  return result;
}

void append(std::string& text, CodePoint c) {
  const auto put = [&text](CodePoint byte) { text += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else {
    if (c < 0x10000) {
      put(0xE0 | c >> 12);
    } else {
      put(0xF0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3F));
    }
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

bool between(CodePoint c, CodePoint low, CodePoint high) { return low <= c && c <= high; }

bool isSpace(CodePoint c) {
  return c <= 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 || between(c, 0x2000, 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

bool isDash(CodePoint c) { return between(c, 0x2012, 0x2015); }

bool isPunctuation(CodePoint c) {
  return between(c, 0x21, 0x2F) || between(c, 0x3A, 0x40) || between(c, 0x5B, 0x60) ||
         between(c, 0x7B, 0x7E) || c == 0xA1 || c == 0xAB || c == 0xB7 || c == 0xBB || c == 0xBF ||
         between(c, 0x2010, 0x205E) || between(c, 0x3001, 0x3011);
}

CodePoint lowered(CodePoint c) {
  const bool even = c % 2 == 0;
  if (between(c, 'A', 'Z')) return c + 32;
  if (between(c, 0xC0, 0xDE) && c != 0xD7) return c + 32;
  if ((between(c, 0x100, 0x137) && c != 0x130) || between(c, 0x14A, 0x177)) return even ? c + 1 : c;
  if (between(c, 0x139, 0x148)) return even ? c : c + 1;
  if (between(c, 0x391, 0x3A9) || between(c, 0x410, 0x42F)) return c + 32;
  return between(c, 0x400, 0x40F) ? c + 80 : c;
}

class Units {
 public:
  explicit Units(TextUnit unit) : words_(unit == TextUnit::Word) {}

  void add(CodePoint c) {
    if (words_)
      addToWord(c);
    else
      addCharacter(c);
  }

  std::vector<std::string> finish() {
    endWord();
    return std::move(units_);
  }

 private:
  void addCharacter(CodePoint c) {
    if (isSpace(c)) {
      blank_ = !units_.empty();
      return;
    }
    if (blank_) units_.emplace_back(" ");
    blank_ = false;
    units_.emplace_back();
    append(units_.back(), lowered(c));
  }

  /// Punctuation is held back until a letter follows.
  void addToWord(CodePoint c) {
    if (isSpace(c) || isDash(c)) {
      endWord();
    } else if (isPunctuation(c)) {
      if (!word_.empty()) append(held_, c);
    } else {
      word_ += held_;
      held_.clear();
      append(word_, lowered(c));
    }
  }

  void endWord() {
    if (!word_.empty()) units_.push_back(std::move(word_));
    word_.clear();
    held_.clear();
  }

  bool words_, blank_ = false;
  std::string word_, held_;
  std::vector<std::string> units_;
};

}  // namespace

std::vector<std::string> textUnits(const std::string& text, TextUnit unit) {
  Units units(unit);
  for (std::size_t at = 0; at < text.size();) units.add(nextCodePoint(text, at));
  return units.finish();
}

}  // namespace attention_svm
