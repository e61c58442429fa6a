// SPDX-License-Identifier: MIT
#include "live/chunk_log.h"

#include <string>

#include <gtest/gtest.h>

namespace ronin::live {
namespace {

Chunk Make(uint64_t number, size_t bytes, bool key = false) {
  const std::string content(bytes, 'x');
  return {
      .bytes = Adopt(g_bytes_new(content.data(), content.size())), .key = key, .number = number};
}

std::vector<uint64_t> Numbers(const ChunkLog& log) {
  std::vector<uint64_t> out;
  for (const Chunk& chunk : log.gop()) out.push_back(chunk.number);
  return out;
}

TEST(ChunkLog, HoldsTheNewestGopFromItsKeyframeOn) {
  ChunkLog log(1000);
  for (const auto& chunk : {Make(1, 100, true), Make(2, 10), Make(3, 100, true), Make(4, 10)}) {
    log.Add(chunk);
  }

  EXPECT_EQ(Numbers(log), (std::vector<uint64_t>{3, 4}));
  EXPECT_EQ(log.bytes(), 110U);
}

TEST(ChunkLog, HoldsNothingOfAGopWhoseBeginningIsNotThere) {
  ChunkLog log(1000);
  log.Add(Make(1, 10));

  EXPECT_TRUE(log.gop().empty());
}

TEST(ChunkLog, HoldsNothingOfAGopThatIsTooLargeUntilTheNextOne) {
  ChunkLog log(100);
  log.Add(Make(1, 60, true));
  log.Add(Make(2, 60));
  EXPECT_TRUE(log.gop().empty());
  log.Add(Make(3, 10));
  EXPECT_TRUE(log.gop().empty());
  EXPECT_EQ(log.bytes(), 0U);

  log.Add(Make(4, 60, true));

  EXPECT_EQ(Numbers(log), std::vector<uint64_t>{4});
}

}  // namespace
}  // namespace ronin::live
