// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "gst/bus_watch.h"
#include "gst/gst_ref.h"
#include "talk/back_channel.h"

namespace ronin::talk {

/// Makes RTP packets of speech: a pipeline from samples to packets of 20 ms, in a camera's codec.
/// What waits in it is bounded (kMostWaiting); then the oldest is thrown away. Thread: main, but
/// for the packets.
class VoiceEncoder {
 public:
  /// Gets each packet on the encoder's own thread, and may block there; then what comes waits.
  using OnPacket = std::function<void(GstSample*)>;
  /// On main, at most once: it does not go on.
  using OnError = std::function<void(const Error&)>;

  static constexpr std::chrono::milliseconds kMostWaiting{500};

  /// Begins at once. Errors: kUnsupported naming a missing element.
  /// @param sample_rate_hz  of what is pushed, 8000 to 48000
  static Result<std::unique_ptr<VoiceEncoder>> Create(const BackChannel& to, int sample_rate_hz,
                                                      OnPacket on_packet, OnError on_error);
  ~VoiceEncoder();

  /// Takes samples, 16 bits each, little-endian, mono; a whole number of them. Never blocks.
  void Push(std::string_view samples, MonoTime now);

  /// How much was thrown away, since the last asking.
  std::chrono::milliseconds TakeDropped();
  /// How much waits.
  std::chrono::milliseconds waiting() const;

  /// Gives its pipeline away, to be ended elsewhere; nothing may be pushed any more.
  GRef<GstElement> Release();

 private:
  VoiceEncoder() = default;
  Status Build(const BackChannel& to, int sample_rate_hz, OnPacket on_packet, OnError on_error);

  GRef<GstElement> pipeline_;
  GRef<GstElement> source_;
  gst::BusWatch bus_watch_;
  int sample_rate_hz_ = 8000;
  MonoTime started_{};
  std::chrono::nanoseconds next_{0};  // time of the next sample, since the start
  bool begun_ = false;
  std::chrono::nanoseconds dropped_{0};
};

}  // namespace ronin::talk
