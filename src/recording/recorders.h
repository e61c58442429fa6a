// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/source.h"
#include "camera/camera.h"
#include "recording/camera_recorder.h"

namespace ronin::recording {

/// The recorders of all streams: decides when each is to record (switches, schedule), and tells the
/// ledger why it does not. Thread: main.
class Recorders final : public camera::StreamListener {
 public:
  explicit Recorders(RecorderContext context);

  void OnStreamBuilt(camera::Camera& camera, camera::Stream& stream) override;
  void OnStreamEnding(camera::Camera& camera, camera::Stream& stream,
                      std::function<void()> done) override;

  /// The stream's status, its error or its configuration is another one.
  void CameraChanged(const camera::Camera& stream);
  /// The site's time zone, in which schedules are meant. IANA name; at the start UTC.
  void SetTimeZone(std::string zone);

  /// Borrowed; nullptr for a stream that nobody has told of, or a sub stream that never was.
  const CameraRecorder* Find(StreamId id) const;
  /// Whether any of them has a file open on `gate`.
  bool WritesTo(const VolumeGate& gate) const;
  /// See CameraRecorder.
  void VolumesChanged();
  void DataLost(const VolumeGate& gate);
  /// The same, to hand it what its branch dropped.
  CameraRecorder* Find(StreamId id);
  /// Why the camera is about to be stopped by people, if it is: "changed", "replaced", "removed".
  void WillStop(int64_t camera_id, const std::string& why);
  /// The camera was removed, and its stream is over; it may still come back. The gap goes on.
  void Hide(int64_t camera_id);
  /// It does not come back.
  void Forget(int64_t camera_id);

 private:
  struct Entry {
    CameraRecord record;
    StreamKind kind = StreamKind::kMain;
    std::unique_ptr<CameraRecorder> recorder;
    std::string stop_reason = "changed";
    std::optional<GapCause> down;  // why nothing comes from the camera
  };
  void Apply(Entry& entry, bool ending);
  void ApplyAll();
  void WaitForNextMinute();
  void Expect(StreamId id, const CameraRecord& record, WallTime since);
  std::optional<GapCause> Unwanted(const CameraRecord& record, StreamKind kind) const;

  RecorderContext context_;
  std::string zone_ = "UTC";
  std::map<StreamId, Entry> entries_;
  Source minute_;
};

}  // namespace ronin::recording
