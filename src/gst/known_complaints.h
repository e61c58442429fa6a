// SPDX-License-Identifier: MIT
#pragma once

namespace ronin::gst {

/// For log::Tolerate. rtspsrc (seen with 1.22) that is ended while it sets up its streams: the
/// state change takes away the number that the thread which connects gives to its events. They then
/// go without one, to pads that are being closed.
inline constexpr const char* kEndedWhileConnecting =
    "gst_event_set_seqnum: assertion 'seqnum != GST_SEQNUM_INVALID' failed";

}  // namespace ronin::gst
