// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "camera/memory_shares.h"
#include "camera/stream.h"
#include "gst/gst_ref.h"
#include "gst/reaper.h"
#include "gst/tee_branch.h"

namespace ronin::recording {

/// The queues between the tees of one connection and a recording, one for each track. Made before
/// the recording is: until they are linked to a muxer they hold the GOP that the camera is in, and
/// the sound of that time, so that a recording begins with it. Thread: main.
///
/// While they hold, half of the stream's share of memory and 12 s at most: by default 13 MiB, and
/// of a camera with 8 Mbit/s and GOPs of 10 s, 10 MB. A GOP that is longer or larger is not held.
/// Of sound, 12 s are held whatever the GOP is. Then, or while all is held, all of the share and 20
/// s; what does not fit is dropped, GOP by GOP, and never in the way of the camera.
class TrackQueues {
 public:
  /// Joins the tees. Errors: kUnsupported for a missing element.
  /// @param name  what they are to people and to the reaper
  static Result<std::unique_ptr<TrackQueues>> Attach(camera::Stream& stream, gst::Reaper& reaper,
                                                     std::string name,
                                                     const camera::MemoryShares& shares);
  /// Takes them out of the pipeline. What they are linked to must have been taken out before: a
  /// queue cannot stop while its thread waits in there.
  ~TrackQueues();

  /// Whether what comes behind the GOP that is held now is held, too: it will be recorded, but not
  /// yet. Without, which is how they begin, only the newest GOP is.
  void HoldAll(bool all);

  /// Gives what is held, and from now on what comes, to a pad that is ready to take it.
  Status LinkVideo(GstPad* to);
  Status LinkAudio(GstPad* to);
  /// There is no sound to record.
  void DropAudio();

  GstElement* video() const { return video_.queue.Get(); }  ///< (transfer none)
  GstElement* audio() const { return audio_.queue.Get(); }  ///< (transfer none); null when dropped

  /// Forgets what waits: it will not be recorded, since what they are linked to does not end.
  void Forget();

  /// Nothing more comes in; what they hold goes on to whom they are linked to.
  void LeaveTees();

  /// Takes them out of the pipeline, for the caller to end behind what they are linked to.
  void TakeOut(std::vector<GRef<GstElement>>* to);

 private:
  struct Track {
    GRef<GstElement> queue;
    gst::TeeBranch branch;
  };

  TrackQueues(camera::Stream& stream, gst::Reaper& reaper, std::string name,
              const camera::MemoryShares& shares);
  Status Add(Track* track, GstElement* tee);
  void TakeOut(Track* track, std::vector<GRef<GstElement>>* to);
  void Retire(std::vector<GRef<GstElement>> elements);

  const GRef<GstElement> pipeline_;  // the connection may end before they do
  gst::Reaper& reaper_;
  const std::string name_;
  const camera::MemoryShares shares_;
  Track video_;
  Track audio_;
};

}  // namespace ronin::recording
