// SPDX-License-Identifier: MIT
#include "recording/camera_alarms.h"

#include <gtest/gtest.h>

#include "recording/rate_meter.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace ronin::recording {
namespace {

using namespace std::chrono_literals;

/// The alarms of one camera, told what it is like.
class CameraAlarmsTest : public ::testing::Test {
 protected:
  ~CameraAlarmsTest() override {
    volumes_.StopWorkers();
    database_.Stop();
  }
  void Pass(std::chrono::seconds time) {
    for (auto i = 0s; i < time; i += 1s) {
      clock_.Advance(1s);
      watch_.Look({facts_});
    }
  }
  bool Raised() const { return alarms_.Count(AlarmKind::kCameraDown) > 0; }

  ronin::testing::TempDir dir_;
  ronin::testing::FakeClock clock_;
  Worker database_{"catalog"};
  gst::Reaper reaper_;
  OpenPaths open_paths_;
  std::unique_ptr<Catalog> catalog_ = OpenCatalog(dir_ / "catalog.db").value();
  SegmentRows rows_{*catalog_, database_, {}};
  Volumes volumes_{{dir_.path()},
                   {},
                   clock_,
                   VolumeGate::Settings(),
                   {.identified = [](const auto&, const auto&) {},
                    .changed = [](VolumeGate&) {},
                    .data_lost = [](VolumeGate&) {},
                    .in_use = [](const VolumeGate&) { return false; }}};
  Recorders recorders_{{.clock = clock_,
                        .reaper = reaper_,
                        .volumes = volumes_,
                        .rows = rows_,
                        .open_paths = open_paths_,
                        .settings = {},
                        .on_changed = [](int64_t) {}}};
  camera::Cameras cameras_{{.clock = clock_,
                            .reaper = reaper_,
                            .settings = {},
                            .listeners = {},
                            .on_changed = [](camera::Camera&) {}}};
  Alarms alarms_{clock_};
  CameraAlarms watch_{{cameras_, recorders_, volumes_, alarms_, clock_}};
  CameraAlarms::Facts facts_{.id = 3, .wanted = true, .down = true, .sentence = "It is away."};
};

TEST_F(CameraAlarmsTest, AreRaisedAfterAMinuteAndEndAfterTenSecondsOfRecording) {
  Pass(60s);
  EXPECT_FALSE(Raised());
  Pass(1s);
  ASSERT_TRUE(Raised());
  EXPECT_EQ(alarms_.items()[0].id(), "camera_down:3");
  EXPECT_EQ(alarms_.items()[0].sentence, "It is away.");

  facts_.down = false;
  facts_.sentence.clear();
  Pass(10s);
  EXPECT_TRUE(Raised()) << "it may go again";
  EXPECT_EQ(alarms_.items()[0].sentence, "It is away.");
  Pass(1s);
  EXPECT_FALSE(Raised());
}

TEST_F(CameraAlarmsTest, AreRaisedAtOnceWhenThePasswordIsRefused) {
  facts_.refused = true;
  Pass(1s);
  EXPECT_TRUE(Raised());
  facts_.refused = false;  // it tries again
  Pass(5s);
  facts_.refused = true;
  Pass(1s);
  EXPECT_TRUE(Raised());
}

TEST_F(CameraAlarmsTest, EndAtOnceWithTheWishToRecordOrWithTheCamera) {
  Pass(61s);
  ASSERT_TRUE(Raised());
  facts_.wanted = false;
  Pass(1s);
  EXPECT_FALSE(Raised());
  facts_.wanted = true;
  Pass(60s);
  EXPECT_FALSE(Raised()) << "it begins anew";
  Pass(1s);
  ASSERT_TRUE(Raised());
  watch_.Look({});
  EXPECT_FALSE(Raised());
}

TEST(RateMeter, MeasuresOverFiveMinutes) {
  RateMeter meter;
  MonoTime now{};
  EXPECT_EQ(meter.PerSecond(), 0);
  meter.Add(1'000'000, now);
  EXPECT_EQ(meter.PerSecond(), 0) << "since when is not known";
  meter.Add(500, now += 10s);
  EXPECT_DOUBLE_EQ(meter.PerSecond(), 50);
  for (int i = 0; i < 15; ++i) meter.Add(1500, now += 10s);
  EXPECT_NEAR(meter.PerSecond(), 143.75, 0.01);
  for (int i = 0; i < 30; ++i) meter.Add(0, now += 10s);
  EXPECT_EQ(meter.PerSecond(), 0) << "five minutes ago";
}

}  // namespace
}  // namespace ronin::recording
