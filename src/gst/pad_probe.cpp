// SPDX-License-Identifier: MIT
#include "gst/pad_probe.h"

#include <utility>

namespace ronin::gst {

PadProbe::PadProbe(GRef<GstPad> pad, GstPadProbeType mask, Callback callback)
    : pad_(std::move(pad)) {
  id_ = gst_pad_add_probe(
      pad_.Get(), mask,
      [](GstPad* where, GstPadProbeInfo* info, gpointer data) noexcept {
        return (*static_cast<Callback*>(data))(where, info);
      },
      new Callback(std::move(callback)),
      [](gpointer data) noexcept { delete static_cast<Callback*>(data); });
}

PadProbe::PadProbe(PadProbe&& other) noexcept
    : pad_(std::move(other.pad_)), id_(std::exchange(other.id_, 0)) {}

PadProbe& PadProbe::operator=(PadProbe&& other) noexcept {
  if (this != &other) {
    Remove();
    pad_ = std::move(other.pad_);
    id_ = std::exchange(other.id_, 0);
  }
  return *this;
}

void PadProbe::Remove() noexcept {
  if (id_ != 0) gst_pad_remove_probe(pad_.Get(), std::exchange(id_, 0));
  pad_.Reset();
}

}  // namespace ronin::gst
