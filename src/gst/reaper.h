// SPDX-License-Identifier: MIT
#pragma once

#include "base/worker.h"
#include "gst/gst_ref.h"

namespace ronin::gst {

/// Ends pipelines on a thread of its own, because setting one to NULL can block on a dead camera or
/// a dead disk. Retire from main; the destructor waits for all of them.
class Reaper {
 public:
  /// Takes over the caller's reference: sets `element` to NULL and drops it. `done` runs on the
  /// reaper's thread afterwards.
  void Retire(GRef<GstElement> element, std::function<void()> done = nullptr);

  /// Runs a call that may block on a streaming thread, such as sending EOS into a full queue, on a
  /// thread of GStreamer's pool. Keeps `element` alive until it has run.
  static void CallAsync(GstElement* element, std::function<void(GstElement*)> call);

 private:
  Worker worker_{"reaper"};
};

}  // namespace ronin::gst
