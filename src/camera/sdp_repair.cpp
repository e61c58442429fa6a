// SPDX-License-Identifier: MIT
#include "camera/sdp_repair.h"

#include <cstring>

#include "base/text.h"

namespace ronin::camera {
namespace {

bool IsKind(const GstSDPMedia* media, const char* kind) {
  const char* said = gst_sdp_media_get_media(media);
  return said != nullptr && g_ascii_strcasecmp(said, kind) == 0;
}

bool Holds(const std::string& text, const char* lower) {
  gchar* folded = g_ascii_strdown(text.c_str(), -1);
  const bool out = std::strstr(folded, lower) != nullptr;
  g_free(folded);
  return out;
}

void Replace(GstSDPMedia* media, guint index, const char* key, const std::string& value) {
  GstSDPAttribute attribute{};
  gst_sdp_attribute_set(&attribute, key, value.c_str());
  gst_sdp_media_replace_attribute(media, index, &attribute);  // takes it
}

bool SaysAll(const char* control) { return control == nullptr || std::strcmp(control, "*") == 0; }

/// "*" or nothing at the video means the address of the whole; rtspsrc passes such a track over.
void RepairControl(GstSDPMedia* video, const GstSDPMessage* sdp) {
  for (guint i = 0; i < gst_sdp_media_attributes_len(video); ++i) {
    const GstSDPAttribute* attribute = gst_sdp_media_get_attribute(video, i);
    if (g_strcmp0(attribute->key, "control") != 0) continue;
    if (g_strcmp0(attribute->value, "*") == 0) Replace(video, i, "control", "");
    return;
  }
  if (SaysAll(gst_sdp_message_get_attribute_val(sdp, "control"))) {
    gst_sdp_media_add_attribute(video, "control", "");
  }
}

/// AAC whose parameters lack the mode (Anpviz): it is the one that all cameras use.
void RepairAac(GstSDPMedia* audio) {
  const char* map = gst_sdp_media_get_attribute_val(audio, "rtpmap");
  if (map == nullptr || !Holds(map, "mpeg4-generic")) return;
  for (guint i = 0; i < gst_sdp_media_attributes_len(audio); ++i) {
    const GstSDPAttribute* attribute = gst_sdp_media_get_attribute(audio, i);
    if (g_strcmp0(attribute->key, "fmtp") != 0 || attribute->value == nullptr) continue;
    const std::string value = attribute->value;
    if (Holds(value, "mode=")) continue;
    Replace(audio, i, "fmtp",
            value + ";mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3");
  }
}

}  // namespace

void RepairSdp(GstSDPMessage* sdp, const std::string& base) {
  if (!base.empty()) gst_sdp_message_add_attribute(sdp, "control", base.c_str());
  bool video = false;
  for (guint i = 0; i < gst_sdp_message_medias_len(sdp); ++i) {
    // They are the message's own, which is ours to change.
    auto* media = const_cast<GstSDPMedia*>(gst_sdp_message_get_media(sdp, i));
    if (IsKind(media, "audio")) RepairAac(media);
    if (!IsKind(media, "video") || video) continue;
    video = true;
    RepairControl(media, sdp);
  }
}

}  // namespace ronin::camera
