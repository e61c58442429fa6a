// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/worker.h"
#include "camera/cameras.h"
#include "catalog/catalog.h"
#include "config/setting_store.h"
#include "gst/reaper.h"
#include "live/hls_streams.h"
#include "recording/ledger.h"
#include "recording/recorders.h"
#include "recording/segment_rows.h"
#include "recording/timeline.h"
#include "storage/open_paths.h"
#include "storage/volumes.h"
#include "support/temp_dir.h"

namespace ronin::testing {

/// Everything from camera to catalog, as the daemon wires it, in the test's process. Thread: main.
class RecorderFixture {
 public:
  explicit RecorderFixture(std::chrono::seconds segment_duration,
                           std::chrono::milliseconds stall_timeout = std::chrono::seconds(4),
                           gst::Reaper::Settings reaper = {});
  ~RecorderFixture();

  /// Adds the camera at `url`, with the settings of `like`; as it stands, it is recorded. Returns
  /// its id.
  int64_t Add(const std::string& name, const std::string& url, CameraRecord like = {});
  /// Stops all cameras and waits until every row is complete.
  void StopAll();

  const recording::CameraRecorder* recorder(StreamId id) const { return recorders_->Find(id); }
  recording::Recorders& recorders() { return *recorders_; }
  camera::Camera* camera(StreamId id) const { return cameras_->Find(id); }
  /// Changes what is configured of a camera, as the API does.
  void Change(int64_t id, const std::function<void(CameraRecord&)>& edit);
  /// What the ledger has written down of a stream, by start.
  std::vector<GapRecord> Gaps(StreamId id);
  /// What was recorded of a stream from its beginning until now, as the API would tell.
  recording::Coverage CoverageOf(StreamId id);
  Volumes& volumes() { return *volumes_; }
  live::HlsStreams& live() { return *live_; }
  const gst::Reaper& reaper() const { return reaper_; }
  const OpenPaths& open_paths() const { return open_paths_; }
  camera::Cameras& cameras() { return *cameras_; }
  std::string storage() const { return dir_ / "storage"; }
  std::string PathOf(const Segment& segment) const {
    return volumes_->all()[0]->volume().PathOf(segment.rel_path);
  }

  /// The rows as the catalog has them now, by start.
  std::vector<Segment> Rows();
  /// Files that were closed so far, as told to the API.
  size_t closed_files() const { return closed_; }

 private:
  TempDir dir_;
  SystemClock clock_;
  std::unique_ptr<Catalog> catalog_;
  ConfigStores stores_;
  Worker database_{"catalog"};
  gst::Reaper reaper_;
  OpenPaths open_paths_;
  std::unique_ptr<Volumes> volumes_;
  std::unique_ptr<recording::SegmentRows> rows_;
  std::unique_ptr<recording::Ledger> ledger_;
  std::unique_ptr<recording::Recorders> recorders_;
  std::unique_ptr<live::HlsStreams> live_;
  std::unique_ptr<camera::Cameras> cameras_;
  size_t closed_ = 0;
  int64_t next_id_ = 1;
  bool stopped_ = false;
};

}  // namespace ronin::testing
