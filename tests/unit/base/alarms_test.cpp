// SPDX-License-Identifier: MIT
#include "base/alarms.h"

#include <gtest/gtest.h>

#include "base/held_condition.h"
#include "support/fake_clock.h"

namespace ronin {
namespace {

using namespace std::chrono_literals;

class AlarmsTest : public ::testing::Test {
 protected:
  AlarmsTest() {
    alarms_.Tell([this] { ++told_; });
  }
  std::vector<std::string> Ids() const {
    std::vector<std::string> out;
    for (const Alarm& alarm : alarms_.items()) out.push_back(alarm.id());
    return out;
  }

  using Ids_ = std::vector<std::string>;
  testing::FakeClock clock_;
  Alarms alarms_{clock_};
  int told_ = 0;
};

TEST_F(AlarmsTest, ShowOfEachSubjectOnlyTheWorst) {
  alarms_.Set(AlarmKind::kVolumeSlow, {.volume_id = 1}, "slow");
  alarms_.Set(AlarmKind::kVolumeMissing, {.volume_id = 1}, "away");
  alarms_.Set(AlarmKind::kVolumeLow, {.volume_id = 2}, "low");
  EXPECT_EQ(Ids(), (Ids_{"volume_missing:1", "volume_low:2"}));

  alarms_.Clear(AlarmKind::kVolumeMissing, {.volume_id = 1});
  EXPECT_EQ(Ids(), (Ids_{"volume_low:2", "volume_slow:1"}));
  EXPECT_EQ(alarms_.Count(AlarmKind::kVolumeSlow), 1U);
  EXPECT_EQ(alarms_.Count(AlarmKind::kVolumeMissing), 0U);
  alarms_.ClearAll({.volume_id = 1});
  EXPECT_EQ(Ids(), Ids_{"volume_low:2"});
}

TEST_F(AlarmsTest, TellOnlyOfWhatIsShown) {
  alarms_.Set(AlarmKind::kVolumeMissing, {.volume_id = 1}, "away");
  EXPECT_EQ(told_, 1);
  alarms_.Set(AlarmKind::kVolumeMissing, {.volume_id = 1}, "away");
  alarms_.Set(AlarmKind::kVolumeSlow, {.volume_id = 1}, "slow");
  alarms_.Clear(AlarmKind::kVolumeSlow, {.volume_id = 1});
  alarms_.Clear(AlarmKind::kVolumeSlow, {.volume_id = 7});
  EXPECT_EQ(told_, 1);
  alarms_.Set(AlarmKind::kVolumeMissing, {.volume_id = 1}, "the wrong one");
  alarms_.Clear(AlarmKind::kVolumeMissing, {.volume_id = 1});
  EXPECT_EQ(told_, 3);
  EXPECT_TRUE(alarms_.items().empty());
}

TEST_F(AlarmsTest, KeepSinceWhenAndPutTheWorstFirst) {
  const WallTime begin = clock_.Now();
  alarms_.Set(AlarmKind::kRetentionHeld, {}, "held");
  alarms_.Set(AlarmKind::kRetentionShort, {}, "short");
  clock_.Advance(5s);
  alarms_.Set(AlarmKind::kRetentionHeld, {}, "still held");
  alarms_.Set(AlarmKind::kCameraDown, {.camera_id = 3}, "down");
  alarms_.Set(AlarmKind::kVolumeFull, {.folder = "/srv/a"}, "full");

  EXPECT_EQ(Ids(),
            (Ids_{"camera_down:3", "volume_full:/srv/a", "retention_held", "retention_short"}));
  const Alarm held = alarms_.items()[2];
  EXPECT_EQ(held.since, begin);
  EXPECT_EQ(held.sentence, "still held");
  EXPECT_EQ(SeverityOf(AlarmKind::kCameraDown), "critical");
  EXPECT_EQ(SeverityOf(held.kind), "warning");
}

TEST(AlarmKinds, HaveNamesOfTheirOwn) {
  for (const AlarmKind kind : kAlarmKinds) {
    EXPECT_FALSE(ToString(kind).empty());
    for (const AlarmKind other : kAlarmKinds) {
      EXPECT_EQ(kind == other, ToString(kind) == ToString(other));
    }
  }
}

TEST(HeldCondition, CountsOnceItHasHeldAndUntilItHasBeenOver) {
  HeldCondition condition(60s, 10s);
  MonoTime now{};
  const auto look = [&](bool holds, Micros later) {
    now += later;
    return condition.Look(holds, now);
  };
  EXPECT_FALSE(look(true, 0s));
  EXPECT_FALSE(look(true, 59s));
  EXPECT_FALSE(look(false, 500ms)) << "it begins anew";
  EXPECT_FALSE(look(true, 500ms));
  EXPECT_FALSE(look(true, 59s));
  EXPECT_TRUE(look(true, 1s));
  EXPECT_TRUE(look(false, 1s));
  EXPECT_TRUE(look(true, 9s));
  EXPECT_TRUE(look(false, 1s));
  EXPECT_FALSE(look(false, 10s));
  EXPECT_TRUE(HeldCondition(0s, 10s).Look(true, now));
}

}  // namespace
}  // namespace ronin
