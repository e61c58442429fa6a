// SPDX-License-Identifier: MIT
#include "retention/volume_needs.h"

#include "unit/retention/volumes_fixture.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;

/// A volume whose space the test says.
class VolumeNeedsTest : public VolumesFixture {
 protected:
  static constexpr int64_t kGib = int64_t(1) << 30;
  static constexpr int64_t kTotal = 1000 * kGib;  // so that 20 GiB are to stay free
  static constexpr int64_t kMuch = 90 * kGib;     // more than four times what is to be made
  void Free(int64_t bytes, uint64_t files = 0, uint64_t all_files = 0) {
    needs_.Measured(gate(), {uint64_t(bytes), uint64_t(kTotal), files, all_files});
  }
  /// A run that deletes so much, after which so much is free.
  void Run(int64_t deleted_bytes, int64_t free_bytes) {
    needs_.Begin();
    needs_.Deleted(id_of(), deleted_bytes);
    Free(free_bytes);
    needs_.Judge();
    needs_.End();
  }
  /// Time goes by, and as much is free as before.
  void Wait(Micros time, int64_t free_bytes = kGib) {
    clock_.Advance(time);
    Free(free_bytes);
    needs_.Look();
  }
  bool IsFutile() const { return needs_.Futile().contains(id_of()); }

  VolumeNeeds needs_{clock_, volumes_};
};

TEST_F(VolumeNeedsTest, AVolumeIsLowAheadOfNeed) {
  Free(kTotal / 2);
  EXPECT_FALSE(needs_.AnyIsLow());
  EXPECT_EQ(needs_.Now().at(0).space.free_bytes, uint64_t(kTotal / 2));

  Free(20 * kGib);
  EXPECT_TRUE(needs_.AnyIsLow()) << "what is kept free is still there";
  Free(kTotal / 2, 10, 100'000);
  EXPECT_TRUE(needs_.AnyIsLow()) << "files run out";
  needs_.SetLimits({.min_free = 0});
  Free(kTotal / 2, 50'000, 100'000);
  EXPECT_FALSE(needs_.AnyIsLow());
  EXPECT_EQ(needs_.FloorOf(gate()), 0U);
}

TEST_F(VolumeNeedsTest, OneThatIsLowAfterARunRestsForAMoment) {
  Free(kGib);
  Run(kGib, kGib);
  EXPECT_FALSE(needs_.AnyIsLow());
  EXPECT_FALSE(IsFutile()) << "so little tells nothing";

  Wait(3s);
  EXPECT_TRUE(needs_.AnyIsLow());
  Run(kGib, kTotal / 2);
  Free(kGib);
  EXPECT_TRUE(needs_.AnyIsLow()) << "it had got room";
}

TEST_F(VolumeNeedsTest, WhereDeletingMakesNoRoomItIsLeftAloneForLongerAndLonger) {
  Free(kGib);
  Run(kMuch, kGib);
  EXPECT_TRUE(IsFutile());

  for (const Micros wait : std::vector<Micros>{30s, 60s, 120s, 240s, 480s, 960s, 1920s, 1h, 1h}) {
    Wait(wait - 1s);
    EXPECT_FALSE(needs_.AnyIsLow()) << wait.count();
    EXPECT_FALSE(needs_.Now().at(0).make_room);
    Wait(1s);
    EXPECT_TRUE(needs_.AnyIsLow()) << wait.count();
    EXPECT_TRUE(needs_.Now().at(0).make_room);
    Run(20 * kGib, kGib);  // as much as should have been enough
  }
}

TEST_F(VolumeNeedsTest, ANewAttemptDeletesNoMoreThanShouldBeEnough) {
  Free(kGib);
  Run(kMuch, kGib);
  Wait(30s);

  Run(kGib, kGib);
  EXPECT_TRUE(needs_.Now().at(0).make_room) << "not enough yet";
  Run(20 * kGib, kGib);
  EXPECT_FALSE(needs_.Now().at(0).make_room);
}

TEST_F(VolumeNeedsTest, ItIsOverWhenDeletingMakesRoomAgain) {
  Free(kGib);
  Run(kMuch, kGib);
  Wait(30s);

  Run(8 * kGib, 9 * kGib);

  EXPECT_FALSE(IsFutile());
}

TEST_F(VolumeNeedsTest, WhatPassesALimitMayGoMeanwhile) {
  Free(kGib);
  Run(kMuch, kGib);

  Run(kMuch, kGib);
  Wait(30s);

  EXPECT_TRUE(needs_.AnyIsLow()) << "that was no attempt";
}

TEST_F(VolumeNeedsTest, WhenRoomComesByItselfItWaitsFromTheStart) {
  Free(kGib);
  Run(kMuch, kGib);
  Wait(30s);
  Run(20 * kGib, kGib);
  Wait(3s);
  EXPECT_FALSE(needs_.AnyIsLow());

  Wait(3s, 2 * kGib);
  EXPECT_TRUE(needs_.AnyIsLow());
  Run(20 * kGib, 2 * kGib);
  Wait(30s, 2 * kGib);
  EXPECT_TRUE(needs_.AnyIsLow()) << "and not after two minutes";

  Wait(3s, kTotal / 2);
  EXPECT_FALSE(IsFutile()) << "there is enough";
}

TEST_F(VolumeNeedsTest, PeopleCanHaveItTriedAtOnce) {
  Free(kGib);
  Run(kMuch, kGib);

  needs_.TryAgain();

  EXPECT_TRUE(needs_.AnyIsLow());
  EXPECT_TRUE(IsFutile()) << "until it is known better";
}

}  // namespace
}  // namespace ronin::retention
