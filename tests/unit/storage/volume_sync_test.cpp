// SPDX-License-Identifier: MIT
#include "storage/volume_sync.h"

#include <future>

#include <gtest/gtest.h>

#include "support/main_loop.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

using namespace std::chrono_literals;

TEST(VolumeSync, SyncsAVolumeThatIsThere) {
  testing::TempDir dir;

  EXPECT_TRUE(SyncVolume(Volume(dir.path())));
}

TEST(VolumeSync, SaysThatAVolumeIsAway) {
  testing::TempDir dir;

  const auto synced = SyncVolume(Volume(dir / "gone"));

  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().kind, ErrorKind::kNotFound);
}

TEST(VolumeSync, GivesTheWorkerAJobOnlyWhileSomethingIsWritten) {
  testing::TempDir dir;
  const Volume volume(dir.path());
  Worker worker("storage");
  std::promise<void> hold;
  worker.Post([held = hold.get_future().share()] { held.wait(); });
  int asked = 0;
  const VolumeSync sync(volume, worker, 1s, [&] { return ++asked > 1; });

  ASSERT_TRUE(testing::PumpUntil([&] { return asked == 1; }));
  EXPECT_EQ(worker.depth(), 1U);
  ASSERT_TRUE(testing::PumpUntil([&] { return asked == 3; }));
  EXPECT_EQ(worker.depth(), 2U) << "one sync at a time, however slow the disk";

  hold.set_value();
}

}  // namespace
}  // namespace ronin
