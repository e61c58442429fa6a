// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>

#include "gst/gst_ref.h"

namespace ronin::gst {

/// A pad probe that is removed in its destructor. The callback runs on the streaming thread and may
/// still be running there when the destructor returns, so it owns (shares) what it touches.
class PadProbe {
 public:
  using Callback = std::function<GstPadProbeReturn(GstPad*, GstPadProbeInfo*)>;

  PadProbe() noexcept = default;
  PadProbe(GRef<GstPad> pad, GstPadProbeType mask, Callback callback);
  PadProbe(PadProbe&& other) noexcept;
  PadProbe& operator=(PadProbe&& other) noexcept;
  ~PadProbe() { Remove(); }

  void Remove() noexcept;
  bool active() const noexcept { return id_ != 0; }

 private:
  GRef<GstPad> pad_;
  gulong id_ = 0;
};

}  // namespace ronin::gst
