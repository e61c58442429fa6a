// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>

#include "base/mailbox.h"
#include "base/result.h"
#include "camera/stream.h"
#include "gst/gst_ref.h"
#include "gst/reaper.h"
#include "gst/tee_branch.h"
#include "live/hls_window.h"

namespace ronin::live {

/// From the tees of one connection through hlssink2 into an HlsWindow, nothing on disk. Joins at
/// the next keyframe; never holds up the stream. Thread: main; hlssink2's callbacks run on
/// streaming threads and touch the window only, which they share.
class HlsBranch {
 public:
  /// @param on_news  main: the playlist has changed
  /// @param name     what it is to people and to the reaper
  static Result<std::unique_ptr<HlsBranch>> Attach(camera::Stream& stream,
                                                   std::shared_ptr<HlsWindow> window,
                                                   std::function<void()> on_news,
                                                   gst::Reaper& reaper, std::string name,
                                                   const camera::MemoryShares& shares);
  ~HlsBranch();

 private:
  HlsBranch(camera::Stream& stream, std::function<void()> on_news, gst::Reaper& reaper,
            std::string name, const camera::MemoryShares& shares);
  Status Build(camera::Stream& stream, const std::shared_ptr<HlsWindow>& window);
  /// A queue and a parser in front of a pad of hlssink2; gives the bin's pad to link to.
  Result<GRef<GstPad>> AddTrack(const char* parser, const char* pad_name, uint64_t most);
  void ConnectSink(const std::shared_ptr<HlsWindow>& window);

  const GRef<GstElement> pipeline_;
  std::function<void()> on_news_;
  gst::Reaper& reaper_;
  const std::string name_;
  const camera::MemoryShares shares_;
  GRef<GstElement> bin_;   // queues, parsers and hlssink2
  GRef<GstElement> sink_;  // hlssink2
  gst::TeeBranch video_;
  gst::TeeBranch audio_;
  Mailbox mailbox_;
};

}  // namespace ronin::live
