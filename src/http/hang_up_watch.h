// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <utility>

#include <glib.h>

namespace ronin::http {

/// Notices that the peer of a socket has closed it, without reading (POLLRDHUP, which GIOCondition
/// cannot express, so base/source.h cannot watch for it). One shot. Owner: a Connection.
/// Thread: main.
class HangUpWatch {
 public:
  HangUpWatch() noexcept = default;
  HangUpWatch(const HangUpWatch&) = delete;
  HangUpWatch& operator=(const HangUpWatch&) = delete;
  ~HangUpWatch() { Cancel(); }

  /// `gone` is run once; it may cancel or destroy this.
  void Start(int fd, std::function<void()> gone);
  /// Before the descriptor is closed.
  void Cancel() noexcept;

 private:
  GSource* source_ = nullptr;
};

}  // namespace ronin::http
