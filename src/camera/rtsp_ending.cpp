// SPDX-License-Identifier: MIT
#include "camera/rtsp_ending.h"

#include <utility>

#include "base/g_ref.h"

namespace ronin::camera {
namespace {

using Pointer = std::shared_ptr<RtspEnding>;

void Drop(gpointer data, GClosure*) noexcept { delete static_cast<Pointer*>(data); }

void OnProgress(GstBus*, GstMessage* message, gpointer data) noexcept {
  (*static_cast<Pointer*>(data))->Heard(message);
}

}  // namespace

void RtspEnding::Listen(Pointer ending, GstBus* bus) {
  g_signal_connect_data(bus, "sync-message::progress", G_CALLBACK(OnProgress),
                        new Pointer(std::move(ending)), Drop, GConnectFlags(0));
}

std::function<void()> RtspEnding::Call(Pointer ending, std::shared_ptr<SocketMeter> connection,
                                       GstElement* pipeline) {
  return [ending = std::move(ending), connection = std::move(connection), pipeline] {
    ending->End(pipeline, *connection);
    connection->Follow({});
  };
}

void RtspEnding::Heard(GstMessage* message) {
  GstProgressType type = GST_PROGRESS_TYPE_START;
  GCharPtr code;
  gst_message_parse_progress(message, &type, Out(code), nullptr);
  const bool ended = type == GST_PROGRESS_TYPE_COMPLETE || type == GST_PROGRESS_TYPE_CANCELED ||
                     type == GST_PROGRESS_TYPE_ERROR;
  {
    std::lock_guard lock(mutex_);
    if (g_str_equal(code.get(), "open")) opening_ = !ended;
    if (g_str_equal(code.get(), "close")) closing_ = !ended;
  }
  changed_.notify_all();
}

void RtspEnding::Sends(GstRTSPMethod method) {
  std::lock_guard lock(mutex_);
  if (method == GST_RTSP_TEARDOWN && !closing_) opening_ = true;
  if (method == GST_RTSP_PLAY) opening_ = false;
  changed_.notify_all();
}

bool RtspEnding::IsOpening() {
  std::lock_guard lock(mutex_);
  return opening_;
}

bool RtspEnding::Wait(const bool& busy, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] { return !busy; });
}

void RtspEnding::End(GstElement* pipeline, SocketMeter& connection) {
  // Without a connection there is no stream yet, and nothing to wait for.
  if (IsOpening() && connection.End()) Wait(opening_, limits_.thread);
  gst_element_set_state(pipeline, GST_STATE_READY);
  if (!Wait(closing_, limits_.teardown)) {
    connection.End();
    Wait(closing_, limits_.thread);
  }
}

}  // namespace ronin::camera
