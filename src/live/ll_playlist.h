// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <string>

#include "live/ll_pace.h"
#include "live/ll_segment.h"

namespace ronin::live {

/// A part by its segment and its index in that, from 0.
struct LlPartId {
  int64_t segment = 0;
  int64_t part = 0;

  bool operator==(const LlPartId&) const = default;
};

/// What a low-latency playlist says. Borrowed for the call.
struct LlListing {
  const std::deque<LlSegment>& segments;
  size_t first = 0;  ///< the oldest that is listed
  LlPace pace;
  int64_t gone_discontinuities = 0;  ///< of segments in front of `segments`
  LlPartId next;                     ///< the part that comes next
  const std::string& query;          ///< behind each name: "?stream=sub", or nothing
};

/// The playlist (RFC 8216bis, version 9). `delta`: leaves out the segments that who asks for a
/// delta knows already, if there are such.
std::string WriteLlPlaylist(const LlListing& listing, bool delta);

}  // namespace ronin::live
