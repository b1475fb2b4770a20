// SPDX-License-Identifier: MIT
#include "attention_svm/json.h"

#include <cmath>
#include <cstdio>
#include <set>

#include "number_text.h"

namespace attention_svm::json {

const Value* Value::find(std::string_view key) const {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  for (const Member& member : *members)
    if (member.first == key) return &member.second;
  return nullptr;
}

const char* Value::kind() const {
  static constexpr const char* kNames[] = {"null",     "true or false", "a number",
                                           "a string", "a list",        "an object"};
  return kNames[content_.index()];
}

namespace {

constexpr int kDeepest = 64;  // nesting; no dataset needs more, and the stack stays bounded

void appendUtf8(std::string& out, unsigned code) {
  const auto put = [&out](unsigned byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

/// Each value but the first stands behind a '[', a ',' or a ':'. Marks within strings make it too many: text
/// of that kind is not what is large.
std::size_t mostValuesIn(const std::string& text) {
  std::size_t count = 1;
  for (const char c : text) count += c == ',' || c == '[' || c == ':' ? 1 : 0;
  return count;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

class Parser {
 public:
  explicit Parser(const std::string& text) : text_(text) {}

  Result<Value> document() {
    if (text_.size() > kLargestText) return Error{"the text is longer than 1 GiB, the most that is read"};
    if (text_.compare(0, 3, "\xEF\xBB\xBF") == 0) at_ = 3;  // byte order mark of some editors
    Value value;
    if (!readValue(value, 0)) return failure();
    skipSpace();
    if (at_ < text_.size()) {
      fail("expected the end of the text");
      return failure();
    }
    return value;
  }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool fail(const std::string& why) {
    if (message_.empty()) message_ = why;
    return false;
  }

  Error failure() const {
    std::size_t line = 1, column = 1;
    for (std::size_t i = 0; i < at_ && i < text_.size(); ++i) {
      ++column;
      if (text_[i] == '\n') {
        ++line;
        column = 1;
      }
    }
    return Error{"line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + message_};
  }

  void skipSpace() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r') ++at_;
  }

  bool expect(char c) {
    skipSpace();
    if (at_ >= text_.size()) return fail(std::string("expected '") + c + "', found the end of the text");
    if (peek() != c) return fail(std::string("expected '") + c + "'");
    ++at_;
    return true;
  }

  bool literal(const char* word) {
    const std::string expected(word);
    if (text_.compare(at_, expected.size(), expected) != 0) return fail("expected a value");
    at_ += expected.size();
    return true;
  }

  bool readValue(Value& value, int depth) {
    if (depth > kDeepest) return fail("nested more than 64 deep");
    skipSpace();
    if (at_ >= text_.size()) return fail("expected a value, found the end of the text");
    switch (peek()) {
      case '{': return readObject(value, depth);
      case '[': return readArray(value, depth);
      case '"': {
        std::string text;
        if (!readString(text)) return false;
        value = Value(std::move(text));
        return true;
      }
      case 't': value = Value(true); return literal("true");
      case 'f': value = Value(false); return literal("false");
      case 'n': value = Value(); return literal("null");
      default: return readNumber(value);
    }
  }

  bool readObject(Value& value, int depth) {
    Object members;
    std::set<std::string> names;  // of all members: a search through them would take quadratic time
    ++at_;
    skipSpace();
    if (peek() == '}') {
      ++at_;
      value = Value(std::move(members));
      return true;
    }
    for (;;) {
      skipSpace();
      std::string key;
      if (peek() != '"') return fail("expected a name in quotes");
      if (!readString(key)) return false;
      if (!names.insert(key).second) return fail("the name \"" + key + "\" stands here twice");
      if (!expect(':')) return false;
      members.emplace_back(std::move(key), Value());
      if (!readValue(members.back().second, depth + 1)) return false;
      skipSpace();
      if (peek() == '}') break;
      if (peek() != ',') return fail("expected ',' or '}'");
      ++at_;
    }
    ++at_;
    value = Value(std::move(members));
    return true;
  }

  bool readArray(Value& value, int depth) {
    Array items;
    ++at_;
    skipSpace();
    if (peek() == ']') {
      ++at_;
      value = Value(std::move(items));
      return true;
    }
    reserveNumbers(items);
    for (;;) {
      items.emplace_back();
      if (!readValue(items.back(), depth + 1)) return false;
      skipSpace();
      if (peek() == ']') break;
      if (peek() != ',') return fail("expected ',' or ']'");
      ++at_;
    }
    ++at_;
    value = Value(std::move(items));
    return true;
  }

  /// A list that holds nothing but numbers takes no more room than it needs.
  void reserveNumbers(Array& items) const {
    std::size_t count = 1;
    for (std::size_t i = at_; i < text_.size() && text_[i] != ']'; ++i) {
      if (text_[i] == '[' || text_[i] == '{' || text_[i] == '"') return;
      if (text_[i] == ',') ++count;
    }
    items.reserve(count);
  }

  bool readNumber(Value& value) {
    const std::size_t start = at_;
    std::size_t end = at_;
    const auto look = [&] { return end < text_.size() ? text_[end] : '\0'; };
    if (look() == '-') ++end;
    if (!isDigit(look())) return fail("expected a value");
    if (look() == '0' && end + 1 < text_.size() && isDigit(text_[end + 1]))
      return fail("a number must not start with 0");
    while (isDigit(look())) ++end;
    if (look() == '.') {
      ++end;
      if (!isDigit(look())) return fail("expected a digit after the point");
      while (isDigit(look())) ++end;
    }
    if (look() == 'e' || look() == 'E') {
      ++end;
      if (look() == '+' || look() == '-') ++end;
      if (!isDigit(look())) return fail("expected a digit in the exponent");
      while (isDigit(look())) ++end;
    }
    const double number = numberFromText(text_.data() + start, text_.data() + end);
    if (!std::isfinite(number)) return fail("a number too large for a double");
    at_ = end;
    value = Value(number);
    return true;
  }

  bool readString(std::string& out) {
    ++at_;
    for (;;) {
      if (at_ >= text_.size()) return fail("a string without an end");
      const char c = text_[at_];
      if (c == '"') break;
      if (static_cast<unsigned char>(c) < 0x20) return fail("a control character in a string");
      ++at_;
      if (c != '\\') {
        out.push_back(c);
      } else if (!readEscape(out)) {
        return false;
      }
    }
    ++at_;
    return true;
  }

  bool readEscape(std::string& out) {
    const char c = peek();
    ++at_;
    switch (c) {
      case '"':
      case '\\':
      case '/': out.push_back(c); return true;
      case 'b': out.push_back('\b'); return true;
      case 'f': out.push_back('\f'); return true;
      case 'n': out.push_back('\n'); return true;
      case 'r': out.push_back('\r'); return true;
      case 't': out.push_back('\t'); return true;
      case 'u': return readUnicode(out);
      default: return fail("an unknown escape in a string");
    }
  }

  bool readUnicode(std::string& out) {
    unsigned code = 0;
    if (!readHex(code)) return false;
    if (code >= 0xD800 && code < 0xDC00) {
      unsigned low = 0;
      if (text_.compare(at_, 2, "\\u") != 0) return fail("half of a surrogate pair");
      at_ += 2;
      if (!readHex(low)) return false;
      if (low < 0xDC00 || low > 0xDFFF) return fail("half of a surrogate pair");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    } else if (code >= 0xDC00 && code < 0xE000) {
      return fail("half of a surrogate pair");
    }
    appendUtf8(out, code);
    return true;
  }

  bool readHex(unsigned& code) {
    code = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = peek();
      unsigned digit = 0;
      if (isDigit(c))
        digit = static_cast<unsigned>(c - '0');
      else if (c >= 'a' && c <= 'f')
        digit = static_cast<unsigned>(c - 'a') + 10;
      else if (c >= 'A' && c <= 'F')
        digit = static_cast<unsigned>(c - 'A') + 10;
      else
        return fail("expected four hexadecimal digits");
      code = code * 16 + digit;
      ++at_;
    }
    return true;
  }

  const std::string& text_;
  std::size_t at_ = 0;
  std::string message_;
};

void appendNumber(std::string& out, double value) {
  if (std::isfinite(value))
    appendNumberText(out, value);
  else
    out += "null";
}

void writeString(std::string& out, const std::string& text) {
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\u%04x", static_cast<unsigned>(c));
      out += buffer;
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

void writeValue(std::string& out, const Value& value) {
  if (const bool* truth = value.boolean()) {
    out += *truth ? "true" : "false";
  } else if (const double* number = value.number()) {
    appendNumber(out, *number);
  } else if (const std::string* text = value.string()) {
    writeString(out, *text);
  } else if (const Array* items = value.array()) {
    out.push_back('[');
    for (std::size_t i = 0; i < items->size(); ++i) {
      if (i > 0) out.push_back(',');
      writeValue(out, (*items)[i]);
    }
    out.push_back(']');
  } else if (const Object* members = value.object()) {
    out.push_back('{');
    for (std::size_t i = 0; i < members->size(); ++i) {
      if (i > 0) out.push_back(',');
      writeString(out, (*members)[i].first);
      out.push_back(':');
      writeValue(out, (*members)[i].second);
    }
    out.push_back('}');
  } else {
    out += "null";
  }
}

}  // namespace

Result<Value> parse(const std::string& text, double mostValues) {
  const double values = static_cast<double>(mostValuesIn(text));
  if (text.size() <= kLargestText && values > mostValues)
    return Error{"the text holds " + writeNumber(values) + " values, the limit is " +
                 writeNumber(mostValues)};
  return Parser(text).document();
}

std::string write(const Value& value) {
  std::string out;
  writeValue(out, value);
  return out;
}

std::string writeNumber(double value) {
  std::string out;
  appendNumber(out, value);
  return out;
}

}  // namespace attention_svm::json
