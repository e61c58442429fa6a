// SPDX-License-Identifier: MIT
#include "app/daemon.h"

#include <csignal>
#include <cstdio>
#include <future>
#include <map>
#include <utility>

#include "api/api.h"
#include "app/demo_cameras.h"
#include "app/install_paths.h"
#include "base/ask.h"
#include "base/log.h"
#include "base/source.h"
#include "base/text.h"
#include "config/setting_store.h"
#include "recording/gap_cause.h"
#include "recording/ledger.h"
#include "recording/recovery.h"
#include "storage/folder_lock.h"
#include "storage/folders.h"
#include "storage/volume_sync.h"
#include "version.h"

namespace ronin::app {
namespace {

using namespace std::chrono_literals;

/// Runs `job` on the worker and waits for it; only before the main loop runs.
template <typename Job>
auto RunOn(Worker& worker, Job job) {
  std::promise<decltype(job())> promise;
  auto future = promise.get_future();
  worker.Post([&] { promise.set_value(job()); });
  return future.get();
}

std::string SiteTimeZone(const Settings& settings) {
  if (!settings.time_zone.empty()) return settings.time_zone;
  GTimeZone* zone = g_time_zone_new_local();
  std::string name = g_time_zone_get_identifier(zone);
  g_time_zone_unref(zone);
  return name.find('/') == std::string::npos ? "UTC" : name;
}

}  // namespace

/// In order of making; they die in the opposite order.
struct Daemon::Parts {
  Parts(Options o, Settings s) : options(std::move(o)), settings(std::move(s)) {}

  const Options options;
  const Settings settings;     // those of the start
  Settings loaded = settings;  // those of the newest reload
  const InstallPaths paths = FindInstallPaths();
  std::optional<FolderLock> lock;  // two recorders on one catalog would destroy it
  SystemClock clock;
  std::unique_ptr<CameraStore> camera_store;
  std::unique_ptr<LedgerStore> ledger_store;
  LastRun last_run;
  const std::string boot_id = recording::BootId();
  std::unique_ptr<Catalog> catalog;
  std::unique_ptr<Volume> volume;
  int64_t volume_id = 0;
  Worker database{"catalog"};
  Worker storage_write{"storage-0-write"};
  Worker storage_read{"storage-0-read"};
  gst::Reaper reaper;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<recording::Ledger> ledger;
  std::unique_ptr<recording::Recorders> recorders;
  std::unique_ptr<VolumeSync> sync;
  std::unique_ptr<live::HlsStreams> live;
  std::unique_ptr<camera::Cameras> cameras;
  std::unique_ptr<api::Api> api;
  std::unique_ptr<DemoCameras> demo;
  std::vector<std::string> urls;
  std::function<void(int)> ended;
  bool stopping = false;
  Source signals[3];
  Mailbox mailbox;

  Status MakeFolders();
  Status OpenDatabases();
  Status MakeServer();
  void MakeServices();
  void CameraChanged(int64_t id) {
    if (api) api->events().CameraChanged(id);
  }
  void Recover();
  void StartDemo();
  void AddDemoCameras(const std::vector<DemoCameras::DemoCamera>& found);
  void StartCameras();
  void Ready();
  void Reload();
  void Apply(const Settings& fresh);
  bool AllowLoopback(const Settings& from) const {
    return from.allow_loopback_cameras || options.demo_cameras > 0;
  }
};

Status Daemon::Parts::MakeFolders() {
  if (auto made = MakeDirs(settings.data_dir); !made) {
    return tl::unexpected(made.error().In("the data folder cannot be made"));
  }
  // Only the default storage is made: one that was named belongs to a disk, which may be away.
  volume = std::make_unique<Volume>(settings.storage.front());
  for (size_t i = 1; i < settings.storage.size(); ++i) {
    log::Warning("app", Concat("storage ", settings.storage[i], " is not used: only the first is, ",
                               volume->root()));
  }
  if (auto taken = FolderLock::Take(settings.data_dir); taken) {
    lock = std::move(*taken);
  } else {
    return tl::unexpected(taken.error());
  }
  if (settings.storage.front() == settings.data_dir + "/recordings") {
    if (auto made = MakeDirs(settings.storage.front()); !made) {
      return tl::unexpected(made.error().In("the folder for recordings cannot be made"));
    }
  }
  return {};
}

Status Daemon::Parts::OpenDatabases() {
  return RunOn(database, [this]() -> Status {
    auto stores = OpenConfigStores(settings.data_dir + "/config.db");
    if (!stores) return tl::unexpected(stores.error());
    camera_store = std::move(stores->cameras);
    ledger_store = std::move(stores->ledger);
    auto last = ledger_store->FindLastRun();
    if (!last) return tl::unexpected(last.error());
    last_run = std::move(*last);
    auto opened = OpenCatalog(settings.data_dir + "/catalog.db", clock);
    if (!opened) return tl::unexpected(opened.error());
    catalog = std::move(*opened);
    auto id = catalog->EnsureVolume(volume->root());
    if (!id) return tl::unexpected(id.error());
    volume_id = *id;
    return {};
  });
}

Status Daemon::Parts::MakeServer() {
  http::Server::Options server_options;
  if (auto files = http::StaticFiles::Load(paths.ui)) {
    server_options.static_files = std::move(*files);
  } else {
    log::Warning("app", Concat("the web page is not there (", files.error().Text(),
                               "); the API works without it"));
  }
  auto made = http::Server::Create(std::move(server_options));
  if (!made) return tl::unexpected(made.error());
  server = std::move(*made);
  return {};
}

void Daemon::Parts::MakeServices() {
  ledger = std::make_unique<recording::Ledger>(
      recording::Ledger::Context{clock, *ledger_store, database}, std::move(last_run), boot_id);
  recorders = std::make_unique<recording::Recorders>(recording::RecorderContext{
      .clock = clock,
      .reaper = reaper,
      .catalog = *catalog,
      .database = database,
      .storage = storage_write,
      .volume = *volume,
      .volume_id = volume_id,
      .settings = {.segment_duration = settings.segment_duration, .fragment = settings.fragment},
      .on_segment =
          [this](const Segment& segment) {
            if (api) api->events().RecordingChanged(segment);
          },
      .on_changed = [this](int64_t id) { CameraChanged(id); },
      .ledger = ledger.get()});
  recorders->SetTimeZone(SiteTimeZone(settings));
  sync = std::make_unique<VolumeSync>(*volume, storage_write, settings.sync_interval,
                                      [this] { return recorders->AnyRecording(); });
  live = std::make_unique<live::HlsStreams>(
      clock, reaper, live::HlsStreams::Options{.idle_timeout = settings.hls_idle_timeout});
  cameras = std::make_unique<camera::Cameras>(
      camera::Camera::Context{.clock = clock,
                              .reaper = reaper,
                              .settings = {.stall_timeout = settings.stall_timeout},
                              .listeners = {recorders.get(), live.get()},
                              .on_changed = [this](camera::Camera& camera) {
                                recorders->CameraChanged(camera);
                                CameraChanged(camera.record().id);
                              }});
  api = std::make_unique<api::Api>(
      api::ApiContext{.clock = clock,
                      .server = *server,
                      .camera_store = *camera_store,
                      .ledger_store = *ledger_store,
                      .catalog = *catalog,
                      .database = database,
                      .read_worker = storage_read,
                      .cameras = *cameras,
                      .recorders = *recorders,
                      .live = *live,
                      .volume = *volume,
                      .version = RONIN_VERSION,
                      .time_zone = SiteTimeZone(settings),
                      .allow_loopback_cameras = AllowLoopback(settings)});
}

void Daemon::Parts::Recover() {
  Ask(
      database, mailbox,
      [this, before = clock.Now()]() -> Result<recording::RecoveryReport> {
        if (auto there = volume->Check(); !there) return tl::unexpected(there.error());
        auto records = camera_store->List();
        if (!records) return tl::unexpected(records.error());
        std::map<std::string, int64_t> folders;
        for (const CameraRecord& record : *records) folders[record.folder] = record.id;
        return recording::Recover(*catalog, *volume, volume_id, folders, before);
      },
      [this](const Result<recording::RecoveryReport>& report) {
        if (!report) {
          log::Error("app", Concat("the recordings were not checked: ", report.error().Text()));
        } else if (report->repaired + report->adopted + report->missing + report->empty > 0) {
          log::Info("app", Concat("after the last run: ", report->repaired, " files repaired, ",
                                  report->adopted, " adopted, ", report->missing, " missing, ",
                                  report->empty, " empty"));
        }
        if (stopping) return;
        if (options.demo_cameras > 0) {
          StartDemo();
        } else {
          StartCameras();
        }
      });
}

void Daemon::Parts::StartDemo() {
  auto started =
      DemoCameras::Start(paths.demo_cameras, options.demo_cameras, settings.data_dir + "/demo",
                         [this](Result<std::vector<DemoCameras::DemoCamera>> found) {
                           if (found) {
                             AddDemoCameras(*found);
                             return;
                           }
                           log::Error("app", found.error().Text());
                           StartCameras();
                         });
  if (started) {
    demo = std::move(*started);
    return;
  }
  log::Error("app", started.error().Text());
  StartCameras();
}

void Daemon::Parts::AddDemoCameras(const std::vector<DemoCameras::DemoCamera>& found) {
  Ask(
      database, mailbox,
      [this, found, now = clock.Now()]() -> Status {
        const auto stored = camera_store->List();
        if (!stored) return tl::unexpected(stored.error());
        for (const auto& demo_camera : found) {
          CameraRecord record{.name = demo_camera.name};
          for (const CameraRecord& old : *stored) {
            if (old.name == demo_camera.name) record = old;
          }
          record.url = demo_camera.url;  // its port is another one each time
          const auto saved = record.id != 0 ? camera_store->Update(record, now)
                                            : camera_store->Insert(record, now);
          if (!saved) return tl::unexpected(saved.error());
        }
        return {};
      },
      [this](const Status& done) {
        if (!done) log::Error("app", Concat("the demo cameras: ", done.error().Text()));
        StartCameras();
      });
}

void Daemon::Parts::StartCameras() {
  ledger->Start();
  Ask(
      database, mailbox, [this] { return camera_store->List(); },
      [this](Result<std::vector<CameraRecord>> records) {
        if (stopping) return;
        if (!records) {
          log::Error("app", Concat("the cameras cannot be read: ", records.error().Text()));
          return;
        }
        for (CameraRecord& record : *records) {
          const int64_t id = record.id;
          // One may have been added by a request meanwhile.
          if (cameras->Find(id) == nullptr) cameras->Add(std::move(record));
          CameraChanged(id);
        }
        Ready();
      });
}

void Daemon::Parts::Ready() {
  api->SetReady();
  std::string line = "ready";
  for (const std::string& url : urls) line += " " + url;
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

void Daemon::Parts::Reload() {
  Ask(
      storage_read, mailbox,
      [config = options.config_file, overrides = options.overrides] {
        return Settings::Load(config, overrides);
      },
      [this](const Result<Settings>& fresh) {
        if (!fresh) {
          log::Error("app", Concat("the settings stay as they were: ", fresh.error().Text()));
          return;
        }
        Apply(*fresh);
      });
}

/// What the table of settings does not mark as "restart".
void Daemon::Parts::Apply(const Settings& fresh) {
  // Both levels let the lines about the change through.
  log::SetThreshold(std::max(loaded.log_level, fresh.log_level));
  for (const SettingChange& change : ChangedSettings(loaded, fresh)) {
    log::Info("app", Concat("setting ", change.key, " has changed",
                            change.needs_restart ? "; it takes effect after a restart" : ""));
  }
  log::SetThreshold(fresh.log_level);
  cameras->SetTimeouts({.stall_timeout = fresh.stall_timeout});
  live->SetIdleTimeout(fresh.hls_idle_timeout);
  recorders->SetTimeZone(SiteTimeZone(fresh));
  api->SetSite(SiteTimeZone(fresh), AllowLoopback(fresh));
  loaded = fresh;
}

Daemon::Daemon(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Daemon::~Daemon() {
  Parts& p = *parts_;
  p.demo.reset();
  // What is still on its way to the catalog gets there: files first, then rows.
  p.storage_write.Stop();
  p.database.Post([&p] {
    p.catalog.reset();
    p.camera_store.reset();
    p.ledger_store.reset();
  });
  p.database.Stop();
}

Result<std::unique_ptr<Daemon>> Daemon::Create(const Options& options, const Settings& settings) {
  std::unique_ptr<Daemon> out(new Daemon(std::make_unique<Parts>(options, settings)));
  Parts& p = *out->parts_;
  if (auto done = p.MakeFolders(); !done) return tl::unexpected(done.error());
  if (auto done = p.OpenDatabases(); !done) return tl::unexpected(done.error());
  if (auto done = p.MakeServer(); !done) return tl::unexpected(done.error());
  p.MakeServices();
  return out;
}

Status Daemon::Start(std::function<void(int)> ended) {
  Parts& p = *parts_;
  p.ended = std::move(ended);
  for (const std::string& address : p.settings.listen) {
    auto url = p.server->Listen(address);
    if (!url) return tl::unexpected(url.error());
    p.urls.push_back(*url);
  }
  p.signals[0] = Source::OnSignal(SIGTERM, [this] { Stop(); });
  p.signals[1] = Source::OnSignal(SIGINT, [this] { Stop(); });
  p.signals[2] = Source::OnSignal(SIGHUP, [&p] { p.Reload(); });
  p.Recover();
  return {};
}

void Daemon::Stop() {
  Parts& p = *parts_;
  if (std::exchange(p.stopping, true)) return;
  log::Info("app", "stopping: closing all files");
  p.ledger->Stop();
  p.cameras->StopAll([&p] {
    p.ledger->Close();
    p.ended(0);
  });
}

}  // namespace ronin::app
