// SPDX-License-Identifier: MIT
#include "api/live_messages.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <utility>

#include "base/json.h"
#include "base/text.h"

namespace ronin::api {
namespace {

constexpr int64_t kMostChannel = std::numeric_limits<uint32_t>::max();

/// Takes `expected` off the front.
bool Skip(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

template <typename Number>
bool Read(std::string_view& text, Number* out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  if (error != std::errc()) return false;
  text.remove_prefix(size_t(end - text.data()));
  return true;
}

/// An acknowledgement as JSON.stringify writes it: it comes ten times a second for each channel.
std::optional<LiveAck> ReadPlainAck(std::string_view text) {
  LiveAck out{};
  const bool plain = Skip(text, R"({"ack":{"channel":)") && Read(text, &out.channel) &&
                     Skip(text, R"(,"bytes":)") && Read(text, &out.bytes) && text == "}}";
  return plain ? std::optional(out) : std::nullopt;
}

LiveError BadRequest(std::string detail, std::optional<uint32_t> channel = {}) {
  return {"bad_request", std::move(detail), channel};
}

LiveRequest ReadSubscribe(const JsonValue& body, uint32_t channel) {
  const auto camera = body.Member("camera_id");
  const auto id = camera ? camera->AsInt() : std::nullopt;
  if (!id) return BadRequest("camera_id must be the id of a camera", channel);
  const auto stream = body.Member("stream");
  const auto text = stream ? stream->AsString() : std::optional<std::string>("main");
  const auto kind = ParseStreamKind(text.value_or(""));
  if (!kind) return BadRequest("stream must be main or sub", channel);
  return LiveSubscribe{channel, StreamId(*id, *kind)};
}

LiveRequest ReadAck(const JsonValue& body, uint32_t channel) {
  const auto bytes = body.Member("bytes");
  const auto number = bytes ? bytes->AsInt() : std::nullopt;
  if (!number || *number < 0) {
    return BadRequest("bytes must be how many were received on the channel", channel);
  }
  return LiveAck{channel, uint64_t(*number)};
}

/// Whether the object has no members but these.
bool HasOnly(const JsonValue& object, std::initializer_list<std::string_view> names) {
  return std::ranges::all_of(object.MemberNames(), [&](const std::string& name) {
    return std::ranges::find(names, name) != names.end();
  });
}

JsonWriter Begin(uint32_t channel, const char* what) {
  JsonWriter json;
  json.Object().Key("channel").Int(channel).Key(what).Object();
  return json;
}

std::string Finish(JsonWriter& json) { return json.End().End().Text(); }

}  // namespace

LiveRequest ReadLiveRequest(std::string_view text) {
  if (const auto ack = ReadPlainAck(text)) return *ack;
  const auto json = JsonValue::Parse(text);
  if (!json) return LiveError{"bad_json", json.error().message};
  const auto names = json->MemberNames();
  if (names.size() != 1) {
    return LiveError{"unknown_message",
                     "a message is an object with one member: subscribe, "
                     "unsubscribe, ack or ping"};
  }
  const auto body = json->Member(names[0].c_str());
  constexpr std::array<std::string_view, 4> kKnown = {"subscribe", "unsubscribe", "ack", "ping"};
  const bool known = std::ranges::find(kKnown, names[0]) != kKnown.end();
  if (!known || !body->IsObject()) {
    return LiveError{"unknown_message", "there are subscribe, unsubscribe, ack and ping"};
  }
  const auto channel = body->Member("channel");
  const auto number = channel ? channel->AsInt() : std::nullopt;
  if (!number || *number < 0 || *number > kMostChannel) {
    return BadRequest("channel must be a whole number of at most 32 bits");
  }
  const auto id = uint32_t(*number);
  if (!HasOnly(*body, {"channel", "camera_id", "stream", "bytes"})) {
    return BadRequest(Concat(names[0], " has a member that is not known"), id);
  }
  if (names[0] == "subscribe") return ReadSubscribe(*body, id);
  if (names[0] == "ack") return ReadAck(*body, id);
  if (names[0] == "ping") return LivePing{id};
  return LiveUnsubscribe{id};
}

std::string InitText(uint32_t channel, StreamId stream, const live::Init& init, WallTime now) {
  JsonWriter json = Begin(channel, "init");
  json.Key("camera_id").Int(stream.camera_id).Key("stream").String(ToString(stream.kind));
  json.Key("mime").String(init.mime).Key("width").Int(init.width).Key("height").Int(init.height);
  json.Key("audio").Bool(!init.audio_codec.empty()).Key("now").Time(now);
  return Finish(json);
}

std::string DroppedText(uint32_t channel, const LiveDropped& dropped) {
  JsonWriter json = Begin(channel, "dropped");
  json.Key("frames").Int(int64_t(dropped.frames));
  json.Key("from").Time(dropped.from).Key("to").Time(dropped.to);
  return Finish(json);
}

std::string EndedText(uint32_t channel, StreamId stream, const live::FeedEnd& end) {
  JsonWriter json = Begin(channel, "ended");
  json.Key("camera_id").Int(stream.camera_id).Key("stream").String(ToString(stream.kind));
  json.Key("code").String(end.code).Key("detail").String(end.sentence);
  json.Key("final").Bool(end.final);
  return Finish(json);
}

std::string PongText(uint32_t channel) {
  JsonWriter json = Begin(channel, "pong");
  return Finish(json);
}

std::string ErrorText(const LiveError& error) {
  JsonWriter json;
  json.Object();
  if (error.channel) json.Key("channel").Int(*error.channel);
  json.Key("error").Object();
  json.Key("code").String(error.code).Key("detail").String(error.detail);
  return Finish(json);
}

GRef<GBytes> ChannelMessages::Make(uint32_t channel, std::span<const GRef<GBytes>> parts) {
  const bool same = std::ranges::equal(
      parts, parts_, [](const auto& a, const auto& b) { return a.Get() == b.Get(); });
  if (!same) {
    made_.clear();
    parts_.assign(parts.begin(), parts.end());
  }
  for (const Made& made : made_) {
    if (made.channel == channel) return made.message;
  }
  constexpr size_t kPrefix = 4;
  size_t size = kPrefix;
  for (const auto& part : parts) size += g_bytes_get_size(part.Get());
  auto* const data = static_cast<uint8_t*>(g_malloc(size));
  const uint32_t big_endian = GUINT32_TO_BE(channel);
  std::memcpy(data, &big_endian, kPrefix);
  size_t at = kPrefix;
  for (const auto& part : parts) {
    gsize length = 0;
    const void* bytes = g_bytes_get_data(part.Get(), &length);
    std::memcpy(data + at, bytes, length);
    at += length;
  }
  GRef<GBytes> message = Adopt(g_bytes_new_take(data, size));
  constexpr size_t kMostMade = 8;
  // What is large goes to one viewer that has just come.
  if (parts.size() == 1 && made_.size() < kMostMade) made_.push_back({channel, message});
  return message;
}

}  // namespace ronin::api
