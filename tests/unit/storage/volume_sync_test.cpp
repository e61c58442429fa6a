// SPDX-License-Identifier: MIT
#include "storage/volume_sync.h"

#include <filesystem>
#include <future>
#include <optional>

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

TEST(VolumeSync, TellsHowLongEachSyncTook) {
  testing::TempDir dir;
  Worker worker("storage");
  std::optional<Micros> took;
  const VolumeSync sync(Volume(dir / "gone"), worker, 20ms,
                        {.needed = [] { return true; },
                         .synced =
                             [&](const Status& done, Micros time) {
                               EXPECT_FALSE(done);
                               took = time;
                             }});

  ASSERT_TRUE(testing::PumpUntil([&] { return took.has_value(); }));
  EXPECT_GT(*took, 0us);
}

TEST(VolumeSync, GivesTheWorkerAJobOnlyWhileSomethingIsWritten) {
  testing::TempDir dir;
  const Volume volume(dir.path());
  Worker worker("storage");
  std::promise<void> hold;
  worker.Post([held = hold.get_future().share()] { held.wait(); });
  int asked = 0;
  int synced = 0;
  const VolumeSync sync(volume, worker, 20ms,
                        {.needed = [&] { return ++asked > 1; },
                         .synced = [&](const Status& done, Micros) { synced += done ? 1 : 0; }});

  ASSERT_TRUE(testing::PumpUntil([&] { return asked == 1; }));
  EXPECT_EQ(worker.depth(), 1U);
  int turns = 0;
  ASSERT_TRUE(testing::PumpUntil([&] { return asked == 2 && ++turns > 5; }));
  EXPECT_EQ(worker.depth(), 2U) << "one sync at a time, however slow the disk";

  hold.set_value();
  EXPECT_TRUE(testing::PumpUntil([&] { return synced >= 2; }));
}

/// How many descriptors of this process are open at `path`.
int OpenAt(const std::string& path) {
  int out = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    if (std::filesystem::read_symlink(entry.path(), gone) == path) ++out;
  }
  return out;
}

TEST(VolumeSync, LetsGoOfADiskAtOnceSoThatItCanBeUnmounted) {
  testing::TempDir dir;
  Worker worker("storage");
  VolumeSync sync(
      Volume(dir.path()), worker, 20ms,
      {.needed = [&] { return OpenAt(dir.path()) == 0; }, .synced = [](auto&, Micros) {}});
  ASSERT_TRUE(testing::PumpUntil([&] { return OpenAt(dir.path()) == 1; }));

  sync.LetGo();
  std::promise<int> left;
  worker.Post([&] { left.set_value(OpenAt(dir.path())); });

  EXPECT_EQ(left.get_future().get(), 0);
}

}  // namespace
}  // namespace ronin
