// SPDX-License-Identifier: MIT
#include "gst/bus_watch.h"

#include <memory>
#include <utility>

namespace ronin::gst {
namespace {

using Callback = std::function<void(GstMessage*)>;

/// Elements tell much, up to a message for each fragment, and nobody reads it on main: it would
/// only wake it. Who wants it listens to `sync-message`.
GstBusSyncReply KeepFromMain(GstBus* bus, GstMessage* message, gpointer) noexcept {
  const GstMessageType type = GST_MESSAGE_TYPE(message);
  if (type != GST_MESSAGE_ELEMENT && type != GST_MESSAGE_PROGRESS) return GST_BUS_PASS;
  gst_bus_sync_signal_handler(bus, message, nullptr);
  if (type == GST_MESSAGE_PROGRESS) return GST_BUS_PASS;
  gst_message_unref(message);  // who drops it owns it
  return GST_BUS_DROP;
}

}  // namespace

BusWatch::BusWatch(GRef<GstBus> bus, Callback on_message) : bus_(std::move(bus)) {
  gst_bus_set_sync_handler(bus_.Get(), KeepFromMain, nullptr, nullptr);
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
