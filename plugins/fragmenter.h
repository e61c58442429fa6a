// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include <gst/gst.h>

#include "audio_times.h"
#include "decode_times.h"
#include "fragment_writer.h"
#include "mp4_track.h"

namespace ronin_plugin {

/// Collects frames of a video and an audio track and makes fragments of them; all of ronincmafmux
/// but pads, events and locks. Times in ns on the running time of the pipeline; what is written
/// into the fragments is `offset` later (UTC). Not thread-safe: the element's lock guards it.
class Fragmenter {
 public:
  struct Settings {
    uint64_t duration_ns = 200'000'000;  ///< 0: a fragment for each frame
    /// Mark fragments that do not begin with a keyframe; without, a `free` box (HEADER)
    /// follows each fragment.
    bool delta_units = true;
    uint64_t audio_wait_ns =
        1'000'000'000;  ///< of video at the start, for an announced audio track
  };
  /// What goes downstream: an init segment before the first and each changed one, or a fragment.
  struct Output {
    bool init = false;
    GstBuffer* buffer = nullptr;  ///< owned by who takes the output
  };
  /// A video frame as it comes; the buffer is taken.
  struct VideoFrame {
    GstBuffer* buffer = nullptr;
    int64_t pts = 0;
    bool keyframe = false;
    std::optional<int64_t> dts;     ///< if the stream carries it
    bool resync = false;            ///< the time jumped before it
    std::optional<int64_t> utc_ns;  ///< when it was taken, if known
  };
  /// An audio frame as it comes; the buffer is taken.
  struct AudioFrame {
    GstBuffer* buffer = nullptr;
    int64_t pts = 0;
    uint64_t duration_ns = 0;  ///< 0: not known
  };

  Fragmenter() = default;
  Fragmenter(const Fragmenter&) = delete;
  Fragmenter& operator=(const Fragmenter&) = delete;
  ~Fragmenter() { Reset(); }

  void Configure(const Settings& settings) { settings_ = settings; }
  /// Forgets everything, as before the first caps.
  void Reset();
  /// Forgets the frames, but not the tracks: a new init segment comes with the next frame.
  void Flush();

  /// An audio track was announced: the first init segment waits for its caps, a little.
  void ExpectAudio(bool expected) { audio_expected_ = expected; }
  /// Ends the fragment if the track changed; the new init segment comes with the next keyframe.
  void SetVideo(const Mp4Track& track);
  void SetAudio(const Mp4Track& track);

  void Video(VideoFrame frame);
  void Audio(AudioFrame frame);
  /// Ends the open fragment: no video comes any more.
  void Finish();

  /// The next output, if there is one.
  std::optional<Output> Take();

  /// Audio frames that could not be stored: their track began or changed in the middle of a GOP.
  uint64_t audio_dropped() const { return audio_dropped_; }

 private:
  struct StoredVideo {
    GstBuffer* buffer;
    int64_t pts;
    int64_t dts;
  };
  struct StoredAudio {
    GstBuffer* buffer;
    int64_t time;  // in units of the track
    uint32_t duration;
  };

  bool Hold(const VideoFrame& frame);
  void Release();
  void AddVideo(VideoFrame frame);
  void AddAudio(AudioFrame frame);
  int64_t NextDecodeTime(const VideoFrame& frame);
  int64_t MadeDecodeTime(const VideoFrame& frame);
  int64_t ShortestStep(int64_t pts) const;
  void MoveAudio(int64_t by_ns);
  bool EndsBefore(const VideoFrame& frame, int64_t dts) const;
  int64_t Corrected(const VideoFrame& frame, int64_t dts) const;
  void Begin(const VideoFrame& frame, int64_t dts);
  void Settle(const VideoFrame& frame);
  void WriteInit();
  void End(int64_t end_dts, int64_t end_offset);
  FragmentTrack VideoPart(int64_t end_dts, int64_t end_offset) const;
  std::vector<StoredAudio> TakeAudio(int64_t end);
  GstBuffer* Join(const Fragment& fragment, const std::vector<StoredAudio>& audio);
  void Mark(GstBuffer* buffer, int64_t end_dts);
  GstBuffer* Marker();
  void AddUtc(GstBuffer* buffer, int64_t pts) const;
  void DropAudio(size_t keep);

  Settings settings_;
  std::optional<Mp4Track> video_;  // as announced
  std::optional<Mp4Track> audio_;
  std::optional<Mp4Track> init_video_;  // as in the init segment in force
  std::optional<Mp4Track> init_audio_;

  // Before the first init segment: what waits for the audio's caps.
  bool audio_expected_ = false;
  bool holding_ = true;
  std::vector<VideoFrame> held_video_;
  std::vector<AudioFrame> held_audio_;

  DecodeTimes decode_times_;
  AudioTimes audio_times_;
  // When the first video was, until audio begins.
  std::optional<int64_t> audio_from_;
  int64_t offset_ = 0;               // of the open fragment: what is written is so much later
  int64_t next_offset_ = 0;          // of the one behind it
  bool offset_known_ = false;        // it is UTC
  std::vector<StoredVideo> frames_;  // of the open fragment
  size_t memories_ = 0;              // of them
  bool keyframe_ = false;            // it begins with one
  bool resync_ = false;              // it begins behind a jump in time
  bool init_due_ = false;            // an init segment goes before it
  bool resync_due_ = false;          // the next keyframe's fragment does
  std::deque<StoredAudio> audio_frames_;
  int64_t frame_ns_ = 40'000'000;  // what the last frame lasted
  int64_t last_dts_ = 0;
  bool any_dts_ = false;
  int64_t last_out_ = 0;
  uint32_t sequence_ = 0;
  uint64_t audio_dropped_ = 0;
  std::deque<Output> out_;
};

}  // namespace ronin_plugin
