// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/g_ref.h"
#include "base/result.h"
#include "base/source.h"

namespace ronin::http {

/// "127.0.0.1:8080", "[::1]:0" or "localhost:80", read.
struct ListenAddress {
  std::string host;  ///< a numeric address
  uint16_t port = 0;
  bool loopback = false;
};

/// Errors: kInvalidArgument, with a sentence that shows how to write it.
Result<ListenAddress> ParseListenAddress(std::string_view text);

/// One listening socket. Owner: Server. Thread: main.
class Listener {
 public:
  using Accepted = std::function<void(GRef<GSocket>)>;

  /// Errors: kConflict (the port is taken), kPermission, kUnavailable.
  static Result<std::unique_ptr<Listener>> Open(const ListenAddress& address, Accepted accepted);

  /// "http://127.0.0.1:41234"
  const std::string& url() const { return url_; }
  bool loopback() const { return loopback_; }

 private:
  Listener(GRef<GSocket> socket, bool loopback, std::string url, Accepted accepted);
  void Watch();
  bool Accept();

  GRef<GSocket> socket_;
  bool loopback_;
  std::string url_;
  Accepted accepted_;
  bool failing_ = false;  // and said so
  Source watch_;
};

}  // namespace ronin::http
