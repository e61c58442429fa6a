// SPDX-License-Identifier: MIT
#include "gst/bus_watch.h"

#include <memory>
#include <utility>

namespace ronin::gst {

using Callback = std::function<void(GstMessage*)>;

BusWatch::BusWatch(GRef<GstBus> bus, Callback on_message) : bus_(std::move(bus)) {
  gst_bus_add_watch_full(
      bus_.Get(), G_PRIORITY_DEFAULT,
      [](GstBus*, GstMessage* message, gpointer data) noexcept -> gboolean {
        (*static_cast<Callback*>(data))(message);
        return G_SOURCE_CONTINUE;
      },
      new Callback(std::move(on_message)),
      [](gpointer data) noexcept { delete static_cast<Callback*>(data); });
}

BusWatch& BusWatch::operator=(BusWatch&& other) noexcept {
  if (this != &other) {
    Stop();
    bus_ = std::move(other.bus_);
  }
  return *this;
}

void BusWatch::Stop() noexcept {
  if (!bus_) return;
  gst_bus_remove_watch(bus_.Get());
  bus_.Reset();
}

}  // namespace ronin::gst
