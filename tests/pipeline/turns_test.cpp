// SPDX-License-Identifier: MIT
// Many cameras at once: they connect one after the other.
#include <algorithm>
#include <chrono>
#include <map>

#include <gtest/gtest.h>

#include "pipeline/recorder_fixture.h"
#include "support/fake_camera.h"
#include "support/main_loop.h"

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto kLong = 60s;
constexpr int kCameras = 24;
// The first 8 at once, and 16 more 80 ms apart, are 1.28 s; all at once would be a fifth of that.
constexpr auto kSpread = 1s;

class TurnsTest : public ::testing::Test {
 protected:
  void AddAll() {
    for (int i = 1; i <= kCameras; ++i) {
      ids_.push_back(fixture_.Add("Camera " + std::to_string(i), camera_.url()));
    }
  }
  /// How much time lies between the first camera that connects and the last.
  SteadyClock::duration Spread() {
    std::map<int64_t, SteadyClock::time_point> connected;
    EXPECT_TRUE(PumpUntil(
        [&] {
          for (const int64_t id : ids_) {
            if (fixture_.camera(id)->stream() != nullptr) connected.emplace(id, SteadyClock::now());
          }
          return connected.size() == ids_.size();
        },
        kLong));
    const auto later = [](const auto& a, const auto& b) { return a.second < b.second; };
    const auto [first, last] = std::minmax_element(connected.begin(), connected.end(), later);
    return last->second - first->second;
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
  AddAll();
  EXPECT_FALSE(fixture_.cameras().AllBegun());
  EXPECT_EQ(fixture_.camera(ids_.back())->status(), camera::CameraStatus::kConnecting);

  const auto spread = Spread();

  EXPECT_TRUE(fixture_.cameras().AllBegun());
  EXPECT_GE(spread, kSpread);
  EXPECT_LE(spread, 5s);
  EXPECT_TRUE(WaitFor(camera::CameraStatus::kOnline));
}

TEST_F(TurnsTest, CamerasThatAreLostTogetherConnectAgainOneAfterTheOther) {
  AddAll();
  ASSERT_TRUE(WaitFor(camera::CameraStatus::kOnline));

  camera_.CloseConnections();
  ASSERT_TRUE(WaitFor(camera::CameraStatus::kOffline));
  const auto spread = Spread();

  EXPECT_GE(spread, kSpread);
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

}  // namespace
}  // namespace ronin::testing
