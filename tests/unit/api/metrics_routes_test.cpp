// SPDX-License-Identifier: MIT
#include "api/metrics_routes.h"

#include <future>

#include <gtest/gtest.h>

#include "config/setting_store.h"
#include "support/fake_clock.h"
#include "support/main_loop.h"
#include "support/temp_dir.h"
#include "unit/http/raw_client.h"

namespace ronin::api {
namespace {

using namespace std::chrono_literals;
using http::testing::RawClient;

/// The routes with one camera, which is switched off.
class MetricsRoutesTest : public ::testing::Test {
 protected:
  MetricsRoutesTest() {
    cameras_.Add(
        {.id = 1, .name = "Yard", .folder = "Yard", .enabled = false, .created = clock_.Now()});
    clock_.Advance(1h);
  }
  ~MetricsRoutesTest() override {
    LetGo();
    volumes_.StopWorkers();
    database_.Stop();
  }

  /// Lets the database thread do nothing more.
  void Hold() {
    database_.Post([held = held_.get_future().share()] { held.wait(); });
  }
  void LetGo() {
    if (!std::exchange(let_go_, true)) held_.set_value();
  }
  std::string Scrape() { return client_.Get("/metrics").body; }
  static bool HasDay(const std::string& text) {
    return text.find(
               "\nronin_camera_day_missing_seconds{camera_id=\"1\",camera=\"Yard\","
               "reason=\"stopped\"} ") != std::string::npos;
  }

  testing::TempDir dir_;
  testing::FakeClock clock_;
  std::promise<void> held_;
  bool let_go_ = false;
  Worker database_{"catalog"};
  gst::Reaper reaper_;
  OpenPaths open_paths_;
  std::unique_ptr<Catalog> catalog_ = OpenCatalog(dir_ / "catalog.db").value();
  ConfigStores stores_ = OpenConfigStores(dir_ / "config.db").value();
  recording::Ledger ledger_{{clock_, *stores_.ledger, database_}, {}, "boot"};
  recording::SegmentRows rows_{*catalog_, database_, {}};
  Volumes volumes_{{dir_.path()},
                   {},
                   clock_,
                   VolumeGate::Settings(),
                   {.identified = [](const auto&, const auto&) {},
                    .changed = [](VolumeGate&) {},
                    .data_lost = [](VolumeGate&) {},
                    .in_use = [](const VolumeGate&) { return false; }}};
  recording::Recorders recorders_{{.clock = clock_,
                                   .reaper = reaper_,
                                   .volumes = volumes_,
                                   .rows = rows_,
                                   .open_paths = open_paths_,
                                   .settings = {},
                                   .on_changed = [](int64_t) {},
                                   .ledger = &ledger_}};
  live::HlsStreams live_{clock_, reaper_, {}};
  live::LiveHub hub_{clock_, reaper_, {}};
  live::LlStreams low_latency_{clock_, hub_, {}};
  Worker pictures_{"picture"};
  live::Snapshots snapshots_{pictures_};
  camera::Cameras cameras_{
      {.clock = clock_,
       .reaper = reaper_,
       .settings = {},
       .listeners = {},
       .on_changed = [this](auto& camera) { recorders_.CameraChanged(camera); }}};
  retention::FootageDeleter footage_{{.cameras = *stores_.cameras,
                                      .catalog = *catalog_,
                                      .database = database_,
                                      .volumes = volumes_,
                                      .open_paths = open_paths_}};
  retention::RecordingDeleter recording_deleter_{{.catalog = *catalog_,
                                                  .ledger = *stores_.ledger,
                                                  .database = database_,
                                                  .volumes = volumes_}};
  ServedFiles served_{clock_};
  retention::Sweeper sweeper_{{.clock = clock_,
                               .config = stores_,
                               .catalog = *catalog_,
                               .database = database_,
                               .volumes = volumes_,
                               .open_paths = open_paths_,
                               .served = served_},
                              {.progress = [](const auto&) {}, .alarm = {}}};
  Alarms alarms_{clock_};
  recording::WriteRates rates_{{cameras_, recorders_, volumes_, clock_}};
  retention::FileMover mover_{{.clock = clock_,
                               .cameras = *stores_.cameras,
                               .catalog = *catalog_,
                               .database = database_,
                               .volumes = volumes_}};
  camera::Probes probes_{clock_, reaper_, cameras_.passwords()};
  talk::Talks talks_{{clock_, reaper_, cameras_, {}}};
  std::unique_ptr<http::Server> server_ = http::Server::Create({}).value();
  const ApiContext context_{.clock = clock_,
                            .server = *server_,
                            .camera_store = *stores_.cameras,
                            .ledger_store = *stores_.ledger,
                            .settings = *stores_.settings,
                            .volume_store = *stores_.volumes,
                            .protection = *stores_.protection,
                            .catalog = *catalog_,
                            .database = database_,
                            .cameras = cameras_,
                            .probes = probes_,
                            .recorders = recorders_,
                            .rows = rows_,
                            .live = live_,
                            .hub = hub_,
                            .low_latency = low_latency_,
                            .snapshots = snapshots_,
                            .talks = talks_,
                            .pictures = pictures_,
                            .volumes = volumes_,
                            .alarms = alarms_,
                            .rates = rates_,
                            .reserve = [](const VolumeGate&) { return uint64_t(0); },
                            .footage = footage_,
                            .recording_deleter = recording_deleter_,
                            .sweeper = sweeper_,
                            .served = served_,
                            .mover = mover_,
                            .version = "1.2.3",
                            .time_zone = "UTC"};
  MetricsRoutes routes_{context_};
  RawClient client_{server_->Listen("127.0.0.1:0").value()};
};

TEST_F(MetricsRoutesTest, TellWhatTheDatabasesKnowOfTheDay) {
  std::string text = Scrape();
  // A machine with too much to do may answer without it.
  for (int more = 20; more > 0 && !HasDay(text); --more) text = Scrape();

  EXPECT_TRUE(HasDay(text)) << text;
  EXPECT_NE(text.find("reason=\"stopped\"} 3600\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\nronin_build_info{version=\"1.2.3\"} 1\n"), std::string::npos);
  EXPECT_EQ(text.find("\nronin_camera_day_coverage_ratio{"), std::string::npos)
      << "nothing was to be recorded";
}

TEST_F(MetricsRoutesTest, AnswerWithTheRestWhileTheDatabaseIsStuck) {
  Hold();

  const std::string text = Scrape();

  EXPECT_FALSE(HasDay(text));
  EXPECT_NE(text.find("\nronin_camera_status{"), std::string::npos) << text;
  EXPECT_NE(text.find("\nronin_database_jobs_waiting "), std::string::npos);
  LetGo();
  EXPECT_TRUE(testing::PumpUntil([&] { return HasDay(Scrape()); }));
}

TEST_F(MetricsRoutesTest, KeepWhatWasReadForAMinuteAndThenLeaveItOut) {
  EXPECT_TRUE(HasDay(Scrape()));
  Hold();

  clock_.Advance(59s);
  EXPECT_TRUE(HasDay(Scrape()));
  clock_.Advance(1s);
  EXPECT_FALSE(HasDay(Scrape()));
}

TEST_F(MetricsRoutesTest, ReadTheDatabasesNoMoreThanOnceInTenSeconds) {
  const auto says = [](const std::string& text, const std::string& seconds) {
    return text.find("reason=\"stopped\"} " + seconds + "\n") != std::string::npos;
  };
  EXPECT_TRUE(says(Scrape(), "3600"));
  clock_.Advance(9s);
  EXPECT_TRUE(says(Scrape(), "3600"));
  clock_.Advance(1s);
  EXPECT_TRUE(says(Scrape(), "3600")) << "it does not wait for the reading";
  EXPECT_TRUE(testing::PumpUntil([&] { return says(Scrape(), "3610"); }));
}

}  // namespace
}  // namespace ronin::api
