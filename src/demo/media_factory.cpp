// SPDX-License-Identifier: MIT
#include "demo/media_factory.h"

#include <gst/rtp/gstrtcpbuffer.h>
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

/// Puts the camera's wrong time into its sender reports (RFC 3550, 6.4.1), or takes them away.
GstPadProbeReturn OnReports(GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
  const CameraStream& stream = **static_cast<StreamHolder*>(data);
  if (!stream.reports) return GST_PAD_PROBE_DROP;
  const int64_t off_ms = stream.wall_clock_off_ms;
  if (off_ms == 0) return GST_PAD_PROBE_OK;
  GstBuffer* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  GstRTCPBuffer rtcp = GST_RTCP_BUFFER_INIT;
  if (gst_rtcp_buffer_map(buffer, GST_MAP_READWRITE, &rtcp) == FALSE) return GST_PAD_PROBE_OK;
  GstRTCPPacket packet;
  if (gst_rtcp_buffer_get_first_packet(&rtcp, &packet) != FALSE &&
      gst_rtcp_packet_get_type(&packet) == GST_RTCP_TYPE_SR) {
    guint32 ssrc = 0;
    guint64 ntp = 0;
    guint32 rtp_time = 0;
    guint32 packets = 0;
    guint32 bytes = 0;
    gst_rtcp_packet_sr_get_sender_info(&packet, &ssrc, &ntp, &rtp_time, &packets, &bytes);
    constexpr int64_t kNtpSecond = int64_t(1) << 32;
    ntp += guint64(off_ms / 1000 * kNtpSecond + off_ms % 1000 * kNtpSecond / 1000);
    gst_rtcp_packet_sr_set_sender_info(&packet, ssrc, ntp, rtp_time, packets, bytes);
  }
  gst_rtcp_buffer_unmap(&rtcp);
  return GST_PAD_PROBE_OK;
}

/// Of rtpbin, which makes the reports.
void OnManagerPad(GstElement*, GstPad* pad, gpointer data) noexcept {
  const GCharPtr name(gst_pad_get_name(pad));
  if (!g_str_has_prefix(name.get(), "send_rtcp_src_")) return;
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, OnReports,
                    new StreamHolder(*static_cast<StreamHolder*>(data)),
                    [](gpointer holder) noexcept { delete static_cast<StreamHolder*>(holder); });
}

void DropStream(gpointer data, GClosure*) noexcept { delete static_cast<StreamHolder*>(data); }

/// Makes each sink send at once instead of waiting for a buffer's PTS, which a jump moves far
/// away. The property `sync` does not serve: each PLAY request sets it again.
void SendAtOnce(GstElement* sink) {
  constexpr gint64 kLongAgo = -G_MAXINT64 / 2;
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(sink), "ts-offset") == nullptr) return;
  g_object_set(sink, "ts-offset", kLongAgo, nullptr);
}

void OnElementAdded(GstBin*, GstBin*, GstElement* element, gpointer data) noexcept {
  if (GST_OBJECT_FLAG_IS_SET(element, GST_ELEMENT_FLAG_SINK)) SendAtOnce(element);
  const GstElementFactory* factory = gst_element_get_factory(element);
  if (factory == nullptr || g_strcmp0(GST_OBJECT_NAME(factory), "rtpbin") != 0) return;
  g_signal_connect_data(element, "pad-added", G_CALLBACK(OnManagerPad),
                        new StreamHolder(*static_cast<StreamHolder*>(data)), DropStream,
                        GConnectFlags(0));
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

/// Makes packets carry the time at which they leave, by which rtpbin writes sender reports. What
/// they came with is the camera's own time, which begins elsewhere and jumps; RTP keeps that.
GstPadProbeReturn OnLeaving(GstPad* pad, GstPadProbeInfo* info, gpointer) noexcept {
  const GstPtr<GstElement> payloader(gst_pad_get_parent_element(pad));
  const GstClockTime now = gst_element_get_current_running_time(payloader.get());
  if (!GST_CLOCK_TIME_IS_VALID(now)) return GST_PAD_PROBE_OK;
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0) {
    GstBufferList* list = gst_buffer_list_make_writable(GST_PAD_PROBE_INFO_BUFFER_LIST(info));
    for (guint i = 0; i < gst_buffer_list_length(list); ++i) {
      GST_BUFFER_PTS(gst_buffer_list_get_writable(list, i)) = now;
    }
    GST_PAD_PROBE_INFO_DATA(info) = list;
  } else {
    GstBuffer* packet = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
    GST_BUFFER_PTS(packet) = now;
    GST_PAD_PROBE_INFO_DATA(info) = packet;
  }
  return GST_PAD_PROBE_OK;
}

void WatchPackets(GstElement* bin, const StreamHolder& stream) {
  constexpr auto kPackets =
      GstPadProbeType(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);
  for (const char* name : {"pay0", "pay1"}) {
    const GstPtr<GstElement> payloader(gst_bin_get_by_name(GST_BIN(bin), name));
    if (!payloader) continue;
    const GstPtr<GstPad> pad(gst_element_get_static_pad(payloader.get(), "src"));
    gst_pad_add_probe(pad.get(), kPackets, OnLeaving, nullptr, nullptr);
  }
  const GstPtr<GstElement> payloader(gst_bin_get_by_name(GST_BIN(bin), "pay0"));
  const GstPtr<GstPad> pad(gst_element_get_static_pad(payloader.get(), "src"));
  gst_pad_add_probe(pad.get(), kPackets, OnPackets, new StreamHolder(stream),
                    [](gpointer data) noexcept { delete static_cast<StreamHolder*>(data); });
}

void OnUnprepared(GstRTSPMedia* media, gpointer data) noexcept {
  (*static_cast<StreamHolder*>(data))->RemoveFeed(media);
}

void OnConfigure(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer data) noexcept {
  const auto& stream = *static_cast<StreamHolder*>(data);
  const GstPtr<GstElement> bin(gst_rtsp_media_get_element(media));
  auto feed = std::make_shared<Feed>();
  feed->video = SourceOf(bin.get(), "video");
  feed->audio = SourceOf(bin.get(), "audio");
  WatchPackets(bin.get(), stream);
  const GstPtr<GstObject> pipeline(gst_object_get_parent(GST_OBJECT(bin.get())));
  g_signal_connect_data(pipeline.get(), "deep-element-added", G_CALLBACK(OnElementAdded),
                        new StreamHolder(stream), DropStream, GConnectFlags(0));
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
  // A shared one is refused (503) to who comes while it ends for the viewer before.
  gst_rtsp_media_factory_set_shared(out, FALSE);
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
