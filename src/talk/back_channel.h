// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include <gst/sdp/gstsdpmessage.h>

namespace ronin::talk {

enum class Codec { kPcmu, kPcma, kAac };

/// "pcmu", "pcma", "aac": as the API has it.
std::string_view ToString(Codec codec);

/// The way to a camera's loudspeaker, as it describes it (ONVIF Streaming Specification, 5.3): a
/// sound track that the client sends. Plain value.
struct BackChannel {
  unsigned track = 0;  ///< its place in the description, from 0
  int payload_type = 0;
  Codec codec = Codec::kPcmu;
  int sample_rate_hz = 8000;
  int channels = 1;

  bool operator==(const BackChannel&) const = default;
};

/// The back channel of a description that was asked for with one; nothing when there is none that
/// we can speak. G.711 goes before AAC, since each camera with a back channel understands it, and
/// it is heard 50 ms earlier. Any thread.
std::optional<BackChannel> FindBackChannel(const GstSDPMessage& sdp);

}  // namespace ronin::talk
