// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "gst/gst_ref.h"

namespace ronin::gst {

/// Delivers a bus's messages to a function on the main thread until it is destroyed; not those of
/// the kind "element", which are for who listens to `sync-message::element`; those of the kind
/// "progress" are told there as well, perhaps twice. Thread: main. The
/// callback may destroy the BusWatch.
class BusWatch {
 public:
  BusWatch() noexcept = default;
  BusWatch(GRef<GstBus> bus, std::function<void(GstMessage*)> on_message);
  BusWatch(BusWatch&& other) noexcept = default;
  BusWatch& operator=(BusWatch&& other) noexcept;
  ~BusWatch() { Stop(); }

  void Stop() noexcept;

 private:
  GRef<GstBus> bus_;
};

}  // namespace ronin::gst
