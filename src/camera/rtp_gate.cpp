// SPDX-License-Identifier: MIT
#include "camera/rtp_gate.h"

#include <array>
#include <string_view>
#include <utility>

#include "base/g_ref.h"

namespace ronin::camera {
namespace {

constexpr size_t kHeader = 12;
constexpr size_t kMostSources = 15;
constexpr size_t kHeaderWithSources = kHeader + 4 * kMostSources;
// rtpbin believes a sender after two packets, and then makes room for it.
constexpr unsigned kProven = 2;
constexpr unsigned kMostOddities = 30;  // a few come from connections before
constexpr size_t kLongestReport = 1500;
constexpr unsigned kMostReports = 10;  // in a second

uint32_t Word(std::span<const uint8_t> bytes, size_t at) {
  return uint32_t(bytes[at]) << 24 | uint32_t(bytes[at + 1]) << 16 | uint32_t(bytes[at + 2]) << 8 |
         bytes[at + 3];
}

bool IsVersion2(std::span<const uint8_t> packet) { return packet[0] >> 6 == 2; }

struct GateProbe {
  std::shared_ptr<RtpGate> gate;
  GstElement* pipeline;  // holds the pad, and so this
  const Clock& clock;
  std::shared_ptr<StreamFacts> facts;
  bool reports;
};

void Post(GstElement* pipeline, const char* sentence) {
  GST_ELEMENT_ERROR(pipeline, STREAM, DEMUX, ("%s", sentence), (nullptr));
}

GstPadProbeReturn OnPacket(GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
  const auto& probe = *static_cast<GateProbe*>(data);
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const size_t size = gst_buffer_get_size(buffer);
  ++probe.facts->messages;
  std::array<uint8_t, kHeaderWithSources> bytes;
  const std::span<const uint8_t> head(bytes.data(),
                                      gst_buffer_extract(buffer, 0, bytes.data(), bytes.size()));
  const auto verdict =
      probe.reports ? probe.gate->Report(head, size, probe.clock.Mono()) : probe.gate->Media(head);
  if (verdict == RtpGate::Verdict::kLost) {
    Post(probe.pipeline,
         "The camera sends another stream in place of the one that began; connecting again.");
  }
  if (verdict != RtpGate::Verdict::kPass) return GST_PAD_PROBE_DROP;
  if (probe.reports) return GST_PAD_PROBE_OK;
  // Depayloaders collect the parts of a picture until its end comes. Of 4K ones they have 4 MiB.
  const uint64_t most = probe.facts->most_unframed;
  const uint64_t before = probe.facts->unframed.fetch_add(size);
  if (before + size <= most) return GST_PAD_PROBE_OK;
  if (before <= most) {
    Post(probe.pipeline, "What the camera sends makes no picture; connecting again.");
  }
  return GST_PAD_PROBE_DROP;
}

}  // namespace

RtpGate::Verdict RtpGate::Count(unsigned* oddities) {
  if (++*oddities < kMostOddities) return Verdict::kDrop;
  lost_ = true;
  return Verdict::kLost;
}

RtpGate::Verdict RtpGate::Media(std::span<const uint8_t> packet) {
  if (lost_ || packet.size() < kHeader || !IsVersion2(packet)) return Verdict::kDrop;
  const size_t sources = packet[0] & 0xf;
  if (packet.size() < kHeader + 4 * sources) return Verdict::kDrop;
  const uint64_t sender = uint64_t(Word(packet, 8)) + 1;
  if (sender != sender_) {
    if (packets_ >= kProven) return Count(&strangers_);
    if (packets_ > 0 && ++strangers_ >= kMostOddities) return Count(&strangers_);
    sender_ = sender;
    packets_ = 0;
  } else if (packets_ >= kProven) {
    strangers_ = 0;
  }
  ++packets_;
  uint32_t sum = 0;
  for (size_t i = 0; i < sources; ++i) sum = sum * 31 + Word(packet, kHeader + 4 * i);
  if (sum != std::exchange(sources_, sum) && ++changes_ >= kMostOddities) return Count(&changes_);
  return Verdict::kPass;
}

RtpGate::Verdict RtpGate::Report(std::span<const uint8_t> packet, size_t size, MonoTime now) {
  if (packet.size() < 8 || size > kLongestReport || !IsVersion2(packet) ||
      uint64_t(Word(packet, 4)) + 1 != sender_) {
    return Verdict::kDrop;
  }
  if (now - second_ > std::chrono::seconds(1)) {
    second_ = now;
    reports_ = 0;
  }
  return ++reports_ > kMostReports ? Verdict::kDrop : Verdict::kPass;
}

void PutGate(GstPad* pad, std::shared_ptr<RtpGate> gate, GstElement* pipeline, const Clock& clock,
             std::shared_ptr<StreamFacts> facts) {
  const GCharPtr name(gst_pad_get_name(pad));
  const bool reports = std::string_view(name.get()).starts_with("recv_rtcp_sink_");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, OnPacket,
                    new GateProbe{std::move(gate), pipeline, clock, std::move(facts), reports},
                    [](gpointer data) noexcept { delete static_cast<GateProbe*>(data); });
}

}  // namespace ronin::camera
