// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/volume_gate.h"

namespace ronin {

/// All folders for recordings, in the order in which they are configured. Thread: main.
class Volumes {
 public:
  struct Hooks {
    /// A disk was seen for the first time in this run, or at another folder than before.
    std::function<void(const std::string& uuid, const std::string& root)> identified;
    std::function<void(VolumeGate&)> changed;       ///< as VolumeGate::Hooks
    std::function<void(VolumeGate&)> data_lost;     ///< as VolumeGate::Hooks
    std::function<bool(const VolumeGate&)> in_use;  ///< as VolumeGate::Hooks
  };

  /// @param roots  at least one, absolute
  /// @param known  every disk that was ever used
  Volumes(const std::vector<std::string>& roots, std::vector<KnownVolume> known, const Clock& clock,
          const VolumeGate::Settings& settings, Hooks hooks);

  /// Where the next file goes: the first that is ok. nullptr: there is none.
  VolumeGate* Choose();
  /// Why Choose() found none: the sentence of the first.
  const std::string& Reason() const { return gates_.front()->sentence(); }
  /// The one that holds the file at `path` (absolute), by its folder; nullptr: none does.
  VolumeGate* Holding(const std::string& path);
  /// The one that the catalog calls `catalog_id`; nullptr: it is not there now.
  VolumeGate* Find(int64_t catalog_id);
  /// What the catalog calls the disk that is there, or was there last; nothing: it never saw it.
  std::optional<int64_t> CatalogId(const VolumeGate& gate) const;
  void SetCatalogId(const std::string& uuid, int64_t catalog_id) { ids_[catalog_id] = uuid; }
  const std::vector<std::unique_ptr<VolumeGate>>& all() const { return gates_; }

  /// Runs what all threads were given, and ends them.
  void StopWorkers();

 private:
  void Changed(VolumeGate& gate);
  std::string Taken(const VolumeGate& gate, const std::string& uuid) const;

  const Hooks hooks_;
  std::vector<KnownVolume> known_;
  std::map<int64_t, std::string> ids_;       // uuid by id in the catalog
  std::map<std::string, std::string> seen_;  // root by uuid, as told by `identified`
  std::vector<std::unique_ptr<VolumeGate>> gates_;
};

}  // namespace ronin
