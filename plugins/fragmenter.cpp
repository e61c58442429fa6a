// SPDX-License-Identifier: MIT
#include "fragmenter.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

namespace ronin_plugin {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kStep = kSecond / 2;  // of the offset: more is a new clock, not a correction
constexpr size_t kMaxAudio = 1024;      // frames that wait for their video; some 20 s
constexpr size_t kMaxHeldVideo = 512;   // frames that wait for the audio's caps
constexpr int64_t kMostDuration = std::numeric_limits<int32_t>::max();
constexpr size_t kMaxMemories = 14;  // of the 16 in a buffer, after which GStreamer copies

/// ns to units of a track, rounded to the nearest; before 1970 it is 1970.
int64_t Scale(int64_t ns, uint32_t timescale) {
  if (ns <= 0) return 0;
  return int64_t(gst_util_uint64_scale_round(uint64_t(ns), timescale, uint64_t(kSecond)));
}

GstCaps* UnixTimeCaps() {
  static GstCaps* const caps = [] {
    GstCaps* made = gst_caps_new_empty_simple("timestamp/x-unix");
    GST_MINI_OBJECT_FLAG_SET(made, GST_MINI_OBJECT_FLAG_MAY_BE_LEAKED);
    return made;
  }();
  return caps;
}

/// The frame with few enough memories to be joined with others.
GstBuffer* Compact(GstBuffer* frame) {
  if (gst_buffer_n_memory(frame) <= kMaxMemories) return frame;
  const auto how = GstBufferCopyFlags(int(GST_BUFFER_COPY_ALL) | int(GST_BUFFER_COPY_MERGE));
  GstBuffer* merged = gst_buffer_copy_region(frame, how, 0, gsize(-1));
  gst_buffer_unref(frame);
  return merged;
}

}  // namespace

void Fragmenter::Flush() {
  for (const VideoFrame& frame : held_video_) gst_buffer_unref(frame.buffer);
  for (const AudioFrame& frame : held_audio_) gst_buffer_unref(frame.buffer);
  for (const StoredVideo& frame : frames_) gst_buffer_unref(frame.buffer);
  for (const StoredAudio& frame : audio_frames_) gst_buffer_unref(frame.buffer);
  for (const Output& output : out_) gst_buffer_unref(output.buffer);
  held_video_.clear();
  held_audio_.clear();
  frames_.clear();
  audio_frames_.clear();
  out_.clear();
  init_video_.reset();
  init_audio_.reset();
  holding_ = true;
  decode_times_ = DecodeTimes(decode_times_.depth());
  audio_times_ = AudioTimes(audio_ ? audio_->timescale : 0);
  audio_from_.reset();
  offset_ = next_offset_ = 0;
  offset_known_ = false;
  memories_ = 0;
  keyframe_ = resync_ = resync_due_ = init_due_ = false;
  frame_ns_ = 40'000'000;
  last_dts_ = last_out_ = 0;
  any_dts_ = false;
  sequence_ = 0;
}

void Fragmenter::Reset() {
  video_.reset();
  audio_.reset();
  Flush();
  decode_times_ = {};
  audio_dropped_ = 0;
}

void Fragmenter::SetVideo(const Mp4Track& track) {
  if (video_ && video_->sample_entry == track.sample_entry) return;
  if (video_) Finish();
  video_ = track;
  decode_times_ = {};  // the new stream may be reordered otherwise
  if (track.nominal != 0) frame_ns_ = int64_t(track.nominal) * kSecond / track.timescale;
}

void Fragmenter::SetAudio(const Mp4Track& track) {
  if (audio_ && *audio_ == track) return;
  const bool changed = audio_.has_value();
  audio_ = track;
  if (changed) DropAudio(0);
  audio_times_ = AudioTimes(track.timescale);
}

void Fragmenter::Video(VideoFrame frame) {
  if (!video_) {
    gst_buffer_unref(frame.buffer);
    return;
  }
  if (Hold(frame)) return;
  AddVideo(frame);
}

/// Whether the frame was put aside until the audio's caps are there.
bool Fragmenter::Hold(const VideoFrame& frame) {
  if (!holding_) return false;
  held_video_.push_back(frame);
  const int64_t waited = frame.pts - held_video_.front().pts;
  const bool wait = audio_expected_ && !audio_ && waited < int64_t(settings_.audio_wait_ns) &&
                    waited >= 0 && held_video_.size() < kMaxHeldVideo;
  if (!wait) Release();
  return true;
}

void Fragmenter::Release() {
  holding_ = false;
  for (VideoFrame& frame : std::exchange(held_video_, {})) AddVideo(frame);
  for (AudioFrame& frame : std::exchange(held_audio_, {})) AddAudio(frame);
}

void Fragmenter::AddVideo(VideoFrame frame) {
  frame.buffer = Compact(frame.buffer);
  if (frame.resync) {
    resync_due_ = true;
    audio_from_.reset();  // times before and after a jump cannot be compared
  }
  const int64_t dts = NextDecodeTime(frame);
  if (any_dts_ && dts - last_dts_ > 0)
    frame_ns_ = std::clamp(dts - last_dts_, kSecond / 1000, kSecond);
  if (!frames_.empty() && sequence_ == 0) Settle(frame);
  if (!frames_.empty() && EndsBefore(frame, dts)) {
    // The clock may have been corrected meanwhile: this fragment ends where the next one begins.
    next_offset_ = Corrected(frame, dts);
    End(dts, next_offset_);
  }
  if (frames_.empty() && any_dts_ && settings_.duration_ns == 0) {
    next_offset_ = Corrected(frame, dts);
  }
  if (frames_.empty()) Begin(frame, dts);
  last_dts_ = dts;
  any_dts_ = true;
  memories_ += gst_buffer_n_memory(frame.buffer);
  frames_.push_back({frame.buffer, frame.pts, dts});
  if (settings_.duration_ns == 0) End(dts + frame_ns_, offset_);
}

/// The decode time of the next frame; it rises, whatever the stream says.
int64_t Fragmenter::NextDecodeTime(const VideoFrame& frame) {
  const int64_t dts = frame.dts ? *frame.dts : MadeDecodeTime(frame);
  return any_dts_ && dts <= last_dts_ ? last_dts_ + DecodeTimes::kStep : dts;
}

/// What a frame lasts, by the frames so far and `pts`, in whatever order they come.
int64_t Fragmenter::ShortestStep(int64_t pts) const {
  std::vector<int64_t> times{pts};
  for (const StoredVideo& stored : frames_) times.push_back(stored.pts);
  std::sort(times.begin(), times.end());
  int64_t out = kSecond;
  for (size_t i = 1; i < times.size(); ++i) {
    if (times[i] > times[i - 1]) out = std::min(out, times[i] - times[i - 1]);
  }
  return std::max(out, kSecond / 1000);
}

int64_t Fragmenter::MadeDecodeTime(const VideoFrame& frame) {
  const size_t depth = decode_times_.depth();
  const int64_t dts = decode_times_.Next(frame.pts, frame_ns_);
  if (decode_times_.depth() == depth || sequence_ != 0 || frames_.empty()) return dts;
  // The stream turns out to be reordered while its first frames are still here: begin again.
  decode_times_ = DecodeTimes(decode_times_.depth());
  frame_ns_ = ShortestStep(frame.pts);
  for (StoredVideo& stored : frames_) stored.dts = decode_times_.Next(stored.pts, frame_ns_);
  last_dts_ = frames_.back().dts;
  if (!offset_known_) {
    const int64_t offset = std::max<int64_t>(-frames_.front().dts, 0);
    MoveAudio(offset - offset_);
    offset_ = next_offset_ = offset;
  }
  return decode_times_.Next(frame.pts, frame_ns_);
}

/// Moves the audio that waits, and what follows it, as the offset moved.
void Fragmenter::MoveAudio(int64_t by_ns) {
  if (!audio_ || by_ns == 0) return;
  const int64_t size = Scale(std::abs(by_ns), audio_->timescale);
  const int64_t by = by_ns < 0 ? -size : size;
  for (StoredAudio& frame : audio_frames_) frame.time = std::max<int64_t>(frame.time + by, 0);
  audio_times_.Move(by);
}

bool Fragmenter::EndsBefore(const VideoFrame& frame, int64_t dts) const {
  constexpr int64_t kRounding = kSecond / 1000;
  if (frame.keyframe || video_->sample_entry != init_video_->sample_entry) return true;
  if (memories_ + gst_buffer_n_memory(frame.buffer) > kMaxMemories) return true;
  return dts + frame_ns_ - frames_.front().dts > int64_t(settings_.duration_ns) + kRounding;
}

/// The offset for the next fragment: what the frame says, approached by at most a twentieth of the
/// time that passed, and never to before the last frame. More than kStep off is another clock,
/// which only a keyframe may begin with.
int64_t Fragmenter::Corrected(const VideoFrame& frame, int64_t dts) const {
  if (!frame.utc_ns) return offset_;
  const int64_t change = *frame.utc_ns - frame.pts - offset_;
  if (!offset_known_ || std::abs(change) >= kStep) return offset_;
  const int64_t last = dts - last_dts_;
  const int64_t passed = frames_.empty() ? last : dts - frames_.front().dts;
  return offset_ + std::clamp(change, -std::min(passed / 20, last / 2), passed / 20);
}

void Fragmenter::Begin(const VideoFrame& frame, int64_t dts) {
  offset_ = next_offset_;
  const bool first = sequence_ == 0;
  if (first) audio_from_ = frame.pts;
  if (frame.utc_ns) {
    const int64_t said = *frame.utc_ns - frame.pts;
    const bool step = !offset_known_ || std::abs(said - offset_) >= kStep;
    if (first || (step && frame.keyframe)) {
      resync_due_ = resync_due_ || !first;  // another clock needs another file
      MoveAudio(said - offset_);
      offset_ = said;
      offset_known_ = true;
    }
  } else if (first) {
    offset_ = std::max<int64_t>(-dts, 0);  // no time in a file is below 0
  }
  next_offset_ = offset_;
  keyframe_ = frame.keyframe;
  resync_ = keyframe_ && resync_due_;
  if (keyframe_) resync_due_ = false;
  const bool other_video = !init_video_ || init_video_->sample_entry != video_->sample_entry;
  if (!other_video && (!keyframe_ || init_audio_ == audio_)) return;
  init_video_ = video_;
  init_audio_ = audio_;
  init_due_ = true;
}

/// What came first is late: it waited until the connection was set up. As long as nothing is
/// written, the newest frame knows better what the time is.
void Fragmenter::Settle(const VideoFrame& frame) {
  if (!frame.utc_ns || !offset_known_) return;
  const int64_t change = *frame.utc_ns - frame.pts - offset_;
  if (std::abs(change) >= kStep) return;
  MoveAudio(change);
  offset_ += change;
  next_offset_ = offset_;
}

void Fragmenter::WriteInit() {
  const Bytes bytes = InitSegment(*init_video_, init_audio_);
  GstBuffer* buffer = gst_buffer_new_memdup(bytes.data(), bytes.size());
  last_out_ = std::max<int64_t>({last_out_, frames_.front().dts, 0});
  GST_BUFFER_PTS(buffer) = GstClockTime(last_out_);
  GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_HEADER);
  AddUtc(buffer, frames_.front().pts);
  out_.push_back({true, buffer});
}

void Fragmenter::Audio(AudioFrame frame) {
  if (holding_) {
    held_audio_.push_back(frame);
    // Its caps came before it, so nothing is waited for any more once there is video.
    if (!held_video_.empty() && audio_) Release();
    if (held_audio_.size() > kMaxAudio) {
      gst_buffer_unref(held_audio_.front().buffer);
      held_audio_.erase(held_audio_.begin());
      ++audio_dropped_;
    }
    return;
  }
  AddAudio(frame);
}

void Fragmenter::AddAudio(AudioFrame frame) {
  // Its track is not in the file yet, or another one is: that changes with the next keyframe.
  if (!audio_ || init_audio_ != audio_) {
    gst_buffer_unref(frame.buffer);
    ++audio_dropped_;
    return;
  }
  // A file begins with its first picture; sound may have been held longer than that.
  if (audio_from_ && frame.pts < *audio_from_) {
    gst_buffer_unref(frame.buffer);
    return;
  }
  audio_from_.reset();
  auto duration = uint32_t(Scale(int64_t(frame.duration_ns), audio_->timescale));
  if (duration == 0) duration = audio_->nominal;
  const auto placed = audio_times_.Next(Scale(frame.pts + offset_, audio_->timescale), duration);
  audio_frames_.push_back({frame.buffer, placed.time, placed.duration});
  DropAudio(kMaxAudio);
}

void Fragmenter::DropAudio(size_t keep) {
  while (audio_frames_.size() > keep) {
    gst_buffer_unref(audio_frames_.front().buffer);
    audio_frames_.pop_front();
    ++audio_dropped_;
  }
}

void Fragmenter::Finish() {
  if (holding_ && !held_video_.empty() && video_) Release();
  if (!frames_.empty()) End(frames_.back().dts + frame_ns_, offset_);
}

/// Makes a fragment of the frames so far, which last until `end_dts`.
void Fragmenter::End(int64_t end_dts, int64_t end_offset) {
  if (std::exchange(init_due_, false)) WriteInit();
  Fragment fragment;
  fragment.sequence = ++sequence_;
  fragment.keyframe = keyframe_;
  fragment.video = VideoPart(end_dts, end_offset);
  if (keyframe_ && offset_known_) {
    const int64_t utc = frames_.front().pts + offset_;
    fragment.producer_time = ProducerTime{utc, uint64_t(Scale(utc, init_video_->timescale))};
  }
  std::vector<StoredAudio> audio;
  if (init_audio_) {
    audio = TakeAudio(Scale(end_dts + end_offset, init_audio_->timescale));
    for (size_t i = 0; i < audio.size(); ++i) {
      const bool last = i + 1 == audio.size();
      // A hole between two frames lengthens the first.
      const auto duration = last ? audio[i].duration : uint32_t(audio[i + 1].time - audio[i].time);
      fragment.audio.samples.push_back(
          {duration, uint32_t(gst_buffer_get_size(audio[i].buffer)), 0});
    }
    if (!audio.empty()) fragment.audio.decode_time = uint64_t(audio.front().time);
  }
  GstBuffer* buffer = Join(fragment, audio);
  Mark(buffer, end_dts);
  out_.push_back({false, buffer});
  if (!settings_.delta_units) out_.push_back({false, Marker()});
  for (const StoredVideo& frame : frames_) gst_buffer_unref(frame.buffer);
  for (const StoredAudio& frame : audio) gst_buffer_unref(frame.buffer);
  frames_.clear();
  memories_ = 0;
}

FragmentTrack Fragmenter::VideoPart(int64_t end_dts, int64_t end_offset) const {
  const uint32_t timescale = init_video_->timescale;
  FragmentTrack out;
  out.decode_time = uint64_t(Scale(frames_.front().dts + offset_, timescale));
  auto time = int64_t(out.decode_time);
  for (size_t i = 0; i < frames_.size(); ++i) {
    const StoredVideo& frame = frames_[i];
    const bool last = i + 1 == frames_.size();
    const int64_t next =
        Scale(last ? end_dts + end_offset : frames_[i + 1].dts + offset_, timescale);
    // Where the times jump by hours, the numbers of the file end before them.
    const int64_t duration = std::clamp<int64_t>(next - time, 1, kMostDuration);
    const int64_t offset = std::clamp<int64_t>(
        Scale(frame.pts + offset_, timescale) - Scale(frame.dts + offset_, timescale),
        -kMostDuration, kMostDuration);
    out.samples.push_back(
        {uint32_t(duration), uint32_t(gst_buffer_get_size(frame.buffer)), int32_t(offset)});
    time += duration;
  }
  return out;
}

/// Audio that begins before `end`, in units of its track. What comes late goes into a later one.
std::vector<Fragmenter::StoredAudio> Fragmenter::TakeAudio(int64_t end) {
  std::vector<StoredAudio> out;
  while (!audio_frames_.empty() && audio_frames_.front().time < end) {
    out.push_back(audio_frames_.front());
    audio_frames_.pop_front();
  }
  return out;
}

/// One buffer: headers and audio in new memory, video by reference.
GstBuffer* Fragmenter::Join(const Fragment& fragment, const std::vector<StoredAudio>& audio) {
  Bytes head;
  head.reserve(512 + 16 * (fragment.video.samples.size() + fragment.audio.samples.size()));
  WriteFragment(fragment, head);
  size_t audio_bytes = 0;
  for (const FragmentSample& sample : fragment.audio.samples) audio_bytes += sample.size;
  GstBuffer* out = gst_buffer_new_allocate(nullptr, head.size() + audio_bytes, nullptr);
  gst_buffer_fill(out, 0, head.data(), head.size());
  size_t at = head.size();
  for (const StoredAudio& frame : audio) {
    GstMapInfo map;
    if (gst_buffer_map(frame.buffer, &map, GST_MAP_READ) == FALSE) continue;
    gst_buffer_fill(out, at, map.data, map.size);
    at += map.size;
    gst_buffer_unmap(frame.buffer, &map);
  }
  for (const StoredVideo& frame : frames_) {
    gst_buffer_copy_into(out, frame.buffer, GST_BUFFER_COPY_MEMORY, 0, gsize(-1));
  }
  return out;
}

/// A `free` box. splitmuxsink lets a GOP go when a later one has begun, and takes each buffer for
/// one: so the fragment goes on at once, and what is held back is this. (Not an empty buffer: a
/// last GOP of no bytes would never end.)
GstBuffer* Fragmenter::Marker() {
  constexpr int64_t kLater = 1000;
  last_out_ += kLater;
  static constexpr uint8_t kFree[8] = {0, 0, 0, 8, 'f', 'r', 'e', 'e'};
  GstBuffer* out =
      gst_buffer_new_wrapped_full(GST_MEMORY_FLAG_READONLY, const_cast<uint8_t*>(kFree),
                                  sizeof kFree, 0, sizeof kFree, nullptr, nullptr);
  GST_BUFFER_PTS(out) = GstClockTime(last_out_);
  GST_BUFFER_DURATION(out) = 0;
  GST_BUFFER_FLAG_SET(out, GST_BUFFER_FLAG_HEADER);
  return out;
}

void Fragmenter::Mark(GstBuffer* buffer, int64_t end_dts) {
  const int64_t begin = std::max<int64_t>({frames_.front().dts, last_out_, 0});
  last_out_ = begin;
  GST_BUFFER_PTS(buffer) = GstClockTime(begin);
  GST_BUFFER_DURATION(buffer) = GstClockTime(std::max<int64_t>(end_dts - begin, 0));
  if (keyframe_) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_MARKER);
  if (!keyframe_ && settings_.delta_units) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  if (resync_) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_RESYNC);
  AddUtc(buffer, frames_.front().pts);
}

void Fragmenter::AddUtc(GstBuffer* buffer, int64_t pts) const {
  if (!offset_known_) return;
  gst_buffer_add_reference_timestamp_meta(buffer, UnixTimeCaps(),
                                          GstClockTime(std::max<int64_t>(pts + offset_, 0)),
                                          GST_CLOCK_TIME_NONE);
}

std::optional<Fragmenter::Output> Fragmenter::Take() {
  if (out_.empty()) return std::nullopt;
  const Output out = out_.front();
  out_.pop_front();
  return out;
}

}  // namespace ronin_plugin
