// SPDX-License-Identifier: MIT
#include "retention/limits.h"

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;

constexpr int64_t kGib = int64_t(1) << 30;
constexpr int64_t kMib = int64_t(1) << 20;

TEST(Limits, ACamerasOwnWinsOverTheGeneralOne) {
  const Limits general{.days = 30, .min_days = 2};
  CameraRecord camera;

  EXPECT_EQ(LimitsOf(general, nullptr, StreamKind::kMain).max_age, 24h * 30);
  EXPECT_EQ(LimitsOf(general, &camera, StreamKind::kMain).max_age, 24h * 30);
  EXPECT_EQ(LimitsOf(general, &camera, StreamKind::kMain).min_age, 24h * 2);
  camera.retention_days = 7;
  camera.retention_bytes = 5;
  camera.retention_min_days = 3;
  const StreamLimits own = LimitsOf(general, &camera, StreamKind::kMain);
  EXPECT_EQ(own.max_age, 24h * 7);
  EXPECT_EQ(own.max_bytes, 5);
  EXPECT_EQ(own.min_age, 24h * 3);
  EXPECT_FALSE(LimitsOf({}, nullptr, StreamKind::kMain).max_age);
}

TEST(Limits, WhatACameraKeepsAtLeastWinsOverTheDaysOfAll) {
  CameraRecord camera;
  camera.retention_min_days = 30;
  const auto age = [&](const Limits& general, StreamKind stream) {
    return LimitsOf(general, &camera, stream).max_age;
  };

  EXPECT_EQ(age({.days = 7}, StreamKind::kMain), 24h * 30);
  EXPECT_EQ(age({.days = 60}, StreamKind::kMain), 24h * 60);
  EXPECT_EQ(age({.days = 7}, StreamKind::kSub), 24h * 30);
  EXPECT_EQ(age({.days = 60, .sub_days = 5}, StreamKind::kSub), 24h * 30);
  EXPECT_FALSE(age({}, StreamKind::kMain));
  camera.sub_retention_days = 3;
  EXPECT_EQ(age({.days = 7}, StreamKind::kSub), 24h * 3) << "a limit of its own holds";
}

TEST(Limits, ASubStreamIsAsTheMainOneUnlessItHasItsOwn) {
  CameraRecord camera;
  camera.retention_days = 7;
  camera.retention_bytes = 5;
  const auto sub = [&](const Limits& general) {
    return LimitsOf(general, &camera, StreamKind::kSub);
  };

  EXPECT_EQ(sub({.days = 30}).max_age, 24h * 7);
  EXPECT_FALSE(sub({}).max_bytes) << "those are the main stream's";
  EXPECT_EQ(sub({.days = 30, .sub_days = 60}).max_age, 24h * 60);
  camera.sub_retention_days = 90;
  camera.sub_retention_bytes = 8;
  EXPECT_EQ(sub({.days = 30, .sub_days = 60}).max_age, 24h * 90);
  EXPECT_EQ(sub({}).max_bytes, 8);
}

TEST(Limits, TwoPercentStayFreeButAtLeastTwoGibAndAtMostATenth) {
  EXPECT_EQ(DefaultMinFree(1000 * kGib), 20 * kGib);
  EXPECT_EQ(DefaultMinFree(50 * kGib), 2 * kGib);
  EXPECT_EQ(DefaultMinFree(10 * kGib), kGib);
  EXPECT_EQ(DefaultMinFree(300 * kMib), 30 * kMib);
}

TEST(Limits, RoomIsMadeBeforeItIsNeeded) {
  const FreeSpace space{0, uint64_t(1000 * kGib), 0, 0};

  const Reserve quiet = ReserveOf({}, space, 0);
  EXPECT_EQ(quiet.floor_bytes, 20 * kGib);
  EXPECT_GT(quiet.low_bytes, quiet.floor_bytes);
  EXPECT_GT(quiet.goal_bytes, quiet.low_bytes);
  const Reserve busy = ReserveOf({}, space, 100 * kMib);
  EXPECT_GE(busy.low_bytes - busy.floor_bytes, 500 * kMib) << "seconds of what is written";
  const Reserve flood = ReserveOf({}, space, 1000 * kGib);
  EXPECT_LE(flood.low_bytes, 70 * kGib) << "a burst does not cost the archive";
}

TEST(Limits, WhatIsAskedForStaysFreeButNeverMoreThanATenth) {
  const FreeSpace space{0, uint64_t(300 * kMib), 0, 0};

  EXPECT_EQ(ReserveOf({.min_free = 20 * kMib}, space, 0).floor_bytes, 20 * kMib);
  EXPECT_EQ(ReserveOf({.min_free = 30 * kMib}, space, 0).floor_bytes, 30 * kMib);
  EXPECT_EQ(ReserveOf({.min_free = 31 * kMib}, space, 0).floor_bytes, 30 * kMib);
  EXPECT_EQ(ReserveOf({.min_free = int64_t(1) << 60}, space, 0).floor_bytes, 30 * kMib);
  EXPECT_GE(ReserveOf({.min_free = 0}, space, 0).low_bytes, 15 * kMib)
      << "with less the volume counts as full";
}

TEST(Limits, FilesCanRunOutToo) {
  EXPECT_EQ(ReserveOf({}, {0, 1 << 30, 0, 0}, 0).low_files, 0) << "not on every file system";
  EXPECT_EQ(ReserveOf({}, {0, 1 << 30, 0, 400}, 0).low_files, 20);
  EXPECT_EQ(ReserveOf({}, {0, 1 << 30, 0, 10'000'000}, 0).low_files, 1000);
}

/// As a database that is locked.
class FailingSettings : public SettingStore {
 public:
  Result<std::optional<std::string>> Get(std::string_view) override {
    return Fail(ErrorKind::kUnavailable, "locked");
  }
  Status Set(std::string_view, std::string_view, WallTime) override {
    return Fail(ErrorKind::kUnavailable, "locked");
  }
};

TEST(Limits, WhenTheDatabaseFailsTheyAreNotTakenForNone) {
  FailingSettings settings;

  EXPECT_EQ(ReadLimits(settings).error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(WriteLimits(settings, {}, FromMicros(0)).error().kind, ErrorKind::kUnavailable);
}

TEST(Limits, AreKeptAndThereIsNoneBeforeSomebodySetsThem) {
  testing::TempDir dir;
  const auto stores = OpenConfigStores(dir / "config.db").value();
  EXPECT_EQ(ReadLimits(*stores.settings).value(), Limits());

  const Limits all{
      .days = 1, .bytes = 2, .min_days = 3, .sub_days = 4, .sub_bytes = 5, .min_free = 0};
  ASSERT_TRUE(WriteLimits(*stores.settings, all, FromMicros(0)));
  EXPECT_EQ(ReadLimits(*stores.settings).value(), all);

  ASSERT_TRUE(WriteLimits(*stores.settings, {}, FromMicros(0)));
  EXPECT_EQ(ReadLimits(*stores.settings).value(), Limits()) << "no limit is a choice as well";
  ASSERT_TRUE(stores.settings->Set("storage.policy", "{\"retention_days\":0}", FromMicros(0)));
  EXPECT_EQ(ReadLimits(*stores.settings).value(), Limits()) << "nonsense deletes nothing";
  ASSERT_TRUE(stores.settings->Set(
      "storage.policy", "{\"retention_days\":36501,\"retention_bytes\":\"all\"}", FromMicros(0)));
  EXPECT_EQ(ReadLimits(*stores.settings).value(), Limits());
  ASSERT_TRUE(stores.settings->Set("storage.policy", "{", FromMicros(0)));
  EXPECT_EQ(ReadLimits(*stores.settings).value(), Limits());
}

}  // namespace
}  // namespace ronin::retention
