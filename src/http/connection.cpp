// SPDX-License-Identifier: MIT
#include "http/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "http/connection_stream.h"

namespace ronin::http {
namespace {

using namespace std::chrono_literals;

constexpr auto kLingerTime = 2s;
constexpr size_t kLingerBytes = 4U * 1024 * 1024;
constexpr auto kCutTime = 2s;      // for libsoup to let go; then the socket is closed anyway
constexpr auto kKernelLater = 5s;  // the kernel gives a peer up by itself, but we do it first

void SetUp(int fd, std::chrono::milliseconds write_deadline) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  const int probe_after_s = 30;
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &probe_after_s, sizeof probe_after_s);
  const auto unacknowledged_ms = unsigned((write_deadline + kKernelLater).count());
  ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_ms, sizeof unacknowledged_ms);
}

}  // namespace

Connection::Connection(GRef<GSocket> socket, Deadlines deadlines, Mailbox::Sender mail,
                       std::function<void(Connection*)> closed)
    : socket_(std::move(socket)),
      deadlines_(deadlines),
      mail_(std::move(mail)),
      closed_(std::move(closed)),
      phase_since_us_(g_get_monotonic_time()) {
  g_socket_set_blocking(socket_.Get(), FALSE);
  SetUp(fd(), deadlines_.write);
  hang_up_.Start(fd(), [this] { OnHangUp(); });
}

Connection::~Connection() { Close(); }

std::shared_ptr<Wire> Connection::NewWire() {
  auto wire = std::make_shared<Wire>();
  wire->socket = socket_;
  wire->closed = [mail = mail_, weak = weak_from_this(), raw = wire.get()] {
    mail.Post([weak, raw] {
      if (const auto self = weak.lock()) self->OnStreamClosed(raw);
    });
  };
  return wire;
}

GRef<GIOStream> Connection::TakeStream() {
  wire_ = NewWire();
  return NewConnectionStream(wire_);
}

void Connection::RequestStarted() {
  if (phase_ != Phase::kIdle) return;
  phase_ = Phase::kReading;
  wire_->idle = false;
  body_.clear();
}

void Connection::StartAnswer(std::shared_ptr<Occupant> occupant) {
  if (!usable()) return;
  phase_ = Phase::kAnswering;
  occupant_ = std::move(occupant);
}

void Connection::RequestFinished() {
  if (phase_ != Phase::kAnswering && phase_ != Phase::kReading) return;
  occupant_.reset();
  phase_ = Phase::kIdle;
  phase_since_us_ = g_get_monotonic_time();
  wire_->first_byte_us = 0;
  wire_->blocked_since_us = 0;
  wire_->idle = true;
}

bool Connection::SendAll(const std::string& text) {
  const gssize sent =
      g_socket_send_with_blocking(socket_.Get(), text.data(), text.size(), FALSE, nullptr, nullptr);
  return sent == gssize(text.size());
}

void Connection::AnswerAndClose(const std::string& answer) {
  if (!usable()) return;
  wire_->cut = true;
  if (!SendAll(answer)) return Abort();
  phase_ = Phase::kLingering;
  phase_since_us_ = g_get_monotonic_time();
  hang_up_.Cancel();
  ::shutdown(fd(), SHUT_WR);
  linger_ = Source::OnFd(fd(), G_IO_IN, [this](GIOCondition) { return Drain(); });
}

bool Connection::Drain() {
  char buffer[16 * 1024];
  const ssize_t n = ::recv(fd(), buffer, sizeof buffer, MSG_DONTWAIT);
  if (n > 0) drained_ += size_t(n);
  if (n > 0 && drained_ < kLingerBytes) return true;
  Close();
  return false;
}

GRef<GIOStream> Connection::Upgrade(const std::string& answer) {
  if (!usable()) return {};
  wire_->cut = true;
  if (!SendAll(answer)) {
    Abort();
    return {};
  }
  phase_ = Phase::kWebSocket;
  occupant_.reset();
  return TakeStream();
}

void Connection::OnHangUp() {
  // Elsewhere libsoup reads, sees the end itself and closes its stream. During an answer it does
  // not read; nobody is left to take the answer.
  if (phase_ == Phase::kAnswering) Abort();
}

void Connection::Abort() {
  if (phase_ == Phase::kCut || phase_ == Phase::kClosed) return;
  phase_ = Phase::kCut;
  phase_since_us_ = g_get_monotonic_time();
  wire_->cut = true;
  linger_.Cancel();
  hang_up_.Cancel();
  ::shutdown(fd(), SHUT_RDWR);  // makes libsoup's poll return
  if (const auto occupant = occupant_) occupant->OnConnectionCut();
}

void Connection::Abandon() {
  if (const auto occupant = occupant_) occupant->Abandon();
  Abort();
}

void Connection::OnStreamClosed(const Wire* wire) {
  if (wire == wire_.get() && phase_ != Phase::kLingering) Close();
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  if (wire_) wire_->cut = true;
  linger_.Cancel();
  hang_up_.Cancel();
  g_socket_close(socket_.Get(), nullptr);
  const auto occupant = std::move(occupant_);
  if (occupant) occupant->OnConnectionClosed();
  if (closed_) closed_(this);
}

bool Connection::Passed(int64_t since_us, int64_t now_us, std::chrono::milliseconds limit) {
  return since_us != 0 && now_us - since_us > std::chrono::microseconds(limit).count();
}

std::optional<int64_t> Connection::idle_since_us() const {
  if (phase_ != Phase::kIdle || wire_->first_byte_us != 0) return std::nullopt;
  return phase_since_us_;
}

bool Connection::Tick(int64_t now_us) {
  bool late = false;
  switch (phase_) {
    case Phase::kIdle:
    case Phase::kReading: {
      const int64_t first_byte = wire_->first_byte_us;
      late = first_byte != 0 ? Passed(first_byte, now_us, deadlines_.request)
                             : Passed(phase_since_us_, now_us, deadlines_.idle);
      break;
    }
    case Phase::kAnswering:
    case Phase::kWebSocket:
      late = Passed(wire_->blocked_since_us, now_us, deadlines_.write);
      break;
    case Phase::kLingering:
      if (Passed(phase_since_us_, now_us, kLingerTime)) Close();
      return false;
    case Phase::kCut:
      if (Passed(phase_since_us_, now_us, kCutTime)) Close();
      return false;
    case Phase::kClosed:
      return false;
  }
  if (late) Abort();
  return late;
}

}  // namespace ronin::http
