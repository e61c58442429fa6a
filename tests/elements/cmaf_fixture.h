// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gst/check/gstharness.h>
#include <gtest/gtest.h>

#include "elements/parsed_fragment.h"

namespace ronin::testing {

constexpr uint64_t kMs = 1'000'000;
constexpr uint32_t kVideo = 1;
constexpr uint32_t kAudio = 2;

/// Caps of H.264 as h264parse gives them; `sps` tells one stream from another.
std::string H264Caps(int width = 640, const std::string& sps = "6742c01e");
std::string AacCaps(int rate = 48000);

/// The bytes of a buffer.
std::string BytesOf(GstBuffer* buffer);

/// Gives the element these caps; false when it refuses them.
bool SendCaps(GstHarness* harness, GstCaps* caps);

/// A buffer that came out of ronincmafmux. It owns its reference.
struct Out {
  explicit Out(GstBuffer* taken) : buffer(taken), bytes(BytesOf(taken)) {}
  Out(Out&& other) noexcept : buffer(other.buffer), bytes(std::move(other.bytes)) {
    other.buffer = nullptr;
  }
  Out(const Out&) = delete;
  Out& operator=(const Out&) = delete;
  ~Out() { gst_clear_buffer(&buffer); }

  bool has(GstBufferFlags flag) const { return GST_BUFFER_FLAG_IS_SET(buffer, flag) != FALSE; }
  bool init() const { return has(GST_BUFFER_FLAG_HEADER); }
  /// Fails the test when it is none.
  ParsedFragment fragment() const;

  GstBuffer* buffer;
  std::string bytes;
};

/// ronincmafmux in a harness: frames go in, and what has come out can be taken.
class CmafFixture : public ::testing::Test {
 protected:
  struct Frame {
    bool key = false;
    std::optional<int64_t> dts_ms = {};
    bool resync = false;
    std::optional<int64_t> utc_ms = {};
    std::string payload = {};  ///< empty: "v" and the time
  };

  void SetUp() override;
  void TearDown() override;

  /// Begins the stream; properties can be set before.
  void Start(uint64_t duration_ms, const std::string& caps = H264Caps());
  void RequestAudio();
  void AudioCaps(const std::string& caps);
  void VideoCaps(const std::string& caps);
  GstFlowReturn Video(double pts_ms, const Frame& frame);
  GstFlowReturn Video(double pts_ms) { return Video(pts_ms, Frame()); }
  GstFlowReturn Key(double pts_ms) { return Video(pts_ms, {.key = true}); }
  /// A frame with this buffer, which is taken.
  GstFlowReturn VideoBuffer(GstBuffer* buffer, double pts_ms, bool key);
  GstFlowReturn Audio(double pts_ms, double duration_ms = 20);
  void EndVideo();
  void EndAudio();

  /// What has come out since.
  std::vector<Out> Take();
  /// The fragments of it; everything else is thrown away.
  std::vector<ParsedFragment> TakeFragments();

  GstHarness* harness_ = nullptr;
  GstHarness* audio_ = nullptr;
};

}  // namespace ronin::testing
