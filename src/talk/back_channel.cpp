// SPDX-License-Identifier: MIT
#include "talk/back_channel.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "gst/gst_ref.h"

namespace ronin::talk {
namespace {

constexpr int kTelephone = 8000;  // Hz, of G.711
// Those of avenc_aac.
constexpr std::array kAacRates = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};

bool IsSame(const std::string& a, const char* b) { return g_ascii_strcasecmp(a.c_str(), b) == 0; }

bool IsSentByClient(const GstSDPMedia& media) {
  const char* kind = gst_sdp_media_get_media(&media);
  return kind != nullptr && IsSame(kind, "audio") &&
         gst_sdp_media_get_attribute_val(&media, "sendonly") != nullptr;
}

std::string TextIn(const GstStructure* fields, const char* name) {
  const char* value = gst_structure_get_string(fields, name);
  return value != nullptr ? value : "";
}

int NumberIn(const GstStructure* fields, const char* name, int otherwise) {
  int value = otherwise;
  if (gst_structure_get_int(fields, name, &value) != FALSE) return value;
  const std::string text = TextIn(fields, name);  // what fmtp says comes as text
  return text.empty() ? otherwise : std::atoi(text.c_str());
}

/// AAC as rtpmp4gpay packs it: "hbr", with the usual lengths, which few cameras write out.
bool IsUsualAac(const GstStructure* fields) {
  const std::string mode = TextIn(fields, "mode");
  return (mode.empty() || IsSame(mode, "AAC-hbr")) && NumberIn(fields, "sizelength", 13) == 13 &&
         NumberIn(fields, "indexlength", 3) == 3 && NumberIn(fields, "indexdeltalength", 3) == 3;
}

/// What is offered under one payload type, if we can speak it.
std::optional<BackChannel> ReadFormat(const GstSDPMedia& media, unsigned track, int type) {
  const GRef<GstCaps> caps = Adopt(gst_sdp_media_get_caps_from_media(&media, type));
  const bool known = caps && gst_caps_get_size(caps.Get()) > 0;
  const GstStructure* fields = known ? gst_caps_get_structure(caps.Get(), 0) : nullptr;
  std::string encoding = fields != nullptr ? TextIn(fields, "encoding-name") : "";
  if (encoding.empty() && type == 0) encoding = "PCMU";  // RFC 3551: they need no name
  if (encoding.empty() && type == 8) encoding = "PCMA";
  BackChannel out{.track = track, .payload_type = type};
  const int rate = fields != nullptr ? NumberIn(fields, "clock-rate", kTelephone) : kTelephone;
  if (IsSame(encoding, "PCMU") || IsSame(encoding, "PCMA")) {
    out.codec = IsSame(encoding, "PCMU") ? Codec::kPcmu : Codec::kPcma;
    if (rate == kTelephone) return out;
  }
  if (IsSame(encoding, "MPEG4-GENERIC") && IsUsualAac(fields)) {
    out.codec = Codec::kAac;
    out.sample_rate_hz = rate;
    out.channels = NumberIn(fields, "encoding-params", 1);
    const bool good_rate = std::ranges::find(kAacRates, rate) != kAacRates.end();
    if (good_rate && (out.channels == 1 || out.channels == 2)) return out;
  }
  return std::nullopt;
}

}  // namespace

std::string_view ToString(Codec codec) {
  switch (codec) {
    case Codec::kPcmu:
      return "pcmu";
    case Codec::kPcma:
      return "pcma";
    case Codec::kAac:
      return "aac";
  }
  return "pcmu";
}

std::optional<BackChannel> FindBackChannel(const GstSDPMessage& sdp) {
  std::optional<BackChannel> best;
  for (guint track = 0; track < gst_sdp_message_medias_len(&sdp); ++track) {
    const GstSDPMedia& media = *gst_sdp_message_get_media(&sdp, track);
    if (!IsSentByClient(media)) continue;
    for (guint i = 0; i < gst_sdp_media_formats_len(&media); ++i) {
      const int type = std::atoi(gst_sdp_media_get_format(&media, i));
      const auto found = ReadFormat(media, track, type);
      if (found && (!best || found->codec < best->codec)) best = found;
    }
  }
  return best;
}

}  // namespace ronin::talk
