// SPDX-License-Identifier: MIT
#include "camera/memory_shares.h"

#include <gtest/gtest.h>

namespace ronin::camera {
namespace {

TEST(MemoryShares, OfBothStreamsAreNoMoreThanTheCameraHas) {
  for (const uint64_t camera : {uint64_t(16) << 20, kCameraMemory, uint64_t(4096) << 20}) {
    const uint64_t sum =
        SharesOf(camera, StreamKind::kMain).sum() + SharesOf(camera, StreamKind::kSub).sum();

    EXPECT_LE(sum, camera);
    EXPECT_GT(sum, camera - 1024);
  }
}

TEST(MemoryShares, ByDefaultTakeTwentySecondsOfTenMegabitsAndAPictureOf4K) {
  const MemoryShares main = SharesOf(kCameraMemory, StreamKind::kMain);

  EXPECT_GE(main.recorded, 20 * 10'000'000 / 8U);
  EXPECT_GE(main.received, 6U << 20);
}

}  // namespace
}  // namespace ronin::camera
