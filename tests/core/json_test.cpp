// SPDX-License-Identifier: MIT
// The JSON reader and writer: strictness, places of errors, numbers to the bit.
#include "attention_svm/json.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
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

/// What the C library writes with the fewest of 15, 16 and 17 digits that read back.
std::string printed(double x) {
  char text[32];
  for (int digits = 15; digits <= 17; ++digits) {
    std::snprintf(text, sizeof text, "%.*g", digits, x);
    if (std::strtod(text, nullptr) == x) break;
  }
  return text;
}

TEST(Json, NumbersLookAsTheCLibraryPrintsThem) {
  Random random(12);
  for (const double x :
       {1e-4, 1e-5, 123456789012345.0, 1234567890123456.0, 1e15, 1e16, 1e17, 12345678901234568.0, 1e22,
        9007199254740993.0, 0.3, -1e-300, 2.2250738585072014e-308, 1.7976931348623157e308})
    EXPECT_EQ(json::writeNumber(x), printed(x));
  for (int k = 0; k < 20000; ++k) {
    const double x = test::fromBits(random.bits());
    if (std::isnormal(x)) {
      EXPECT_EQ(json::writeNumber(x), printed(x));
    }
    const double y = random.normal() * std::pow(10.0, static_cast<double>(k % 40) - 20.0);
    EXPECT_EQ(json::writeNumber(y), printed(y));
  }
}

TEST(Json, NumbersAreRoundedAsByTheCLibrary) {
  Random random(13);
  const auto check = [](const std::string& text) {
    const Result<json::Value> read = json::parse(text);
    ASSERT_TRUE(read.ok()) << text;
    EXPECT_EQ(test::bitsOf(*read.value().number()), test::bitsOf(std::strtod(text.c_str(), nullptr))) << text;
  };
  // Halfway between two doubles, just above, below the smallest, many digits
  for (const char* text :
       {"9007199254740993", "9007199254740993.00000000000000000000000000001", "2.4703282292062327e-324",
        "2.4703282292062328e-324", "1e-400", "0e999", "-0.0", "1.7976931348623158e308",
        "0.000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001E+90",
        "1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490179775872070"
        "96330"
        "2864166928879109465555478519404026306574886715058206819089020007083836762738548458177115317644757302"
        "700698"
        "55571366959622842914819860834936475292719074168444365510704342711559699508093042880"})
    check(text);
  for (int k = 0; k < 20000; ++k) {
    std::string text = std::to_string(random.bits() % 10) + ".";
    for (std::uint64_t digits = 1 + random.bits() % 30; digits > 0; --digits)
      text += static_cast<char>('0' + random.bits() % 10);
    check(text + "e" + std::to_string(static_cast<int>(random.bits() % 655) - 350));
  }
}

TEST(Json, ManyKeysTakeLittleTime) {
  std::string text = "{";
  for (int k = 0; k < 200000; ++k) text += "\"key" + std::to_string(k) + "\":0,";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(errorOf(text + "\"last\":0}"), "no error");
  EXPECT_NE(errorOf(text + "\"key7\":0}").find("the name \"key7\" stands here twice"), std::string::npos);
  EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), 20.0);
}

TEST(Json, NumbersAreShort) {
  EXPECT_EQ(json::writeNumber(5e-324), "5e-324");
  EXPECT_EQ(json::writeNumber(0.1), "0.1");
  EXPECT_EQ(json::writeNumber(-3.0), "-3");
  EXPECT_EQ(json::writeNumber(1.0 / 3.0), "0.3333333333333333");
  EXPECT_EQ(json::writeNumber(std::numeric_limits<double>::infinity()), "null");
}

}  // namespace
}  // namespace attention_svm
