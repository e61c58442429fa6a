// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/stream_id.h"

namespace ronin {

/// Names a recording wherever its file lies, and whatever row the catalog has of it. A value.
struct RecordingKey {
  StreamId stream;
  WallTime start{};
  auto operator<=>(const RecordingKey&) const = default;
};

/// Which recordings people protect from deletion: kept here, because files do not say it and the
/// catalog can be lost. What holds now is said by the catalog; see retention/protection.h.
///
/// Every method may fail with kNoSpace, kUnavailable, kCorrupt or kInternal, from the database.
/// Thread-bound, like CameraStore.
class ProtectionStore {
 public:
  virtual ~ProtectionStore() = default;

  /// Adds them, all or none; those that are there stay.
  virtual Status Add(const std::vector<RecordingKey>& keys) = 0;
  /// Drops it, if it is there.
  virtual Status Remove(const RecordingKey& key) = 0;
  virtual Result<bool> Has(const RecordingKey& key) = 0;
  /// All of them, ascending.
  virtual Result<std::vector<RecordingKey>> All() = 0;
};

}  // namespace ronin
