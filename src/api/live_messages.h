// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/g_ref.h"
#include "base/stream_id.h"
#include "live/live_feed.h"

namespace ronin::api {

/// What a client of the live socket asks for.
struct LiveSubscribe {
  uint32_t channel;
  StreamId stream;
};
struct LiveUnsubscribe {
  uint32_t channel;
};
/// Whether anybody is there: a still camera is silent for long, and so is a dead connection.
struct LivePing {
  uint32_t channel;
};
struct LiveAck {
  uint32_t channel;
  uint64_t bytes;
};
/// Why its message is none; the socket stays.
struct LiveError {
  std::string code;
  std::string detail;
  std::optional<uint32_t> channel = {};
};
using LiveRequest = std::variant<LiveSubscribe, LiveUnsubscribe, LiveAck, LivePing, LiveError>;

/// Reads one text message. Pure.
LiveRequest ReadLiveRequest(std::string_view text);

/// Frames that were left out for a viewer.
struct LiveDropped {
  uint64_t frames = 0;
  WallTime from{};  ///< when the first was taken
  WallTime to{};    ///< when the next one that is sent was
};

/// What the server says. Pure.
std::string InitText(uint32_t channel, StreamId stream, const live::Init& init, WallTime now);
std::string DroppedText(uint32_t channel, const LiveDropped& dropped);
std::string EndedText(uint32_t channel, StreamId stream, const live::FeedEnd& end);
std::string PongText(uint32_t channel);
std::string ErrorText(const LiveError& error);

/// Binary messages: the channel, big-endian, in front of the bytes. Viewers of the same feed often
/// have the same number for it, and then get the same message. Thread: main.
class ChannelMessages {
 public:
  GRef<GBytes> Make(uint32_t channel, std::span<const GRef<GBytes>> parts);

 private:
  struct Made {
    uint32_t channel;
    GRef<GBytes> message;
  };
  // Of the newest parts; held, so that no others get the same addresses.
  std::vector<GRef<GBytes>> parts_;
  std::vector<Made> made_;
};

}  // namespace ronin::api
