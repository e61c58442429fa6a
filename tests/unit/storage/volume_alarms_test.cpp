// SPDX-License-Identifier: MIT
#include "storage/volume_alarms.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

using namespace std::chrono_literals;

constexpr uint64_t kGiB = uint64_t(1) << 30;

class VolumeAlarmsTest : public ::testing::Test {
 protected:
  ~VolumeAlarmsTest() override { volumes_.StopWorkers(); }
  /// Looks every second for as long as that.
  void Pass(std::chrono::seconds time) {
    for (auto i = 0s; i < time; i += 1s) {
      clock_.Advance(1s);
      facts_.synced_s += busy_;
      watch_.Look({facts_});
    }
  }
  std::string Shown() const {
    std::string out;
    for (const Alarm& alarm : alarms_.items()) out += alarm.id() + " ";
    return out;
  }

  testing::TempDir dir_;
  testing::FakeClock clock_;
  Volumes volumes_{{dir_.path()},
                   {},
                   clock_,
                   VolumeGate::Settings(),
                   {.identified = [](const auto&, const auto&) {},
                    .changed = [](VolumeGate&) {},
                    .data_lost = [](VolumeGate&) {},
                    .in_use = [](const VolumeGate&) { return false; }}};
  Alarms alarms_{clock_};
  VolumeAlarms watch_{
      {.volumes = volumes_, .alarms = alarms_, .clock = clock_, .reserve = [](const VolumeGate&) {
         return 2 * kGiB;
       }}};
  VolumeAlarms::Facts facts_{.folder = "/srv/a",
                             .id = 1,
                             .state = VolumeState::kOk,
                             .sentence = {},
                             .space = {50 * kGiB, 100 * kGiB},
                             .reserve_bytes = 2 * kGiB};
  double busy_ = 0;  // share of the time that syncs take
};

TEST_F(VolumeAlarmsTest, AreRaisedAtOnceForWhatADiskSaysAndEndTenSecondsAfterIt) {
  Pass(2s);
  EXPECT_EQ(Shown(), "");
  facts_.state = VolumeState::kMissing;
  facts_.sentence = "Mount it.";
  Pass(1s);
  EXPECT_EQ(Shown(), "volume_missing:1 ");
  EXPECT_EQ(alarms_.items()[0].sentence, "Mount it.");

  facts_.state = VolumeState::kOk;
  facts_.sentence.clear();
  Pass(10s);
  EXPECT_EQ(Shown(), "volume_missing:1 ");
  EXPECT_EQ(alarms_.items()[0].sentence, "Mount it.");
  Pass(1s);
  EXPECT_EQ(Shown(), "");
  for (const auto& [state, id] : {std::pair(VolumeState::kReadOnly, "volume_error:1 "),
                                  {VolumeState::kError, "volume_error:1 "},
                                  {VolumeState::kFull, "volume_full:1 "},
                                  {VolumeState::kChecking, ""}}) {
    facts_.state = state;
    Pass(12s);
    EXPECT_EQ(Shown(), id);
  }
}

TEST_F(VolumeAlarmsTest, OfLowSpaceWaitAMinuteForRetentionAndDoNotFlutter) {
  facts_.space.free_bytes = 2 * kGiB * 91 / 100;
  Pass(100s);
  EXPECT_EQ(Shown(), "") << "retention is at work there";
  facts_.space.free_bytes = kGiB;
  Pass(60s);
  EXPECT_EQ(Shown(), "");
  Pass(1s);
  EXPECT_EQ(Shown(), "volume_low:1 ");
  const std::string sentence = alarms_.items()[0].sentence;
  EXPECT_NE(sentence.find("On /srv/a only 1.0 GiB are free"), std::string::npos) << sentence;

  facts_.space.free_bytes = 2 * kGiB * 94 / 100;
  Pass(30s);
  EXPECT_EQ(Shown(), "volume_low:1 ") << "more is asked of its end";
  EXPECT_EQ(alarms_.items()[0].sentence, sentence);
  facts_.space.free_bytes = 2 * kGiB;
  Pass(11s);
  EXPECT_EQ(Shown(), "");
}

TEST_F(VolumeAlarmsTest, OfASlowDiskNeedAMinuteOfIt) {
  busy_ = 0.6;
  Pass(200s);
  EXPECT_EQ(Shown(), "");
  busy_ = 0.9;
  Pass(10s);
  EXPECT_EQ(Shown(), "");
  Pass(50s);
  EXPECT_EQ(Shown(), "volume_slow:1 ");
  busy_ = 0.6;
  Pass(100s);
  EXPECT_EQ(Shown(), "volume_slow:1 ");
  busy_ = 0.1;
  Pass(71s);
  EXPECT_EQ(Shown(), "");
}

TEST_F(VolumeAlarmsTest, FollowTheIdOfTheVolumeAndGoWithIt) {
  alarms_.Set(AlarmKind::kRetentionHeld, {}, "of somebody else");
  facts_.id.reset();
  facts_.state = VolumeState::kMissing;
  Pass(1s);
  EXPECT_EQ(Shown(), "volume_missing:/srv/a retention_held ");
  facts_.id = 7;
  Pass(1s);
  EXPECT_EQ(Shown(), "volume_missing:7 retention_held ");
  watch_.Look({});
  EXPECT_EQ(Shown(), "retention_held ");
}

}  // namespace
}  // namespace ronin
