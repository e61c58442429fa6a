// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/durations.h"
#include "base/mailbox.h"
#include "base/source.h"
#include "base/worker.h"
#include "storage/file_syncs.h"
#include "storage/volume_probe.h"
#include "storage/volume_sync.h"

namespace ronin {

/// One folder for recordings, watched: whether it can be recorded to, which disk is there, what to
/// tell people. Looks every second, on its own write thread, so that a disk that does not
/// answer holds up no other. Says in the log what has changed, once for all cameras. Thread: main.
class VolumeGate {
 public:
  struct Settings {
    std::chrono::milliseconds sync_interval{3000};
    std::chrono::milliseconds look_interval{1000};
    std::chrono::milliseconds patience{15'000};  ///< then a look that has no answer is an error
  };
  struct Hooks {
    /// Every disk that was ever used.
    std::function<std::vector<KnownVolume>()> known;
    /// Another gate's folder that is the same disk; empty: there is none.
    std::function<std::string(const VolumeGate&, const std::string& uuid)> taken;
    /// Its state, its disk or its generation is another one.
    std::function<void(VolumeGate&)> changed;
    /// The disk did not take what was written: all files open on it are suspect.
    std::function<void(VolumeGate&)> data_lost;
    /// Whether files are open on it.
    std::function<bool(const VolumeGate&)> in_use;
  };

  /// @param number  from 0; names its threads
  VolumeGate(int number, std::string root, const Clock& clock, Settings settings, Hooks hooks);
  ~VolumeGate();

  const std::string& root() const { return root_; }
  VolumeState state() const { return condition_.state; }
  bool ok() const { return state() == VolumeState::kOk; }
  /// What people can do; empty when it is ok.
  const std::string& sentence() const { return condition_.sentence; }
  /// Of the disk that is there; empty: none that may be used.
  const std::string& uuid() const { return condition_.uuid; }
  const FreeSpace& space() const { return condition_.space; }
  /// Another number after each time that it became ok, and when its disk was exchanged: what was
  /// open before then is on something else.
  unsigned generation() const { return generation_; }
  /// How long its syncs took, the failed ones included.
  const Durations& syncs() const { return syncs_; }
  /// How often it did not take what was written to it, since the start.
  uint64_t sync_failures() const { return sync_failures_; }
  /// Whether the disk did not take what was written to it, in the last ten minutes.
  bool lost_data() const;
  /// Whether recording alone keeps the disk busy: a sync lasts for half of the time between two.
  bool busy() const;
  /// Whether it was taken out of use while the recorder runs: nothing new goes there, and it is
  /// watched only for as long as files are open on it.
  bool retired() const { return retired_; }
  /// The folder with the disk that is there now.
  Volume volume() const { return Volume(root_, uuid()); }

  Worker& write_worker() { return write_; }
  FileSyncs& file_syncs() { return file_syncs_; }
  Worker& read_worker() { return read_; }

  /// Looks now, and writes something; `done` is called after that, unless the gate ends.
  void Recheck(std::function<void()> done);

  /// A file of it could not be brought to the disk, so what is open is suspect, too.
  void SyncFailed(const Error& error);

  /// See retired().
  void Retire() { retired_ = true; }
  /// Takes Retire() back: looks at it as if it were new.
  void Revive();

  /// Runs what its threads were given, and ends them.
  void StopWorkers();

 private:
  void Look(bool thorough);
  void Watch();
  void Tick();
  void Looked(bool thorough, VolumeCondition condition);
  void Apply(VolumeCondition condition);
  void Tell() const;
  void Synced(const Status& synced, Micros took);

  const std::string root_;
  const Clock& clock_;
  const Settings settings_;
  const Hooks hooks_;
  VolumeCondition condition_;
  unsigned generation_ = 0;
  int failed_syncs_ = 0;  // in a row
  uint64_t sync_failures_ = 0;
  Durations syncs_;
  std::optional<MonoTime> lost_at_;  // when the last one failed
  Micros last_sync_{};               // how long it took
  MonoTime synced_at_{};             // when it ended
  bool retired_ = false;
  bool looking_ = false;
  bool look_again_ = false;
  MonoTime asked_{};
  std::vector<std::function<void()>> waiting_;  // for the next thorough look
  Worker write_;
  Worker read_;
  FileSyncs file_syncs_;
  std::optional<VolumeSync> sync_;
  Source timer_;
  Mailbox mailbox_;
};

}  // namespace ronin
