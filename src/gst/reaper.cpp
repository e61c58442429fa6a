// SPDX-License-Identifier: MIT
#include "gst/reaper.h"

namespace ronin::gst {
namespace {

/// Lets go whoever waits in the element. splitmuxsink that is ended while it begins a file waits
/// for ever otherwise (GStreamer 1.22 to 1.26: start_next_fragment() forgets that it was stopped).
void WakeStreamingThreads(GstElement* element) {
  gst_element_foreach_sink_pad(
      element,
      [](GstElement*, GstPad* pad, gpointer) noexcept -> gboolean {
        gst_pad_send_event(pad, gst_event_new_flush_start());
        return TRUE;
      },
      nullptr);
}

}  // namespace

void Reaper::Retire(GRef<GstElement> element, std::function<void()> done) {
  worker_.Post([element = std::move(element), done = std::move(done)]() mutable {
    WakeStreamingThreads(element.Get());
    gst_element_set_state(element.Get(), GST_STATE_NULL);
    element.Reset();
    if (done) done();
  });
}

void Reaper::CallAsync(GstElement* element, std::function<void(GstElement*)> call) {
  using Call = std::function<void(GstElement*)>;
  gst_element_call_async(
      element,
      [](GstElement* target, gpointer data) noexcept { (*static_cast<Call*>(data))(target); },
      new Call(std::move(call)), [](gpointer data) noexcept { delete static_cast<Call*>(data); });
}

}  // namespace ronin::gst
