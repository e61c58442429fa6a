// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/result.h"
#include "base/source.h"
#include "camera/stream.h"
#include "gst/gst_ref.h"
#include "gst/pad_probe.h"
#include "gst/reaper.h"
#include "recording/track_queues.h"

namespace ronin::recording {

/// A file that has begun or ended, in absolute paths.
struct FileEvent {
  std::string path;
  WallTime start{};         ///< UTC of its first frame
  WallTime end{};           ///< UTC of the end of its last frame so far
  uint64_t size_bytes = 0;  ///< of a closed file
  uint64_t frames = 0;      ///< of a file that was closed in order
  bool in_order = false;    ///< closed; else it failed, and only reading it tells what is in it
  bool held = false;        ///< not in order: it may still be written to, until WhenGone()
};

/// Frames that came and could not be stored: the disk, or this machine, was too slow.
struct FramesLost {
  uint64_t frames = 0;
  WallTime start{};  ///< UTC of the first
  WallTime end{};    ///< UTC of the end of the last
};

/// From the queues of one connection to files: ronincmafmux making fragments, splitmuxsink
/// switching files between them and roninfilesink appending them. It begins with the GOP that the
/// queues hold, and waits until it is clear whether the camera offers audio, while they hold what
/// comes. Thread: main; probes and the naming of files run on streaming threads and share `State`.
class RecordingBranch {
 public:
  struct Settings {
    std::chrono::seconds segment_duration{900};
    std::chrono::milliseconds fragment{200};
    bool audio = true;
    std::string camera_uuid;  ///< for the files' headers
    bool sub_stream = false;  ///< for them, too: it is the camera's sub stream
    WallTime connected{};     ///< when the connection began; for them, too
    std::string name;         ///< what it is to people and to the reaper
  };
  /// Called on main, never from inside a call to the branch.
  struct Callbacks {
    /// A path that is free, its folder made; runs on a streaming thread, must not touch main state.
    std::function<Result<std::string>(WallTime start)> name_file;
    std::function<void(const FileEvent&)> on_opened;  ///< it is on the disk, with a fragment in it
    std::function<void(const FileEvent&)> on_closed;  ///< once for each that was opened
    std::function<void(const FramesLost&)> on_lost;
    std::function<void(Error)> on_error;  ///< once; nothing is written any more: Finish() it
  };

  /// @param queues  of that stream
  RecordingBranch(camera::Stream& stream, std::unique_ptr<TrackQueues> queues,
                  const Settings& settings, Callbacks callbacks, gst::Reaper& reaper);
  ~RecordingBranch();

  /// Ends the file with the next keyframe, with which another one begins; nothing is lost.
  void Cut();

  /// Takes the queues off their tees, writes what it holds and closes the file; `done` runs on main
  /// once that has happened, or after 2 s. Call once; destroy it afterwards.
  void Finish(std::function<void()> done);

  /// `gone` runs on main once nothing of it writes any more, long after its end when a disk hangs.
  /// Call before it is destroyed.
  void WhenGone(std::function<void()> gone) { gone_ = std::move(gone); }

  /// The end of the newest frame in the open file; nothing while none is open. Main.
  std::optional<WallTime> written_until() const;
  /// Bytes in the open file. Any thread.
  uint64_t bytes_written() const;
  /// Frames given to files so far.
  uint64_t frames() const;
  /// Bytes given to files so far; never goes back.
  uint64_t bytes() const;

 private:
  struct State;
  void WatchForVideo();
  void Begin(bool with_audio);
  void BeginVideo(int tries);
  void LinkVideo();
  Status MakeFiles(bool with_audio);
  void ConnectNaming();
  void AddProbes();
  void ListenToBus();
  void OnBusMessage(GstMessage* message, Micros length);
  void Dropped(const GstStructure* dropped);
  void Opened(const std::string& path);
  void ReportClosed();
  void Fail(Error error);
  void Finished();
  void RemoveElements();
  void Retire(std::vector<GRef<GstElement>> elements, std::function<void()> gone);

  // A reference of its own: the connection may end before the branch has let go of it.
  const GRef<GstElement> pipeline_;
  const std::shared_ptr<camera::StreamFacts> facts_;
  const Settings settings_;
  Callbacks callbacks_;
  gst::Reaper& reaper_;
  std::shared_ptr<State> state_;

  std::unique_ptr<TrackQueues> queues_;
  GRef<GstElement> fragments_;  // ronincmafmux
  GRef<GstElement> files_;      // splitmuxsink
  GRef<GstElement> sink_;       // its roninfilesink
  GRef<GstPad> video_pad_;      // of `fragments_`, until the video is linked to it
  gst::PadProbe count_probe_;
  gst::PadProbe cut_probe_;
  gulong bus_handler_ = 0;
  GRef<GstBus> bus_;

  std::optional<FileEvent> open_file_;
  std::optional<FileEvent> closing_file_;  // closed; its end is known once the next one has a name
  std::string retried_;                    // the last file of which a write was tried again
  bool failed_ = false;
  bool drained_ = false;  // all is written, and the last file closed
  std::function<void()> finished_;
  std::function<void()> gone_;
  Source start_watch_;
  Source deadline_;
  Mailbox mailbox_;
};

}  // namespace ronin::recording
