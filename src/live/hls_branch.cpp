// SPDX-License-Identifier: MIT
#include "live/hls_branch.h"

#include <string>
#include <utility>

#include "base/main_thread.h"
#include "gst/element.h"
#include "live/capture_stream.h"

namespace ronin::live {
namespace {

/// Lets nothing through before the first keyframe, whose time is the beginning of the stream; and
/// of each GOP, which hlssink2 holds, only as much as is allowed. Streaming thread.
class StartGate {
 public:
  StartGate(std::shared_ptr<HlsWindow> window, std::shared_ptr<camera::StreamFacts> facts,
            uint64_t most)
      : window_(std::move(window)), facts_(std::move(facts)), most_(most) {}

  GstPadProbeReturn OnBuffer(GstBuffer* buffer) {
    if (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT) == FALSE) {
      gop_ = 0;
      if (!std::exchange(open_, true)) {
        window_->Begin(facts_->clock.ToWall(GST_BUFFER_PTS(buffer)));
      }
    }
    if (!open_) return GST_PAD_PROBE_DROP;
    gop_ += gst_buffer_get_size(buffer);
    return gop_ <= most_ ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
  }

 private:
  std::shared_ptr<HlsWindow> window_;
  std::shared_ptr<camera::StreamFacts> facts_;
  const uint64_t most_;
  uint64_t gop_ = 0;  // bytes of the newest one
  bool open_ = false;
};

void AddStartGate(GstPad* pad, StartGate* gate) {
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
        return static_cast<StartGate*>(data)->OnBuffer(GST_PAD_PROBE_INFO_BUFFER(info));
      },
      gate, [](gpointer data) noexcept { delete static_cast<StartGate*>(data); });
}

/// What hlssink2's callbacks need; owned by their closures.
struct SinkData {
  std::shared_ptr<HlsWindow> window;
  Mailbox::Sender to_main;
  std::function<void()> on_news;
};

GOutputStream* NewFragment(GstElement*, const gchar* location, gpointer data) noexcept {
  const auto window = static_cast<SinkData*>(data)->window;
  return NewCaptureStream([window, name = std::string(location)](GRef<GBytes> bytes) {
           window->AddSegment(name, std::move(bytes));
         })
      .Release();
}

GOutputStream* NewPlaylist(GstElement*, const gchar*, gpointer data) noexcept {
  return NewCaptureStream([sink = *static_cast<SinkData*>(data)](GRef<GBytes> bytes) {
           gsize size = 0;
           const auto* text = static_cast<const char*>(g_bytes_get_data(bytes.Get(), &size));
           if (sink.window->TakePlaylist({text, size})) sink.to_main.Post(sink.on_news);
         })
      .Release();
}

void DropSinkData(gpointer data, GClosure*) noexcept { delete static_cast<SinkData*>(data); }

}  // namespace

HlsBranch::HlsBranch(camera::Stream& stream, std::function<void()> on_news, gst::Reaper& reaper,
                     std::string name, const camera::MemoryShares& shares)
    : pipeline_(Share(stream.pipeline())),
      on_news_(std::move(on_news)),
      reaper_(reaper),
      name_(std::move(name)),
      shares_(shares) {}

HlsBranch::~HlsBranch() {
  RONIN_ASSERT_MAIN_THREAD();
  video_.Unlink();
  audio_.Unlink();
  if (!bin_) return;
  gst::TakeOut(pipeline_.Get(), bin_.Get());
  reaper_.Retire({.what = name_,
                  .consequence = "it is left behind. Restart the recorder when nobody can look any "
                                 "more",
                  .elements = {std::move(bin_)}});
}

Result<std::unique_ptr<HlsBranch>> HlsBranch::Attach(camera::Stream& stream,
                                                     std::shared_ptr<HlsWindow> window,
                                                     std::function<void()> on_news,
                                                     gst::Reaper& reaper, std::string name,
                                                     const camera::MemoryShares& shares) {
  RONIN_ASSERT_MAIN_THREAD();
  std::unique_ptr<HlsBranch> out(
      new HlsBranch(stream, std::move(on_news), reaper, std::move(name), shares));
  if (auto built = out->Build(stream, window); !built) return tl::unexpected(built.error());
  return out;
}

Status HlsBranch::Build(camera::Stream& stream, const std::shared_ptr<HlsWindow>& window) {
  auto sink = gst::MakeElement("hlssink2", "hls",
                               {{"target-duration", "1"},
                                {"playlist-length", "5"},
                                {"max-files", "10"},
                                {"send-keyframe-requests", "false"},
                                {"location", "segment%05d.ts"},
                                {"playlist-location", "playlist.m3u8"}});
  if (!sink) return tl::unexpected(sink.error());
  sink_ = *sink;
  bin_ = Share(gst_bin_new("live-hls"));
  gst::MarkOptional(bin_.Get());
  gst_bin_add(GST_BIN(bin_.Get()), sink_.Get());
  ConnectSink(window);
  gst_bin_add(GST_BIN(pipeline_.Get()), bin_.Get());
  const auto facts = stream.facts();
  const auto info = facts->video();
  const bool h265 = info && info->codec == "h265";
  const auto video = AddTrack(h265 ? "h265parse" : "h264parse", "video", shares_.live);
  if (!video) return tl::unexpected(video.error());
  AddStartGate(video->Get(), new StartGate(window, facts, shares_.live_gop));
  constexpr int64_t kFreshUs = 2'000'000;
  // Opus in MPEG-TS plays in no browser.
  const auto audio_info = facts->audio();
  const bool sound = audio_info && audio_info->codec == "aac" && facts->last_audio_us != 0 &&
                     facts->last_video_us - facts->last_audio_us < kFreshUs;
  // All pads first: hlssink2 takes no further track once it runs.
  const auto audio = sound ? AddTrack("aacparse", "audio", shares_.sound) : Result<GRef<GstPad>>();
  if (!audio) return tl::unexpected(audio.error());
  gst_element_sync_state_with_parent(bin_.Get());
  auto linked = gst::TeeBranch::Link(stream.video_tee(), *video);
  if (!linked) return tl::unexpected(linked.error());
  video_ = std::move(*linked);
  if (!sound) return {};
  linked = gst::TeeBranch::Link(stream.audio_tee(), *audio);
  if (!linked) return tl::unexpected(linked.error());
  audio_ = std::move(*linked);
  return {};
}

Result<GRef<GstPad>> HlsBranch::AddTrack(const char* parser, const char* pad_name, uint64_t most) {
  // Viewers that are more than this behind want what is new.
  auto queue =
      gst::MakeElement("roningopqueue", "",
                       {{"max-size-bytes", std::to_string(most)}, {"max-size-time", "5000000000"}});
  auto parse = gst::MakeElement(parser, "");
  if (!queue) return tl::unexpected(queue.error());
  if (!parse) return tl::unexpected(parse.error());
  // MPEG-TS wants the parameter sets in front of each keyframe.
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(parse->Get()), "config-interval") !=
      nullptr) {
    g_object_set(parse->Get(), "config-interval", -1, nullptr);
  }
  gst_bin_add_many(GST_BIN(bin_.Get()), queue->Get(), parse->Get(), nullptr);
  const bool linked = gst_element_link(queue->Get(), parse->Get()) != FALSE &&
                      gst_element_link_pads(parse->Get(), "src", sink_.Get(), pad_name) != FALSE;
  if (!linked) return ronin::Fail(ErrorKind::kInternal, "a track does not fit the HLS sink");
  const GRef<GstPad> sink = gst::StaticPad(queue->Get(), "sink");
  GRef<GstPad> ghost = Share(gst_ghost_pad_new(pad_name, sink.Get()));
  gst_pad_set_active(ghost.Get(), TRUE);
  gst_element_add_pad(bin_.Get(), ghost.Get());
  return ghost;
}

void HlsBranch::ConnectSink(const std::shared_ptr<HlsWindow>& window) {
  const auto connect = [&](const char* signal, GCallback callback) {
    g_signal_connect_data(sink_.Get(), signal, callback,
                          new SinkData{window, mailbox_.sender(), on_news_}, DropSinkData,
                          GConnectFlags(0));
  };
  connect("get-fragment-stream", G_CALLBACK(NewFragment));
  connect("get-playlist-stream", G_CALLBACK(NewPlaylist));
  g_signal_connect(sink_.Get(), "delete-fragment",
                   G_CALLBACK(+[](GstElement*, const gchar*, gpointer) noexcept {}), nullptr);
}

}  // namespace ronin::live
