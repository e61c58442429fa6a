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

/// The recorders of all cameras: decides when each is to record (switch, schedule), and tells the
/// ledger why it does not. Thread: main.
class Recorders final : public camera::StreamListener {
 public:
  explicit Recorders(RecorderContext context);

  void OnStreamBuilt(camera::Camera& camera, camera::Stream& stream) override;
  void OnStreamEnding(camera::Camera& camera, camera::Stream& stream,
                      std::function<void()> done) override;

  /// The camera's status, its error or its configuration is another one.
  void CameraChanged(const camera::Camera& camera);
  /// The site's time zone, in which schedules are meant. IANA name; at the start UTC.
  void SetTimeZone(std::string zone);

  /// Borrowed; nullptr for a camera that nobody has told of.
  const CameraRecorder* Find(int64_t camera_id) const;
  /// Whether any of them has a file open on `gate`.
  bool WritesTo(const VolumeGate& gate) const;
  /// See CameraRecorder.
  void VolumesChanged();
  void DataLost(const VolumeGate& gate);
  /// The same, to hand it what its branch dropped.
  CameraRecorder* Find(int64_t camera_id);
  /// Why the camera is about to be stopped by people, if it is: "changed", "replaced", "removed".
  void WillStop(int64_t camera_id, std::string why);
  /// The camera was removed, and its stream is over; it may still come back. The gap goes on.
  void Hide(int64_t camera_id);
  /// It does not come back.
  void Forget(int64_t camera_id);

 private:
  struct Entry {
    CameraRecord record;
    std::unique_ptr<CameraRecorder> recorder;
    std::string stop_reason = "changed";
    std::optional<GapCause> down;  // why nothing comes from the camera
  };
  void Apply(Entry& entry, bool ending);
  void ApplyAll();
  void WaitForNextMinute();
  std::optional<GapCause> Unwanted(const CameraRecord& record) const;

  RecorderContext context_;
  std::string zone_ = "UTC";
  std::map<int64_t, Entry> entries_;
  Source minute_;
};

}  // namespace ronin::recording
