// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "camera/stream.h"
#include "gst/gst_ref.h"
#include "restream/viewer.h"

namespace ronin::restream {

/// What a client is told of a stream before it plays.
struct Tracks {
  GRef<GstCaps> video;
  GRef<GstCaps> audio;  ///< nothing: there is no sound
};

/// One stream for its viewers: the newest GOP by reference, from its keyframe on, so that a viewer
/// starts at once, and then each frame as it comes. Shared by the camera's probes, by the threads
/// that serve clients, and by Restream. Any thread, but for what names one.
class Feed {
 public:
  struct Limits {
    uint64_t gop;     ///< bytes that are held; of a larger one nothing is, and who is new waits
    uint64_t viewer;  ///< bytes that wait for one client
  };
  /// @param on_wanted  any thread: somebody asks for the stream
  Feed(Limits limits, std::function<void()> on_wanted);

  // --- main
  /// A connection to the camera begins.
  void Begin(std::shared_ptr<camera::StreamFacts> facts);
  /// It is over: its viewers are cut off, as a camera would do it.
  void End();
  /// Why nothing comes, for who asks; nothing: it does, or soon will.
  void SetAway(std::optional<std::string> sentence);

  // --- the camera's streaming threads
  void OnVideo(GstPad* pad, GstBuffer* frame);
  void OnAudio(GstPad* pad, GstBuffer* frame);

  // --- threads of clients
  /// Waits for the first picture. Errors: kUnavailable with a sentence.
  Result<Tracks> Await(std::chrono::milliseconds limit);
  /// From now on it gets frames, the newest GOP first. Not if the stream has changed since `tracks`
  /// were told: then it is cut off.
  void Attach(const std::shared_ptr<Viewer>& viewer, const Tracks& tracks);
  void Detach(const Viewer* viewer);

  uint64_t most_of_viewer() const { return limits_.viewer; }
  size_t viewers() const;

 private:
  struct Held {
    GRef<GstBuffer> frame;
    bool video;
  };
  bool Ready() const;
  std::optional<Tracks> Known() const;
  void CutAll();

  const Limits limits_;
  const std::function<void()> on_wanted_;
  mutable std::mutex mutex_;  // guards all below; taken before the locks of GStreamer's sources
  std::condition_variable changed_;
  std::shared_ptr<camera::StreamFacts> facts_;  // shared with the connection; none: there is none
  std::optional<std::string> away_;
  GRef<GstCaps> video_;
  GRef<GstCaps> audio_;
  std::vector<Held> gop_;  // empty: too large, or none has begun
  uint64_t gop_bytes_ = 0;
  GstClockTime newest_ = GST_CLOCK_TIME_NONE;  // video
  std::vector<std::shared_ptr<Viewer>> viewers_;
};

}  // namespace ronin::restream
