// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/worker.h"
#include "catalog/catalog.h"
#include "config/setting_store.h"
#include "storage/open_paths.h"
#include "storage/segment_path.h"
#include "storage/volumes.h"
#include "support/fake_clock.h"
#include "support/main_loop.h"
#include "support/temp_dir.h"

namespace ronin::retention {

/// Volumes in folders, the databases on a thread of theirs, and recordings in both.
class VolumesFixture : public ::testing::Test {
 protected:
  static constexpr WallTime kNow{Micros(1'795'000'000'000'000)};

  /// A file and its row.
  struct Recording {
    WallTime start{};
    Micros length = std::chrono::hours(1);
    int64_t size_bytes = 5;  ///< as the row says; the file has five
    int64_t camera_id = 1;
    std::string folder = "Yard";
    size_t volume = 0;
    StreamKind stream = StreamKind::kMain;
    SegmentState state = SegmentState::kComplete;
  };

  /// Runs `job` on the thread of the databases.
  template <typename Job>
  auto OnDatabase(Job job) {
    std::promise<decltype(job())> promise;
    auto future = promise.get_future();
    database_.Post([&] { promise.set_value(job()); });
    return future.get();
  }

  explicit VolumesFixture(size_t volumes = 1, VolumeGate::Settings settings = {})
      : disks_(volumes),
        volumes_(Roots(), {}, clock_, settings,
                 {.identified = [](const auto&, const auto&) {},
                  .changed =
                      [this](VolumeGate&) {
                        if (on_changed_) on_changed_();
                      },
                  .data_lost = [](VolumeGate&) {},
                  .in_use = [](const VolumeGate&) { return false; }}) {
    testing::PumpUntil([this] {
      return std::ranges::all_of(volumes_.all(), [](const auto& gate) { return gate->ok(); });
    });
    for (const auto& gate : volumes_.all()) {
      ids_.push_back(
          OnDatabase([&] { return catalog_->EnsureVolume(gate->root(), gate->uuid()).value(); }));
      volumes_.SetCatalogId(gate->uuid(), ids_.back());
    }
  }
  ~VolumesFixture() override {
    volumes_.StopWorkers();
    database_.Stop();
  }

  VolumeGate& gate(size_t volume = 0) { return *volumes_.all()[volume]; }
  int64_t id_of(size_t volume = 0) const { return ids_[volume]; }
  /// Where the file is on the volume.
  std::string On(size_t volume, const std::string& rel_path) const {
    return disks_[volume] / rel_path;
  }
  static std::string PathOf(const std::string& folder, WallTime start, int copy = 1) {
    return SegmentPath{.folder = folder, .start = start, .copy = copy}.ToString();
  }
  static void Write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
  }

  int64_t AddCamera(const std::string& name) {
    return OnDatabase([&] {
      CameraRecord camera;
      camera.name = name;
      camera.url = "rtsp://192.0.2.1/";
      return stores_.cameras->Insert(camera, kNow)->id;
    });
  }
  /// Removed with its footage.
  int64_t AddDoomedCamera(const std::string& name) {
    const int64_t id = AddCamera(name);
    EXPECT_TRUE(OnDatabase([&] { return stores_.cameras->Hide(id, true, kNow); }));
    EXPECT_TRUE(OnDatabase([&] { return stores_.cameras->Remove(id); }));
    return id;
  }
  int64_t Record(const Recording& what) {
    const std::string rel_path =
        SegmentPath{
            .folder = what.folder, .sub = what.stream == StreamKind::kSub, .start = what.start}
            .ToString();
    Write(On(what.volume, rel_path), "media");
    return AddRow(what, rel_path);
  }
  int64_t AddRow(const Recording& what, const std::string& rel_path) {
    Segment segment;
    segment.camera_id = what.camera_id;
    segment.stream = what.stream;
    segment.volume_id = id_of(what.volume);
    segment.rel_path = rel_path;
    segment.start = what.start;
    if (what.state != SegmentState::kRecording) segment.end = what.start + what.length;
    segment.size_bytes = what.size_bytes;
    segment.state = what.state;
    return OnDatabase([&] { return catalog_->Adopt(segment).value(); });
  }
  size_t Rows(const SegmentQuery& query = {.limit = 1000}) {
    return OnDatabase([&] { return catalog_->List(query)->items.size(); });
  }
  void Protect(int64_t id) {
    ASSERT_TRUE(OnDatabase([&] { return catalog_->SetProtected(id, true); }));
  }

  std::vector<std::string> Roots() const {
    std::vector<std::string> out;
    for (const testing::TempDir& disk : disks_) out.push_back(disk.path());
    return out;
  }

  testing::TempDir dir_;
  const std::vector<testing::TempDir> disks_;
  testing::FakeClock clock_{kNow};
  Worker database_{"catalog"};
  OpenPaths open_paths_;
  std::unique_ptr<Catalog> catalog_ = OpenCatalog(dir_ / "catalog.db").value();
  ConfigStores stores_ = OpenConfigStores(dir_ / "config.db").value();
  std::function<void()> on_changed_;
  std::vector<int64_t> ids_;
  Volumes volumes_;
};

}  // namespace ronin::retention
