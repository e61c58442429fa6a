// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/router.h"
#include "http/static_files.h"
#include "http/web_socket.h"

namespace ronin::http {

/// The HTTP server: owns the listening sockets, guards every connection (count, deadlines, size,
/// malformed requests, hosts, pages of other sites), and gives what is left to routes, WebSockets
/// and static files, in that order. README.md says why the guard exists. Destroying it closes all
/// connections at once; Responders and WebSockets that outlive it do nothing. Owner: the program.
/// Thread: main; never blocks. Do not destroy it inside one of its handlers.
class Server {
 public:
  /// Lets a request through (nothing), or answers it: sign-in and roles. Runs before routes and
  /// before a WebSocket is opened; not for static files. `pattern` is that of the route.
  using Gate = std::function<std::optional<Response>(const Request&, std::string_view pattern)>;

  struct Options {
    bool allow_remote = false;  ///< listen on other than loopback addresses too
    size_t max_connections = 512;
    size_t max_body_bytes = 1024 * 1024;
    std::chrono::milliseconds request_deadline{15'000};  ///< from first byte to whole body
    std::chrono::milliseconds idle_deadline{60'000};     ///< keep-alive without a request
    std::chrono::milliseconds write_deadline{60'000};    ///< client takes no byte of its answer
    size_t web_socket_max_message_bytes = 128 * 1024;    ///< incoming
    size_t web_socket_queue_limit = 8 * 1024 * 1024;     ///< outgoing, per socket
    /// How many more descriptors connections may take; below 0, so many are wanted back. Asked for
    /// each connection and now and then. None: any number.
    std::function<int64_t()> spare_descriptors;
    std::vector<std::string> extra_hosts;  ///< names allowed in Host beside the loopback ones
    std::shared_ptr<const StaticFiles> static_files;  ///< shared: may be none, tests reuse one
  };

  /// How many answers were sent, by the pattern of the route (or the path of the WebSocket) and the
  /// status. The empty pattern: the web interface, and what was refused or not found.
  using Answers = std::map<std::pair<std::string, int>, uint64_t>;

  struct Stats {
    size_t connections = 0;  ///< open now, WebSockets included
    size_t web_sockets = 0;
    uint64_t accepted = 0;
    uint64_t refused = 0;  ///< over max_connections, or too few descriptors
    uint64_t requests = 0;
    uint64_t timed_out = 0;  ///< closed by one of the deadlines
    Answers answers;
  };

  /// Errors: kInvalidArgument when an option makes no sense.
  static Result<std::unique_ptr<Server>> Create(Options options);
  virtual ~Server() = default;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Starts to accept on "127.0.0.1:8080", "[::1]:0" or "localhost:8080"; port 0 takes a free one.
  /// Gives the URL, with the real port: "http://127.0.0.1:41234". May be called again for further
  /// addresses. Errors: kInvalidArgument (no address, or one that is not allowed), kConflict (the
  /// port is taken), kPermission, kUnavailable.
  virtual Result<std::string> Listen(std::string_view address) = 0;

  /// Routes may be added before and after Listen().
  virtual Router& router() = 0;
  /// `path` is exact, without parameters; `subprotocol` must be asked for by the client if it is
  /// not empty. `opened` sets the callbacks of the socket and may keep it.
  virtual void AddWebSocket(std::string path, std::string subprotocol, WebSocketHandler opened) = 0;
  virtual void SetGate(Gate gate) = 0;

  virtual Stats stats() const = 0;

 protected:
  Server() = default;
};

}  // namespace ronin::http
