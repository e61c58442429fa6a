// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"
#include "demo/clip.h"

namespace ronin::demo {

/// Encodes clips once and keeps them as plain files (.h264, .h265, .aac, .ulaw, .alaw) whose
/// names carry a hash of the spec and of this code's version. Any thread, also several at once
/// and several processes on one folder: a file gets its name when it is complete.
class ClipMaker {
 public:
  using Progress = std::function<void(const std::string& sentence)>;

  /// @param cache     folder for the files; created when missing
  /// @param progress  told when an encode starts and ends, on the calling thread; may be empty
  explicit ClipMaker(std::filesystem::path cache, Progress progress = {});

  /// The clip, from the cache if it is there, else encoded now. Blocks for seconds then.
  /// Errors: kUnsupported when an encoder is not installed (the sentence names its package),
  /// kInvalidArgument for a spec that cannot be made, kCorrupt for a damaged file in the cache,
  /// kInternal, or the file system's.
  Result<ClipRef> Make(const ClipSpec& spec) const;

 private:
  using Encode = std::function<Status(const std::filesystem::path& file)>;
  Result<GRef<GBytes>> Cached(const std::string& name, const Encode& encode) const;
  Result<AudioTrack> Audio(AudioCodec codec) const;

  std::filesystem::path cache_;
  Progress progress_;
};

}  // namespace ronin::demo
