// SPDX-License-Identifier: MIT
#include "live/feed_muxer.h"

#include <chrono>
#include <utility>

#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"
#include "gst/element.h"

namespace ronin::live {
namespace {

using namespace std::chrono_literals;

constexpr auto kSoundPoll = 2ms;
constexpr int kMostSoundPolls = 25;

void GiveTo(GstElement* sink, const char* signal, const std::shared_ptr<FeedIntake>& intake,
            GCallback callback) {
  g_signal_connect_data(
      sink, signal, callback, new std::shared_ptr<FeedIntake>(intake),
      [](gpointer data, GClosure*) noexcept {
        delete static_cast<std::shared_ptr<FeedIntake>*>(data);
      },
      GConnectFlags(0));
}

void OnInit(GstElement*, GstBuffer* buffer, gpointer data) noexcept {
  (*static_cast<std::shared_ptr<FeedIntake>*>(data))->TakeInit(buffer);
}

void OnChunk(GstElement*, GstBuffer* buffer, gpointer data) noexcept {
  (*static_cast<std::shared_ptr<FeedIntake>*>(data))->TakeChunk(buffer);
}

GRef<GstPad> SourceOf(GstElement* queue) { return gst::StaticPad(queue, "src"); }

}  // namespace

FeedMuxer::FeedMuxer(FeedTracks& tracks, gst::Reaper& reaper, std::string name)
    : tracks_(tracks), reaper_(reaper), name_(std::move(name)) {}

FeedMuxer::~FeedMuxer() {
  RONIN_ASSERT_MAIN_THREAD();
  if (!bin_) return;
  if (video_) gst_pad_unlink(SourceOf(tracks_.video()).Get(), video_.Get());
  if (audio_) gst_pad_unlink(SourceOf(tracks_.audio()).Get(), audio_.Get());
  gst::TakeOut(tracks_.pipeline(), bin_.Get());
  reaper_.Retire({.what = name_,
                  .consequence = "it is left behind. Restart the recorder when nobody can look any "
                                 "more",
                  .elements = {std::move(bin_)}});
}

Result<std::unique_ptr<FeedMuxer>> FeedMuxer::Start(FeedTracks& tracks, bool sound,
                                                    std::shared_ptr<FeedIntake> intake,
                                                    gst::Reaper& reaper, std::string name) {
  RONIN_ASSERT_MAIN_THREAD();
  std::unique_ptr<FeedMuxer> out(new FeedMuxer(tracks, reaper, std::move(name)));
  if (auto built = out->Build(sound, intake); !built) return tl::unexpected(built.error());
  return out;
}

Status FeedMuxer::Build(bool sound, const std::shared_ptr<FeedIntake>& intake) {
  // Sound that was announced and does not come holds up the picture for so long, once.
  auto muxer = gst::MakeElement("ronincmafmux", "",
                                {{"fragment-duration", "0"}, {"audio-wait", "300000000"}});
  auto sink = gst::MakeElement("roninlivesink", "");
  if (!muxer) return tl::unexpected(muxer.error());
  if (!sink) return tl::unexpected(sink.error());
  bin_ = Share(gst_bin_new(nullptr));
  gst::MarkOptional(bin_.Get());
  gst_bin_add_many(GST_BIN(bin_.Get()), muxer->Get(), sink->Get(), nullptr);
  GiveTo(sink->Get(), "init", intake, G_CALLBACK(OnInit));
  GiveTo(sink->Get(), "chunk", intake, G_CALLBACK(OnChunk));
  gst_bin_add(GST_BIN(tracks_.pipeline()), bin_.Get());
  auto video = AddPad(muxer->Get(), "video_%u");
  if (!video) return tl::unexpected(video.error());
  auto audio = sound ? AddPad(muxer->Get(), "audio_%u") : Result<GRef<GstPad>>();
  if (!audio) return tl::unexpected(audio.error());
  if (gst_element_link(muxer->Get(), sink->Get()) == FALSE) {
    return ronin::Fail(ErrorKind::kInternal, "the MP4 muxer does not fit the live sink");
  }
  video_ = std::move(*video);
  audio_ = std::move(*audio);
  gst_element_sync_state_with_parent(bin_.Get());
  if (audio_ && gst_pad_link(SourceOf(tracks_.audio()).Get(), audio_.Get()) != GST_PAD_LINK_OK) {
    return ronin::Fail(ErrorKind::kInternal, "the sound does not fit the MP4 muxer");
  }
  LinkVideo(audio_ ? kMostSoundPolls : 0);
  return {};
}

Result<GRef<GstPad>> FeedMuxer::AddPad(GstElement* muxer, const char* name) {
  const GRef<GstPad> inside = Adopt(gst_element_request_pad_simple(muxer, name));
  if (!inside) return ronin::Fail(ErrorKind::kInternal, "the MP4 muxer has no pad for a track");
  GRef<GstPad> ghost = Share(gst_ghost_pad_new(GST_PAD_NAME(inside.Get()), inside.Get()));
  gst_pad_set_active(ghost.Get(), TRUE);
  gst_element_add_pad(bin_.Get(), ghost.Get());
  return ghost;
}

/// Once the sound that was held is through, which the muxer keeps until then: so the first chunks
/// have it, too. A few ms.
void FeedMuxer::LinkVideo(int tries) {
  guint64 waiting = 0;
  if (tries > 0) {
    g_object_get(tracks_.audio(), "current-level-buffers", &waiting, nullptr);
  }
  if (waiting > 0) {
    link_video_ = Source::After(kSoundPoll, [this, tries] { LinkVideo(tries - 1); });
    return;
  }
  if (gst_pad_link(SourceOf(tracks_.video()).Get(), video_.Get()) != GST_PAD_LINK_OK) {
    log::Warning("live", Concat(name_, ": the video does not fit the MP4 muxer"));
  }
}

}  // namespace ronin::live
