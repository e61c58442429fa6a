// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "storage/volume_probe.h"

namespace ronin::api {

/// What the catalog says, read at one moment. A value.
struct StoredFigures {
  std::vector<SegmentTotal> totals;
  std::vector<StreamReach> reach;
  std::vector<CatalogVolume> volumes;
  std::vector<Segment> open;    ///< rows of files that are being written
  std::vector<LaneTotal> kept;  ///< what is protected
};

/// Thread: the database's; blocks, for less than a millisecond.
Result<StoredFigures> ReadStored(Catalog& catalog);

/// How many files, and how large they are together.
struct FileSum {
  int64_t files = 0;
  int64_t size_bytes = 0;
  void Add(int64_t count, int64_t bytes) {
    files += count;
    size_bytes += bytes;
  }
};

/// All that exists: closed files as the catalog has them, open ones as they are. A value.
struct StorageSums {
  struct OfCamera {
    FileSum main;
    FileSum sub;
    int64_t protected_bytes = 0;  ///< of both
    std::optional<WallTime> oldest;
    std::optional<WallTime> newest;
  };
  FileSum all;
  std::map<int64_t, FileSum> volumes;  ///< by id in the catalog
  std::map<int64_t, OfCamera> cameras;
};

/// @param open_bytes  of the rows in `stored.open`, by id; those that are not in it do not exist.
/// Pure.
StorageSums SumUp(const StoredFigures& stored, const std::map<int64_t, int64_t>& open_bytes);

/// What there is of some days, read at one moment. A value.
struct DaySums {
  std::vector<DayTotal> days;  ///< their sizes are of closed files, until AddOpenFiles()
  std::vector<Segment> open;   ///< rows of files that are being written and began in these days
};

/// Thread: the database's; blocks, for less than a millisecond.
Result<DaySums> ReadDaySums(Catalog& catalog, WallTime start, WallTime end);

/// Adds to each day how large the files are that began in it and are still being written.
///
/// @param open_bytes  of the rows in `sums.open`, by id
void AddOpenFiles(DaySums& sums, const std::map<int64_t, int64_t>& open_bytes);

}  // namespace ronin::api
