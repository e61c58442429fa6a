// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace ronin::bench {

/// What a recorder asks of a camera, as far as the fleet must know it. A value.
struct RtspRequest {
  std::string method;
  std::string url;
  std::string sequence;   ///< CSeq
  std::string transport;  ///< of SETUP
};

enum class Taken { kNothing, kPacket, kRequest, kGarbage };

/// Takes the first request, or the first interleaved packet, off what was received; nothing when
/// it is not whole yet. Garbage: the connection is of no use any more. Pure.
Taken TakeRequest(std::string& received, RtspRequest* out);

}  // namespace ronin::bench
