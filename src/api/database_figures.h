// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "api/context.h"
#include "recording/coverage.h"

namespace ronin::api {

/// What only the databases know of the metrics: what there is, and what was recorded and what not
/// of each camera in the last 24 hours. Read when asked for, once for all who ask meanwhile, and
/// not again for 10 s; in pieces, so that other work of the database thread comes in between.
/// Thread: main.
class DatabaseFigures {
 public:
  struct Values {
    std::vector<SegmentTotal> totals;
    std::map<int64_t, recording::CoverageSums> days;  ///< by camera
  };

  /// `context` outlives it.
  explicit DatabaseFigures(const ApiContext& context) : context_(context) {}

  /// Brings them up to date. True when they are; else `done` is called, when that is over, well or
  /// not. Only the `done` of the newest call counts.
  bool Refresh(std::function<void()> done);

  /// nullptr before the first, and when the databases have not answered for a minute.
  const Values* values() const;

 private:
  struct Reading;
  void ReadOn(const std::shared_ptr<Reading>& reading);

  const ApiContext& context_;
  Values values_;
  std::optional<MonoTime> read_at_;
  std::optional<MonoTime> tried_at_;
  bool reading_ = false;
  std::function<void()> done_;
  Mailbox mailbox_;
};

}  // namespace ronin::api
