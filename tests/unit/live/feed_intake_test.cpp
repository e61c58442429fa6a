// SPDX-License-Identifier: MIT
#include "live/feed_intake.h"

#include <gtest/gtest.h>

#include "unit/live/muxed.h"

namespace ronin::live {
namespace {

/// An intake that is filled with what a muxer makes.
class FeedIntakeTest : public ::testing::Test {
 protected:
  void Frame(bool key, size_t size = 100) {
    for (const auto& buffer : muxed_.Frame(key, size)) {
      if (GST_BUFFER_FLAG_IS_SET(buffer.Get(), GST_BUFFER_FLAG_HEADER)) {
        intake_.TakeInit(buffer.Get());
      } else {
        intake_.TakeChunk(buffer.Get());
      }
    }
  }
  std::vector<uint64_t> Numbers(const FeedIntake::News& news) {
    std::vector<uint64_t> out;
    for (const Chunk& chunk : news.chunks) out.push_back(chunk.number);
    return out;
  }

  Muxed muxed_;
  int woken_ = 0;
  FeedIntake intake_{10'000, 5, [this] { ++woken_; }};
};

TEST_F(FeedIntakeTest, WakesMainOnceForAllThatWaits) {
  Frame(true);
  Frame(false);
  Frame(false);
  EXPECT_EQ(woken_, 1);

  const auto news = intake_.Drain();

  ASSERT_EQ(news.size(), 1U);
  EXPECT_TRUE(news[0].init);
  EXPECT_EQ(Numbers(news[0]), (std::vector<uint64_t>{5, 6, 7}));
  EXPECT_TRUE(intake_.Drain().empty());
  Frame(false);
  EXPECT_EQ(woken_, 2);
}

TEST_F(FeedIntakeTest, ReadsKeyframesAndTimes) {
  Frame(true);
  Frame(false);

  const auto news = intake_.Drain();

  const Chunk& first = news.at(0).chunks.at(0);
  const Chunk& second = news.at(0).chunks.at(1);
  EXPECT_TRUE(first.key);
  EXPECT_FALSE(second.key);
  EXPECT_EQ(second.decode_time - first.decode_time, std::chrono::milliseconds(40));
  EXPECT_EQ(first.duration, std::chrono::milliseconds(40));
}

TEST_F(FeedIntakeTest, PutsAnotherInitSegmentBetweenTheChunks) {
  Frame(true);
  Frame(false);
  muxed_.SetCaps(Muxed::H264(320).replace(Muxed::H264(320).find("6742c01e"), 8, "6742c01f"));
  Frame(true);

  const auto news = intake_.Drain();

  ASSERT_EQ(news.size(), 2U);
  EXPECT_EQ(Numbers(news[0]), (std::vector<uint64_t>{5, 6}));
  EXPECT_EQ(news[1].init->width, 320);
  EXPECT_EQ(Numbers(news[1]), std::vector<uint64_t>{7});
}

TEST_F(FeedIntakeTest, ForgetsWhatMainDoesNotTakeUpToTheNextKeyframe) {
  Frame(true, 4000);
  Frame(false, 4000);
  Frame(false, 4000);  // too much
  Frame(false, 100);
  EXPECT_EQ(intake_.dropped(), 4U);

  Frame(true, 100);
  Frame(false, 100);

  const auto news = intake_.Drain();
  ASSERT_EQ(news.size(), 1U);
  EXPECT_TRUE(news[0].init);
  EXPECT_EQ(Numbers(news[0]), (std::vector<uint64_t>{9, 10}));
}

}  // namespace
}  // namespace ronin::live
