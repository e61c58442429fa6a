// SPDX-License-Identifier: MIT
#include "restream/feed.h"

#include <algorithm>
#include <utility>

namespace ronin::restream {
namespace {

constexpr int64_t kFreshUs = 2'000'000;  // sound that is older has ended

bool IsKeyframe(GstBuffer* frame) {
  return GST_BUFFER_FLAG_IS_SET(frame, GST_BUFFER_FLAG_DELTA_UNIT) == FALSE;
}

bool Same(const GRef<GstCaps>& a, const GRef<GstCaps>& b) {
  if (!a || !b) return !a && !b;
  return gst_caps_is_equal(a.Get(), b.Get()) != FALSE;
}

/// Whether players can go on: another picture size may come in the stream, another codec may not.
bool SameCodec(const GRef<GstCaps>& a, const GRef<GstCaps>& b) {
  return a && b &&
         gst_structure_get_name_id(gst_caps_get_structure(a.Get(), 0)) ==
             gst_structure_get_name_id(gst_caps_get_structure(b.Get(), 0));
}

}  // namespace

Feed::Feed(Limits limits, std::function<void()> on_wanted)
    : limits_(limits), on_wanted_(std::move(on_wanted)) {}

void Feed::Begin(std::shared_ptr<camera::StreamFacts> facts) {
  const std::lock_guard lock(mutex_);
  facts_ = std::move(facts);
}

void Feed::End() {
  const std::lock_guard lock(mutex_);
  facts_.reset();
  video_.Reset();
  audio_.Reset();
  gop_.clear();
  gop_bytes_ = 0;
  newest_ = GST_CLOCK_TIME_NONE;
  CutAll();
}

void Feed::SetAway(std::optional<std::string> sentence) {
  {
    const std::lock_guard lock(mutex_);
    away_ = std::move(sentence);
  }
  changed_.notify_all();
}

/// With mutex_ held.
void Feed::CutAll() {
  for (const auto& viewer : std::exchange(viewers_, {})) viewer->Cut();
}

void Feed::OnVideo(GstPad* pad, GstBuffer* frame) {
  const bool keyframe = IsKeyframe(frame);
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (!facts_) return;
    if (keyframe) {
      GRef<GstCaps> caps = Adopt(gst_pad_get_current_caps(pad));
      if (video_ && !SameCodec(video_, caps)) CutAll();
      first = !video_;
      video_ = std::move(caps);
      gop_.clear();
      gop_bytes_ = 0;
    }
    newest_ = GST_BUFFER_PTS(frame);
    gop_bytes_ += gst_buffer_get_size(frame);
    if (keyframe || !gop_.empty()) gop_.push_back({Share(frame), true});
    if (gop_bytes_ > limits_.gop) gop_.clear();
    for (const auto& viewer : viewers_) viewer->PushVideo(frame, keyframe);
  }
  if (first) changed_.notify_all();
}

void Feed::OnAudio(GstPad* pad, GstBuffer* frame) {
  const std::lock_guard lock(mutex_);
  if (!facts_) return;
  GRef<GstCaps> caps = Adopt(gst_pad_get_current_caps(pad));
  if (!Same(audio_, caps)) {
    // Players know the sound by what they were told at the start.
    if (audio_) CutAll();
    audio_ = std::move(caps);
    changed_.notify_all();
  }
  if (!gop_.empty()) {
    gop_bytes_ += gst_buffer_get_size(frame);
    gop_.push_back({Share(frame), false});
  }
  for (const auto& viewer : viewers_) viewer->PushAudio(frame);
}

/// With mutex_ held.
std::optional<Tracks> Feed::Known() const {
  if (!facts_ || !video_) return std::nullopt;
  Tracks out{.video = video_, .audio = audio_};
  if (facts_->last_video_us - facts_->last_audio_us > kFreshUs) out.audio.Reset();
  return out;
}

/// With mutex_ held.
bool Feed::Ready() const { return video_ && (audio_ || !facts_ || !facts_->audio_offered); }

Result<Tracks> Feed::Await(std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds kForSound{1000};
  on_wanted_();
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [this] { return video_ || away_; });
  if (!video_ && away_) return Fail(ErrorKind::kUnavailable, *away_);
  changed_.wait_for(lock, std::min(limit, kForSound), [this] { return Ready() || away_; });
  auto known = Known();
  if (!known) return Fail(ErrorKind::kUnavailable, "The camera has sent no picture in time.");
  return std::move(*known);
}

void Feed::Attach(const std::shared_ptr<Viewer>& viewer, const Tracks& tracks) {
  const std::lock_guard lock(mutex_);
  const bool fits =
      SameCodec(video_, tracks.video) && (!viewer->has_audio() || Same(audio_, tracks.audio));
  if (!fits || !GST_CLOCK_TIME_IS_VALID(newest_)) {
    viewer->Cut();
    return;
  }
  viewer->Begin(newest_);
  if (gop_bytes_ <= viewer->most()) {
    for (const Held& held : gop_) {
      if (held.video) {
        viewer->PushVideo(held.frame.Get(), IsKeyframe(held.frame.Get()));
      } else {
        viewer->PushAudio(held.frame.Get());
      }
    }
  }
  viewers_.push_back(viewer);
}

void Feed::Detach(const Viewer* viewer) {
  const std::lock_guard lock(mutex_);
  std::erase_if(viewers_, [&](const auto& one) { return one.get() == viewer; });
}

size_t Feed::viewers() const {
  const std::lock_guard lock(mutex_);
  return viewers_.size();
}

}  // namespace ronin::restream
