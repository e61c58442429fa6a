// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/volume_use.h"
#include "storage/volume_gate.h"
#include "storage/volume_shares.h"

namespace ronin {

/// All folders for recordings: those of the configuration in their order, then those that were
/// added since; and which of them a camera records to. Thread: main.
class Volumes {
 public:
  struct Hooks {
    /// A disk was seen for the first time in this run, or at another folder than before.
    std::function<void(const std::string& uuid, const std::string& root)> identified;
    std::function<void(VolumeGate&)> changed;       ///< as VolumeGate::Hooks; also: Remove()
    std::function<void(VolumeGate&)> data_lost;     ///< as VolumeGate::Hooks
    std::function<bool(const VolumeGate&)> in_use;  ///< as VolumeGate::Hooks
    /// A camera has another volume of its own, to be kept for the next start. May be empty.
    std::function<void(const std::string& camera_uuid, const std::string& volume_uuid)> homed = {};
  };

  /// @param roots  at least one, absolute; those of the configuration
  /// @param known  every disk that was ever used
  /// @param homes  as told by Hooks::homed
  Volumes(const std::vector<std::string>& roots, std::vector<KnownVolume> known, const Clock& clock,
          const VolumeGate::Settings& settings, Hooks hooks, VolumeShares::Homes homes = {});

  /// One folder more, absolute; it is looked at, and nothing is recorded to it before Admit().
  /// nullptr when there is one at that path, or kMost are reached.
  VolumeGate* Add(const std::string& root);
  /// From now on it is used like the others.
  void Admit(VolumeGate& gate);
  /// Takes one out of use, see VolumeGate::retired(). It lives on, for who reads from it.
  void Remove(VolumeGate& gate);
  /// Whether no other one takes recordings of cameras that are assigned to none.
  bool IsLastTaker(const VolumeGate& gate) const;
  /// Whether the configuration names it.
  bool IsConfigured(const VolumeGate& gate) const;
  static constexpr size_t kMost = 32;  ///< those that were removed since the start included

  /// Where the next file of a camera goes: to the volume that it is assigned to, or else to its
  /// own, see VolumeShares; when that is away or full, to another, an archive last. nullptr: there
  /// is none.
  /// @param assigned  uuid of a volume; empty, or one that is not used: none
  VolumeGate* Choose(const std::string& camera_uuid, const std::string& assigned = {});
  /// Whether there is one that takes recordings.
  bool MayRecord() const;
  /// Why Choose() found none; empty while the first look at the folders is under way.
  std::string Reason() const;
  /// The camera does not come back.
  void ForgetCamera(const std::string& camera_uuid) { shares_.Forget(camera_uuid); }

  /// The one that holds the file at `path` (absolute), by its folder, also when it was removed;
  /// nullptr: none does.
  VolumeGate* Holding(const std::string& path);
  /// The one that the catalog calls `catalog_id`; nullptr: it is not there now.
  VolumeGate* Find(int64_t catalog_id);
  /// What the catalog calls the disk that is there, or was there last; nothing: it never saw it.
  std::optional<int64_t> CatalogId(const VolumeGate& gate) const;
  void SetCatalogId(const std::string& uuid, int64_t catalog_id) { ids_[catalog_id] = uuid; }
  /// The catalog's id of a disk; nothing: none yet.
  std::optional<int64_t> IdOf(const std::string& uuid) const;
  const std::vector<std::unique_ptr<VolumeGate>>& all() const { return gates_; }

  /// Which disk is there, or belongs there when it is away; empty: not known yet.
  std::string DiskOf(const VolumeGate& gate) const;
  /// The disks of all volumes that are used, there or not, by the catalog's id; without those that
  /// the catalog does not know yet.
  std::map<int64_t, std::string> Disks() const;
  /// What people want of a disk; the defaults for one that is not known.
  VolumeUse UseOf(const std::string& uuid) const;
  void SetUse(const std::string& uuid, const VolumeUse& use);

  /// Runs what all threads were given, and ends them.
  void StopWorkers();

 private:
  void Make(const std::string& root);
  void Changed(VolumeGate& gate);
  void Identified(const VolumeGate& gate);
  void Share();
  void Tell(const std::string& camera_uuid);
  std::string OwnOf(const std::string& camera_uuid, const std::string& assigned);
  VolumeGate* StandIn(const std::string& camera_uuid, VolumeRole role);
  VolumeGate* OfDisk(const std::string& uuid) const;
  std::string Taken(const VolumeGate& gate, const std::string& uuid) const;

  const Clock& clock_;
  const VolumeGate::Settings settings_;
  const Hooks hooks_;
  std::vector<KnownVolume> known_;
  std::map<int64_t, std::string> ids_;       // uuid by id in the catalog
  std::map<std::string, std::string> seen_;  // root by uuid, as told by `identified`
  VolumeShares shares_;
  size_t configured_ = 0;
  std::set<const VolumeGate*> on_trial_;  // added, and not admitted
  std::vector<std::unique_ptr<VolumeGate>> gates_;
  std::vector<std::unique_ptr<VolumeGate>> retired_;
};

}  // namespace ronin
