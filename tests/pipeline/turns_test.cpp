// SPDX-License-Identifier: MIT
// Many cameras at once: they connect one after the other.
#include <algorithm>
#include <chrono>
#include <set>

#include <gtest/gtest.h>

#include "pipeline/recorder_fixture.h"
#include "support/fake_camera.h"
#include "support/main_loop.h"

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr int kCameras = 24;
// The first 8 at once, and 16 more 80 ms apart. A busy machine can only take longer.
constexpr auto kStart = 1250ms;
// The same after the 0.4 s that each waits at least when it was lost.
constexpr auto kAgain = 1600ms;

class TurnsTest : public ::testing::Test {
 protected:
  void AddAll() {
    for (int i = 1; i <= kCameras; ++i) {
      ids_.push_back(fixture_.Add("Camera " + std::to_string(i), camera_.url()));
    }
  }
  /// How long it takes until each of them has begun to connect.
  SteadyClock::duration UntilAllConnect(SteadyClock::time_point since) {
    std::set<int64_t> connected;
    EXPECT_TRUE(PumpUntil(
        [&] {
          for (const int64_t id : ids_) {
            if (fixture_.camera(id)->stream() != nullptr) connected.insert(id);
          }
          return connected.size() == ids_.size();
        },
        kLong));
    return SteadyClock::now() - since;
  }
  bool WaitFor(camera::CameraStatus status) {
    return PumpUntil(
        [&] {
          return std::ranges::all_of(
              ids_, [&](int64_t id) { return fixture_.camera(id)->status() == status; });
        },
        kLong);
  }

  FakeCamera camera_;
  RecorderFixture fixture_{60s};
  std::vector<int64_t> ids_;
};

TEST_F(TurnsTest, CamerasThatStartTogetherConnectOneAfterTheOther) {
  const auto begin = SteadyClock::now();
  AddAll();
  const bool all_begun = fixture_.cameras().AllBegun();
  if (SteadyClock::now() - begin < kStart) {
    EXPECT_FALSE(all_begun);
  }
  EXPECT_EQ(fixture_.camera(ids_.back())->status(), camera::CameraStatus::kConnecting);

  const auto took = UntilAllConnect(begin);

  EXPECT_TRUE(fixture_.cameras().AllBegun());
  EXPECT_GE(took, kStart);
  EXPECT_LE(took, 5s);
  EXPECT_TRUE(WaitFor(camera::CameraStatus::kOnline));
}

TEST_F(TurnsTest, CamerasThatAreLostTogetherConnectAgainOneAfterTheOther) {
  AddAll();
  ASSERT_TRUE(WaitFor(camera::CameraStatus::kOnline));

  const auto begin = SteadyClock::now();
  camera_.CloseConnections();
  std::set<int64_t> lost;
  ASSERT_TRUE(PumpUntil(
      [&] {
        for (const int64_t id : ids_) {
          if (fixture_.camera(id)->stream() == nullptr) lost.insert(id);
        }
        return lost.size() == ids_.size();
      },
      kLong));

  EXPECT_GE(UntilAllConnect(begin), kAgain);
  EXPECT_TRUE(WaitFor(camera::CameraStatus::kOnline));
}

TEST_F(TurnsTest, ACameraThatIsRemovedBeforeItsTurnIsGone) {
  AddAll();
  const int64_t last = ids_.back();
  ids_.pop_back();

  bool gone = false;
  ASSERT_TRUE(fixture_.cameras().Remove(last, [&] { gone = true; }));

  EXPECT_TRUE(PumpUntil([&] { return gone; }));
  EXPECT_TRUE(WaitFor(camera::CameraStatus::kOnline));
}

TEST(WrongPasswordTest, IsTriedAgainOnlyAfterTheWaitThreeTimesAndAtOnceWhenItIsChanged) {
  constexpr auto kWait = 300ms;
  FakeCamera camera({.camera = {.user = "admin", .password = "right"}});
  RecorderFixture fixture(60s);
  fixture.cameras().SetTimeouts({.refused_wait = kWait});
  CameraRecord record;
  record.username = "admin";
  record.password = "wrong";

  const auto begin = SteadyClock::now();
  const int64_t id = fixture.Add("Yard", camera.url(), record);
  ASSERT_TRUE(PumpUntil([&] { return fixture.camera(id)->attempts() == 3; }, kLong));

  EXPECT_GE(SteadyClock::now() - begin, 2 * kWait);
  ASSERT_TRUE(PumpUntil([&] { return fixture.camera(id)->rests(); }, kLong));
  // A fourth has to wait, whatever is changed beside it.
  fixture.Change(id, [](CameraRecord& changed) { changed.record_audio = false; });
  const auto is_held_back = [&] {
    const auto& error = fixture.camera(id)->last_error();
    return error && error->message == camera::PasswordTries::kSentence;
  };
  EXPECT_TRUE(PumpUntil(is_held_back, kLong));
  EXPECT_EQ(fixture.camera(id)->attempts(), 3U);
  EXPECT_EQ(fixture.camera(id)->last_error()->code, "unauthorized");
  fixture.cameras().SetTimeouts({.refused_wait = 1h});
  fixture.Change(id, [](CameraRecord& changed) { changed.password = "right"; });
  EXPECT_TRUE(PumpUntil(
      [&] { return fixture.camera(id)->status() == camera::CameraStatus::kOnline; }, kLong));
}

}  // namespace
}  // namespace ronin::testing
