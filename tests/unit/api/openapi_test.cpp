// SPDX-License-Identifier: MIT
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "api/api.h"
#include "config/setting_store.h"
#include "openapi_text.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace ronin::api {
namespace {

/// The operations in data/openapi.yaml, as "GET /api/cameras/{id}".
std::set<std::string> OperationsInDocument() {
  std::set<std::string> out;
  std::istringstream lines(kOpenapiText);
  const std::regex path("^  (/.*):$");
  const std::regex method("^    (get|put|post|patch|delete):$");
  std::string at;
  for (std::string line; std::getline(lines, line) && line != "components:";) {
    std::smatch match;
    if (std::regex_match(line, match, path)) {
      at = match[1];
    } else if (std::regex_match(line, match, method)) {
      std::string name = match[1];
      for (char& c : name) c = g_ascii_toupper(c);
      out.insert(name + " " + at);
    }
  }
  return out;
}

/// The routes of the program, as the document writes them.
std::set<std::string> RoutesOf(const http::Router& router) {
  std::set<std::string> out;
  for (const auto& route : router.Routes()) {
    out.insert(std::string(http::ToString(route.method)) + " " +
               std::regex_replace(route.pattern, std::regex(":int\\}"), "}"));
  }
  return out;
}

TEST(Openapi, TheDocumentHasExactlyTheRoutesOfTheProgram) {
  testing::TempDir dir;
  testing::FakeClock clock;
  Worker database("catalog");
  gst::Reaper reaper;
  OpenPaths open_paths;
  const auto catalog = OpenCatalog(dir / "catalog.db").value();
  ConfigStores stores = OpenConfigStores(dir / "config.db").value();
  recording::SegmentRows rows(*catalog, database, {});
  Volumes volumes({dir.path()}, {}, clock, VolumeGate::Settings(),
                  {.identified = [](const auto&, const auto&) {},
                   .changed = [](VolumeGate&) {},
                   .data_lost = [](VolumeGate&) {},
                   .in_use = [](const VolumeGate&) { return false; }});
  recording::Recorders recorders({.clock = clock,
                                  .reaper = reaper,
                                  .volumes = volumes,
                                  .rows = rows,
                                  .open_paths = open_paths,
                                  .settings = {},
                                  .on_changed = [](int64_t) {}});
  live::HlsStreams live(clock, reaper, {});
  live::LiveHub hub(clock, reaper, {});
  live::LlStreams low_latency(clock, hub, {});
  Worker pictures("picture");
  live::Snapshots snapshots(pictures);
  camera::Cameras cameras({.clock = clock, .reaper = reaper, .settings = {}, .listeners = {}});
  retention::FootageDeleter footage({.cameras = *stores.cameras,
                                     .catalog = *catalog,
                                     .database = database,
                                     .volumes = volumes,
                                     .open_paths = open_paths});
  retention::RecordingDeleter recording_deleter(
      {.catalog = *catalog, .ledger = *stores.ledger, .database = database, .volumes = volumes});
  ServedFiles served(clock);
  retention::Sweeper sweeper({.clock = clock,
                              .config = stores,
                              .catalog = *catalog,
                              .database = database,
                              .volumes = volumes,
                              .open_paths = open_paths,
                              .served = served},
                             {.progress = [](const auto&) {}, .alarm = {}});
  Alarms alarms(clock);
  const recording::WriteRates rates({cameras, recorders, volumes, clock});
  retention::FileMover mover({.clock = clock,
                              .cameras = *stores.cameras,
                              .catalog = *catalog,
                              .database = database,
                              .volumes = volumes});
  camera::Probes probes(clock, reaper, cameras.passwords());
  talk::Talks talks({clock, reaper, cameras, {}});
  const auto server = http::Server::Create({}).value();
  const Api api({.clock = clock,
                 .server = *server,
                 .camera_store = *stores.cameras,
                 .ledger_store = *stores.ledger,
                 .settings = *stores.settings,
                 .volume_store = *stores.volumes,
                 .protection = *stores.protection,
                 .catalog = *catalog,
                 .database = database,
                 .cameras = cameras,
                 .probes = probes,
                 .recorders = recorders,
                 .rows = rows,
                 .live = live,
                 .hub = hub,
                 .low_latency = low_latency,
                 .snapshots = snapshots,
                 .talks = talks,
                 .pictures = pictures,
                 .volumes = volumes,
                 .alarms = alarms,
                 .rates = rates,
                 .reserve = [](const VolumeGate&) { return uint64_t(0); },
                 .footage = footage,
                 .recording_deleter = recording_deleter,
                 .sweeper = sweeper,
                 .served = served,
                 .mover = mover,
                 .version = "test",
                 .time_zone = "UTC"});

  auto routes = RoutesOf(server->router());
  // WebSockets, which the router does not know.
  routes.insert("GET /api/events");
  routes.insert("GET /api/live");
  routes.insert("GET /api/talk");
  EXPECT_EQ(OperationsInDocument(), routes);
  volumes.StopWorkers();
  database.Stop();
}

}  // namespace
}  // namespace ronin::api
