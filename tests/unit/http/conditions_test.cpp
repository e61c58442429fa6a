// SPDX-License-Identifier: MIT
#include "http/conditions.h"

#include <gtest/gtest.h>

#include "http/body_source.h"

namespace ronin::http {
namespace {

using Kind = RangeChoice::Kind;

struct RangeCase {
  const char* header;
  int64_t size;
  Kind kind;
  int64_t offset;
  int64_t length;
};

constexpr RangeCase kCases[] = {
    {"bytes=0-499", 1000, Kind::kPart, 0, 500},
    {"bytes=500-", 1000, Kind::kPart, 500, 500},
    {"bytes=-200", 1000, Kind::kPart, 800, 200},
    {"bytes=-2000", 1000, Kind::kPart, 0, 1000},
    {"bytes=999-999", 1000, Kind::kPart, 999, 1},
    {"bytes=0-0", 1, Kind::kPart, 0, 1},
    {"bytes=990-2000", 1000, Kind::kPart, 990, 10},
    {"bytes=0-9223372036854775807", 1000, Kind::kPart, 0, 1000},
    {"bytes=0-99999999999999999999999999", 1000, Kind::kPart, 0, 1000},
    {"bytes=-99999999999999999999999999", 1000, Kind::kPart, 0, 1000},
    {"bytes=00000000000000000000000001-", 1000, Kind::kPart, 1, 999},
    {"BYTES=0-1", 1000, Kind::kPart, 0, 2},
    {"bytes= 0-1 ", 1000, Kind::kPart, 0, 2},
    {"bytes=1000-", 1000, Kind::kUnsatisfiable, 0, 0},
    {"bytes=1000-1001", 1000, Kind::kUnsatisfiable, 0, 0},
    {"bytes=99999999999999999999999999-", 1000, Kind::kUnsatisfiable, 0, 0},
    {"bytes=-0", 1000, Kind::kUnsatisfiable, 0, 0},
    {"bytes=0-", 0, Kind::kUnsatisfiable, 0, 0},
    {"bytes=-5", 0, Kind::kUnsatisfiable, 0, 0},
    {"bytes=5-2", 1000, Kind::kWhole, 0, 0},
    {"bytes=0-1,5-9", 1000, Kind::kWhole, 0, 0},
    {"bytes=", 1000, Kind::kWhole, 0, 0},
    {"bytes=-", 1000, Kind::kWhole, 0, 0},
    {"bytes=5", 1000, Kind::kWhole, 0, 0},
    {"bytes=a-b", 1000, Kind::kWhole, 0, 0},
    {"bytes=+1-2", 1000, Kind::kWhole, 0, 0},
    {"bytes=--5", 1000, Kind::kWhole, 0, 0},
    {"bytes=1--5", 1000, Kind::kWhole, 0, 0},
    {"items=0-1", 1000, Kind::kWhole, 0, 0},
    {"", 1000, Kind::kWhole, 0, 0},
};

TEST(Range, ObeysTheTableOfRfc9110) {
  for (const RangeCase& c : kCases) {
    const RangeChoice choice = ChooseRange(c.header, c.size);

    EXPECT_EQ(int(choice.kind), int(c.kind)) << c.header;
    EXPECT_EQ(choice.offset, c.offset) << c.header;
    EXPECT_EQ(choice.length, c.length) << c.header;
  }
}

BodyPlan Plan(HeaderList headers, Method method = Method::kGet, int64_t size = 100,
              std::string_view etag = "v1") {
  return PlanBody(Request({.method = method, .headers = std::move(headers)}), size, etag);
}

TEST(Conditions, IfNoneMatchWinsOverRange) {
  EXPECT_EQ(Plan({{"If-None-Match", "\"v1\""}, {"Range", "bytes=0-1"}}).status, 304);
  EXPECT_EQ(Plan({{"If-None-Match", "W/\"v1\", \"x\""}}).status, 304);
  EXPECT_EQ(Plan({{"If-None-Match", "*"}}).status, 304);
  EXPECT_EQ(Plan({{"If-None-Match", "\"v2\""}}).status, 200);
}

TEST(Conditions, ARangeNeedsTheSameVersionWhenIfRangeIsSent) {
  EXPECT_EQ(Plan({{"Range", "bytes=0-1"}, {"If-Range", "\"v1\""}}).status, 206);
  EXPECT_EQ(Plan({{"Range", "bytes=0-1"}, {"If-Range", "\"v2\""}}).status, 200);
  EXPECT_EQ(Plan({{"Range", "bytes=0-1"}, {"If-Range", "W/\"v1\""}}).status, 200);
  EXPECT_EQ(Plan({{"Range", "bytes=0-1"}, {"If-Range", "\"\""}}, Method::kGet, 100, "").status,
            200);
}

TEST(Conditions, ARangeThatIsSentTwiceIsIgnored) {
  EXPECT_EQ(Plan({{"Range", "bytes=0-1"}, {"range", "bytes=0-1"}}).status, 200);
  EXPECT_EQ(Plan({{"Range", "bytes=0-1"}, {"Range", "bytes=100-"}}).status, 200);
}

TEST(Conditions, RangesAreForGetAndForKnownSizes) {
  EXPECT_EQ(Plan({{"Range", "bytes=0-1"}}, Method::kHead).status, 200);
  EXPECT_EQ(Plan({{"Range", "bytes=0-1"}}, Method::kGet, BodySource::kUnknownSize).status, 200);
  EXPECT_EQ(Plan({{"Range", "bytes=100-"}}).status, 416);
}

}  // namespace
}  // namespace ronin::http
