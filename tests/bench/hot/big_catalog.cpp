// SPDX-License-Identifier: MIT
#include "hot/big_catalog.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include "base/text.h"
#include "base/time_text.h"

namespace ronin::bench {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kAtOnce = 50'000;

Segment SegmentOf(int64_t volume, int64_t number, int64_t segments) {
  const int64_t camera = number % kBigCameras + 1;
  Segment out;
  out.camera_id = camera;
  out.volume_id = volume;
  out.start = BigStart(segments) + kBigSegment * (number / kBigCameras);
  out.end = out.start + kBigSegment;
  out.rel_path = Concat("camera ", camera, '/', FormatUtcDay(out.start), '/',
                        FormatUtcTimeOfDay(out.start), ".mp4");
  out.video = SegmentVideo{"h264", 1920, 1080};
  out.size_bytes = 450'000'000;
  out.frames = 22'500;
  out.state = SegmentState::kComplete;
  return out;
}

void Need(const Status& status) {
  if (!status) throw std::runtime_error(status.error().Text());
}

}  // namespace

WallTime BigStart(int64_t segments) {
  return kBigEnd - kBigSegment * ((segments + kBigCameras - 1) / kBigCameras);
}

Status MakeBigCatalog(const fs::path& path, int64_t segments) {
  if (fs::exists(path)) {
    const auto migrated = OpenCatalog(path);  // here, so that no copy has to be
    return migrated ? Status() : Fail(migrated.error());
  }
  const fs::path part = path.string() + ".part";
  fs::create_directories(path.parent_path());
  fs::remove(part);
  {
    auto catalog = OpenCatalog(part);
    if (!catalog) return Fail(catalog.error());
    const auto volume = (*catalog)->EnsureVolume("/bench");
    if (!volume) return Fail(volume.error());
    std::vector<Segment> rows;
    for (int64_t number = 0; number < segments;) {
      rows.clear();
      const int64_t end = std::min(segments, number + kAtOnce);
      for (; number < end; ++number) rows.push_back(SegmentOf(*volume, number, segments));
      if (auto done = (*catalog)->AdoptAll(rows); !done) return done;
    }
  }
  fs::rename(part, path);  // a whole one has this name
  return {};
}

BigCatalog::BigCatalog(int64_t segments) : segments_(segments) {
  const char* build = std::getenv("RONIN_BUILD_ROOT");
  if (build == nullptr) throw std::runtime_error("RONIN_BUILD_ROOT is not set");
  const fs::path cached = fs::path(build) / "bench-catalogs" / Concat(segments, ".db");
  Need(MakeBigCatalog(cached, segments));
  folder_ = fs::path(build) / "bench-catalogs" / Concat("copy-", segments);
  fs::remove_all(folder_);
  fs::create_directories(folder_);
  fs::copy_file(cached, folder_ / "catalog.db");
  auto catalog = OpenCatalog(folder_ / "catalog.db");
  if (!catalog) throw std::runtime_error(catalog.error().Text());
  catalog_ = std::move(*catalog);
}

BigCatalog::~BigCatalog() {
  catalog_.reset();
  fs::remove_all(folder_);
}

}  // namespace ronin::bench
