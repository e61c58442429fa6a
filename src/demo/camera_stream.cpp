// SPDX-License-Identifier: MIT
#include "demo/camera_stream.h"

#include <algorithm>
#include <utility>

#include "demo/frame_sei.h"

namespace ronin::demo {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kFirstPtsNs = std::chrono::nanoseconds(kFirstPts).count();
/// What is later than this (the process was stopped) is left out, as a frozen camera would.
constexpr int64_t kMostLate = 2 * kSecond;
/// A media that does not take its data (nobody sent PLAY) gets no more than this.
constexpr guint64 kMostQueuedBytes = 16U << 20U;

int64_t MonoNow() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int64_t UtcNow() {
  return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

GstMemory* Wrap(const Clip& clip, const Span& span) {
  GBytes* part = g_bytes_new_from_bytes(clip.video.Get(), span.offset, span.size);
  gsize size = 0;
  auto* data = const_cast<gpointer>(g_bytes_get_data(part, &size));
  return gst_memory_new_wrapped(
      GST_MEMORY_FLAG_READONLY, data, size, 0, size, part,
      [](gpointer p) noexcept { g_bytes_unref(static_cast<GBytes*>(p)); });
}

bool Push(GstAppSrc* source, GstBuffer* buffer) {
  if (gst_app_src_get_current_level_bytes(source) > kMostQueuedBytes) return false;
  return gst_app_src_push_buffer(source, gst_buffer_ref(buffer)) == GST_FLOW_OK;
}

using BufferPtr = std::unique_ptr<GstBuffer, FreeWith<gst_buffer_unref>>;

}  // namespace

CameraStream::CameraStream(ClipRef clip) : clip_(std::move(clip)) { Start(); }

/// Begins at the next picture of the minute, so that the burned-in seconds are the real ones.
void CameraStream::Start() {
  const int64_t mono = MonoNow();
  const int64_t utc = UtcNow();
  const ClipSpec& spec = clip_->spec;
  if (spec.kind == ClipKind::kNumbered) {
    origin_ns_ = mono;
    return;
  }
  const int64_t in_minute = utc % kMinute;
  const int64_t pictures = in_minute * spec.fps / kSecond + 1;
  origin_ns_ = mono - in_minute + pictures * kSecond / spec.fps;
  index_ = size_t(pictures) % clip_->pictures.size();
}

void CameraStream::AddFeed(const void* media, std::shared_ptr<Feed> feed) {
  const std::lock_guard lock(mutex_);
  entries_.push_back({media, std::move(feed)});
}

void CameraStream::RemoveFeed(const void* media) {
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [&](const Entry& e) { return e.media == media; });
}

size_t CameraStream::feeds() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

void CameraStream::SetStalled(bool stalled) {
  const std::lock_guard lock(mutex_);
  faults_.wait_keyframe = faults_.wait_keyframe || faults_.stalled;
  faults_.stalled = stalled;
}

void CameraStream::DropFrames(int count) {
  const std::lock_guard lock(mutex_);
  faults_.drop += std::max(count, 0);
}

void CameraStream::JumpTime(std::chrono::nanoseconds delta) {
  const std::lock_guard lock(mutex_);
  faults_.jump_ns += delta.count();
}

void CameraStream::FreezeTime(bool frozen) {
  const std::lock_guard lock(mutex_);
  faults_.frozen = frozen;
}

void CameraStream::SetClockError(int ppm) {
  const std::lock_guard lock(mutex_);
  faults_.clock_error_ppm = ppm;
}

void CameraStream::SetAudio(bool on) {
  const std::lock_guard lock(mutex_);
  faults_.audio_off = !on;
}

Status CameraStream::SwitchClip(ClipRef clip) {
  const std::lock_guard lock(mutex_);
  const ClipSpec& now = clip_->spec;
  const ClipSpec& next = clip->spec;
  if (now.video != next.video || now.audio != next.audio || now.fps != next.fps) {
    return Fail(ErrorKind::kInvalidArgument, "the other clip has another codec or frame rate");
  }
  next_clip_ = std::move(clip);
  return {};
}

ClipRef CameraStream::clip() const {
  const std::lock_guard lock(mutex_);
  return clip_;
}

std::vector<std::shared_ptr<Feed>> CameraStream::Feeds() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Feed>> out;
  for (const Entry& entry : entries_) out.push_back(entry.feed);
  return out;
}

// --- Pump thread ---------------------------------------------------------------------------------

int64_t CameraStream::VideoDue() const {
  return origin_ns_ + int64_t(number_) * kSecond / clip_->spec.fps;
}

int64_t CameraStream::AudioDue() const {
  const AudioTrack& audio = clip_->audio;
  if (audio.packets.empty()) return INT64_MAX;
  // In 128 bits: the product leaves 64 after a week.
  return origin_ns_ + int64_t(gst_util_uint64_scale(packet_ * uint64_t(audio.samples_per_packet),
                                                    uint64_t(kSecond), uint64_t(audio.rate)));
}

int64_t CameraStream::NextDue() const { return std::min(VideoDue(), AudioDue()); }

void CameraStream::SendDue(int64_t now_ns) {
  while (NextDue() <= now_ns) {
    const bool late = now_ns - NextDue() > kMostLate;
    if (VideoDue() <= AudioDue()) {
      SendVideo(late);
    } else {
      SendAudio(late);
    }
  }
}

/// False when the picture that is due shall not be sent.
bool CameraStream::TakeVideoFaults(bool keyframe, bool late) {
  const std::lock_guard lock(mutex_);
  if (keyframe && next_clip_) {
    clip_ = std::move(next_clip_);
    next_clip_.reset();
    const bool numbered = clip_->spec.kind == ClipKind::kNumbered;
    index_ = (numbered ? size_t(number_) : index_) % clip_->pictures.size();
  }
  if (keyframe) shift_ns_ += std::exchange(faults_.jump_ns, 0);
  shift_ns_ += faults_.clock_error_ppm * (kSecond / 1'000'000) / clip_->spec.fps;
  if (late) faults_.wait_keyframe = true;
  if (faults_.stalled || late) return false;
  if (faults_.wait_keyframe && !keyframe) return false;
  faults_.wait_keyframe = false;
  if (faults_.drop == 0) return true;
  --faults_.drop;
  return false;
}

/// The wall clock was set, or the machine slept: goes to the GOP of the present second.
void CameraStream::KeepPhase() {
  const ClipSpec& spec = clip_->spec;
  if (spec.kind == ClipKind::kNumbered) return;
  const int64_t wanted = UtcNow() % kMinute;
  const int64_t shown = int64_t(index_) * kSecond / spec.fps;
  const int64_t off = std::abs(wanted - shown);
  if (std::min(off, kMinute - off) <= kSecond * 3 / 4) return;
  index_ = size_t((wanted + kSecond / 2) / kSecond % 60 * spec.fps);
}

/// PTS of what is due at `due_ns`, as the camera's own clock has it.
int64_t CameraStream::StampOf(int64_t due_ns) {
  const int64_t right = due_ns - origin_ns_ + kFirstPtsNs + shift_ns_;
  const std::lock_guard lock(mutex_);
  if (!faults_.frozen) {
    frozen_ns_ = -1;
  } else if (frozen_ns_ < 0) {
    frozen_ns_ = right;
  }
  return frozen_ns_ < 0 ? right : frozen_ns_;
}

/// With long GOPs, who is new would wait for long: as real cameras do, it makes a keyframe then.
void CameraStream::MeetNewFeeds() {
  const ClipSpec& spec = clip_->spec;
  if (spec.gop_s == 1) return;
  const auto feeds = Feeds();
  const bool anyone_new = std::any_of(feeds.begin(), feeds.end(),
                                      [](const auto& feed) { return !feed->video_started; });
  if (!anyone_new) return;
  const auto gop = size_t(spec.gop());
  index_ = (index_ + gop - 1) / gop * gop % clip_->pictures.size();
}

void CameraStream::SendVideo(bool late) {
  MeetNewFeeds();
  if (clip_->pictures[index_].keyframe) KeepPhase();
  const bool send = TakeVideoFaults(clip_->pictures[index_].keyframe, late);
  const AccessUnit& picture = clip_->pictures[index_];
  const int64_t later = clip_->spec.ShownLater(int(index_)) * kSecond / clip_->spec.fps;
  if (send) PushVideo(picture, StampOf(VideoDue()), later);
  ++number_;
  index_ = (index_ + 1) % clip_->pictures.size();
}

bool CameraStream::PushVideo(const AccessUnit& picture, int64_t dts, int64_t shown_later) {
  const auto feeds = Feeds();
  if (feeds.empty()) return false;
  const int64_t now = MonoNow();
  const int64_t due = VideoDue();
  const SentFrame frame{number_, UtcNow() - (now - due), due, now, picture.keyframe, players};
  const auto sei = MakeFrameSei(clip_->spec.video,
                                {frame.number, uint64_t(frame.mono_ns), uint64_t(frame.utc_ns)});

  const BufferPtr buffer(gst_buffer_new());
  if (picture.head.size > 0) gst_buffer_append_memory(buffer.get(), Wrap(*clip_, picture.head));
  GstMemory* stamp = gst_allocator_alloc(nullptr, sei.size(), nullptr);
  gst_buffer_append_memory(buffer.get(), stamp);
  gst_buffer_fill(buffer.get(), picture.head.size, sei.data(), sei.size());
  gst_buffer_append_memory(buffer.get(), Wrap(*clip_, picture.slices));
  GST_BUFFER_PTS(buffer.get()) = GstClockTime(dts + shown_later);
  GST_BUFFER_DTS(buffer.get()) = GstClockTime(dts);
  GST_BUFFER_DURATION(buffer.get()) = GstClockTime(kSecond / clip_->spec.fps);
  if (!picture.keyframe) GST_BUFFER_FLAG_SET(buffer.get(), GST_BUFFER_FLAG_DELTA_UNIT);

  bool sent = false;
  for (const auto& feed : feeds) {
    if (!feed->video_started && !picture.keyframe) continue;
    // After a picture that did not fit, the rest of its GOP is of no use.
    feed->video_started = Push(feed->video.get(), buffer.get());
    sent = sent || feed->video_started;
  }
  if (sent) log.Add(frame);
  return sent;
}

void CameraStream::SendAudio(bool late) {
  const AudioTrack& audio = clip_->audio;
  const int64_t pts = StampOf(AudioDue());
  const Span span = audio.packets[packet_ % audio.packets.size()];
  ++packet_;
  bool off = late;
  {
    const std::lock_guard lock(mutex_);
    if (faults_.stalled) return;
    off = off || faults_.audio_off || faults_.wait_keyframe;
  }
  const auto bytes = Adopt(g_bytes_new_from_bytes(audio.data.Get(), span.offset, span.size));
  const BufferPtr buffer(gst_buffer_new_wrapped_bytes(bytes.Get()));
  GST_BUFFER_PTS(buffer.get()) = GstClockTime(pts);
  for (const auto& feed : Feeds()) {
    // One packet even when off: a media cannot be described before it has seen each stream.
    if (!feed->video_started || (off && feed->audio_started)) continue;
    feed->audio_started = Push(feed->audio.get(), buffer.get()) || feed->audio_started;
  }
}

}  // namespace ronin::demo
