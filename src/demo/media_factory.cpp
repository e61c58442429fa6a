// SPDX-License-Identifier: MIT
#include "demo/media_factory.h"

#include <gst/rtp/gstrtpbuffer.h>

#include "base/text.h"

namespace ronin::demo {
namespace {

/// Owned by the signal connection that it is the data of.
using StreamHolder = std::shared_ptr<CameraStream>;

/// @param clock_rate  of the RTP timestamps, Hz
std::string PayloaderOptions(const CameraOptions& options, int clock_rate) {
  std::string out;
  if (options.rtp_timestamp) {
    const auto before = uint32_t(kFirstPts.count() * clock_rate);
    out += Concat(" timestamp-offset=", *options.rtp_timestamp - before);
  }
  if (options.rtp_sequence) out += Concat(" seqnum-offset=", *options.rtp_sequence);
  return out;
}

std::string VideoText(const CameraOptions& options, const ClipSpec& spec) {
  const bool h264 = spec.video == VideoCodec::kH264;
  return Concat("appsrc name=video is-live=true format=time max-bytes=0 caps=\"video/x-",
                h264 ? "h264" : "h265", ",stream-format=byte-stream,alignment=au\" ! ",
                h264 ? "rtph264pay" : "rtph265pay",
                " name=pay0 pt=96 config-interval=", options.config_interval,
                PayloaderOptions(options, 90000));
}

std::string AudioText(const CameraOptions& options, const AudioTrack& audio) {
  std::string caps;
  std::string payloader;
  switch (audio.codec) {
    case AudioCodec::kNone:
      return {};
    case AudioCodec::kAac:
      caps = Concat("audio/mpeg,mpegversion=4,stream-format=raw,channels=1,rate=", audio.rate,
                    ",codec_data=(buffer)", audio.config_hex);
      payloader = "rtpmp4gpay name=pay1 pt=97";
      break;
    case AudioCodec::kPcmu:
      caps = "audio/x-mulaw,channels=1,rate=8000";
      payloader = "rtppcmupay name=pay1 pt=0";
      break;
    case AudioCodec::kPcma:
      caps = "audio/x-alaw,channels=1,rate=8000";
      payloader = "rtppcmapay name=pay1 pt=8";
      break;
  }
  return Concat(" appsrc name=audio is-live=true format=time max-bytes=0 caps=\"", caps, "\" ! ",
                payloader, PayloaderOptions(options, audio.rate));
}

GstPtr<GstAppSrc> SourceOf(GstElement* bin, const char* name) {
  return GstPtr<GstAppSrc>(reinterpret_cast<GstAppSrc*>(gst_bin_get_by_name(GST_BIN(bin), name)));
}

/// Makes each sink send at once instead of waiting for a buffer's PTS, which a jump moves far
/// away. The property `sync` does not serve: each PLAY request sets it again.
void OnElementAdded(GstBin*, GstBin*, GstElement* element, gpointer) noexcept {
  constexpr gint64 kLongAgo = -G_MAXINT64 / 2;
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(element), "ts-offset") == nullptr) return;
  if (GST_OBJECT_FLAG_IS_SET(element, GST_ELEMENT_FLAG_SINK)) {
    g_object_set(element, "ts-offset", kLongAgo, nullptr);
  }
}

void ClearMarker(GstBuffer* packet) {
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  if (gst_rtp_buffer_map(packet, GST_MAP_READWRITE, &rtp) == FALSE) return;
  gst_rtp_buffer_set_marker(&rtp, FALSE);
  gst_rtp_buffer_unmap(&rtp);
}

/// Streaming thread of the payloader.
GstPadProbeReturn OnPackets(GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
  if ((*static_cast<StreamHolder*>(data))->markers) return GST_PAD_PROBE_OK;
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0) {
    GstBufferList* list = gst_buffer_list_make_writable(GST_PAD_PROBE_INFO_BUFFER_LIST(info));
    for (guint i = 0; i < gst_buffer_list_length(list); ++i) {
      ClearMarker(gst_buffer_list_get_writable(list, i));
    }
    GST_PAD_PROBE_INFO_DATA(info) = list;
  } else {
    GstBuffer* packet = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
    ClearMarker(packet);
    GST_PAD_PROBE_INFO_DATA(info) = packet;
  }
  return GST_PAD_PROBE_OK;
}

void WatchPackets(GstElement* bin, const StreamHolder& stream) {
  const GstPtr<GstElement> payloader(gst_bin_get_by_name(GST_BIN(bin), "pay0"));
  const GstPtr<GstPad> pad(gst_element_get_static_pad(payloader.get(), "src"));
  gst_pad_add_probe(pad.get(),
                    GstPadProbeType(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
                    OnPackets, new StreamHolder(stream),
                    [](gpointer data) noexcept { delete static_cast<StreamHolder*>(data); });
}

void OnUnprepared(GstRTSPMedia* media, gpointer data) noexcept {
  (*static_cast<StreamHolder*>(data))->RemoveFeed(media);
}

void DropStream(gpointer data, GClosure*) noexcept { delete static_cast<StreamHolder*>(data); }

void OnConfigure(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer data) noexcept {
  const auto& stream = *static_cast<StreamHolder*>(data);
  const GstPtr<GstElement> bin(gst_rtsp_media_get_element(media));
  auto feed = std::make_shared<Feed>();
  feed->video = SourceOf(bin.get(), "video");
  feed->audio = SourceOf(bin.get(), "audio");
  WatchPackets(bin.get(), stream);
  const GstPtr<GstObject> pipeline(gst_object_get_parent(GST_OBJECT(bin.get())));
  g_signal_connect(pipeline.get(), "deep-element-added", G_CALLBACK(OnElementAdded), nullptr);
  g_signal_connect_data(media, "unprepared", G_CALLBACK(OnUnprepared), new StreamHolder(stream),
                        DropStream, GConnectFlags(0));
  stream->AddFeed(media, std::move(feed));
}

}  // namespace

GstRTSPMediaFactory* MakeMediaFactory(const CameraOptions& options,
                                      const std::shared_ptr<CameraStream>& stream) {
  const ClipRef clip = stream->clip();
  GstRTSPMediaFactory* out = gst_rtsp_media_factory_new();
  const std::string launch =
      Concat("( ", VideoText(options, clip->spec), AudioText(options, clip->audio), " )");
  gst_rtsp_media_factory_set_launch(out, launch.c_str());
  gst_rtsp_media_factory_set_shared(out, TRUE);
  gst_rtsp_media_factory_set_enable_rtcp(out, options.rtcp ? TRUE : FALSE);
  gst_rtsp_media_factory_set_protocols(
      out, GstRTSPLowerTrans(GST_RTSP_LOWER_TRANS_TCP | GST_RTSP_LOWER_TRANS_UDP));
  gst_rtsp_media_factory_add_role(out, kViewerRole, GST_RTSP_PERM_MEDIA_FACTORY_ACCESS,
                                  G_TYPE_BOOLEAN, TRUE, GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT,
                                  G_TYPE_BOOLEAN, TRUE, nullptr);
  g_signal_connect_data(out, "media-configure", G_CALLBACK(OnConfigure), new StreamHolder(stream),
                        DropStream, GConnectFlags(0));
  return out;
}

}  // namespace ronin::demo
