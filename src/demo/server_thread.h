// SPDX-License-Identifier: MIT
#pragma once

#include <thread>

#include "base/g_ref.h"

namespace ronin::demo {

/// A thread with a main context, where the servers of all cameras accept connections. What a
/// client asks is answered on a thread of its own, since DESCRIBE waits for the next keyframe.
class ServerThread {
 public:
  ServerThread();
  ~ServerThread();
  ServerThread(const ServerThread&) = delete;
  ServerThread& operator=(const ServerThread&) = delete;

  GMainContext* context() const { return context_.Get(); }

 private:
  GRef<GMainContext> context_;
  GRef<GMainLoop> loop_;
  std::thread thread_;
};

}  // namespace ronin::demo
