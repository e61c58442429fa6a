// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/stream_id.h"
#include "storage/open_paths.h"
#include "storage/volume.h"

namespace ronin::recording {

/// Names the files of one branch: streaming threads ask for a path, main says on which volume, and
/// can say another one while files are written; the next file goes there. Any thread.
class FileNaming {
 public:
  /// @param folder  the camera's
  FileNaming(Volume volume, std::string folder, StreamKind stream, OpenPaths& open_paths)
      : folder_(std::move(folder)),
        stream_(stream),
        open_paths_(open_paths),
        volume_(std::move(volume)) {}

  void SetVolume(Volume volume);

  /// A path that is free, its folder made; it counts as open from now on. May block on the disk.
  /// Errors: as Volume::CheckRoom; what the disk brings.
  Result<std::string> Name(WallTime start);

  struct Named {
    Volume volume;
    OpenPaths::Token open;
  };
  /// Hands over what belongs to a path that Name() gave; the path counts as open for as long as the
  /// token lives. Of a path that is not known, the volume of now.
  Named Take(const std::string& path);

 private:
  const std::string folder_;
  const StreamKind stream_;
  OpenPaths& open_paths_;
  std::mutex mutex_;  // guards all below
  Volume volume_;
  std::map<std::string, Named> named_;
};

}  // namespace ronin::recording
