// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "onvif/device.h"
#include "onvif/encoder.h"

namespace ronin::onvif {

/// What came of a wish.
struct EncoderChange {
  EncoderState before;
  EncoderState after;  ///< read back from the device
  std::vector<std::string> notes;
};

/// Fits the wish to what the device can do, sets it, and reads back what it then does.
/// @param stream_url  the stream to change, as the camera is configured; see StreamKey()
/// Failures: "not_found" when no profile of the device has this stream; those of Failure.
void ChangeEncoder(Device& device, const std::string& stream_url, const EncoderWish& wish,
                   Then<EncoderChange> then);

/// The profile whose stream is at `stream_url`, by StreamKey(); nullptr: none.
const Profile* FindProfile(const std::vector<Profile>& profiles, const std::string& stream_url);

}  // namespace ronin::onvif
