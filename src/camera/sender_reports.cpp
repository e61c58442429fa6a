// SPDX-License-Identifier: MIT
#include "camera/sender_reports.h"

#include <utility>

#include <gst/rtp/gstrtcpbuffer.h>
#include <gst/rtp/gstrtpbuffer.h>

namespace ronin::camera {
namespace {

using FactsPointer = std::shared_ptr<StreamFacts>;

// Sender information: six words behind the header. GStreamer does not look whether they are there.
constexpr guint16 kSenderWords = 6;

SenderClock& ClockOf(gpointer data) { return (*static_cast<FactsPointer*>(data))->sender_clock; }

/// The thread that reads the connection.
GstPadProbeReturn OnRtcp(GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
  GstRTCPBuffer rtcp = GST_RTCP_BUFFER_INIT;
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  if (gst_rtcp_buffer_map(buffer, GST_MAP_READ, &rtcp) == FALSE) return GST_PAD_PROBE_OK;
  GstRTCPPacket packet;
  for (gboolean more = gst_rtcp_buffer_get_first_packet(&rtcp, &packet); more != FALSE;
       more = gst_rtcp_packet_move_to_next(&packet)) {
    if (gst_rtcp_packet_get_type(&packet) != GST_RTCP_TYPE_SR) continue;
    if (gst_rtcp_packet_get_length(&packet) < kSenderWords) continue;
    SenderReport report;
    gst_rtcp_packet_sr_get_sender_info(&packet, &report.ssrc, &report.ntp, &report.rtp_time,
                                       nullptr, nullptr);
    ClockOf(data).Take(report);
  }
  gst_rtcp_buffer_unmap(&rtcp);
  return GST_PAD_PROBE_OK;
}

/// Streaming thread.
GstPadProbeReturn OnRtp(GstPad* pad, GstPadProbeInfo* info, gpointer data) noexcept {
  SenderClock& clock = ClockOf(data);
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  if (!clock.expects_packet() || GST_BUFFER_PTS_IS_VALID(buffer) == FALSE) return GST_PAD_PROBE_OK;
  gint clock_rate = 0;
  const GRef<GstCaps> caps = Adopt(gst_pad_get_current_caps(pad));
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  if (!caps || gst_rtp_buffer_map(buffer, GST_MAP_READ, &rtp) == FALSE) return GST_PAD_PROBE_OK;
  gst_structure_get_int(gst_caps_get_structure(caps.Get(), 0), "clock-rate", &clock_rate);
  clock.Packet(gst_rtp_buffer_get_ssrc(&rtp), gst_rtp_buffer_get_timestamp(&rtp),
               GST_BUFFER_PTS(buffer), unsigned(clock_rate));
  gst_rtp_buffer_unmap(&rtp);
  return GST_PAD_PROBE_OK;
}

void AddProbe(GstPad* pad, GstPadProbeCallback callback, FactsPointer facts) {
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, callback, new FactsPointer(std::move(facts)),
                    [](gpointer data) noexcept { delete static_cast<FactsPointer*>(data); });
}

}  // namespace

void WatchReports(GstPad* rtcp, std::shared_ptr<StreamFacts> facts) {
  AddProbe(rtcp, OnRtcp, std::move(facts));
}

void WatchPackets(GstPad* rtp, std::shared_ptr<StreamFacts> facts) {
  AddProbe(rtp, OnRtp, std::move(facts));
}

}  // namespace ronin::camera
