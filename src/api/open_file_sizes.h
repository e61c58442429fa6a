// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "base/mailbox.h"
#include "catalog/segment.h"
#include "storage/volumes.h"

namespace ronin::api {

/// How large files are that are being written, or were when the recorder crashed: their rows do not
/// say. Each disk is asked on its own thread; what it has not said after a second is not known.
/// Thread: main.
class OpenFileSizes {
 public:
  /// Bytes by Segment::id, of those that are there.
  using Sizes = std::map<int64_t, int64_t>;

  /// @param volumes  outlives this
  explicit OpenFileSizes(Volumes& volumes) : volumes_(volumes) {}

  /// `done` is called once, also before this returns; not after this is destroyed.
  void Read(const std::vector<Segment>& open, std::function<void(const Sizes&)> done);

 private:
  struct Round;
  Volumes& volumes_;
  Mailbox mailbox_;
};

}  // namespace ronin::api
