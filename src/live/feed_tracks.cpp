// SPDX-License-Identifier: MIT
#include "live/feed_tracks.h"

#include <atomic>
#include <utility>

#include "base/main_thread.h"
#include "gst/element.h"

namespace ronin::live {
namespace {

constexpr uint64_t kHeldNs = 20'000'000'000;   // of a GOP
constexpr uint64_t kSoundNs = 12'000'000'000;  // sound has no GOPs
constexpr int64_t kSilentUs = 2'000'000;       // then it has ended

}  // namespace

FeedTracks::FeedTracks(camera::Stream& stream, gst::Reaper& reaper, std::string name,
                       std::function<void()> on_video)
    : pipeline_(Share(stream.pipeline())),
      facts_(stream.facts()),
      reaper_(reaper),
      name_(std::move(name)),
      on_video_(std::move(on_video)) {}

FeedTracks::~FeedTracks() {
  RONIN_ASSERT_MAIN_THREAD();
  first_frame_.Remove();
  Remove(&video_);
  Remove(&audio_);
}

Result<std::unique_ptr<FeedTracks>> FeedTracks::Attach(camera::Stream& stream, gst::Reaper& reaper,
                                                       std::string name,
                                                       const camera::MemoryShares& shares,
                                                       std::function<void()> on_video) {
  RONIN_ASSERT_MAIN_THREAD();
  std::unique_ptr<FeedTracks> out(
      new FeedTracks(stream, reaper, std::move(name), std::move(on_video)));
  if (auto added = out->Add(&out->video_, stream.video_tee(), shares.feed_held, 0); !added) {
    return tl::unexpected(added.error());
  }
  if (auto added = out->Add(&out->audio_, stream.audio_tee(), shares.sound, kSoundNs); !added) {
    return tl::unexpected(added.error());
  }
  out->WatchForVideo();
  return out;
}

Status FeedTracks::Add(Track* track, GstElement* tee, uint64_t bytes, uint64_t keep_ns) {
  // Without a name of its own, since there are others in the pipeline.
  auto queue = gst::MakeElement("roningopqueue", "",
                                {{"keep-gop", "true"},
                                 {"max-size-bytes", std::to_string(bytes)},
                                 {"max-size-time", std::to_string(kHeldNs)},
                                 {"keep-time", std::to_string(keep_ns)}});
  if (!queue) return tl::unexpected(queue.error());
  track->queue = *queue;
  gst::MarkOptional(track->queue.Get());
  gst_bin_add(GST_BIN(pipeline_.Get()), track->queue.Get());
  gst_element_sync_state_with_parent(track->queue.Get());
  auto linked = gst::TeeBranch::Link(tee, gst::StaticPad(track->queue.Get(), "sink"));
  if (!linked) return tl::unexpected(linked.error());
  track->branch = std::move(*linked);
  return {};
}

void FeedTracks::WatchForVideo() {
  const auto seen = std::make_shared<std::atomic<bool>>(false);  // shared: may outlive this
  first_frame_ =
      gst::PadProbe(gst::StaticPad(video_.queue.Get(), "sink"), GST_PAD_PROBE_TYPE_BUFFER,
                    [this, seen, to_main = mailbox_.sender()](GstPad*, GstPadProbeInfo*) {
                      if (!seen->exchange(true)) to_main.Post([this] { VideoCame(); });
                      return GST_PAD_PROBE_OK;
                    });
}

void FeedTracks::VideoCame() {
  first_frame_.Remove();
  has_video_ = true;
  if (!facts_->audio_offered) Remove(&audio_);
  on_video_();
}

bool FeedTracks::SoundIsAlive() const {
  if (!audio_.queue) return false;
  const int64_t newest = facts_->last_audio_us;
  return newest == 0 || facts_->last_video_us - newest < kSilentUs;
}

void FeedTracks::Remove(Track* track) {
  track->branch.Unlink();
  if (!track->queue) return;
  gst::TakeOut(pipeline_.Get(), track->queue.Get());
  reaper_.Retire({.what = name_,
                  .consequence = "it is left behind; restart the recorder if that happens again",
                  .elements = {std::move(track->queue)}});
}

}  // namespace ronin::live
