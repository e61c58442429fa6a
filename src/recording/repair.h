// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "catalog/segment.h"
#include "storage/mp4_scan.h"
#include "storage/segment_files.h"

namespace ronin::recording {

/// Reads a file that nobody writes, cuts off its torn end, and gives a recording of ours the index
/// that it would have if it had been closed. Changes nothing but that end; cut off anywhere and
/// repeated, it makes the same file. Where the disk does not take the index, that is logged: the
/// file plays without it. May block; any thread. Errors: as ScanMp4() and CutTornTail().
Result<Mp4Scan> Repair(const std::string& path);
/// The same for a file of which ScanMp4Media() said `scan`.
Result<Mp4Scan> Repair(const std::string& path, Mp4Scan scan);

/// The sound that a file has, as rows name it.
std::optional<SegmentAudio> SoundIn(const Mp4Scan& scan);

/// The row that a file without one should have, but for its volume_id, by what is whole in it.
/// Stream and start are what the file says, and what its path says where it says nothing. Pure.
/// @return nothing when it holds no picture
std::optional<Segment> RowOfFile(const SegmentFile& file, int64_t camera_id, const Mp4Scan& scan);

}  // namespace ronin::recording
