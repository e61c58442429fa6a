// SPDX-License-Identifier: MIT
#include "config/schedule.h"

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace ronin {
namespace {

using namespace std::chrono_literals;

Schedule Of(const std::string& text) { return Schedule::FromText(text).value(); }

bool Wants(const std::string& schedule, const std::string& time,
           const std::string& zone = "Europe/Berlin") {
  return Of(schedule).Wants(ParseTime(time).value(), zone);
}

TEST(Schedule, WantsTheHoursOfItsDaysInTheSitesTimeZone) {
  const std::string office = R"({"mon":[["08:00","12:30"],["13:00","18:00"]]})";

  EXPECT_FALSE(Wants(office, "2026-11-23T06:59:59Z")) << "a Monday; Berlin is an hour ahead";
  EXPECT_TRUE(Wants(office, "2026-11-23T07:00:00Z"));
  EXPECT_TRUE(Wants(office, "2026-11-23T11:29:59Z"));
  EXPECT_FALSE(Wants(office, "2026-11-23T11:30:00Z"));
  EXPECT_TRUE(Wants(office, "2026-11-23T12:00:00Z"));
  EXPECT_FALSE(Wants(office, "2026-11-24T07:00:00Z")) << "a Tuesday";
}

TEST(Schedule, LetsADayEndAtMidnightOfTheSite) {
  const std::string sunday = R"({"sun":[["00:00","24:00"]]})";

  EXPECT_FALSE(Wants(sunday, "2026-11-21T22:59:59Z"));
  EXPECT_TRUE(Wants(sunday, "2026-11-21T23:00:00Z"));
  EXPECT_TRUE(Wants(sunday, "2026-11-22T22:59:59Z"));
  EXPECT_FALSE(Wants(sunday, "2026-11-22T23:00:00Z"));
  EXPECT_TRUE(Wants(sunday, "2026-11-22T22:59:59+05:45", "Asia/Kathmandu"));
  EXPECT_FALSE(Wants(sunday, "1969-12-31T12:00:00Z", "UTC")) << "a Wednesday before 1970";
  EXPECT_TRUE(Wants(sunday, "1969-12-28T12:00:00Z", "UTC"));
}

TEST(Schedule, FollowsTheClockOnTheWallWhenItIsChanged) {
  const std::string night = R"({"sun":[["02:00","03:00"]]})";
  int spring = 0;
  int autumn = 0;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    const auto later = std::chrono::minutes(minute);
    spring += Of(night).Wants(ParseTime("2026-03-28T23:00:00Z").value() + later, "Europe/Berlin");
    autumn += Of(night).Wants(ParseTime("2026-10-24T22:00:00Z").value() + later, "Europe/Berlin");
  }

  EXPECT_EQ(spring, 0) << "the hour from 2 to 3 was left out";
  EXPECT_EQ(autumn, 120) << "it came twice";
}

TEST(Schedule, WithoutAnyDayNeverWantsARecording) {
  EXPECT_FALSE(Wants("{}", "2026-11-23T12:00:00Z"));
}

TEST(Schedule, IsWrittenInOrderAndReadBack) {
  const auto schedule =
      Of(R"({"sat":[],"tue":[["13:00","14:00"],["00:00","01:00"]],"mon":[["22:00","24:00"]]})");

  EXPECT_EQ(schedule.ToText(),
            R"({"mon":[["22:00","24:00"]],"tue":[["00:00","01:00"],["13:00","14:00"]]})");
  EXPECT_EQ(Of(schedule.ToText()), schedule);
}

TEST(Schedule, SaysWhatIsWrongAndHowToWriteIt) {
  const std::pair<const char*, const char*> cases[] = {
      {"[]", "must be an object"},
      {"3", "must be an object"},
      {R"({"monday":[]})", "is no day"},
      {R"({"mon":{}})", "must be a list"},
      {R"({"mon":null})", "must be a list"},
      {R"({"mon":[["08:00"]]})", "pairs of times"},
      {R"({"mon":["08:00","09:00"]})", "pairs of times"},
      {R"({"mon":[["8:00","09:00"]]})", "pairs of times"},
      {R"({"mon":[["08:60","09:00"]]})", "pairs of times"},
      {R"({"mon":[["08:00","24:01"]]})", "pairs of times"},
      {R"({"mon":[["+1:00","02:00"]]})", "pairs of times"},
      {R"({"mon":[[8,9]]})", "pairs of times"},
      {R"({"mon":[["22:00","06:00"]]})", "end before they begin"},
      {R"({"mon":[["08:00","08:00"]]})", "end before they begin"},
      {R"({"mon":[["08:00","10:00"],["09:00","11:00"]]})", "overlap"}};
  for (const auto& [text, why] : cases) {
    const auto parsed = Schedule::FromText(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kInvalidArgument);
    EXPECT_NE(parsed.error().message.find(why), std::string::npos) << parsed.error().message;
    EXPECT_NE(parsed.error().message.find(R"({"mon":[["08:00","18:00"]]})"), std::string::npos);
  }
}

}  // namespace
}  // namespace ronin
