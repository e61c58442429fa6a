// SPDX-License-Identifier: MIT
#include "camera/rtsp_tracks.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "camera/sender_reports.h"
#include "camera/timestamp_guard.h"
#include "gst/element.h"

RONIN_G_OBJECT(GstElementFactory)

namespace ronin::camera {
namespace {

struct Chain {
  const char* encoding;
  const char* elements;
};

constexpr Chain kVideoChains[] = {
    {"H264",
     "rtph264depay ! h264parse ! capsfilter caps=video/x-h264,stream-format=avc,alignment=au"},
    {"H265",
     "rtph265depay ! h265parse ! capsfilter caps=video/x-h265,stream-format=hvc1,alignment=au"},
};

constexpr const char* kByteStreamChain =
    "rtph264depay ! capsfilter caps=video/x-h264,stream-format=byte-stream ! h264parse ! "
    "capsfilter caps=video/x-h264,stream-format=avc,alignment=au";

// What MP4 and browsers can carry is copied; the rest becomes AAC.
#define RONIN_TO_AAC                                     \
  "audioconvert ! avenc_aac bitrate=32000 ! aacparse ! " \
  "capsfilter caps=audio/mpeg,stream-format=raw"
constexpr Chain kAudioChains[] = {
    {"MPEG4-GENERIC", "rtpmp4gdepay ! aacparse ! capsfilter caps=audio/mpeg,stream-format=raw"},
    {"MP4A-LATM", "rtpmp4adepay ! aacparse ! capsfilter caps=audio/mpeg,stream-format=raw"},
    {"OPUS", "rtpopusdepay ! opusparse ! capsfilter caps=audio/x-opus,channel-mapping-family=0"},
    {"PCMU", "rtppcmudepay ! mulawdec ! " RONIN_TO_AAC},
    {"PCMA", "rtppcmadepay ! alawdec ! " RONIN_TO_AAC},
    {"L16", "rtpL16depay ! " RONIN_TO_AAC},
    {"G722", "rtpg722depay ! avdec_g722 ! " RONIN_TO_AAC},
    {"MPA", "rtpmpadepay ! mpegaudioparse ! avdec_mp3 ! " RONIN_TO_AAC},
};
#undef RONIN_TO_AAC

template <size_t N>
const char* Find(const Chain (&chains)[N], const char* encoding) {
  for (const Chain& chain : chains) {
    if (encoding != nullptr && g_ascii_strcasecmp(chain.encoding, encoding) == 0) {
      return chain.elements;
    }
  }
  return nullptr;
}

const char* Field(const GstCaps* caps, const char* name) {
  if (caps == nullptr || gst_caps_get_size(caps) == 0) return nullptr;
  return gst_structure_get_string(gst_caps_get_structure(caps, 0), name);
}

/// The RTP name of a track's kind. SDP may leave it out for the fixed numbers (RFC 3551, 6).
const char* Encoding(const GstCaps* caps) {
  if (const char* name = Field(caps, "encoding-name")) return name;
  constexpr std::pair<int, const char*> kFixed[] = {
      {0, "PCMU"}, {8, "PCMA"},  {9, "G722"},  {10, "L16"}, {11, "L16"},
      {14, "MPA"}, {26, "JPEG"}, {31, "H261"}, {32, "MPV"}, {34, "H263"}};
  int number = -1;
  if (caps == nullptr || gst_caps_get_size(caps) == 0) return nullptr;
  gst_structure_get_int(gst_caps_get_structure(caps, 0), "payload", &number);
  for (const auto& [fixed, name] : kFixed) {
    if (fixed == number) return name;
  }
  return nullptr;
}

/// Whether the depayloader, the first element of `chain`, takes these caps. Sound that it does not
/// take is left out, so that it does not cost the picture.
bool Fits(const char* chain, const GstCaps* caps) {
  const std::string name(chain, std::strcspn(chain, " "));
  const auto factory = Adopt(gst_element_factory_find(name.c_str()));
  // rtspsrc offers them as "application/x-unknown", and sends them by their right name.
  const auto sent = Adopt(gst_caps_copy(caps));
  gst_structure_set_name(gst_caps_get_structure(sent.Get(), 0), "application/x-rtp");
  return factory && gst_element_factory_can_sink_all_caps(factory.Get(), sent.Get()) != FALSE;
}

/// AAC comes without its own headers, so nobody can play it when SDP does not describe it.
bool IsWithoutConfig(const char* encoding, const GstCaps* caps) {
  return g_ascii_strcasecmp(encoding, "MPEG4-GENERIC") == 0 && Field(caps, "config") == nullptr;
}

bool Is(const char* text, const char* wanted) {
  return text != nullptr && std::strcmp(text, wanted) == 0;
}

int64_t MonoMicros(const Clock& clock) { return clock.Mono().time_since_epoch().count(); }

GstCaps* UnixTimeCaps() {
  static GstStaticCaps caps = GST_STATIC_CAPS("timestamp/x-unix");
  static GstCaps* const made = gst_static_caps_get(&caps);
  return made;
}

GstClockTime UtcNanos(WallTime at) {
  return GstClockTime(std::max<int64_t>(ToMicros(at), 0)) * 1000;
}

/// What happens to each video buffer between parser and tee. Streaming thread.
class VideoGate {
 public:
  VideoGate(const Clock& clock, std::shared_ptr<StreamFacts> facts)
      : clock_(clock), facts_(std::move(facts)) {}

  GstPadProbeReturn OnBuffer(GstPadProbeInfo* info) {
    auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    const bool keyframe = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT) == FALSE;
    if (!open_ && !keyframe) return GST_PAD_PROBE_DROP;
    open_ = true;
    const int64_t now_us = MonoMicros(clock_);
    std::optional<uint64_t> said;
    if (GST_BUFFER_PTS_IS_VALID(buffer)) said = GST_BUFFER_PTS(buffer);
    const auto fixed = guard_.Fix(said, uint64_t(now_us) * 1000);
    buffer = gst_buffer_make_writable(buffer);
    GST_PAD_PROBE_INFO_DATA(info) = buffer;
    GST_BUFFER_PTS(buffer) = fixed.pts_ns;
    // Over RTP only the presentation time is known; what arrives as DTS is when it arrived.
    GST_BUFFER_DTS(buffer) = fixed.pts_ns;
    facts_->clock.Observe(fixed.pts_ns, clock_.Mono(), clock_.Now());
    // What is recorded begins a new file where the camera's time jumped.
    if (fixed.jumped) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_RESYNC);
    const WallTime taken = facts_->clock.ToWall(fixed.pts_ns);
    if (said) facts_->sender_clock.Frame(*said, fixed.pts_ns, taken);
    gst_buffer_add_reference_timestamp_meta(buffer, UnixTimeCaps(), UtcNanos(taken),
                                            GST_CLOCK_TIME_NONE);
    facts_->meter.Frame(fixed.pts_ns, gst_buffer_get_size(buffer), keyframe);
    facts_->last_video_us = now_us;
    return GST_PAD_PROBE_OK;
  }

  void OnCaps(const GstCaps* caps) {
    std::lock_guard lock(facts_->mutex);
    facts_->video_info = VideoFromCaps(caps);
  }

 private:
  const Clock& clock_;
  std::shared_ptr<StreamFacts> facts_;
  TimestampGuard guard_;
  bool open_ = false;  // a keyframe has come
};

/// The same for audio.
class AudioGate {
 public:
  AudioGate(const Clock& clock, std::shared_ptr<StreamFacts> facts)
      : clock_(clock), facts_(std::move(facts)) {}

  GstPadProbeReturn OnBuffer(GstPadProbeInfo* info) {
    auto* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
    GST_PAD_PROBE_INFO_DATA(info) = buffer;
    const int64_t now_us = MonoMicros(clock_);
    std::optional<uint64_t> said;
    if (GST_BUFFER_PTS_IS_VALID(buffer)) said = GST_BUFFER_PTS(buffer);
    const auto fixed = guard_.Fix(said, uint64_t(now_us) * 1000);
    GST_BUFFER_PTS(buffer) = fixed.pts_ns;
    GST_BUFFER_DTS(buffer) = fixed.pts_ns;
    facts_->last_audio_us = now_us;
    return GST_PAD_PROBE_OK;
  }

  void OnCaps(const GstCaps* caps) {
    std::lock_guard lock(facts_->mutex);
    facts_->audio_info = AudioFromCaps(caps);
  }

 private:
  const Clock& clock_;
  std::shared_ptr<StreamFacts> facts_;
  TimestampGuard guard_;
};

/// Runs a Gate on a pad for the life of the pad.
template <typename Gate>
void Watch(GstPad* pad, Gate* gate) {
  gst_pad_add_probe(
      pad, GstPadProbeType(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      [](GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
        auto* self = static_cast<Gate*>(data);
        if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
          return self->OnBuffer(info);
        }
        GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
        if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
          GstCaps* caps = nullptr;
          gst_event_parse_caps(event, &caps);
          self->OnCaps(caps);
        }
        return GST_PAD_PROBE_OK;
      },
      gate, [](gpointer data) noexcept { delete static_cast<Gate*>(data); });
}

}  // namespace

const char* VideoChain(const char* encoding) { return Find(kVideoChains, encoding); }
const char* AudioChain(const char* encoding) { return Find(kAudioChains, encoding); }

RtspTracks::RtspTracks(GstElement* pipeline, GstElement* video_tee, GstElement* audio_tee,
                       bool want_audio, const Clock& clock, std::shared_ptr<StreamFacts> facts,
                       bool byte_stream)
    : pipeline_(pipeline),
      video_tee_(video_tee),
      audio_tee_(audio_tee),
      want_audio_(want_audio),
      byte_stream_(byte_stream),
      clock_(clock),
      facts_(std::move(facts)) {}

bool RtspTracks::SelectTrack(unsigned number, const GstCaps* caps) {
  const char* media = Field(caps, "media");
  const char* encoding = Encoding(caps);
  if (Is(media, "video")) {
    if (video_offers_ > 0) --video_offers_;
    if (VideoChain(encoding) != nullptr) {
      if (std::exchange(have_video_, true)) return false;
      video_number_ = number;
      return true;
    }
    // It matters only if nothing better comes.
    if (!have_video_ && video_offers_ == 0) PostUnsupported(encoding);
    return false;
  }
  const char* chain = Is(media, "audio") && want_audio_ ? AudioChain(encoding) : nullptr;
  if (chain != nullptr && Fits(chain, caps) && !IsWithoutConfig(encoding, caps)) {
    facts_->audio_offered = true;
    return !std::exchange(have_audio_, true);
  }
  return false;
}

void RtspTracks::WatchReports(GstElement* rtpbin, GstPad* pad) {
  // rtspsrc numbers tracks and RTP sessions alike.
  const std::string wanted = Concat("recv_rtcp_sink_", video_number_);
  const GCharPtr name(gst_pad_get_name(pad));
  if (!have_video_ || wanted != name.get()) return;
  if (g_signal_lookup("get-session", G_OBJECT_TYPE(rtpbin)) == 0) return;  // RDT instead of RTP
  // Inside the session they are decrypted, if they were encrypted.
  GstElement* found = nullptr;
  g_signal_emit_by_name(rtpbin, "get-session", video_number_, &found);
  const GRef<GstElement> session = Adopt(found);
  if (!session) return;
  if (const auto rtcp = gst::StaticPad(session.Get(), "recv_rtcp_sink")) {
    camera::WatchReports(rtcp.Get(), facts_);
  }
}

void RtspTracks::AddTrack(GstPad* pad) {
  const GRef<GstCaps> caps = Adopt(gst_pad_get_current_caps(pad));
  const char* media = Field(caps.Get(), "media");
  const char* encoding = Encoding(caps.Get());
  if (encoding == nullptr) return;
  {
    std::lock_guard lock(facts_->mutex);
    (Is(media, "video") ? facts_->video_encoding : facts_->audio_encoding) = encoding;
  }
  if (Is(media, "video")) {
    const bool search = byte_stream_ && g_ascii_strcasecmp(encoding, "H264") == 0;
    AddChain(pad, search ? kByteStreamChain : VideoChain(encoding), video_tee_, true);
  } else if (Is(media, "audio")) {
    AddChain(pad, AudioChain(encoding), audio_tee_, false);
  }
}

void RtspTracks::AddChain(GstPad* pad, const char* description, GstElement* tee, bool video) {
  if (description == nullptr) return;
  GErrorPtr error;
  GstElement* raw = gst_parse_bin_from_description(description, TRUE, Out(error));
  if (raw == nullptr) {
    GST_ELEMENT_ERROR(pipeline_, STREAM, CODEC_NOT_FOUND, ("%s", error->message), (nullptr));
    return;
  }
  const GRef<GstPad> source = gst::StaticPad(raw, "src");
  if (video) {
    WatchPackets(pad, facts_);
    Watch(source.Get(), new VideoGate(clock_, facts_));
  } else {
    Watch(source.Get(), new AudioGate(clock_, facts_));
  }
  gst_bin_add(GST_BIN(pipeline_), raw);
  const GRef<GstPad> tee_sink = gst::StaticPad(tee, "sink");
  const GRef<GstPad> sink = gst::StaticPad(raw, "sink");
  const bool linked = gst_pad_link(source.Get(), tee_sink.Get()) == GST_PAD_LINK_OK &&
                      gst_element_sync_state_with_parent(raw) != FALSE &&
                      gst_pad_link(pad, sink.Get()) == GST_PAD_LINK_OK;
  if (!linked) {
    GST_ELEMENT_ERROR(pipeline_, STREAM, WRONG_TYPE,
                      ("A track of the camera does not fit what it announced."), (nullptr));
  }
}

void RtspTracks::PostNoVideo() {
  GST_ELEMENT_ERROR(
      pipeline_, STREAM, TYPE_NOT_FOUND,
      ("The camera describes no video at this path, only other media; check the end of the URL."),
      (nullptr));
}

void RtspTracks::PostUnsupported(const char* codec) {
  const std::string text =
      Concat("The camera sends ", codec != nullptr ? codec : "an unknown kind of",
             " video; set it to H.264 or H.265.");
  GST_ELEMENT_ERROR(pipeline_, STREAM, CODEC_NOT_FOUND, ("%s", text.c_str()), (nullptr));
}

}  // namespace ronin::camera
