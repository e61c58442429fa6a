// SPDX-License-Identifier: MIT
#include "talk/voice_encoder.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/main_loop.h"
#include "talk/talk.h"

namespace ronin::talk {
namespace {

using namespace std::chrono_literals;

/// Keeps the packets, or holds the encoder's thread in the first.
class Ear {
 public:
  VoiceEncoder::OnPacket Listener() {
    return [this](GstSample* sample) {
      GstBuffer* buffer = gst_sample_get_buffer(sample);
      std::vector<unsigned char> bytes(gst_buffer_get_size(buffer));
      gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
      std::unique_lock lock(mutex_);
      packets_.push_back(std::move(bytes));
      let_go_.wait(lock, [this] { return !held_; });
    };
  }
  void Hold(bool held) {
    std::lock_guard lock(mutex_);
    held_ = held;
    let_go_.notify_all();
  }
  size_t count() const {
    std::lock_guard lock(mutex_);
    return packets_.size();
  }
  std::vector<std::vector<unsigned char>> packets() const {
    std::lock_guard lock(mutex_);
    return packets_;
  }

 private:
  mutable std::mutex mutex_;  // guards all below
  std::condition_variable let_go_;
  bool held_ = false;
  std::vector<std::vector<unsigned char>> packets_;
};

class VoiceEncoderTest : public ::testing::Test {
 protected:
  std::unique_ptr<VoiceEncoder> Make(const BackChannel& to, int rate) {
    auto made = VoiceEncoder::Create(to, rate, ear_.Listener(),
                                     [](const Error& error) { FAIL() << error.Text(); });
    EXPECT_TRUE(made) << made.error().Text();
    return std::move(*made);
  }
  /// 20 ms of silence at 8 kHz.
  void Push(VoiceEncoder& encoder) {
    encoder.Push(std::string(320, '\0'), now_);
    now_ += 20ms;
  }

  Ear ear_;
  MonoTime now_{1h};
};

TEST_F(VoiceEncoderTest, MakesAPacketOf20msOfEachMessageInG711) {
  const auto encoder = Make({.payload_type = 8, .codec = Codec::kPcma}, 8000);

  for (int i = 0; i < 10; ++i) Push(*encoder);

  ASSERT_TRUE(testing::PumpUntil([&] { return ear_.count() == 10; }));
  const auto packets = ear_.packets();
  for (size_t i = 0; i < packets.size(); ++i) {
    ASSERT_EQ(packets[i].size(), 12 + 160U);
    EXPECT_EQ(packets[i][1] & 0x7f, 8);
    EXPECT_EQ((packets[i][1] & 0x80) != 0, i == 0) << "the first has the marker";
    EXPECT_EQ(packets[i][12], 0xd5) << "silence in A-law";
  }
  EXPECT_EQ(encoder->TakeDropped(), 0ms);
}

TEST_F(VoiceEncoderTest, KeepsHalfASecondForACameraThatDoesNotTakeIt) {
  const auto encoder = Make({}, 8000);
  ear_.Hold(true);

  for (int i = 0; i < 200; ++i) {
    Push(*encoder);
    // Only once the queue is all that takes it, it is told what it took.
    if (i == 0) {
      ASSERT_TRUE(testing::PumpUntil([&] { return ear_.count() == 1; }));
    }
  }

  EXPECT_LE(encoder->waiting(), VoiceEncoder::kMostWaiting);
  const auto dropped = encoder->TakeDropped();
  EXPECT_GT(dropped, 2s);
  EXPECT_LT(dropped, 4s);
  EXPECT_EQ(encoder->TakeDropped(), 0ms) << "it was told";
  ear_.Hold(false);
  EXPECT_TRUE(testing::PumpUntil([&] { return encoder->waiting() == 0ms; }));
  EXPECT_LT(ear_.count(), 60U);
}

TEST_F(VoiceEncoderTest, DoesNotGetAheadOfTheClock) {
  const auto encoder = Make({}, 8000);

  for (int i = 0; i < 100; ++i) encoder->Push(std::string(320, '\0'), now_);

  EXPECT_GE(encoder->TakeDropped(), 1400ms);
  ASSERT_TRUE(testing::PumpUntil([&] { return encoder->waiting() == 0ms; }));
  EXPECT_LE(ear_.count(), 26U);
}

TEST_F(VoiceEncoderTest, EncodesAacOfAnyRate) {
  const auto encoder =
      Make({.payload_type = 97, .codec = Codec::kAac, .sample_rate_hz = 16000}, 44100);

  for (int i = 0; i < 50; ++i) {
    encoder->Push(std::string(882 * 2, '\0'), now_);
    now_ += 20ms;
    // As a microphone does, it waits; else a machine with much to do would drop the oldest.
    ASSERT_TRUE(testing::PumpUntil([&] { return encoder->waiting() < 100ms; }));
  }

  ASSERT_TRUE(testing::PumpUntil([&] { return ear_.count() >= 13; }));
  for (const auto& packet : ear_.packets()) {
    EXPECT_EQ(packet[1] & 0x7f, 97);
    EXPECT_EQ((packet[12] << 8) | packet[13], 16) << "one unit in a packet";
  }
}

TEST(HoldsSound, HearsAWordAndNotTheRoom) {
  const auto samples = [](std::initializer_list<int> values) {
    std::string out;
    for (const int value : values) {
      out += char(value & 0xff);
      out += char((value >> 8) & 0xff);
    }
    return out;
  };
  EXPECT_FALSE(HoldsSound(samples({0, 327, -327, 5})));
  EXPECT_TRUE(HoldsSound(samples({0, 328})));
  EXPECT_TRUE(HoldsSound(samples({-32768})));
  EXPECT_FALSE(HoldsSound(""));
  EXPECT_FALSE(HoldsSound("\x7f")) << "half a sample is none";
}

}  // namespace
}  // namespace ronin::talk
