// SPDX-License-Identifier: MIT
#include "pipeline/recorder_fixture.h"

#include <filesystem>
#include <future>

#include "support/main_loop.h"

namespace ronin::testing {

RecorderFixture::RecorderFixture(std::chrono::seconds segment_duration,
                                 std::chrono::milliseconds stall_timeout)
    : volume_(dir_ / "storage") {
  std::filesystem::create_directories(volume_.root());
  catalog_ = std::move(OpenCatalog(dir_ / "catalog.db").value());
  const int64_t volume_id = catalog_->EnsureVolume(volume_.root()).value();
  recorders_ = std::make_unique<recording::Recorders>(
      recording::RecorderContext{.clock = clock_,
                                 .reaper = reaper_,
                                 .catalog = *catalog_,
                                 .database = database_,
                                 .storage = storage_,
                                 .volume = volume_,
                                 .volume_id = volume_id,
                                 .settings = {.segment_duration = segment_duration},
                                 .on_segment =
                                     [this](const Segment& segment) {
                                       if (segment.state == SegmentState::kComplete) ++closed_;
                                     },
                                 .on_changed = [](int64_t) {}});
  cameras_ = std::make_unique<camera::Cameras>(
      camera::Camera::Context{.clock = clock_,
                              .reaper = reaper_,
                              .settings = {.stall_timeout = stall_timeout},
                              .listeners = {recorders_.get()},
                              .on_changed = [](camera::Camera&) {}});
}

RecorderFixture::~RecorderFixture() {
  StopAll();
  cameras_.reset();
  recorders_.reset();
  storage_.Stop();
  database_.Stop();
}

int64_t RecorderFixture::Add(const std::string& name, const std::string& url) {
  CameraRecord record;
  record.id = next_id_++;
  record.name = name;
  record.folder = name;
  record.url = url;
  const int64_t id = record.id;
  cameras_->Add(std::move(record));
  return id;
}

void RecorderFixture::StopAll() {
  if (std::exchange(stopped_, true)) return;
  bool done = false;
  cameras_->StopAll([&] { done = true; });
  PumpUntil([&] { return done; });
  // What was closed is on its way: storage thread, then database thread.
  std::promise<void> through;
  storage_.Post([&] { database_.Post([&] { through.set_value(); }); });
  through.get_future().wait();
}

std::vector<Segment> RecorderFixture::Rows() {
  std::promise<std::vector<Segment>> rows;
  database_.Post([&] { rows.set_value(catalog_->List({.limit = 1000}).value().items); });
  return rows.get_future().get();
}

}  // namespace ronin::testing
