// SPDX-License-Identifier: MIT
#include "pipeline/recorder_fixture.h"

#include <filesystem>
#include <future>

#include "support/main_loop.h"

namespace ronin::testing {

RecorderFixture::RecorderFixture(std::chrono::seconds segment_duration,
                                 std::chrono::milliseconds stall_timeout,
                                 gst::Reaper::Settings reaper)
    : reaper_(reaper) {
  std::filesystem::create_directories(storage());
  catalog_ = std::move(OpenCatalog(dir_ / "catalog.db").value());
  volumes_ = std::make_unique<Volumes>(
      std::vector{storage()}, std::vector<KnownVolume>(), clock_, VolumeGate::Settings(),
      Volumes::Hooks{
          .identified = [](const auto&, const auto&) {},
          .changed = [this](VolumeGate&) { recorders_->VolumesChanged(); },
          .data_lost = [this](VolumeGate& gate) { recorders_->DataLost(gate); },
          .in_use =
              [this](const VolumeGate& gate) { return recorders_ && recorders_->WritesTo(gate); }});
  rows_ = std::make_unique<recording::SegmentRows>(
      *catalog_, database_,
      recording::SegmentRows::Callbacks{.on_segment =
                                            [this](const Segment& segment) {
                                              if (segment.state == SegmentState::kComplete)
                                                ++closed_;
                                            },
                                        .on_lost = [] {}});
  stores_ = OpenConfigStores(dir_ / "config.db").value();
  ledger_ = std::make_unique<recording::Ledger>(
      recording::Ledger::Context{clock_, *stores_.ledger, database_},
      stores_.ledger->FindLastRun().value(), "boot");
  live_ = std::make_unique<live::HlsStreams>(clock_, reaper_, live::HlsStreams::Options{});
  recorders_ = std::make_unique<recording::Recorders>(
      recording::RecorderContext{.clock = clock_,
                                 .reaper = reaper_,
                                 .volumes = *volumes_,
                                 .rows = *rows_,
                                 .open_paths = open_paths_,
                                 .settings = {.segment_duration = segment_duration},
                                 .on_changed = [](int64_t) {},
                                 .ledger = ledger_.get()});
  cameras_ = std::make_unique<camera::Cameras>(
      camera::Camera::Context{.clock = clock_,
                              .reaper = reaper_,
                              .settings = {.stall_timeout = stall_timeout},
                              .listeners = {recorders_.get(), live_.get()},
                              .on_changed = [this](camera::Camera& camera) {
                                recorders_->CameraChanged(camera);
                                live_->CameraChanged(camera);
                              }});
}

RecorderFixture::~RecorderFixture() {
  StopAll();
  cameras_.reset();
  live_.reset();
  recorders_.reset();
  volumes_->StopWorkers();
  database_.Stop();
}

int64_t RecorderFixture::Add(const std::string& name, const std::string& url, CameraRecord record) {
  record.id = next_id_++;
  record.name = name;
  record.folder = name;
  record.url = url;
  record.created = clock_.Now();
  const int64_t id = record.id;
  cameras_->Add(std::move(record));
  return id;
}

void RecorderFixture::Change(int64_t id, const std::function<void(CameraRecord&)>& edit) {
  CameraRecord record = camera(id)->record();
  edit(record);
  cameras_->Change(std::move(record));
}

std::vector<GapRecord> RecorderFixture::Gaps(StreamId id) {
  std::promise<std::vector<GapRecord>> gaps;
  database_.Post([&] {
    gaps.set_value(stores_.ledger->Gaps(id, {}, clock_.Now() + std::chrono::hours(1)).value());
  });
  return gaps.get_future().get();
}

recording::Coverage RecorderFixture::CoverageOf(StreamId id) {
  recording::TimelineQuery query{.camera_id = id.camera_id,
                                 .stream = id.kind,
                                 .window = {{}, clock_.Now()},
                                 .now = clock_.Now(),
                                 .created = camera(id)->record().created,
                                 .recording = recorder(id)->recording(),
                                 .known = recorder(id)->recorded_until()};
  std::promise<recording::Coverage> coverage;
  database_.Post([&] {
    coverage.set_value(recording::ReadCoverage(*catalog_, *stores_.ledger, query).value());
  });
  return coverage.get_future().get();
}

void RecorderFixture::StopAll() {
  if (std::exchange(stopped_, true)) return;
  ledger_->Stop();
  bool done = false;
  cameras_->StopAll([&] { done = true; });
  PumpUntil([&] { return done; });
  // What was closed is on its way: storage thread, then database thread.
  std::promise<void> through;
  volumes_->all()[0]->write_worker().Post([&] { database_.Post([&] { through.set_value(); }); });
  through.get_future().wait();
}

std::vector<Segment> RecorderFixture::Rows() {
  std::promise<std::vector<Segment>> rows;
  database_.Post([&] { rows.set_value(catalog_->List({.limit = 1000}).value().items); });
  return rows.get_future().get();
}

}  // namespace ronin::testing
