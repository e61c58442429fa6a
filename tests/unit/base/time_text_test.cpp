// SPDX-License-Identifier: MIT
#include "base/time_text.h"

#include <gtest/gtest.h>

namespace ronin {
namespace {

TEST(FormatUtc, WritesMilliseconds) {
  EXPECT_EQ(FormatUtc(FromMicros(1'795'400'045'320'999)), "2026-11-23T02:14:05.320Z");
}

TEST(FormatUtc, NamesFoldersAndFiles) {
  const WallTime t = FromMicros(1'795'400'045'320'999);
  EXPECT_EQ(FormatUtcDay(t), "2026-11-23");
  EXPECT_EQ(FormatUtcTimeOfDay(t), "02-14-05");
}

TEST(FormatHttpDate, IsAsHttpWritesIt) {
  EXPECT_EQ(FormatHttpDate(FromMicros(1'795'400'045'320'999)), "Mon, 23 Nov 2026 02:14:05 GMT");
  EXPECT_EQ(FormatHttpDate(FromMicros(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(ParseTime, ReadsWhatFormatUtcWrites) {
  EXPECT_EQ(ToMicros(*ParseTime("2026-11-23T02:14:05.320Z")), 1'795'400'045'320'000);
}

TEST(ParseTime, ReadsOtherOffsets) {
  EXPECT_EQ(*ParseTime("2026-11-23T03:14:05+01:00"), *ParseTime("2026-11-23T02:14:05Z"));
  EXPECT_EQ(*ParseTime("2026-11-22T21:14:05-05:00"), *ParseTime("2026-11-23T02:14:05Z"));
}

TEST(ParseTime, ReadsMillisecondsSince1970) {
  EXPECT_EQ(ToMicros(*ParseTime("1795400045320")), 1'795'400'045'320'000);
}

TEST(ParseTime, RefusesTimesWithoutZoneAndOtherText) {
  for (const char* text : {"", "yesterday", "2026-11-23T02:14:05", "2026-11-23", "-5", "12x",
                           "2026-13-23T02:14:05Z", "99999999999999999"}) {
    EXPECT_FALSE(ParseTime(text)) << text;
  }
}

}  // namespace
}  // namespace ronin
