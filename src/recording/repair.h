// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "catalog/segment.h"
#include "storage/mp4_scan.h"
#include "storage/segment_files.h"
#include "storage/volume.h"

namespace ronin::recording {

/// Reads a file that nobody writes, and cuts off its torn end. May block; any thread.
/// Errors: as ScanMp4() and CutTornTail().
Result<Mp4Scan> Repair(const std::string& path);

/// The row that a file without one should have, but for its volume_id; the file is repaired. May
/// block; any thread.
/// Errors: kCorrupt when there is no picture in it, or it is not ours; what the disk brings.
Result<Segment> RowOfFile(const Volume& volume, const SegmentFile& file, int64_t camera_id);

}  // namespace ronin::recording
