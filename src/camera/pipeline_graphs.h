// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/mailbox.h"
#include "base/source.h"
#include "base/worker.h"
#include "camera/stream.h"

namespace ronin::camera {

/// A pipeline as a graph for Graphviz: elements, their state, links, and the media on them. It
/// shows no property of an element, and of media only what is known to be harmless, the rest as
/// "***": so no password and no address. Takes locks of the elements. Any thread.
std::string DotOf(GstElement* pipeline);

/// Draws pipelines that run, for people who look into them. On a worker, since an element that
/// hangs may hold a lock; a few at once. Thread: main.
class PipelineGraphs {
 public:
  static constexpr size_t kMost = 4;             ///< at once
  static constexpr size_t kMostBytes = 1 << 20;  ///< of one graph

  /// Gets the graph; nothing when there are too many already, or it hangs, or is too large.
  using Done = std::function<void(std::optional<std::string> dot)>;

  /// @param worker  outlives this
  explicit PipelineGraphs(Worker& worker) : worker_(worker) {}

  /// Calls `done` once, within 3 s, on main; perhaps during the call.
  void Draw(const Stream& stream, Done done);

 private:
  struct Waiting {
    Done done;
    Source limit;
  };
  void Answer(uint64_t number, std::optional<std::string> dot);

  Worker& worker_;
  std::map<uint64_t, Waiting> waiting_;
  uint64_t next_ = 1;
  size_t drawing_ = 0;  // on the worker, also those that nobody waits for any more
  Mailbox mailbox_;
};

}  // namespace ronin::camera
