// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/mailbox.h"
#include "base/result.h"
#include "camera/stream.h"
#include "gst/gst_ref.h"
#include "gst/pad_probe.h"
#include "gst/reaper.h"
#include "gst/tee_branch.h"

namespace ronin::live {

/// The queues between the tees of one connection and its live feed. They are there from the first
/// frame on and hold the GOP that the camera is in, by reference, and the sound of that time, so
/// that a muxer that is linked later begins with it. A GOP that is larger than its share is not
/// held. Thread: main.
class FeedTracks {
 public:
  /// Joins the tees. Errors: kUnsupported for a missing element.
  /// @param name      what they are to people and to the reaper
  /// @param on_video  main, once: the first frame is here, and it is known whether there is sound
  static Result<std::unique_ptr<FeedTracks>> Attach(camera::Stream& stream, gst::Reaper& reaper,
                                                    std::string name,
                                                    const camera::MemoryShares& shares,
                                                    std::function<void()> on_video);
  /// Takes them out of the pipeline. Who was linked to them has been taken out before.
  ~FeedTracks();

  bool has_video() const { return has_video_; }
  /// Whether the camera sends sound, or said it would and none has come yet.
  bool SoundIsAlive() const;

  GstElement* pipeline() const { return pipeline_.Get(); }  ///< (transfer none)
  GstElement* video() const { return video_.queue.Get(); }  ///< (transfer none)
  GstElement* audio() const { return audio_.queue.Get(); }  ///< (transfer none); null: no sound

 private:
  struct Track {
    GRef<GstElement> queue;
    gst::TeeBranch branch;
  };

  FeedTracks(camera::Stream& stream, gst::Reaper& reaper, std::string name,
             std::function<void()> on_video);
  Status Add(Track* track, GstElement* tee, uint64_t bytes, uint64_t keep_ns);
  void WatchForVideo();
  void VideoCame();
  void Remove(Track* track);

  const GRef<GstElement> pipeline_;  // the connection may end before they do
  const std::shared_ptr<camera::StreamFacts> facts_;
  gst::Reaper& reaper_;
  const std::string name_;
  std::function<void()> on_video_;
  bool has_video_ = false;
  Track video_;
  Track audio_;
  gst::PadProbe first_frame_;
  Mailbox mailbox_;
};

}  // namespace ronin::live
