// SPDX-License-Identifier: MIT
#include "live/jpeg_cache.h"

#include <vector>

#include <gtest/gtest.h>

namespace ronin::live {
namespace {

constexpr WallTime kTaken{Micros(1'795'400'000'000'000)};

JpegCache::Picture Picture(size_t bytes, WallTime taken = kTaken) {
  const std::vector<uint8_t> content(bytes);
  return {Adopt(g_bytes_new(content.data(), content.size())), taken};
}

TEST(JpegCache, KeepsOnePictureOfACameraAndWidth) {
  JpegCache cache;
  cache.Put(1, 160, Picture(100));
  cache.Put(1, 640, Picture(1000));
  cache.Put(2, 160, Picture(10));

  cache.Put(1, 160, Picture(200, kTaken + Micros(1)));

  EXPECT_EQ(cache.Find(1, 160)->taken, kTaken + Micros(1));
  EXPECT_EQ(cache.Find(1, 640)->taken, kTaken);
  EXPECT_EQ(cache.Find(2, 640), nullptr);
  EXPECT_EQ(cache.bytes(), 1210U);
  cache.Drop(1);
  EXPECT_EQ(cache.Find(1, 640), nullptr);
  EXPECT_EQ(cache.bytes(), 10U);
}

TEST(JpegCache, KeepsThatAPictureCannotBeDecoded) {
  JpegCache cache;
  cache.Put(1, 160, {Fail(ErrorKind::kCorrupt, "broken"), kTaken});

  ASSERT_NE(cache.Find(1, 160), nullptr);
  EXPECT_EQ(cache.Find(1, 160)->jpeg.error().message, "broken");
}

TEST(JpegCache, TheOldestGoWhenThereAreTooMany) {
  JpegCache cache;
  for (int id = 0; id < int(JpegCache::kMostPictures) + 2; ++id) cache.Put(id, 160, Picture(1));
  EXPECT_EQ(cache.Find(1, 160), nullptr);
  EXPECT_NE(cache.Find(2, 160), nullptr);

  for (int id = 0; id < 5; ++id) cache.Put(id, 8192, Picture(JpegCache::kMostBytes / 4));

  EXPECT_LE(cache.bytes(), JpegCache::kMostBytes);
  EXPECT_EQ(cache.Find(0, 8192), nullptr);
  EXPECT_NE(cache.Find(4, 8192), nullptr);
}

}  // namespace
}  // namespace ronin::live
