// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <utility>

#include "base/g_ref.h"

namespace ronin {

/// A GObject signal handler that is disconnected in its destructor. Holds a reference to the
/// instance. Thread: the handler runs where the signal is emitted; for signals of streaming
/// threads, end the emitter before the owner.
class SignalConnection {
 public:
  SignalConnection() noexcept = default;
  SignalConnection(SignalConnection&& other) noexcept
      : instance_(std::move(other.instance_)), id_(std::exchange(other.id_, 0)) {}
  SignalConnection& operator=(SignalConnection&& other) noexcept {
    if (this != &other) {
      Disconnect();
      instance_ = std::move(other.instance_);
      id_ = std::exchange(other.id_, 0);
    }
    return *this;
  }
  ~SignalConnection() { Disconnect(); }

  /// Connects a C callback; `data` must outlive the connection.
  static SignalConnection Connect(gpointer instance, const char* signal, GCallback callback,
                                  gpointer data) {
    SignalConnection out;
    out.instance_ = Share(G_OBJECT(instance));
    out.id_ = g_signal_connect(instance, signal, callback, data);
    return out;
  }

  void Disconnect() noexcept {
    if (id_ != 0) g_signal_handler_disconnect(instance_.Get(), id_);
    id_ = 0;
    instance_.Reset();
  }

 private:
  GRef<GObject> instance_;
  gulong id_ = 0;
};

}  // namespace ronin
