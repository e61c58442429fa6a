// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/source.h"
#include "gst/gst_ref.h"
#include "gst/reaper.h"
#include "live/feed_intake.h"
#include "live/feed_tracks.h"

namespace ronin::live {

/// From the queues of a feed through ronincmafmux, which makes a chunk of each frame, into its
/// intake. Begins with the GOP that the queues hold. Never holds up the stream. Thread: main; the
/// intake is filled on a streaming thread, also for a moment after the end of this.
class FeedMuxer {
 public:
  /// @param tracks  outlive this; they have video
  /// @param sound   with a track for it, which must be there
  /// @param name    what it is to people and to the reaper
  /// Errors: kUnsupported for a missing element, kInternal when the tracks do not fit.
  static Result<std::unique_ptr<FeedMuxer>> Start(FeedTracks& tracks, bool sound,
                                                  std::shared_ptr<FeedIntake> intake,
                                                  gst::Reaper& reaper, std::string name);
  ~FeedMuxer();

  bool sound() const { return bool(audio_); }

 private:
  FeedMuxer(FeedTracks& tracks, gst::Reaper& reaper, std::string name);
  Status Build(bool sound, const std::shared_ptr<FeedIntake>& intake);
  Result<GRef<GstPad>> AddPad(GstElement* muxer, const char* name);
  void LinkVideo(int tries);

  FeedTracks& tracks_;
  gst::Reaper& reaper_;
  const std::string name_;
  GRef<GstElement> bin_;  // ronincmafmux and roninlivesink
  GRef<GstPad> video_;    // of the bin
  GRef<GstPad> audio_;
  Source link_video_;
};

}  // namespace ronin::live
