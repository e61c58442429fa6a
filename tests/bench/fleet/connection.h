// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <sys/uio.h>

#include "base/unique_fd.h"
#include "fleet/rtp_clip.h"
#include "fleet/rtsp_request.h"

namespace ronin::bench {

/// What one connection was sent.
struct SentCount {
  uint64_t first = 0;          ///< number of the first picture
  uint64_t last = 0;           ///< of the newest
  uint64_t pictures = 0;       ///< between them, sent
  uint64_t dropped = 0;        ///< between them, left out since the client did not read
  uint64_t payload_bytes = 0;  ///< as an MP4 would hold them, without parameter sets
};

/// One picture for all connections of a camera.
struct NumberedPicture {
  RtpPicture& picture;
  PacketRun& number;        ///< the packet with its SEI
  size_t number_bytes = 0;  ///< of that NAL unit
  uint64_t frame = 0;       ///< number, counted from 0
  int64_t utc_ns = 0;       ///< now
};

/// A client of a camera: answers its requests and sends it pictures over the same connection. It
/// never waits: who does not read gets whole pictures less. Thread-bound.
class Connection {
 public:
  /// @param id     makes its sequence numbers and its SSRC different from those of others
  /// @param clip   outlives it
  /// @param shift  by how many pictures the camera is ahead in the clip
  Connection(UniqueFd socket, uint32_t id, const RtpClip& clip, size_t shift);

  int fd() const { return socket_.Get(); }
  bool playing() const { return playing_; }
  bool over() const { return over_; }
  /// Whether something waits until the client reads on.
  bool waiting() const { return sent_ < pending_.size(); }
  const SentCount& count() const { return count_; }

  /// Takes what the client said. `next`: number of the picture that comes next.
  void OnReadable(uint64_t next);
  void OnWritable();
  void Send(const NumberedPicture& picture);

 private:
  void Answer(const RtspRequest& request, uint64_t next);
  std::string Setup(const RtspRequest& request);
  std::string PlayInfo(const RtspRequest& request, uint64_t next) const;
  void SendReport(int64_t utc_ns);
  uint32_t TimestampOf(uint64_t frame) const;
  void Write(std::span<iovec> parts);

  UniqueFd socket_;
  const RtpClip& clip_;
  const size_t shift_;
  PacketRun::Sender sender_;
  const uint32_t first_timestamp_;
  std::string received_;
  std::vector<uint8_t> pending_;  // from sent_ on it is still to be sent
  size_t sent_ = 0;
  bool playing_ = false;
  bool started_ = false;  // it got a keyframe
  bool over_ = false;
  SentCount count_;
  uint32_t packets_ = 0;
  uint32_t octets_ = 0;
};

}  // namespace ronin::bench
