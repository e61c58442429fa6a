// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/worker.h"
#include "catalog/catalog.h"
#include "config/setting_store.h"
#include "retention/forecast.h"
#include "retention/policy.h"

namespace ronin::retention {

/// A volume as main sees it.
struct VolumeNow {
  int64_t id = 0;
  FreeSpace space;
  int64_t write_bps = 0;  ///< bytes per second by which its free space shrinks
  bool make_room = true;  ///< false: deleting makes none there now; only what passes a limit goes
};

/// What main knows and the databases do not.
struct Situation {
  WallTime now{};
  bool clock_is_trusted = true;
  std::vector<ClockMistake> mistakes;
  std::vector<VolumeNow> volumes;  ///< those from which can be deleted now
  std::set<int64_t> spared;
};

/// What would be, with other limits. What is not here is as it is stored.
struct WhatIf {
  std::optional<Limits> limits;
  std::map<int64_t, CameraRecord> cameras;  ///< by id; only their limits count
};

/// The next deletions, in order.
struct Plan {
  std::vector<Deletion> deletions;
  Verdict verdict;
};

/// How many recordings, and how large.
struct Amount {
  int64_t files = 0;
  int64_t size_bytes = 0;
  bool operator==(const Amount&) const = default;
};

/// What limits would do to one camera.
struct CameraPreview {
  int64_t camera_id = 0;
  Amount gone;
  std::optional<WallTime> oldest;  ///< of what would go: when the first begins …
  std::optional<WallTime> newest;  ///< … and the last ends
  std::optional<double> keeps_days;
  int64_t bitrate_bps = 0;  ///< bits per second, of both streams, over the last day
};

/// What limits would do.
struct Preview {
  Amount gone;
  std::vector<CameraPreview> cameras;  ///< ascending by id
  std::map<int64_t, std::optional<WallTime>> volumes_full_at;
  std::optional<WallTime> full_at;
  std::vector<std::string> warnings;  ///< sentences for people
};

/// Finds out what goes, by what the databases say. Blocks: runs on a thread of its own, and asks
/// the databases' thread in small portions, so that others get their turn.
class Planner {
 public:
  /// All of it outlives the planner.
  struct Context {
    ConfigStores& config;  ///< used on `database` only
    Catalog& catalog;      ///< used on `database` only
    Worker& database;
    const std::atomic<bool>& cancelled;  ///< true: end early, with kUnavailable
  };

  explicit Planner(const Context& context) : context_(context) {}

  /// The first `limit` deletions.
  Result<Plan> Next(const Situation& situation, size_t limit) const;
  /// How much there is to delete in all.
  Result<Amount> Count(const Situation& situation) const;
  Result<Preview> Foretell(const Situation& situation, const WhatIf& what_if) const;

 private:
  struct Stored;
  Result<Stored> Read(const WhatIf& what_if) const;
  Facts FactsOf(const Situation& situation, const Stored& stored) const;
  Result<Verdict> Walk(const Facts& facts, const std::function<bool(const Deletion&)>& visit) const;
  Result<std::vector<LaneRate>> Rates(const Facts& facts, WallTime now) const;

  const Context context_;
};

}  // namespace ronin::retention
