// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/source.h"
#include "camera/camera.h"
#include "camera/memory_shares.h"
#include "gst/reaper.h"
#include "recording/file_naming.h"
#include "recording/hole_probe.h"
#include "recording/ledger.h"
#include "recording/recording_branch.h"
#include "recording/segment_rows.h"
#include "recording/track_queues.h"
#include "storage/open_paths.h"
#include "storage/volumes.h"

namespace ronin::recording {

/// What all recorders share; all of it outlives them.
struct RecorderContext {
  const Clock& clock;
  gst::Reaper& reaper;
  Volumes& volumes;
  SegmentRows& rows;
  OpenPaths& open_paths;
  RecordingBranch::Settings settings;
  std::function<void(int64_t camera_id)> on_changed;  ///< main: recording began, ended or failed
  Ledger* ledger = nullptr;                           ///< nullptr: no reasons are written down
  uint64_t memory = camera::kCameraMemory;            ///< bytes, of each camera
};

/// What the connection had told by the end of a file.
struct KnownAtEnd {
  std::optional<CameraClock> camera_clock;
  std::optional<SegmentAudio> sound;
};

/// Records one stream of a camera: a branch on each of its connections, a row for each file, a new
/// try after a storage failure. While it does not record, the GOP that the camera is in is held for
/// when it does. Thread: main.
class CameraRecorder {
 public:
  CameraRecorder(const CameraRecord& camera, StreamKind kind, const RecorderContext& context);
  ~CameraRecorder();

  /// Whether to record what comes. Switches at any time, and touches nothing but its own branch: it
  /// begins with the GOP that the camera is in, and ends with the newest frame. What an earlier
  /// file has a part of does not come again: after that it begins with the next keyframe.
  void Want(bool wanted);
  /// The camera's configuration is another one; sound counts from the next file on.
  void Configure(const CameraRecord& camera);

  void StreamBuilt(camera::Stream& stream);
  void StreamEnding(std::function<void()> done);
  /// One is away, or back: goes on where it can.
  void VolumesChanged();
  /// The disk of `gate` did not take what was written to open files: they are suspect, and end.
  void DataLost(const VolumeGate& gate);
  /// Whether a file of it is open on `gate`.
  bool WritesTo(const VolumeGate& gate) const;

  /// Whether what comes is to be recorded: it is switched on, and its schedule says so.
  bool wanted() const { return wanted_; }
  /// Whether what the camera sends now is being written.
  bool recording() const { return branch_ && !error_ && recording_since_; }
  /// Why nothing is written although the camera sends; code "storage".
  const std::optional<camera::CameraError>& error() const { return error_; }
  std::optional<WallTime> recording_since() const { return recording_since_; }
  std::optional<FileEvent> current_file() const { return current_; }
  /// Frames that came and could not be stored, since the start.
  uint64_t frames_lost() const { return frames_lost_; }
  /// Into the current file.
  uint64_t bytes_written() const { return branch_ ? branch_->bytes_written() : 0; }

  /// Up to here it was recorded: the newest frame, or the end of the last file. Nothing before the
  /// first file.
  std::optional<WallTime> recorded_until() const;

  /// Since recording_since().
  struct Figures {
    uint64_t bytes = 0;
    uint64_t frames = 0;
  };
  Figures figures() const;
  /// The same since the start, over all connections; never goes back.
  Figures totals() const;
  /// The branch could not keep up, and dropped pictures; the file goes on.
  void Lost(const FramesLost& lost);

 private:
  /// What was known of the camera's clock when a file was opened.
  struct OpenFile {
    std::shared_ptr<camera::StreamFacts> facts;  // of its connection
    unsigned epoch = 0;
    std::optional<camera::SenderClock::Reading> start;
  };
  static std::optional<CameraClock> ClockOf(const OpenFile& file);

  void TellHoles();
  Status Hold();
  void Begin();
  void Opened(const FileEvent& file);
  void Closed(const FileEvent& file);
  std::function<void()> ReadBack(const FileEvent& file, const KnownAtEnd& known, VolumeGate& gate);
  void Missing(const GapCause& cause);
  void Failed(const Error& error);
  void Explain(const std::string& sentence);
  VolumeGate* ItsVolume() const;
  void LeaveVolumeThatIsGone();
  void LeaveRemovedVolume();
  void TryAfter(std::chrono::milliseconds wait);
  void Try(const std::string& failure);
  void EndBranch();
  void BranchEnded();
  std::string BranchName() const;
  std::string Whose() const;

  const StreamId id_;
  std::string name_;  // of the camera
  const std::string folder_;
  const std::string uuid_;
  bool audio_;
  std::string assigned_;  // uuid of the volume that people want; empty: none
  const RecorderContext& context_;
  camera::Stream* stream_ = nullptr;            // between StreamBuilt and StreamEnding
  WallTime connected_{};                        // when it was built
  std::shared_ptr<camera::StreamFacts> facts_;  // of it; files may still open while it ends
  gst::PadProbe hole_probe_;                    // on it
  std::deque<Hole> holes_;                      // the newest, of which no file is known yet
  std::unique_ptr<TrackQueues> queues_;         // for the next branch; hold what it begins with
  std::unique_ptr<RecordingBranch> branch_;
  std::shared_ptr<FileNaming> naming_;  // of the branch; its streaming threads use it, too
  unsigned generation_ = 0;             // of the volume, when the current file was opened
  std::string failure_;                 // what the last branch ended with, for the log
  std::string told_;                    // the last failure that the log has
  bool wanted_ = false;
  bool ending_ = false;                 // the branch closes its file
  std::function<void()> branch_ended_;  // who waits for that
  std::optional<camera::CameraError> error_;
  std::optional<WallTime> recording_since_;
  std::optional<FileEvent> current_;
  std::optional<WallTime> last_end_;  // of the files that are closed
  uint64_t closed_bytes_ = 0;         // of those closed since recording_since_
  Figures ended_;                     // of the branches that have ended
  uint64_t frames_lost_ = 0;
  std::optional<MonoTime> lost_said_;      // when the log was told of it
  std::map<std::string, OpenFile> files_;  // that were opened and not closed, by path
  std::function<void()> read_back_;        // of a file that may still be written to
  Source retry_;
  Mailbox mailbox_;
};

}  // namespace ronin::recording
