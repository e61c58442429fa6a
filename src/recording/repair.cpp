// SPDX-License-Identifier: MIT
#include "recording/repair.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/text.h"

namespace ronin::recording {
namespace {

std::string ApiCodec(const std::string& sample_entry) {
  if (sample_entry == "avc1" || sample_entry == "avc3") return "h264";
  if (sample_entry == "hvc1" || sample_entry == "hev1") return "h265";
  if (sample_entry == "mp4a") return "aac";
  if (sample_entry == "Opus") return "opus";
  return sample_entry;
}

}  // namespace

Result<Mp4Scan> Repair(const std::string& path) {
  auto scan = ScanMp4Media(path);
  return scan ? Repair(path, std::move(*scan)) : scan;
}

Result<Mp4Scan> Repair(const std::string& path, Mp4Scan scan) {
  // Without a whole fragment there is nothing to keep, so nothing is cut either.
  if (scan.fragments == 0) return scan;
  if (auto cut = CutTornTail(path, scan); !cut) return tl::unexpected(cut.error());
  scan.torn_bytes = 0;
  if (!scan.unindexed) return scan;
  if (const auto bytes = AppendMp4Index(path, scan)) {
    scan.whole_bytes += *bytes;
    scan.unindexed = false;
  } else {
    log::Warning("recording", Concat(path, " plays, but has no index: ", bytes.error().Text()));
  }
  return scan;
}

std::optional<SegmentAudio> SoundIn(const Mp4Scan& scan) {
  if (!scan.audio) return std::nullopt;
  const Mp4Audio& audio = *scan.audio;
  return SegmentAudio{ApiCodec(audio.codec), audio.sample_rate_hz, audio.channels};
}

std::optional<Segment> RowOfFile(const SegmentFile& file, int64_t camera_id, const Mp4Scan& scan) {
  if (scan.frames == 0 || !scan.video) return std::nullopt;
  Segment row;
  row.camera_id = camera_id;
  const bool sub = scan.origin ? scan.origin->sub_stream : file.named.sub;
  row.stream = sub ? StreamKind::kSub : StreamKind::kMain;
  row.rel_path = file.rel_path;
  row.start = file.named.start;
  if (scan.origin && scan.origin->zero) {
    row.start = std::max(*scan.origin->zero + scan.begin, FromMicros(0));
  }
  row.end = row.start + scan.duration;
  row.size_bytes = int64_t(scan.whole_bytes);
  row.frames = int64_t(scan.frames);
  row.state = SegmentState::kRecovered;
  row.video = SegmentVideo{ApiCodec(scan.video->codec), scan.video->width, scan.video->height};
  row.audio = SoundIn(scan);
  return row;
}

}  // namespace ronin::recording
