// SPDX-License-Identifier: MIT
#include "recording/recorders.h"

#include <algorithm>

namespace ronin::recording {

void Recorders::OnStreamBuilt(camera::Camera& camera, camera::Stream& stream) {
  const CameraRecord& record = camera.record();
  if (!record.record) return;
  auto& recorder = recorders_[record.id];
  if (!recorder) recorder = std::make_unique<CameraRecorder>(record, context_);
  recorder->StreamBuilt(stream);
}

void Recorders::OnStreamEnding(camera::Camera& camera, camera::Stream&,
                               std::function<void()> done) {
  const auto found = recorders_.find(camera.record().id);
  if (found == recorders_.end()) {
    done();
  } else {
    found->second->StreamEnding(std::move(done));
  }
}

const CameraRecorder* Recorders::Find(int64_t camera_id) const {
  const auto found = recorders_.find(camera_id);
  return found == recorders_.end() ? nullptr : found->second.get();
}

bool Recorders::WritesTo(const VolumeGate& gate) const {
  return std::any_of(recorders_.begin(), recorders_.end(),
                     [&](const auto& item) { return item.second->WritesTo(gate); });
}

void Recorders::VolumesChanged() {
  for (const auto& [id, recorder] : recorders_) recorder->VolumesChanged();
}

void Recorders::DataLost(const VolumeGate& gate) {
  for (const auto& [id, recorder] : recorders_) recorder->DataLost(gate);
}

}  // namespace ronin::recording
