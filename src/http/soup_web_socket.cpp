// SPDX-License-Identifier: MIT
#include "http/soup_web_socket.h"

#include <algorithm>

#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"

namespace ronin::http {
namespace {

constexpr size_t kMaxReason = 123;          // RFC 6455, 5.5
constexpr guint kPingIntervalSeconds = 20;  // makes the kernel notice a peer that vanished

/// Bytes that a frame adds to its payload; servers do not mask.
uint64_t FrameHead(size_t payload) { return payload < 126 ? 2 : payload < 65536 ? 4 : 10; }

/// Cut at a whole character.
std::string Cut(std::string_view reason) {
  std::string out(reason.substr(0, kMaxReason));
  while (!out.empty() && g_utf8_validate(out.data(), gssize(out.size()), nullptr) == FALSE) {
    out.pop_back();
  }
  return out;
}

}  // namespace

SoupWebSocket::SoupWebSocket(GRef<SoupWebsocketConnection> soup, RequestPtr request,
                             std::string protocol, const std::shared_ptr<Connection>& via,
                             Limits limits)
    : WebSocket(std::move(request), std::move(protocol)),
      soup_(std::move(soup)),
      via_(via),
      wire_(via->wire()),
      limits_(limits) {
  soup_websocket_connection_set_max_incoming_payload_size(soup_.Get(), limits_.message_bytes);
  soup_websocket_connection_set_keepalive_interval(soup_.Get(), kPingIntervalSeconds);
  wire_->read_budget = wire_->read_budget_full = int64_t(2 * limits_.message_bytes + 65536);
  const auto message = [](SoupWebsocketConnection*, gint type, GBytes* bytes,
                          SoupWebSocket* self) noexcept { self->OnMessage(type, bytes); };
  const auto closed = [](SoupWebsocketConnection*, SoupWebSocket* self) noexcept { self->Ended(); };
  signals_.push_back(SignalConnection::Connect(
      soup_.Get(), "message",
      G_CALLBACK(
          +static_cast<void (*)(SoupWebsocketConnection*, gint, GBytes*, SoupWebSocket*)>(message)),
      this));
  signals_.push_back(SignalConnection::Connect(
      soup_.Get(), "closed",
      G_CALLBACK(+static_cast<void (*)(SoupWebsocketConnection*, SoupWebSocket*)>(closed)), this));
}

SoupWebSocket::~SoupWebSocket() = default;

bool SoupWebSocket::open() const {
  return soup_ && soup_websocket_connection_get_state(soup_.Get()) == SOUP_WEBSOCKET_STATE_OPEN;
}

size_t SoupWebSocket::queued_bytes() const {
  const uint64_t written = wire_->bytes_written;
  return framed_ > written && soup_ ? size_t(framed_ - written) : 0;
}

void SoupWebSocket::Send(SoupWebsocketDataType type, GBytes* bytes) {
  RONIN_ASSERT_MAIN_THREAD();
  if (!open()) return;
  const size_t size = g_bytes_get_size(bytes);
  if (queued_bytes() + size > limits_.queue_bytes) {
    log::Warning("http", Concat("WebSocket ", request()->path(), ": ", queued_bytes(),
                                " bytes are waiting for a slow client; closing it"));
    return Close(1013, "too slow");
  }
  framed_ += size + FrameHead(size);
  soup_websocket_connection_send_message(soup_.Get(), type, bytes);
}

void SoupWebSocket::SendText(std::string_view text) {
  const GRef<GBytes> bytes = Adopt(g_bytes_new(text.data(), text.size()));
  Send(SOUP_WEBSOCKET_DATA_TEXT, bytes.Get());
}

void SoupWebSocket::SendBinary(const GRef<GBytes>& bytes) {
  Send(SOUP_WEBSOCKET_DATA_BINARY, bytes.Get());
}

void SoupWebSocket::Close(uint16_t code, std::string_view reason) {
  if (open()) soup_websocket_connection_close(soup_.Get(), code, Cut(reason).c_str());
}

void SoupWebSocket::OnMessage(int type, GBytes* bytes) {
  wire_->read_budget = wire_->read_budget_full.load();
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(bytes, &size));
  // A copy, since the callback may set another or drop the socket.
  const auto callback = type == SOUP_WEBSOCKET_DATA_TEXT ? on_text : on_binary;
  const auto self = shared_from_this();
  if (callback) callback(std::string_view(data, size));
}

void SoupWebSocket::Abandon() {
  const auto self = shared_from_this();  // the callbacks may hold the last reference
  on_text = nullptr;
  on_binary = nullptr;
  on_closed = nullptr;
}

void SoupWebSocket::Ended() {
  if (!soup_) return;
  const auto self = shared_from_this();  // what on_closed drops may be the last but this
  const guint code = soup_websocket_connection_get_close_code(soup_.Get());
  signals_.clear();
  soup_.Reset();
  const auto closed = std::move(on_closed);
  on_text = nullptr;  // they often hold this object: end the circle
  on_binary = nullptr;
  on_closed = nullptr;
  if (closed) closed(uint16_t(code == 0 ? 1006 : code));
  if (const auto connection = via_.lock()) connection->Close();
}

}  // namespace ronin::http
