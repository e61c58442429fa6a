// SPDX-License-Identifier: MIT
#include "storage/volume_shares.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace ronin {
namespace {

using Homes = VolumeShares::Homes;

VolumeShares Filled(int cameras, std::vector<VolumeShares::Share> shares) {
  VolumeShares out;
  out.Set(std::move(shares));
  for (int i = 0; i < cameras; ++i) out.HomeOf("camera-" + std::to_string(i));
  return out;
}

int CountOf(const Homes& homes, const std::string& volume) {
  return int(std::ranges::count_if(homes, [&](const auto& home) { return home.second == volume; }));
}

TEST(VolumeShares, SpreadCamerasByWeight) {
  const VolumeShares shares = Filled(8, {{"a", 1}, {"b", 3}});

  EXPECT_EQ(CountOf(shares.homes(), "a"), 2);
  EXPECT_EQ(CountOf(shares.homes(), "b"), 6);
}

TEST(VolumeShares, ACameraStaysWhereItIsWhenOthersCome) {
  VolumeShares shares = Filled(3, {{"a", 1}, {"b", 1}});
  const Homes before = shares.homes();

  shares.HomeOf("another");

  for (const auto& [camera, home] : before) EXPECT_EQ(shares.HomeOf(camera), home);
}

TEST(VolumeShares, ACameraIsWhereItWasBeforeTheRestart) {
  VolumeShares shares(Homes{{"x", "b"}, {"y", "b"}, {"z", "a"}});

  EXPECT_TRUE(shares.Set({{"a", 1}, {"b", 1}}).empty());

  EXPECT_EQ(shares.HomeOf("x"), "b");
  EXPECT_EQ(shares.HomeOf("new"), "a");
}

TEST(VolumeShares, ANewVolumeTakesItsShareAndNoOtherCameraMoves) {
  VolumeShares shares = Filled(10, {{"a", 1}, {"b", 1}});
  const Homes before = shares.homes();

  const auto moved = shares.Set({{"a", 1}, {"b", 1}, {"c", 1}});

  EXPECT_EQ(moved.size(), 3U);
  EXPECT_EQ(CountOf(shares.homes(), "c"), 3);
  for (const auto& [camera, home] : before) {
    const std::string now = shares.HomeOf(camera);
    EXPECT_TRUE(now == home || now == "c") << camera;
  }
}

TEST(VolumeShares, CamerasOfARemovedVolumeAreSpreadOverTheOthers) {
  VolumeShares shares = Filled(9, {{"a", 1}, {"b", 1}, {"c", 1}});

  EXPECT_EQ(shares.Set({{"a", 1}, {"b", 2}}).size(), 3U);

  EXPECT_EQ(CountOf(shares.homes(), "a"), 3);
  EXPECT_EQ(CountOf(shares.homes(), "b"), 6);
}

TEST(VolumeShares, OtherWeightsMoveAsFewAsMustBe) {
  VolumeShares shares = Filled(8, {{"a", 1}, {"b", 1}});

  EXPECT_EQ(shares.Set({{"a", 1}, {"b", 3}}).size(), 2U);

  EXPECT_EQ(CountOf(shares.homes(), "b"), 6);
}

TEST(VolumeShares, WithoutVolumesThereIsNoHomeAndNoneIsForgotten) {
  VolumeShares shares;
  EXPECT_EQ(shares.HomeOf("x"), "");
  shares.Set({{"a", 1}});
  EXPECT_EQ(shares.HomeOf("x"), "a");

  EXPECT_TRUE(shares.Set({}).empty());

  EXPECT_EQ(shares.HomeOf("x"), "a");
}

TEST(VolumeShares, ACameraThatIsForgottenTakesNoRoom) {
  VolumeShares shares = Filled(2, {{"a", 1}, {"b", 1}});
  ASSERT_EQ(shares.HomeOf("camera-0"), "a");

  shares.Forget("camera-0");

  EXPECT_EQ(shares.HomeOf("new"), "a");
}

TEST(VolumeShares, StandInsAreSpreadByWeightAndTheSameEachTime) {
  const std::vector<VolumeShares::Share> shares{{"a", 1}, {"b", 3}};
  int on_b = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string camera = "camera-" + std::to_string(i);
    const auto order = VolumeShares::StandIns(camera, shares);
    EXPECT_EQ(order.size(), 2U);
    EXPECT_EQ(order, VolumeShares::StandIns(camera, {shares[1], shares[0]}));
    if (order.front() == "b") ++on_b;
  }
  EXPECT_NEAR(on_b, 750, 60);
}

}  // namespace
}  // namespace ronin
