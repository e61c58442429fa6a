// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "onvif/profile.h"

namespace ronin::onvif {

/// What somebody wants of a stream; what is not said stays.
struct EncoderWish {
  std::optional<std::string> codec;  ///< "h264" or "h265"
  std::optional<int> width;          ///< together with `height`
  std::optional<int> height;
  std::optional<double> fps;
  std::optional<double> keyframe_interval_s;
  std::optional<int> bitrate_kbit;

  bool empty() const {
    return !codec && !width && !height && !fps && !keyframe_interval_s && !bitrate_kbit;
  }
};

/// Limits that a device names; an empty one (0 to 0) is not said.
struct Limits {
  double min = 0;
  double max = 0;
};

/// What a device can do with one codec.
struct CodecOptions {
  struct Size {
    int width = 0;
    int height = 0;
  };
  std::string codec;
  std::vector<Size> sizes;    ///< empty: not said
  std::vector<double> rates;  ///< pictures per second; empty: see `rate`
  Limits rate;
  Limits gov_length;
  Limits bitrate_kbit;
  std::vector<std::string> profiles;  ///< "Main", "High", …; of the codec
};

/// Reads the answer of GetVideoEncoderConfigurationOptions, of Media1 or Media2; at most 8 codecs
/// with 64 sizes and 64 rates each.
std::vector<CodecOptions> ReadEncoderOptions(const XmlNode& answer);

/// The nearest to the wish that the device can do, beginning at what it does now. `notes` gets a
/// sentence for each part of the wish that is not met. Pure.
EncoderState FitEncoder(const EncoderState& now, const EncoderWish& wish,
                        const std::vector<CodecOptions>& options, std::vector<std::string>* notes);

/// Changes a configuration, as it was read, from `before` to `after`; nothing else in it, so that
/// what only the device knows stays.
void WriteEncoder(XmlNode configuration, const EncoderState& before, const EncoderState& after,
                  const std::vector<CodecOptions>& options);

}  // namespace ronin::onvif
