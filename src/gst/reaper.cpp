// SPDX-License-Identifier: MIT
#include "gst/reaper.h"

namespace ronin::gst {

void Reaper::Retire(GRef<GstElement> element, std::function<void()> done) {
  worker_.Post([element = std::move(element), done = std::move(done)]() mutable {
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
