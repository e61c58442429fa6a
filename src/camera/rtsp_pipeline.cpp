// SPDX-License-Identifier: MIT
#include "camera/rtsp_pipeline.h"

#include <utility>

#include <gst/sdp/gstsdpmessage.h>

#include "base/text.h"
#include "base/url_secrets.h"
#include "camera/rtsp_rules.h"
#include "camera/rtsp_tracks.h"
#include "camera/sdp_repair.h"
#include "gst/element.h"

namespace ronin::camera {
namespace {

using TracksPointer = std::shared_ptr<RtspTracks>;

void DropTracks(gpointer data, GClosure*) noexcept { delete static_cast<TracksPointer*>(data); }

gboolean OnSelectStream(GstElement*, guint number, GstCaps* caps, gpointer data) noexcept {
  return (*static_cast<TracksPointer*>(data))->SelectTrack(number, caps) ? TRUE : FALSE;
}

void OnManagerPad(GstElement* rtpbin, GstPad* pad, gpointer data) noexcept {
  (*static_cast<TracksPointer*>(data))->GuardSession(pad);
  (*static_cast<TracksPointer*>(data))->WatchReports(rtpbin, pad);
}

void OnManager(GstElement*, GstElement* rtpbin, gpointer data) noexcept {
  g_signal_connect_data(rtpbin, "pad-added", G_CALLBACK(OnManagerPad),
                        new TracksPointer(*static_cast<TracksPointer*>(data)), DropTracks,
                        GConnectFlags(0));
}

GstElement* OnJitterBuffer(GstElement*, guint, gpointer) noexcept {
  return gst_element_factory_make("roninrtporder", nullptr);
}

/// By TCP nothing is late on its own: no buffer, with a thread of its own, has to wait for it.
void OnTcpManager(GstElement*, GstElement* rtpbin, gpointer) noexcept {
  if (g_signal_lookup("request-jitterbuffer", G_OBJECT_TYPE(rtpbin)) == 0) return;  // RDT
  g_signal_connect(rtpbin, "request-jitterbuffer", G_CALLBACK(OnJitterBuffer), nullptr);
}

/// What the callbacks of a connection share. They may outlive its pipeline's owner by a moment.
struct Connection {
  std::shared_ptr<RtspTracks> tracks;
  RtspRules rules;
};

void DropConnection(gpointer data, GClosure*) noexcept { delete static_cast<Connection*>(data); }

void OnDescription(GstElement*, GstSDPMessage* sdp, gpointer data) noexcept {
  const auto& connection = *static_cast<Connection*>(data);
  RepairSdp(sdp, connection.rules.dialog->base());
  const guint count = gst_sdp_message_medias_len(sdp);
  unsigned video = 0;
  for (guint i = 0; i < count; ++i) {
    const char* media = gst_sdp_media_get_media(gst_sdp_message_get_media(sdp, i));
    if (media != nullptr && g_ascii_strcasecmp(media, "video") == 0) ++video;
  }
  connection.rules.facts->described = count > 0;
  if (count > 0 && video == 0) connection.tracks->PostNoVideo();
  connection.tracks->OfferVideoTracks(video);
}

void OnPadAdded(GstElement*, GstPad* pad, gpointer data) noexcept {
  (*static_cast<TracksPointer*>(data))->AddTrack(pad);
}

// max-ts-offset: sender reports do not move the sound. Else it jumps when the camera sets its
// clock.
constexpr const char* kSourceSettings =
    "latency=100 buffer-mode=none drop-on-latency=false do-retransmission=false max-ts-offset=1 "
    "tcp-timeout=5000000 timeout=5000000 user-agent=RoninNVR";

constexpr std::chrono::milliseconds kMeasureFirst{10};
constexpr std::chrono::milliseconds kMeasureLater{250};

const char* Protocols(const RtspSource& source) { return source.tcp ? "tcp" : "udp+tcp"; }

}  // namespace

RtspSource SourceOf(const CameraRecord& camera, StreamKind stream) {
  return {.url = camera.address(stream),
          .username = camera.username,
          .password = camera.password,
          .tcp = camera.transport != Transport::kUdp,
          .audio = camera.record_audio,
          .tls_fingerprint = camera.tls_fingerprint.value_or("")};
}

Result<std::unique_ptr<RtspPipeline>> RtspPipeline::Create(const RtspSource& source,
                                                           const Clock& clock,
                                                           OnMessage on_message) {
  auto out = std::unique_ptr<RtspPipeline>(new RtspPipeline());
  if (auto built = out->Build(source, clock); !built) return Fail(built.error());
  const GRef<GstBus> bus = Adopt(gst_element_get_bus(out->pipeline_.Get()));
  out->bus_watch_ = gst::BusWatch(bus, std::move(on_message));
  RtspEnding::Listen(out->ending_, bus.Get());
  return out;
}

Status RtspPipeline::Build(const RtspSource& source, const Clock& clock) {
  const RtspRules rules = RtspRules::For(source, facts_, meter_, ending_);
  pipeline_ = Share(gst_pipeline_new(nullptr));
  auto rtsp = gst::MakeElement("rtspsrc", "source",
                               {{"location", source.url},
                                {"protocols", Protocols(source)},
                                {"latency", "100"},
                                {"buffer-mode", "none"},
                                {"drop-on-latency", "false"},
                                {"do-retransmission", "false"},
                                {"max-ts-offset", "1"},  // ns
                                {"tcp-timeout", "5000000"},
                                {"timeout", "5000000"},
                                {"user-agent", "RoninNVR"}});
  auto video = gst::MakeElement("tee", "video", {{"allow-not-linked", "true"}});
  auto audio = gst::MakeElement("tee", "audio", {{"allow-not-linked", "true"}});
  for (const auto* element : {&rtsp, &video, &audio}) {
    if (!*element) return Fail(element->error());
  }
  source_ = *rtsp;
  facts_->most_unframed = source.most_unframed;
  video_tee_ = *video;
  audio_tee_ = *audio;
  gst_bin_add_many(GST_BIN(pipeline_.Get()), rtsp->Get(), video_tee_.Get(), audio_tee_.Get(),
                   nullptr);
  const auto tracks =
      std::make_shared<RtspTracks>(pipeline_.Get(), video_tee_.Get(), audio_tee_.Get(),
                                   source.audio, clock, facts_, source.byte_stream);
  rules.Apply(rtsp->Get(), source);
  g_signal_connect_data(rtsp->Get(), "on-sdp", G_CALLBACK(OnDescription),
                        new Connection{tracks, rules}, DropConnection, GConnectFlags(0));
  g_signal_connect_data(rtsp->Get(), "select-stream", G_CALLBACK(OnSelectStream),
                        new TracksPointer(tracks), DropTracks, GConnectFlags(0));
  g_signal_connect_data(rtsp->Get(), "new-manager", G_CALLBACK(OnManager),
                        new TracksPointer(tracks), DropTracks, GConnectFlags(0));
  if (source.tcp) g_signal_connect(rtsp->Get(), "new-manager", G_CALLBACK(OnTcpManager), nullptr);
  g_signal_connect_data(rtsp->Get(), "pad-added", G_CALLBACK(OnPadAdded), new TracksPointer(tracks),
                        DropTracks, GConnectFlags(0));
  return {};
}

RtspPipeline::~RtspPipeline() {
  // Retire() takes the pipeline away; one that was never played is ended here.
  if (pipeline_) gst_element_set_state(pipeline_.Get(), GST_STATE_NULL);
}

void RtspPipeline::Play() {
  gst_element_set_state(pipeline_.Get(), GST_STATE_PLAYING);
  measure_ = Source::Every(kMeasureFirst, [this] { Measure(); });
}

/// At first often, while nothing is known of who answers.
void RtspPipeline::Measure() {
  if (meter_->IsTooMuch(facts_->messages)) {
    facts_->endless = true;
    GST_ELEMENT_ERROR(pipeline_.Get(), STREAM, DECODE,
                      ("What the camera sends has no end, and is no answer and no picture; check "
                       "the port, or restart the camera."),
                      (nullptr));
    meter_->End();  // only then, so that its consequence is told after it
  }
  if (facts_->last_video_us != 0 && !std::exchange(measures_seldom_, true)) {
    measure_ = Source::Every(kMeasureLater, [this] { Measure(); });
  }
}

void RtspPipeline::KeepAlive() {
  GstPromise* promise = gst_promise_new();
  gboolean sent = FALSE;
  g_signal_emit_by_name(source_.Get(), "get-parameter", "ping", "text/parameters", promise, &sent);
  gst_promise_unref(promise);
}

bool RtspPipeline::Ended() const {
  return GST_PAD_IS_EOS(gst::StaticPad(video_tee_.Get(), "sink").Get());
}

void RtspPipeline::Retire(gst::Reaper& reaper, gst::Reaper::Remains remains) {
  measure_.Cancel();
  bus_watch_.Stop();
  remains.before = RtspEnding::Call(ending_, meter_, pipeline_.Get());
  remains.elements.push_back(std::move(pipeline_));
  reaper.Retire(std::move(remains));
}

std::string LaunchLine(const RtspSource& source, const std::string& video, const std::string& audio,
                       std::chrono::seconds segment_duration, std::chrono::milliseconds fragment,
                       const std::string& location) {
  const std::string user =
      source.username.empty() ? "" : Concat("user-id='", source.username, "' user-pw='***' ");
  std::string line =
      Concat("gst-launch-1.0 -e rtspsrc name=source location='", MaskUrlSecrets(source.url), "' ",
             user, "protocols=", Protocols(source), " ", kSourceSettings,
             " source. ! 'application/x-rtp,media=video' ! ", VideoChain(video.c_str()),
             " ! tee name=video allow-not-linked=true ! queue ! ronincmafmux name=fragments"
             " fragment-duration=",
             std::chrono::nanoseconds(fragment).count(),
             " ! files.video splitmuxsink name=files muxer=roninfragmux sink=roninfilesink"
             " max-size-time=",
             std::chrono::nanoseconds(segment_duration).count(), " location='", location, "'");
  if (const char* chain = AudioChain(audio.c_str())) {
    line += Concat(" source. ! 'application/x-rtp,media=audio' ! ", chain,
                   " ! tee name=audio allow-not-linked=true ! queue ! fragments.audio_0");
  }
  return line;
}

}  // namespace ronin::camera
