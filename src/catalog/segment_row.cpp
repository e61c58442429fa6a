// SPDX-License-Identifier: MIT
#include "catalog/segment_row.h"

namespace ronin {

SegmentState SegmentStateFromText(const std::string& text) {
  for (const SegmentState state :
       {SegmentState::kRecording, SegmentState::kComplete, SegmentState::kRecovered}) {
    if (text == ToString(state)) return state;
  }
  return SegmentState::kMissing;
}

Segment SegmentFromRow(const Statement& row) {
  Segment out;
  out.id = row.Int(0);
  out.camera_id = row.Int(1);
  out.stream = row.Text(2) == "sub" ? StreamKind::kSub : StreamKind::kMain;
  out.volume_id = row.Int(3);
  out.rel_path = row.Text(4);
  out.start = FromMicros(row.Int(5));
  if (!row.IsNull(6)) out.end = FromMicros(row.Int(6));
  out.size_bytes = row.Int(7);
  out.frames = row.OptionalInt(8);
  out.state = SegmentStateFromText(row.Text(9));
  if (!row.IsNull(10)) {
    out.video = SegmentVideo{row.Text(10), int(row.Int(11)), int(row.Int(12))};
  }
  if (!row.IsNull(13)) {
    out.audio = SegmentAudio{row.Text(13), int(row.Int(14)), int(row.Int(15))};
  }
  out.is_protected = row.Int(16) != 0;
  out.is_suspect = row.Int(17) != 0;
  if (const auto offset_us = row.OptionalInt(18)) {
    out.camera_clock = CameraClock{Micros(*offset_us), {}};
    if (const auto drift_us = row.OptionalInt(19)) out.camera_clock->drift = Micros(*drift_us);
  }
  out.clock_epoch = row.OptionalInt(20);
  return out;
}

Result<std::vector<Segment>> ReadSegments(Statement& rows) {
  std::vector<Segment> out;
  auto row = rows.Step();
  for (; row && *row; row = rows.Step()) out.push_back(SegmentFromRow(rows));
  if (!row) return Fail(std::move(row.error()));
  return out;
}

}  // namespace ronin
