// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/source.h"
#include "camera/cameras.h"
#include "recording/rate_meter.h"
#include "recording/recorders.h"
#include "storage/volumes.h"

namespace ronin::recording {

/// How fast recordings grow, of each camera and on each volume, over the last five minutes. What is
/// written while a camera goes from one volume to another counts for the new one. Thread: main.
class WriteRates {
 public:
  /// All of it outlives this.
  struct Context {
    const camera::Cameras& cameras;
    const Recorders& recorders;
    Volumes& volumes;
    const Clock& clock;
  };

  /// Looks every ten seconds from now on.
  explicit WriteRates(const Context& context);

  /// Bits per second of both streams; 0 for one that is not known.
  int64_t OfCamera(int64_t camera_id) const;
  /// Bits per second; 0 for one that is not known.
  int64_t OfStream(StreamId id) const;
  /// Bits per second; 0 for one that is not known.
  int64_t OfVolume(const VolumeGate& gate) const;

 private:
  void Look();
  uint64_t Grown(StreamId id, const CameraRecorder& recorder);

  const Context context_;
  std::map<StreamId, uint64_t> totals_;  // at the last look
  std::map<StreamId, RateMeter> streams_;
  std::map<std::string, RateMeter> volumes_;  // by folder
  Source timer_;
};

}  // namespace ronin::recording
