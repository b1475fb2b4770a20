// The JSON reader and writer: strictness, places of errors, numbers to the bit.
#include "json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "attention_svm/random.h"
#include "support/bits.h"

namespace attention_svm {
namespace {

std::string errorOf(const std::string& text) {
  const Result<json::Value> parsed = json::parse(text);
  return parsed ? "no error" : parsed.error();
}

std::string rewritten(const std::string& text) {
  const Result<json::Value> parsed = json::parse(text);
  return parsed ? json::write(parsed.value()) : parsed.error();
}

TEST(Json, WritesWhatItRead) {
  for (const char* text : {"null", "true", "false", "0", "-0", "1.5", "1e+300", "\"\"", "[]", "{}",
                           R"({"b":1,"a":[1,[2,{"c":null}]],"":"x"})", R"(["\"\\","é∇𝄞"])"})
    EXPECT_EQ(rewritten(text), text);
  EXPECT_EQ(rewritten(" \t\r\n[ 1 , 2 ]\n"), "[1,2]");
  EXPECT_EQ(rewritten("\xEF\xBB\xBF[1]"), "[1]");  // byte order mark
  EXPECT_EQ(rewritten(R"("\u0041\u00e9\u2207\ud834\udd1e\/\b\f\n\r\t")"),
            "\"Aé∇𝄞/\\u0008\\u000c\\u000a\\u000d\\u0009\"");
  EXPECT_EQ(json::write(json::Value(std::nan(""))), "null");
}

TEST(Json, ErrorsNameLineAndColumn) {
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"", "line 1, column 1: expected a value, found the end of the text"},
      {"{\"a\": 1,\n \"b\" 2}", "line 2, column 6: expected ':'"},
      {"[1, 2", "line 1, column 6: expected ',' or ']'"},
      {"[1,]", "line 1, column 4: expected a value"},
      {"{\"a\":1,}", "line 1, column 8: expected a name in quotes"},
      {"{a:1}", "line 1, column 2: expected a name in quotes"},
      {"{\"a\":1 \"b\":2}", "line 1, column 8: expected ',' or '}'"},
      {"{\"a\"", "line 1, column 5: expected ':', found the end of the text"},
      {"{\"a\":1,\n\"a\":2}", "line 2, column 4: the name \"a\" stands here twice"},
      {"[1] 2", "line 1, column 5: expected the end of the text"},
      {"nul", "line 1, column 1: expected a value"},
      {"NaN", "line 1, column 1: expected a value"},
      {"[-Infinity]", "line 1, column 2: expected a value"},
      {"01", "line 1, column 1: a number must not start with 0"},
      {"-01", "line 1, column 1: a number must not start with 0"},
      {"0x10", "line 1, column 2: expected the end of the text"},
      {"+1", "line 1, column 1: expected a value"},
      {".5", "line 1, column 1: expected a value"},
      {"1.", "line 1, column 1: expected a digit after the point"},
      {"1e", "line 1, column 1: expected a digit in the exponent"},
      {"1e999", "line 1, column 1: a number too large for a double"},
      {"\"abc", "line 1, column 5: a string without an end"},
      {"\"a\nb\"", "line 1, column 3: a control character in a string"},
      {"\"\\x\"", "line 1, column 4: an unknown escape in a string"},
      {"\"\\u12g4\"", "line 1, column 6: expected four hexadecimal digits"},
      {"\"\\ud834\"", "line 1, column 8: half of a surrogate pair"},
      {"\"\\udd1e\"", "line 1, column 8: half of a surrogate pair"},
      {"// comment\n1", "line 1, column 1: expected a value"},
      {std::string("[1\0]", 4), "line 1, column 3: expected ',' or ']'"},
  };
  for (const auto& [text, error] : expected) EXPECT_EQ(errorOf(text), error) << text;
}

TEST(Json, DepthIsLimited) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(errorOf(nested(64)), "no error");
  EXPECT_EQ(errorOf(nested(66)), "line 1, column 66: nested more than 64 deep");
  EXPECT_NE(errorOf(std::string(1000000, '[')), "no error");
}

TEST(Json, NumbersKeepTheirBits) {
  Random random(11);
  const auto check = [](double x) {
    const Result<json::Value> back = json::parse(json::writeNumber(x));
    ASSERT_TRUE(back.ok()) << x;
    EXPECT_EQ(test::bitsOf(*back.value().number()), test::bitsOf(x)) << x;
  };
  for (const double x : {0.0, -0.0, 0.1, 1.0 / 3.0, 5e-324, -2.2250738585072014e-308, 1.7976931348623157e308})
    check(x);
  for (int k = 0; k < 20000; ++k) {
    const double x = test::fromBits(random.bits());
    if (std::isfinite(x)) check(x);
    check(random.normal());
  }
}

TEST(Json, NumbersAreShort) {
  EXPECT_EQ(json::writeNumber(0.1), "0.1");
  EXPECT_EQ(json::writeNumber(-3.0), "-3");
  EXPECT_EQ(json::writeNumber(1.0 / 3.0), "0.3333333333333333");
  EXPECT_EQ(json::writeNumber(std::numeric_limits<double>::infinity()), "null");
}

}  // namespace
}  // namespace attention_svm
