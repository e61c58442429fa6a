// SPDX-License-Identifier: MIT
#include "onvif/profile.h"

#include <charconv>
#include <cmath>

#include <glib.h>

#include "base/g_ref.h"

namespace ronin::onvif {
namespace {

constexpr size_t kMostProfiles = 16;

/// The first of two places where the versions of the service put the same thing.
XmlNode Either(const XmlNode& node, const char* first, const char* second) {
  const XmlNode found = node.At(first);
  return found ? found : node.At(second);
}

}  // namespace

double ReadNumber(const std::string& text) {
  constexpr double kMost = 1e9;
  double out = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec != std::errc() || !std::isfinite(out) || out < 0 || out > kMost) return 0;
  return out;
}

int ReadCount(const std::string& text) { return int(ReadNumber(text)); }

EncoderState ReadEncoder(const XmlNode& configuration) {
  EncoderState out;
  const GCharPtr codec(g_ascii_strdown(configuration.TextAt("Encoding").c_str(), -1));
  out.codec = codec.get();
  out.width = ReadCount(configuration.TextAt("Resolution/Width"));
  out.height = ReadCount(configuration.TextAt("Resolution/Height"));
  out.fps = ReadNumber(configuration.TextAt("RateControl/FrameRateLimit"));
  // Media1 sends every n-th picture only.
  const int every = ReadCount(configuration.TextAt("RateControl/EncodingInterval"));
  if (every > 1) out.fps /= every;
  out.bitrate_kbit = ReadCount(configuration.TextAt("RateControl/BitrateLimit"));
  const std::string gov = configuration.Attribute("GovLength");  // Media2
  out.gov_length = ReadCount(gov.empty() ? configuration.TextAt("H264/GovLength") : gov);
  return out;
}

std::vector<Profile> ReadProfiles(const XmlNode& answer) {
  std::vector<Profile> out;
  for (const XmlNode& node : answer.Children("Profiles")) {
    if (out.size() == kMostProfiles) break;
    Profile profile;
    profile.token = node.Attribute("token");
    profile.name = node.TextAt("Name");
    const XmlNode encoder =
        Either(node, "VideoEncoderConfiguration", "Configurations/VideoEncoder");
    profile.encoder = ReadEncoder(encoder);
    profile.encoder_token = encoder.Attribute("token");
    profile.has_ptz = bool(Either(node, "PTZConfiguration", "Configurations/PTZ"));
    if (!profile.token.empty() && encoder) out.push_back(std::move(profile));
  }
  return out;
}

}  // namespace ronin::onvif
