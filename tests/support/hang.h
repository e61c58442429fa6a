// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "gst/gst_ref.h"

namespace ronin::testing {

/// Makes real pipelines hang until it lets them go, as a disk or a library does. Its destructor
/// lets go. Any thread.
class Hang {
 public:
  Hang() = default;
  Hang(const Hang&) = delete;
  Hang& operator=(const Hang&) = delete;
  ~Hang() { LetGo(); }

  /// An element without pads that hangs when it is to leave PAUSED. In no bin, in NULL.
  GRef<GstElement> Element();
  /// Puts such an element into a pipeline that plays.
  void Enter(GstElement* pipeline);
  /// Makes the thread hang that brings the next buffer to `pad`, which must play.
  void Block(GstPad* pad);

  /// How many threads hang.
  int hanging() const;
  /// From now on nothing hangs any more.
  void LetGo();

  /// What elements and probes share with this, which they may outlive.
  struct Gate {
    std::mutex mutex;  // guards all below
    std::condition_variable wake;
    bool open = false;
    int hanging = 0;

    void Pass();
  };

 private:
  std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
};

}  // namespace ronin::testing
