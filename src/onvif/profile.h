// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "onvif/xml.h"

namespace ronin::onvif {

/// How a stream is encoded; 0: not said. A value; any thread.
struct EncoderState {
  std::string codec;  ///< "h264", "h265", "jpeg", …; empty: no video
  int width = 0;
  int height = 0;
  double fps = 0;
  int gov_length = 0;  ///< pictures from keyframe to keyframe
  int bitrate_kbit = 0;

  bool operator==(const EncoderState&) const = default;

  /// Seconds from keyframe to keyframe; 0: not said.
  double keyframe_interval_s() const { return fps > 0 ? gov_length / fps : 0; }
};

/// A stream that a device offers. A value; any thread.
struct Profile {
  std::string token;
  std::string name;
  EncoderState encoder;
  std::string encoder_token;  ///< of its video encoder's configuration
  bool has_ptz = false;
  std::string stream_url;    ///< without credentials, at the device's host; empty: none
  std::string snapshot_url;  ///< as well
};

/// Reads a video encoder's configuration, of Media1 or Media2.
EncoderState ReadEncoder(const XmlNode& configuration);

/// Reads the answer of GetProfiles, of Media1 or Media2; those without video or without a token are
/// left out, and what comes after the first 16.
std::vector<Profile> ReadProfiles(const XmlNode& answer);

/// The whole number in `text`, from 0 to a billion; 0 if there is none.
int ReadCount(const std::string& text);
/// The number in `text`, from 0 to a billion; 0 if there is none.
double ReadNumber(const std::string& text);

}  // namespace ronin::onvif
