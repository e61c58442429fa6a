// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>

#include "camera/camera.h"
#include "recording/camera_recorder.h"

namespace ronin::recording {

/// The recorders of all cameras that are switched to record. Thread: main.
class Recorders final : public camera::StreamListener {
 public:
  explicit Recorders(RecorderContext context) : context_(std::move(context)) {}

  void OnStreamBuilt(camera::Camera& camera, camera::Stream& stream) override;
  void OnStreamEnding(camera::Camera& camera, camera::Stream& stream,
                      std::function<void()> done) override;

  /// Borrowed; nullptr for a camera that does not record or has never connected.
  const CameraRecorder* Find(int64_t camera_id) const;
  /// Whether any of them has a file open on `gate`.
  bool WritesTo(const VolumeGate& gate) const;
  /// See CameraRecorder.
  void VolumesChanged();
  void DataLost(const VolumeGate& gate);
  /// The camera was removed, and its stream is over.
  void Forget(int64_t camera_id) { recorders_.erase(camera_id); }

 private:
  RecorderContext context_;
  std::map<int64_t, std::unique_ptr<CameraRecorder>> recorders_;
};

}  // namespace ronin::recording
