// SPDX-License-Identifier: MIT
#include "app/storage_keeper.h"

#include <algorithm>
#include <utility>

#include "base/ask.h"
#include "base/log.h"
#include "base/text.h"
#include "retention/protection.h"
#include "storage/polite_thread.h"

namespace ronin::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kAskAgain = 1s;
constexpr auto kCheckAgain = 10s;

std::vector<KnownVolume> Known(const std::vector<VolumeRecord>& records) {
  std::vector<KnownVolume> out;
  for (const VolumeRecord& record : records) out.push_back({record.uuid, record.path, record.use});
  return out;
}

}  // namespace

/// The check of one disk's recordings.
struct StorageKeeper::Check {
  unsigned done = 0;     // the gate's generation that was checked to the end
  unsigned running = 0;  // the one that is being checked; 0: none
  std::shared_ptr<std::atomic<bool>> cancelled;  // shared with the thread
  std::unique_ptr<Worker> thread;                // only while it runs
};

StorageKeeper::StorageKeeper(Context context) : context_(std::move(context)) {
  volumes_ = std::make_unique<Volumes>(
      context_.roots, Known(context_.known), context_.clock,
      VolumeGate::Settings{.sync_interval = context_.sync_interval},
      Volumes::Hooks{.identified = [this](const std::string& uuid,
                                          const std::string& root) { Identified(uuid, root); },
                     .changed = [this](VolumeGate& gate) { Changed(gate); },
                     .data_lost =
                         [this](VolumeGate& gate) {
                           if (recorders_ != nullptr) recorders_->DataLost(gate);
                         },
                     .in_use =
                         [this](const VolumeGate& gate) {
                           return recorders_ != nullptr && recorders_->WritesTo(gate);
                         },
                     .homed = [this](const std::string& camera,
                                     const std::string& volume) { KeepHome(camera, volume); }},
      std::move(context_.homes));
  for (const VolumeRecord& record : context_.known) {
    VolumeGate* gate = record.added ? volumes_->Add(record.path) : nullptr;
    if (gate != nullptr) volumes_->Admit(*gate);
  }
}

StorageKeeper::~StorageKeeper() { Stop(); }

void StorageKeeper::Stop() {
  if (std::exchange(stopped_, true)) return;
  note_again_.Cancel();
  check_again_.Cancel();
  for (const auto& [gate, check] : checks_) {
    if (check->cancelled) *check->cancelled = true;
  }
  for (const auto& [gate, check] : checks_) check->thread.reset();
  volumes_->StopWorkers();
}

StorageKeeper::Check& StorageKeeper::CheckOf(const VolumeGate& gate) {
  auto& check = checks_[&gate];
  if (!check) check = std::make_unique<Check>();
  return *check;
}

/// When it is not kept, the camera may get another one after a restart; that is all.
void StorageKeeper::KeepHome(const std::string& camera_uuid, const std::string& volume_uuid) {
  context_.database.Post([&config = context_.config, camera_uuid, volume_uuid] {
    if (const auto kept = config.cameras->SetHome(camera_uuid, volume_uuid); !kept) {
      log::Warning("app", Concat("the volume of a camera is not kept: ", kept.error().Text()));
    }
  });
}

bool StorageKeeper::settled() const {
  for (const auto& gate : volumes_->all()) {
    if (gate->state() == VolumeState::kChecking) return false;
  }
  return unnoted_.empty();
}

/// Recording does not wait for this: a disk whose row is late is only read later.
void StorageKeeper::Identified(const std::string& uuid, const std::string& root) {
  unnoted_[uuid] = root;
  Note(uuid, root);
}

void StorageKeeper::NoteAll() {
  for (const auto& [uuid, root] : unnoted_) Note(uuid, root);
}

void StorageKeeper::Note(const std::string& uuid, const std::string& root) {
  Ask(
      context_.database, mailbox_,
      [&config = context_.config, &catalog = context_.catalog, uuid, root,
       now = context_.clock.Now()]() -> Result<int64_t> {
        if (const auto seen = config.volumes->Seen(uuid, root, now); !seen) return seen;
        return catalog.EnsureVolume(root, uuid);
      },
      [this, uuid, root](const Result<int64_t>& id) {
        if (id) {
          if (const auto found = unnoted_.find(uuid);
              found != unnoted_.end() && found->second == root) {
            unnoted_.erase(found);
          }
          volumes_->SetCatalogId(uuid, *id);
          if (on_changed_) on_changed_();
        } else if (!stopped_ && !note_again_.active()) {
          log::Warning("app", Concat("the databases do not take that ", root,
                                     " is there, yet: ", id.error().Text()));
          note_again_ = Source::After(kAskAgain, [this] { NoteAll(); });
        }
      });
}

void StorageKeeper::Changed(VolumeGate& gate) {
  Check& check = CheckOf(gate);
  if (check.running != 0 && (!gate.ok() || gate.retired() || gate.generation() != check.running)) {
    *check.cancelled = true;
  }
  if (recorders_ != nullptr) recorders_->VolumesChanged();
  if (on_changed_) on_changed_();
  Recover(gate);
}

void StorageKeeper::RecoverAll() {
  for (const auto& gate : volumes_->all()) {
    Check& check = CheckOf(*gate);
    check.done = 0;
    if (check.running != 0) *check.cancelled = true;  // it has passed by what is to be found
    Recover(*gate);
  }
}

void StorageKeeper::CatalogReplaced() {
  for (const auto& gate : volumes_->all()) {
    if (!gate->uuid().empty()) Identified(gate->uuid(), gate->root());
  }
  RecoverAll();
}

bool StorageKeeper::recovered() const {
  return std::ranges::all_of(volumes_->all(), [this](const auto& gate) {
    const auto check = checks_.find(gate.get());
    const bool usable = gate->ok() && !gate->retired();
    return !usable || (check != checks_.end() && check->second->done == gate->generation());
  });
}

void StorageKeeper::Recover(VolumeGate& gate) {
  Check& check = CheckOf(gate);
  const bool usable = gate.ok() && !gate.retired();
  if (stopped_ || !usable || check.thread || check.done == gate.generation()) return;
  check.running = gate.generation();
  check.cancelled = std::make_shared<std::atomic<bool>>(false);
  check.thread = std::make_unique<Worker>("storage-check");
  recording::RecoveryJob job{
      .volume = gate.volume(),
      .owners = {},
      .with_catalog =
          [this](const recording::RecoveryJob::CatalogWork& work) {
            return AskAndWait(context_.database,
                              [&catalog = context_.catalog, &work] { return work(catalog); });
          },
      .protection = context_.config.protection.get(),
      .is_open = [this](const std::string& path) { return open_paths_.Contains(path); },
      .cancelled = [cancelled = check.cancelled] { return cancelled->load(); }};
  Ask(
      *check.thread, mailbox_,
      [this, job]() mutable -> Result<recording::RecoveryReport> {
        BePolite();
        const auto cameras = AskAndWait(
            context_.database, [&config = context_.config] { return config.cameras->List(); });
        if (!cameras) return tl::unexpected(cameras.error());
        for (const CameraRecord& camera : *cameras) job.owners.Add(camera);
        return recording::Recover(job);
      },
      [this, &gate](const Result<recording::RecoveryReport>& report) { Recovered(gate, report); });
}

/// Files that were open while the catalog was replaced have new rows, too, and were not adopted.
void StorageKeeper::ReconcileProtection() {
  context_.database.Post([&config = context_.config, &catalog = context_.catalog] {
    const auto done = retention::ReconcileProtection(*config.protection, catalog);
    if (done) return;
    log::Error("app", Concat("what is protected was not compared: ", done.error().Text()));
  });
}

void StorageKeeper::Recovered(VolumeGate& gate, const Result<recording::RecoveryReport>& report) {
  Check& check = CheckOf(gate);
  check.thread.reset();  // it has nothing to do any more
  const bool cancelled = check.cancelled->load();
  const unsigned generation = std::exchange(check.running, 0);
  if (report) {
    if (!cancelled) check.done = generation;
    ReconcileProtection();
    const bool news =
        report->repaired + report->adopted + report->missing + report->back + report->empty > 0;
    log::Write(
        news ? log::Level::kInfo : log::Level::kDebug, "app",
        Concat("the recordings on ", gate.root(), " were checked: ", report->checked, " files, ",
               report->repaired, " repaired, ", report->adopted, " adopted, ", report->missing,
               " missing, ", report->back, " back, ", report->empty, " empty, ", report->stillborn,
               " removed, ", report->foreign, " of other cameras, ", report->copies, " copies"));
  } else if (!cancelled) {
    log::Error("app", Concat("the recordings on ", gate.root(), " were not checked: ",
                             report.error().Text(), "; this is tried again"));
  }
  if (report && on_changed_) on_changed_();
  if (report || cancelled) {
    Recover(gate);  // it may have gone and come back meanwhile, or is to be checked once more
  } else if (!stopped_) {
    check_again_ = Source::After(kCheckAgain, [this] {
      for (const auto& one : volumes_->all()) Recover(*one);
    });
  }
}

}  // namespace ronin::app
