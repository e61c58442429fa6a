// SPDX-License-Identifier: MIT
#include "base/json.h"

#include <limits>

#include <gtest/gtest.h>

namespace ronin {
namespace {

TEST(JsonValue, ReadsMembersByType) {
  const auto value = JsonValue::Parse(R"({"name":"Front door","port":554,"on":true,"gone":null})");

  ASSERT_TRUE(value);
  EXPECT_EQ(value->Member("name")->AsString(), "Front door");
  EXPECT_EQ(value->Member("port")->AsInt(), 554);
  EXPECT_EQ(value->Member("on")->AsBool(), true);
  EXPECT_TRUE(value->Member("gone")->IsNull());
  EXPECT_FALSE(value->Member("other"));
  EXPECT_FALSE(value->Member("name")->AsInt());
  EXPECT_FALSE(value->Member("on")->AsInt());
}

TEST(JsonValue, SaysWhereTheTextIsBroken) {
  const auto value = JsonValue::Parse("{\"a\":");

  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().kind, ErrorKind::kInvalidArgument);
}

TEST(JsonValue, RefusesNestingThatWouldExhaustTheStack) {
  EXPECT_FALSE(JsonValue::Parse(std::string(100'000, '[')));
}

TEST(JsonValue, BracketsInStringsAreNotNesting) {
  EXPECT_TRUE(JsonValue::Parse("{\"a\":\"" + std::string(200, '[') + "\"}"));
}

TEST(JsonValue, RefusesBytesThatAreNotUtf8) { EXPECT_FALSE(JsonValue::Parse("{\"a\":\"\xff\"}")); }

TEST(JsonValue, RefusesNothing) { EXPECT_FALSE(JsonValue::Parse("")); }

TEST(JsonWriter, WritesWhatTheReaderReads) {
  JsonWriter writer;
  writer.Object().Key("items").Array().Int(1).Null().Bool(false).End().Key("t").Time(FromMicros(0));
  const std::string text = writer.End().Text();

  EXPECT_EQ(text, R"({"items":[1,null,false],"t":"1970-01-01T00:00:00.000Z"})");
}

TEST(JsonWriter, NumbersThatJsonCannotSayBecomeNull) {
  JsonWriter writer;
  writer.Array().Double(std::numeric_limits<double>::infinity()).End();

  EXPECT_EQ(writer.Text(), "[null]");
}

TEST(JsonWriter, RepairsInvalidUtf8) {
  JsonWriter writer;
  writer.Array().String("a\xff").End();

  EXPECT_EQ(writer.Text(), "[\"a\xef\xbf\xbd\"]");
}

}  // namespace
}  // namespace ronin
