// SPDX-License-Identifier: MIT
#include "app/daemon.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <utility>

#include "api/api.h"
#include "app/catalog_guard.h"
#include "app/data_folder.h"
#include "app/databases.h"
#include "app/demo_cameras.h"
#include "app/exit_guard.h"
#include "app/file_limit.h"
#include "app/install_paths.h"
#include "app/make_restream.h"
#include "app/storage_keeper.h"
#include "base/ask.h"
#include "base/log.h"
#include "base/source.h"
#include "base/text.h"
#include "camera/status_poll.h"
#include "recording/camera_alarms.h"
#include "recording/gap_cause.h"
#include "recording/ledger.h"
#include "recording/write_rates.h"
#include "retention/file_mover.h"
#include "retention/footage_deleter.h"
#include "retention/recording_deleter.h"
#include "retention/sweeper.h"
#include "storage/spare_room.h"
#include "storage/volume_alarms.h"
#include "version.h"

namespace ronin::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kStopLimit = 4s;  // whoever asks for the end waits 5 s, and the machine may be busy

}  // namespace

/// In order of making; they die in the opposite order.
struct Daemon::Parts : Databases {
  Parts(Options o, Settings s) : options(std::move(o)), settings(std::move(s)) {}

  ExitGuard exit_guard;  // until all else is gone
  const Options options;
  const Settings settings;     // those of the start
  Settings loaded = settings;  // those of the newest reload
  const InstallPaths paths = FindInstallPaths();
  std::optional<FolderLock> lock;  // two recorders on one catalog would destroy it
  SystemClock clock;
  const std::string boot_id = recording::BootId();
  const SpareRoom spare_room{settings.data_dir};
  Worker database{"catalog"};
  Worker reload{"reload"};
  Worker pictures{"picture"};
  gst::Reaper reaper;
  std::unique_ptr<http::Server> server;
  Alarms alarms{clock};
  std::unique_ptr<StorageKeeper> storage;
  std::unique_ptr<recording::SegmentRows> rows;
  std::unique_ptr<CatalogGuard> catalog_guard;
  std::unique_ptr<recording::Ledger> ledger;
  std::unique_ptr<recording::Recorders> recorders;
  std::unique_ptr<live::HlsStreams> live;
  std::unique_ptr<live::LiveHub> hub;
  std::unique_ptr<live::LlStreams> low_latency;
  std::unique_ptr<live::Snapshots> snapshots;
  std::unique_ptr<restream::Restream> restream;  // none: it is off
  std::unique_ptr<camera::Cameras> cameras;
  std::unique_ptr<camera::StatusPoll> status_poll;
  std::unique_ptr<recording::WriteRates> rates;
  std::unique_ptr<VolumeAlarms> volume_alarms;
  std::unique_ptr<recording::CameraAlarms> camera_alarms;
  std::unique_ptr<retention::FootageDeleter> footage;
  std::unique_ptr<retention::RecordingDeleter> recording_deleter;
  ServedFiles served{clock};
  std::unique_ptr<retention::Sweeper> sweeper;
  std::unique_ptr<retention::FileMover> mover;
  std::unique_ptr<camera::Probes> probes;
  std::unique_ptr<talk::Talks> talks;
  std::unique_ptr<api::Api> api;
  std::unique_ptr<DemoCameras> demo;
  std::vector<std::string> urls;
  std::function<void()> ended;
  bool stopping = false;
  bool failed = false;  // it ends itself, to be started anew
  bool closed = false;
  int exit_code = 0;
  std::atomic<const char*> waits_for = "";  // at the end, for the exit guard
  std::atomic<bool> all_saved = false;      // disks and databases have all
  Source signals[3];
  Source waiting;  // for the storage, before "ready"
  Mailbox mailbox;

  Status OpenFolder();
  Status MakeServer();
  void MakeStorage();
  void MakeServices();
  void MakeAlarms();
  void CameraChanged(int64_t id) {
    if (api) api->events().CameraChanged(id);
  }
  void StartDemo();
  void AddDemoCameras(const std::vector<DemoCameras::DemoCamera>& found);
  void StartCameras();
  void AwaitStorage(MonoTime limit);
  void Ready();
  void Reload();
  void Apply(const Settings& fresh);
  void Stop();
  void GiveUp();
  int ExitCode() const;
  int LastWords() const;
  bool AllowLoopback(const Settings& from) const {
    return from.allow_loopback_cameras || options.demo_cameras > 0;
  }
};

Status Daemon::Parts::OpenFolder() {
  auto taken = TakeDataFolder(settings);
  if (!taken) return tl::unexpected(taken.error());
  lock = std::move(*taken);
  auto opened = OpenDatabases(settings.data_dir, clock, database);
  if (!opened) return tl::unexpected(opened.error());
  static_cast<Databases&>(*this) = std::move(*opened);
  return {};
}

Status Daemon::Parts::MakeServer() {
  http::Server::Options server_options;
  if (auto files = http::StaticFiles::Load(paths.ui)) {
    server_options.static_files = std::move(*files);
  } else {
    log::Warning("app", Concat("the web page is not there (", files.error().Text(),
                               "); the API works without it"));
  }
  server_options.spare_descriptors = [this] {
    return SpareDescriptors(cameras ? cameras->Connected() : 0);
  };
  auto made = http::Server::Create(std::move(server_options));
  if (!made) return tl::unexpected(made.error());
  server = std::move(*made);
  return {};
}

void Daemon::Parts::MakeStorage() {
  storage = std::make_unique<StorageKeeper>(
      StorageKeeper::Context{.clock = clock,
                             .config = config,
                             .catalog = *catalog,
                             .database = database,
                             .roots = settings.storage,
                             .known = known_volumes,
                             .homes = homes,
                             .sync_interval = settings.sync_interval});
  // So that alarms name a disk by its id before it has been seen, also of disks that are away.
  for (const CatalogVolume& volume : catalog_volumes) {
    if (!volume.uuid.empty()) storage->volumes().SetCatalogId(volume.uuid, volume.id);
  }
  rows = std::make_unique<recording::SegmentRows>(
      *catalog, database,
      recording::SegmentRows::Callbacks{.on_segment =
                                            [this](const Segment& segment) {
                                              if (api) api->events().RecordingChanged(segment);
                                            },
                                        .on_lost = [this] { storage->RecoverAll(); },
                                        .on_damage =
                                            [this](const Error& damage) {
                                              if (catalog_guard) catalog_guard->Replace(damage);
                                            }});
  catalog_guard = std::make_unique<CatalogGuard>(
      CatalogGuard::Context{.clock = clock,
                            .path = CatalogPath(settings.data_dir),
                            .catalog = *catalog,
                            .database = database,
                            .alarms = alarms,
                            .replaced =
                                [this] {
                                  rows->EnterAgain();
                                  storage->CatalogReplaced();
                                },
                            .filled = [this] { return storage->recovered(); }});
}

void Daemon::Parts::MakeAlarms() {
  rates = std::make_unique<recording::WriteRates>(
      recording::WriteRates::Context{*cameras, *recorders, storage->volumes(), clock});
  volume_alarms = std::make_unique<VolumeAlarms>(VolumeAlarms::Context{
      .volumes = storage->volumes(),
      .alarms = alarms,
      .clock = clock,
      .reserve = [this](const VolumeGate& gate) { return sweeper->FloorOf(gate); }});
  camera_alarms = std::make_unique<recording::CameraAlarms>(
      recording::CameraAlarms::Context{*cameras, *recorders, storage->volumes(), alarms, clock});
}

void Daemon::Parts::MakeServices() {
  const auto seen = last_run.last ? std::optional(last_run.last->alive) : std::nullopt;
  ledger = std::make_unique<recording::Ledger>(
      recording::Ledger::Context{clock, *config.ledger, database}, std::move(last_run), boot_id);
  recorders = std::make_unique<recording::Recorders>(recording::RecorderContext{
      .clock = clock,
      .reaper = reaper,
      .volumes = storage->volumes(),
      .rows = *rows,
      .open_paths = storage->open_paths(),
      .settings = {.segment_duration = settings.segment_duration, .fragment = settings.fragment},
      .on_changed = [this](int64_t id) { CameraChanged(id); },
      .ledger = ledger.get(),
      .memory = settings.camera_memory_bytes()});
  recorders->SetTimeZone(SiteTimeZone(settings));
  storage->SetRecorders(recorders.get());
  live = std::make_unique<live::HlsStreams>(
      clock, reaper,
      live::HlsStreams::Options{.idle_timeout = settings.hls_idle_timeout,
                                .memory = settings.camera_memory_bytes()});
  hub = std::make_unique<live::LiveHub>(
      clock, reaper,
      live::LiveHub::Options{.memory = settings.camera_memory_bytes(),
                             .sub_linger = settings.live_linger});
  low_latency = std::make_unique<live::LlStreams>(
      clock, *hub,
      live::LlStreams::Options{.idle_timeout = settings.hls_idle_timeout,
                               .memory = settings.camera_memory_bytes()});
  snapshots = std::make_unique<live::Snapshots>(pictures, settings.camera_memory_bytes());
  std::vector<camera::StreamListener*> listeners{recorders.get(), live.get(), hub.get(),
                                                 snapshots.get()};
  if (restream) listeners.push_back(restream.get());
  cameras = std::make_unique<camera::Cameras>(
      camera::Camera::Context{.clock = clock,
                              .reaper = reaper,
                              .settings = {.memory = settings.camera_memory_bytes(),
                                           .stall_timeout = settings.stall_timeout},
                              .listeners = std::move(listeners),
                              .on_changed = [this](camera::Camera& camera) {
                                recorders->CameraChanged(camera);
                                live->CameraChanged(camera);
                                hub->CameraChanged(camera);
                                if (restream) restream->CameraChanged(camera);
                                CameraChanged(camera.record().id);
                              }});
  status_poll = std::make_unique<camera::StatusPoll>(*cameras, clock, settings.status_poll);
  probes = std::make_unique<camera::Probes>(clock, reaper, cameras->passwords());
  talks = std::make_unique<talk::Talks>(talk::Talks::Context{clock, reaper, *cameras, {}});
  footage = std::make_unique<retention::FootageDeleter>(
      retention::FootageDeleter::Context{.cameras = *config.cameras,
                                         .catalog = *catalog,
                                         .database = database,
                                         .volumes = storage->volumes(),
                                         .open_paths = storage->open_paths()});
  recording_deleter = std::make_unique<retention::RecordingDeleter>(
      retention::RecordingDeleter::Context{.catalog = *catalog,
                                           .ledger = *config.ledger,
                                           .database = database,
                                           .volumes = storage->volumes()});
  sweeper = std::make_unique<retention::Sweeper>(
      retention::Sweeper::Context{.clock = clock,
                                  .config = config,
                                  .catalog = *catalog,
                                  .database = database,
                                  .volumes = storage->volumes(),
                                  .open_paths = storage->open_paths(),
                                  .served = served,
                                  .interval = settings.retention_interval,
                                  .seen = seen,
                                  .spare_room = &spare_room},
      retention::Sweeper::Hooks{
          .progress =
              [this](const retention::Sweeper::Progress& progress) {
                if (api) api->events().RetentionChanged(progress);
                // A run begins, also the first after the clock was not trusted.
                if (mover && progress.running && progress.deleted.files == 0) mover->Work();
              },
          .alarm =
              [this](AlarmKind kind, int64_t volume_id, const std::string& sentence) {
                const AlarmSubject subject =
                    volume_id == 0 ? AlarmSubject{} : AlarmSubject{.volume_id = volume_id};
                alarms.Put(!sentence.empty(), kind, subject, sentence);
              }});
  MakeAlarms();
  mover = std::make_unique<retention::FileMover>(
      retention::FileMover::Context{.clock = clock,
                                    .cameras = *config.cameras,
                                    .catalog = *catalog,
                                    .database = database,
                                    .volumes = storage->volumes(),
                                    .bytes_per_s = uint64_t(settings.move_kib_s) << 10,
                                    .on_progress =
                                        [this](const retention::MoveProgress& progress) {
                                          if (api) api->events().Moving(progress);
                                        },
                                    .trusted_time = [this] { return sweeper->TrustedTime(); }});
  storage->OnChanged([this] {
    sweeper->VolumesChanged();
    mover->Work();
    footage->Work();
  });
  api = std::make_unique<api::Api>(api::ApiContext{
      .clock = clock,
      .server = *server,
      .camera_store = *config.cameras,
      .ledger_store = *config.ledger,
      .settings = *config.settings,
      .volume_store = *config.volumes,
      .protection = *config.protection,
      .catalog = *catalog,
      .database = database,
      .cameras = *cameras,
      .probes = *probes,
      .recorders = *recorders,
      .rows = *rows,
      .live = *live,
      .hub = *hub,
      .low_latency = *low_latency,
      .snapshots = *snapshots,
      .talks = *talks,
      .pictures = pictures,
      .volumes = storage->volumes(),
      .alarms = alarms,
      .rates = *rates,
      .reserve = [this](const VolumeGate& gate) { return sweeper->FloorOf(gate); },
      .footage = *footage,
      .recording_deleter = *recording_deleter,
      .sweeper = *sweeper,
      .served = served,
      .mover = *mover,
      .version = RONIN_VERSION,
      .time_zone = SiteTimeZone(settings),
      .files = {.segment_duration = settings.segment_duration, .fragment = settings.fragment},
      .allow_loopback_cameras = AllowLoopback(settings),
      .undo = settings.undo});
  alarms.Tell([this] { api->events().AlarmsChanged(); });
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
      [this, found, now = clock.Now()] { return EnterDemoCameras(*config.cameras, found, now); },
      [this](const Status& done) {
        if (!done) log::Error("app", Concat("the demo cameras: ", done.error().Text()));
        StartCameras();
      });
}

void Daemon::Parts::StartCameras() {
  ledger->Start();
  Ask(
      database, mailbox, [this] { return config.cameras->List(); },
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
        AwaitStorage(clock.Mono() + 1500ms);
      });
}

/// Until each camera has had its turn to connect, and the first look at the disks is over; a disk
/// that does not answer holds up nobody.
void Daemon::Parts::AwaitStorage(MonoTime limit) {
  if (stopping) return;
  if (cameras->AllBegun() && (storage->settled() || clock.Mono() > limit)) {
    Ready();
    return;
  }
  waiting = Source::After(10ms, [this, limit] { AwaitStorage(limit); });
}

void Daemon::Parts::Ready() {
  api->SetReady();
  footage->Work();
  sweeper->Start();
  mover->Work();
  catalog_guard->Check();
  std::string line = "ready";
  for (const std::string& url : urls) line += " " + url;
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

void Daemon::Parts::Reload() {
  Ask(
      reload, mailbox,
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
  if (status_poll) status_poll->SetInterval(fresh.status_poll);
  cameras->SetTimeouts(
      {.memory = settings.camera_memory_bytes(), .stall_timeout = fresh.stall_timeout});
  live->SetIdleTimeout(fresh.hls_idle_timeout);
  low_latency->SetIdleTimeout(fresh.hls_idle_timeout);
  hub->SetSubLinger(fresh.live_linger);
  recorders->SetTimeZone(SiteTimeZone(fresh));
  sweeper->SetInterval(fresh.retention_interval);
  api->SetSite(SiteTimeZone(fresh), AllowLoopback(fresh), fresh.undo);
  loaded = fresh;
}

Daemon::Daemon(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Daemon::~Daemon() { Close(); }

int Daemon::Close() {
  Parts& p = *parts_;
  if (p.closed) return p.exit_code;
  p.closed = true;
  p.alarms.Tell({});
  p.api.reset();
  p.waits_for = "the databases";
  p.catalog_guard.reset();
  p.camera_alarms.reset();
  p.volume_alarms.reset();
  p.rates.reset();
  p.footage.reset();
  p.recording_deleter.reset();
  if (p.storage) p.storage->OnChanged(nullptr);
  p.waits_for = "a disk";
  p.mover.reset();
  p.sweeper.reset();
  p.talks.reset();
  p.probes.reset();
  p.status_poll.reset();
  p.cameras.reset();
  p.snapshots.reset();
  p.restream.reset();
  p.low_latency.reset();
  p.hub.reset();
  p.live.reset();
  // What is still on its way to the catalog gets there: files first, then rows.
  if (p.storage) {
    p.waits_for = "a disk";
    p.storage->SetRecorders(nullptr);
    p.recorders.reset();
    p.storage->Stop();
  }
  p.waits_for = "the databases";
  if (p.rows) p.rows->TryAgain();
  p.database.Post([&p] {
    p.catalog.reset();
    p.config = {};
  });
  p.database.Stop();
  p.reload.Stop();
  p.waits_for = "a pipeline";
  p.all_saved = true;
  p.pictures.Stop();
  p.reaper.Stop();
  p.demo.reset();  // a camera that goes away while its connection ends makes GStreamer complain
  p.exit_guard.Disarm();
  p.exit_code = p.ExitCode();
  if (const size_t waiting = p.rows ? p.rows->waiting() : 0; waiting > 0) {
    log::Error("app",
               Concat("the catalog did not take ", waiting,
                      " entries about recordings; their files are closed, and the next start "
                      "enters them"));
  }
  return p.exit_code;
}

Result<std::unique_ptr<Daemon>> Daemon::Create(const Options& options, const Settings& settings) {
  std::unique_ptr<Daemon> out(new Daemon(std::make_unique<Parts>(options, settings)));
  Parts& p = *out->parts_;
  if (auto done = p.OpenFolder(); !done) return tl::unexpected(done.error());
  if (auto done = p.MakeServer(); !done) return tl::unexpected(done.error());
  p.MakeStorage();
  auto restream = MakeRestream(
      settings, p.clock, [&p](StreamId id) { return p.cameras ? p.cameras->Find(id) : nullptr; });
  if (!restream) return tl::unexpected(restream.error());
  p.restream = std::move(*restream);
  p.MakeServices();
  return out;
}

Status Daemon::Start(std::function<void()> ended) {
  Parts& p = *parts_;
  p.ended = std::move(ended);
  p.reaper.OnTooMany([&p] { p.GiveUp(); });
  for (const std::string& address : p.settings.listen) {
    auto url = p.server->Listen(address);
    if (!url) return tl::unexpected(url.error());
    p.urls.push_back(*url);
  }
  if (p.restream) {
    auto url = p.restream->Start();
    if (!url) return tl::unexpected(url.error());
    std::printf("restream %s\n", url->c_str());
  }
  p.signals[0] = Source::OnSignal(SIGTERM, [this] { Stop(); });
  p.signals[1] = Source::OnSignal(SIGINT, [this] { Stop(); });
  p.signals[2] = Source::OnSignal(SIGHUP, [&p] { p.Reload(); });
  if (p.options.demo_cameras > 0) {
    p.StartDemo();
  } else {
    p.StartCameras();
  }
  return {};
}

void Daemon::Stop() { parts_->Stop(); }

void Daemon::Parts::Stop() {
  if (std::exchange(stopping, true)) return;
  log::Info("app", "stopping: closing all files");
  waits_for = "the cameras";
  exit_guard.Arm(kStopLimit, [this] { return LastWords(); });
  ledger->Stop();
  catalog_guard->Stop();
  footage->Stop();
  sweeper->Stop();
  mover->Stop();
  talks->Stop();
  probes->Stop();
  snapshots->Stop();
  status_poll.reset();
  cameras->StopAll([this] {
    ledger->Close();
    ended();
  });
}

/// Connections hang, so many that it cannot be one bad camera; a new start brings them all back.
void Daemon::Parts::GiveUp() {
  if (stopping) return;
  log::Error("app",
             "too many connections to cameras do not end; the recorder ends itself, to be started "
             "anew by whoever watches over it (systemd, Docker)");
  failed = true;
  Stop();
}

int Daemon::Parts::ExitCode() const {
  const bool all_closed = !storage || storage->open_paths().All().empty();
  return all_saved && all_closed && !failed ? 0 : 1;
}

/// On the exit guard's thread, while main waits for what hangs. Gives the exit code.
int Daemon::Parts::LastWords() const {
  std::string line = Concat("stopping takes too long, because of ", waits_for.load());
  for (const std::string& name : reaper.Names()) line += Concat("; hangs: ", name);
  for (const std::string& path : storage->open_paths().All()) line += Concat("; open: ", path);
  log::Error("app", Concat(line, ". It ends now; what is open is put in order by the next start"));
  return ExitCode();
}

}  // namespace ronin::app
