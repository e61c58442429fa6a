// SPDX-License-Identifier: MIT
#pragma once

#include <thread>

#include "base/g_ref.h"

namespace ronin {

/// A named thread that runs a main context of its own, for libraries that serve from one, such as
/// gst-rtsp-server. Whose sources are attached is responsible for what they touch.
class LoopThread {
 public:
  /// @param name shown by `ps -L` and gdb; at most 15 characters
  explicit LoopThread(const char* name);
  /// Joins, once the source that is running has returned; the others run no more.
  ~LoopThread();
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  /// Any thread.
  GMainContext* context() const { return context_.Get(); }

 private:
  const GRef<GMainContext> context_;
  const GRef<GMainLoop> loop_;
  std::thread thread_;
};

}  // namespace ronin
