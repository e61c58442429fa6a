// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/mailbox.h"
#include "base/source.h"
#include "http/hang_up_watch.h"
#include "http/wire.h"

namespace ronin::http {

/// What uses a connection at the moment: an answer under way, or a WebSocket.
class Occupant {
 public:
  virtual ~Occupant() = default;
  /// The server is being destroyed: no more callbacks to handlers, whose owners may be gone.
  virtual void Abandon() = 0;
  /// The socket was shut down: wake libsoup up, so that it notices and lets go.
  virtual void OnConnectionCut() = 0;
  /// The socket is closed; last call.
  virtual void OnConnectionClosed() = 0;
};

/// One accepted socket and its guard: deadlines, hang-up, and who may use it. The socket is ours;
/// libsoup only has streams of it, and every way to an end leads through Close() here, so that no
/// descriptor is left behind. Owner: Server. Thread: main.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  struct Deadlines {
    std::chrono::milliseconds request;
    std::chrono::milliseconds idle;
    std::chrono::milliseconds write;
  };

  /// @param closed  called once, when the socket has been closed; the connection is still whole
  Connection(GRef<GSocket> socket, Deadlines deadlines, Mailbox::Sender mail,
             std::function<void(Connection*)> closed);
  ~Connection();

  /// The stream to give to libsoup's server. Call once.
  GRef<GIOStream> TakeStream();

  /// A request begins: its first bytes are there. Forgets the body of the one before.
  void RequestStarted();
  /// Adds to the request's body.
  void AddBody(std::string_view bytes) { body_.append(bytes); }
  std::string TakeBody() { return std::move(body_); }
  size_t body_size() const { return body_.size(); }
  /// The request is whole; `occupant` answers it.
  void StartAnswer(std::shared_ptr<Occupant> occupant);
  /// libsoup is done with the request, well or not.
  void RequestFinished();

  /// Sends `answer` past libsoup and closes, reading on for a moment so that the answer is not
  /// lost to a reset while the client still sends. libsoup sees the end of the connection.
  void AnswerAndClose(const std::string& answer);

  /// Sends `answer` past libsoup and gives a fresh stream of the same socket for a WebSocket;
  /// libsoup's server sees the end of the connection. Nothing if the answer could not be sent.
  GRef<GIOStream> Upgrade(const std::string& answer);
  void StartWebSocket(std::shared_ptr<Occupant> occupant) { occupant_ = std::move(occupant); }

  /// Breaks off, at once for the client; libsoup lets go in the next turns of the loop.
  void Abort();
  /// Abort() when the server is being destroyed: handlers hear nothing of it.
  void Abandon();
  /// Closes the socket now.
  void Close();
  /// Checks the deadlines; true if one of them ended the connection.
  bool Tick(int64_t now_us);

  const std::shared_ptr<Wire>& wire() const { return wire_; }
  bool usable() const { return phase_ < Phase::kLingering; }
  /// Monotonic microseconds since when nothing was asked; nothing while something is.
  std::optional<int64_t> idle_since_us() const;
  bool is_web_socket() const { return phase_ == Phase::kWebSocket; }

 private:
  enum class Phase { kIdle, kReading, kAnswering, kWebSocket, kLingering, kCut, kClosed };

  std::shared_ptr<Wire> NewWire();
  void OnStreamClosed(const Wire* wire);
  void OnHangUp();
  bool Drain();
  bool SendAll(const std::string& text);
  int fd() const { return g_socket_get_fd(socket_.Get()); }
  static bool Passed(int64_t since_us, int64_t now_us, std::chrono::milliseconds limit);

  GRef<GSocket> socket_;
  Deadlines deadlines_;
  Mailbox::Sender mail_;
  std::function<void(Connection*)> closed_;
  std::shared_ptr<Wire> wire_;  // shared with libsoup's stream, which may live longer
  std::shared_ptr<Occupant> occupant_;
  Phase phase_ = Phase::kIdle;
  int64_t phase_since_us_;
  size_t drained_ = 0;
  std::string body_;
  HangUpWatch hang_up_;
  Source linger_;
};

}  // namespace ronin::http
