// SPDX-License-Identifier: MIT
#include "base/json_check.h"

#include <random>

#include <gtest/gtest.h>

#include "base/json.h"

namespace ronin {
namespace {

using namespace std::string_literals;

TEST(JsonCheck, TakesJson) {
  for (const char* text :
       {"{}", "[]", "null", " true ", "\"\"", "0", "-0", "-1", "1.5e-3", "9223372036854775807",
        "-9223372036854775808", "1e300", R"("\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00")",
        R"({"a":[1,2,{"b":null}],"c":"d"})", "\t[\r\n1 , 2 ] "}) {
    const auto good = CheckJson(text);

    EXPECT_TRUE(good) << text << ": " << good.error().message;
    EXPECT_TRUE(JsonValue::Parse(text)) << text;
  }
}

TEST(JsonCheck, RefusesWhatIsNone) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "is empty"},
      {" ", "a value is expected"},
      {"{", "a name in"},
      {"{\"a\"}", "a : is expected"},
      {"{\"a\":1,}", "a name in"},
      {"[1,]", "a value is expected"},
      {"[1 2]", "a , or ] is expected"},
      {"{'a':1}", "a name in"},
      {"[1] 2", "more behind the end"},
      {"// c\n[]", "a value is expected"},
      {"var a = []", "a value is expected"},
      {"0x10", "more behind the end"},
      {"010", "must not begin with 0"},
      {"+1", "a value is expected"},
      {".5", "a value is expected"},
      {"1.", "a digit is expected"},
      {"1e", "a digit is expected"},
      {"NaN", "a value is expected"},
      {"tru", "a value is expected"},
      {"9223372036854775808", "a number is too large"},
      {"1e999", "a number is too large"},
      {"\"a", "a text has no end"},
      {"\"a\nb\"", "control characters"},
      {"\"a\0b\""s, "not UTF-8"},
      {R"("\x41")", "no such escape"},
      {R"("\u12")", "four hexadecimal digits"},
      {R"("a\u0000b")", "zero character"},
      {R"("\ud800")", "no second half"},
      {R"("\ud800\u0041")", "no second half"},
      {R"("\ude00")", "no first half"},
      {"\"\\", "no such escape"},
      {"\"\xff\"", "not UTF-8"},
      {std::string(65, '[') + std::string(65, ']'), "64 levels"},
      {std::string(1'000'000, '['), "64 levels"},
  };
  for (const auto& [text, part] : cases) {
    const auto good = CheckJson(text);

    ASSERT_FALSE(good) << text.substr(0, 40);
    EXPECT_EQ(good.error().kind, ErrorKind::kInvalidArgument);
    EXPECT_NE(good.error().message.find(part), std::string::npos)
        << text.substr(0, 40) << ": " << good.error().message;
    EXPECT_FALSE(JsonValue::Parse(text));
  }
  EXPECT_TRUE(CheckJson(std::string(64, '[') + std::string(64, ']')));
}

TEST(JsonCheck, SaysWhere) {
  EXPECT_EQ(CheckJson("{\n \"a\": x}").error().message,
            "the body is not JSON: line 2, column 7: a value is expected");
}

TEST(JsonCheck, WhatItTakesTheReaderReads) {
  std::mt19937 random(6);  // NOLINT: the same ones each time
  constexpr std::string_view kPieces[] = {
      "{",  "}",   "[",  "]",    ",", ":",    "\"",   "\"a\"", "1",       "-",  "0",  ".5",
      "e9", "\\u", "\\", "d800", " ", "true", "null", "/*",    "\\u00e9", "\t", "\n", "'"};
  for (int round = 0; round < 100'000; ++round) {
    std::string text;
    for (auto left = random() % 8; left > 0; --left) {
      text += kPieces[random() % std::size(kPieces)];
    }

    EXPECT_EQ(CheckJson(text).has_value(), JsonValue::Parse(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace ronin
