// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/mailbox.h"
#include "base/source.h"
#include "gst/gst_ref.h"

namespace ronin::gst {

/// Sets elements to NULL, which can block for ever: on a camera that is silent, on a disk that
/// hangs. Each Retire() has a thread of its own ("reaper"), so that none waits for another; the
/// thread ends with it. At most kMostThreads run at once, and further ones wait for their turn;
/// who calls Retire() keeps to a number for each camera, see Held().
///
/// What has not ended by the deadline is stuck: said in the log once, and counted until it ends
/// after all. A thread that hangs cannot be ended, so the destructor waits for it; a program that
/// must not wait leaves with _exit().
///
/// Thread: main, but for Names().
class Reaper {
 public:
  static constexpr size_t kMostThreads = 256;

  struct Settings {
    std::chrono::milliseconds deadline{10'000};  ///< then it is stuck
    std::chrono::milliseconds patience{60'000};  ///< then it is given up
    size_t most_given_up = 8;                    ///< see on_too_many
  };
  /// What is to be ended. It goes to the reaper with all references that the caller has.
  struct Remains {
    std::string what;              ///< "the recording of camera Yard": for the log and for Held()
    std::string consequence = {};  ///< for the log: what follows when it is stuck, and what to do
    bool needs_a_disk = false;  ///< it may wait for a disk, which a new start does not bring back
    std::vector<GRef<GstElement>> elements = {};  ///< ended in this order
    /// The reaper's thread, before they are ended: what has to come first, and may block.
    std::function<void()> before = nullptr;
    std::function<void()> stuck = nullptr;  ///< main: it has not ended by the deadline
    std::function<void()> done = nullptr;   ///< main: all is ended and let go of
  };

  Reaper() : Reaper(Settings()) {}
  explicit Reaper(Settings settings) : settings_(settings) {}
  ~Reaper() { Stop(); }
  Reaper(const Reaper&) = delete;
  Reaper& operator=(const Reaper&) = delete;

  /// Returns at once.
  void Retire(Remains remains);

  /// How many of `what` have not ended yet. Whoever builds anew asks this first: what hangs again
  /// and again must not pile up.
  size_t Held(const std::string& what) const;
  /// How many are past their deadline; and whether one of `what` is.
  size_t Stuck() const;
  bool IsStuck(const std::string& what) const;
  /// `what` of all that have not ended, oldest first. Any thread.
  std::vector<std::string> Names() const;

  /// Called once on main when so many are given up (`most_given_up`, without those that may wait
  /// for a disk) that only a new start of the program frees them.
  void OnTooMany(std::function<void()> too_many) { too_many_ = std::move(too_many); }

  /// Waits until all have ended. Neither `stuck` nor `done` is called any more.
  void Stop();

  /// Runs a call that may block on a streaming thread, such as sending EOS into a full queue, on a
  /// thread of GStreamer's pool. Keeps `element` alive until it has run.
  static void CallAsync(GstElement* element, std::function<void(GstElement*)> call);

 private:
  struct Job {
    Remains remains;     // its elements belong to the thread once that runs
    std::thread thread;  // not yet: it waits for its turn
    bool ended = false;  // guarded: the thread is at its end
    bool stuck = false;
    bool given_up = false;
    Source limit;
  };
  void Begin();
  void Run(uint64_t id, Remains& remains);
  void Ended(uint64_t id);
  void Late(uint64_t id);
  void GiveUp(uint64_t id);

  const Settings settings_;
  std::function<void()> too_many_;
  mutable std::mutex mutex_;      // guards what the map holds, and `ended`; main alone changes it
  std::map<uint64_t, Job> jobs_;  // by age
  uint64_t next_id_ = 0;
  Mailbox mailbox_;
};

}  // namespace ronin::gst
