// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/g_ref.h"
#include "base/result.h"
#include "config/camera_store.h"

namespace ronin::app {

/// The helper process that plays the demo's cameras: real RTSP servers on loopback. It ends with
/// this object, and with the daemon whatever happens to that. Thread: main.
class DemoCameras {
 public:
  struct DemoCamera {
    std::string name;
    std::string url;
  };
  using Ready = std::function<void(Result<std::vector<DemoCamera>>)>;

  /// Starts `program`; `ready` gets the cameras once they can be watched (making their clips takes
  /// some seconds the first time), or why there are none.
  static Result<std::unique_ptr<DemoCameras>> Start(const std::string& program, int count,
                                                    const std::string& cache_dir, Ready ready);
  ~DemoCameras();

 private:
  struct Process;
  explicit DemoCameras(std::unique_ptr<Process> process);
  std::unique_ptr<Process> process_;
};

/// Enters them, or their new addresses. Blocks, on the database's thread.
Status EnterDemoCameras(CameraStore& store, const std::vector<DemoCameras::DemoCamera>& found,
                        WallTime now);

}  // namespace ronin::app
