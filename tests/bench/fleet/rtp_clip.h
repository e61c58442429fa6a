// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "demo/clip.h"

namespace ronin::bench {

/// RTP packets one after the other as they go into an RTSP connection (RFC 2326, 10.12), but for
/// what differs from connection to connection. A value.
class PacketRun {
 public:
  /// Who sends them; the sequence number grows with each packet.
  struct Sender {
    uint8_t channel = 0;
    uint16_t sequence = 0;
    uint32_t timestamp = 0;
    uint32_t ssrc = 0;
  };

  /// Appends a NAL unit, whole or in parts (RFC 6184, 5.6 and 5.8).
  /// @param last  it ends the picture
  void Add(const uint8_t* unit, size_t size, bool last);
  void Clear();

  /// Makes all packets those of `sender`, which is then the sender of the next ones.
  void Patch(Sender& sender);

  const std::vector<uint8_t>& bytes() const { return bytes_; }
  size_t packets() const { return starts_.size(); }

 private:
  uint8_t* Begin(size_t payload, bool marker);

  std::vector<uint8_t> bytes_;
  std::vector<size_t> starts_;
};

/// One coded picture, ready to be sent but for its number, which goes between the two.
struct RtpPicture {
  PacketRun head;  ///< parameter sets
  PacketRun slices;
  bool keyframe = false;
  size_t payload_bytes = 0;  ///< of the slices, each NAL unit with its length, as an MP4 has them
};

/// A clip of H.264 cut into packets once, for all cameras. Its packets are patched in place by
/// whoever sends them, so it belongs to one thread.
struct RtpClip {
  int fps = 25;
  std::vector<RtpPicture> pictures;  ///< begins with a keyframe
  std::string fmtp;                  ///< of its SDP: "packetization-mode=1;…"

  /// @param picture  index of one
  /// @return the index of the first keyframe from there on
  size_t NextKeyframe(size_t picture) const;
  double kbit_per_second() const;
};

/// Errors: kUnsupported for another codec, kCorrupt without parameter sets.
Result<RtpClip> CutIntoPackets(const demo::Clip& clip);

}  // namespace ronin::bench
