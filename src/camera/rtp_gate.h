// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>

#include "base/clock.h"
#include "camera/stream.h"
#include "gst/gst_ref.h"

namespace ronin::camera {

/// Which packets of one RTP session are let through: those of one sender. GStreamer makes threads
/// and pads for each sender that it hears of, without a limit, and a second one can end the process
/// (rtspsrc 1.22).
/// Threads: Media() and Report() by one each.
class RtpGate {
 public:
  enum class Verdict {
    kPass,
    kDrop,
    kLost,  ///< told once: others have taken the sender's place; nothing passes any more
  };

  /// An RTP packet, or its beginning with all of its header.
  Verdict Media(std::span<const uint8_t> packet);
  /// An RTCP packet of `size` bytes, or its beginning.
  Verdict Report(std::span<const uint8_t> packet, size_t size, MonoTime now);

 private:
  Verdict Count(unsigned* oddities);

  std::atomic<uint64_t> sender_{0};  // its SSRC + 1; 0: none yet
  unsigned packets_ = 0;             // of the sender
  unsigned strangers_ = 0;           // packets of others, since its last
  unsigned changes_ = 0;             // of what it says it is mixed from
  uint32_t sources_ = 0;             // a sum of that
  bool lost_ = false;
  MonoTime second_{};     // when the count of reports began
  unsigned reports_ = 0;  // since then
};

/// Puts a gate in front of `pad` of rtpbin, `recv_rtp_sink_N` or `recv_rtcp_sink_N`; others are
/// left alone. When the sender is lost, an error with a sentence is posted by `pipeline`.
/// @param gate   of session N
/// @param clock  outlives the pad
void PutGate(GstPad* pad, std::shared_ptr<RtpGate> gate, GstElement* pipeline, const Clock& clock,
             std::shared_ptr<StreamFacts> facts);

}  // namespace ronin::camera
