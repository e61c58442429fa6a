// SPDX-License-Identifier: MIT
#include "storage/volume_gate.h"

#include <utility>

#include "base/ask.h"
#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"

namespace ronin {

VolumeGate::VolumeGate(int number, std::string root, const Clock& clock, Settings settings,
                       Hooks hooks)
    : root_(std::move(root)),
      clock_(clock),
      settings_(settings),
      hooks_(std::move(hooks)),
      write_(Concat("storage-", number, "-write")),
      read_(Concat("storage-", number, "-read")),
      file_syncs_(Volume(root_), write_) {
  sync_.emplace(Volume(root_), write_, settings_.sync_interval,
                VolumeSync::Callbacks{
                    .needed = [this] { return hooks_.in_use(*this); },
                    .synced = [this](const Status& done, Micros took) { Synced(done, took); }});
  Watch();
  // Not before its owner has all of its gates.
  mailbox_.Post([this] { Look(true); });
}

VolumeGate::~VolumeGate() = default;

void VolumeGate::StopWorkers() {
  timer_.Cancel();
  sync_.reset();
  read_.Stop();
  write_.Stop();
}

void VolumeGate::Watch() {
  timer_ = Source::Every(settings_.look_interval, [this] { Tick(); });
}

void VolumeGate::Revive() {
  retired_ = false;
  condition_ = {};
  Watch();
  Look(true);
}

bool VolumeGate::busy() const {
  const Micros limit = settings_.sync_interval / 2;
  const bool news = clock_.Mono() - synced_at_ < settings_.sync_interval * 2;
  return (news && last_sync_ > limit) || (sync_ && sync_->under_way().value_or(Micros(0)) > limit);
}

void VolumeGate::Tick() {
  if (retired_ && !hooks_.in_use(*this)) {
    timer_.Cancel();
    if (sync_) sync_->LetGo();
    return;
  }
  if (looking_ && clock_.Mono() - asked_ > settings_.patience) {
    Apply({.state = VolumeState::kError,
           .sentence = Concat("The disk of ", root_,
                              " does not answer; check it, recording goes on by itself."),
           .uuid = condition_.uuid,
           .device = condition_.device,
           .space = condition_.space});
  }
  Look(!ok());
}

void VolumeGate::Look(bool thorough) {
  if (looking_) {
    look_again_ = look_again_ || (thorough && !waiting_.empty());
    return;
  }
  looking_ = true;
  asked_ = clock_.Mono();
  const VolumeQuestion question{.root = root_,
                                .known = hooks_.known(),
                                .thorough = thorough,
                                .sync = thorough && failed_syncs_ > 0};
  Ask(
      write_, mailbox_, [question, now = clock_.Now()] { return ProbeVolume(question, now); },
      [this, thorough](VolumeCondition found) { Looked(thorough, std::move(found)); });
}

void VolumeGate::Looked(bool thorough, VolumeCondition found) {
  looking_ = false;
  if (const std::string other = found.uuid.empty() ? "" : hooks_.taken(*this, found.uuid);
      !other.empty()) {
    found.state = VolumeState::kError;
    found.sentence = Concat("The storage folders ", other, " and ", root_,
                            " are one and the same disk; only the first is used.");
    found.uuid.clear();
  }
  if (thorough && found.state == VolumeState::kOk) failed_syncs_ = 0;
  // A quick look does not see everything that a thorough one has seen.
  if (thorough || !ok() || found.state != VolumeState::kOk || found.device != condition_.device ||
      found.uuid != condition_.uuid) {
    Apply(std::move(found));
  } else {
    condition_.space = found.space;
  }
  if (!thorough) {
    if (std::exchange(look_again_, false)) Look(true);
    return;
  }
  // Asked for while this look was under way: it may have been too early.
  if (std::exchange(look_again_, false)) {
    Look(true);
    return;
  }
  for (auto& done : std::exchange(waiting_, {})) done();
}

void VolumeGate::Apply(VolumeCondition now) {
  const bool same_disk = now.uuid == condition_.uuid && now.device == condition_.device;
  const bool same = now.state == condition_.state && now.sentence == condition_.sentence;
  const bool became_ok = now.state == VolumeState::kOk && (!ok() || !same_disk);
  condition_ = std::move(now);
  if (same && same_disk) {
    if (!ok()) log::Debug("storage", condition_.sentence);
    return;
  }
  if (became_ok) ++generation_;
  if (!ok() && sync_) sync_->LetGo();
  if (!same || became_ok) Tell();
  hooks_.changed(*this);
}

void VolumeGate::Tell() const {
  if (ok()) {
    log::Info("storage", Concat("storage ", root_, " is ready: ", condition_.space.free_bytes >> 20,
                                " MiB free"));
    return;
  }
  log::Error("storage", condition_.cause.empty()
                            ? condition_.sentence
                            : Concat(condition_.sentence, " (", condition_.cause, ")"));
}

void VolumeGate::Recheck(std::function<void()> done) {
  RONIN_ASSERT_MAIN_THREAD();
  waiting_.push_back(std::move(done));
  Look(true);
}

void VolumeGate::Synced(const Status& synced, Micros took) {
  syncs_.Add(took);
  last_sync_ = took;
  synced_at_ = clock_.Mono();
  if (synced) {
    failed_syncs_ = 0;
  } else {
    SyncFailed(synced.error());
  }
}

bool VolumeGate::lost_data() const {
  constexpr auto kNews = std::chrono::minutes(10);
  return lost_at_ && clock_.Mono() - *lost_at_ < kNews;
}

void VolumeGate::SyncFailed(const Error& error) {
  RONIN_ASSERT_MAIN_THREAD();
  lost_at_ = clock_.Mono();
  ++sync_failures_;
  if (failed_syncs_++ == 0) {
    log::Error("storage", Concat("the disk of ", root_,
                                 " did not take the last seconds of recordings; the files that "
                                 "were open are marked as suspect, new ones begin. Check the disk "
                                 "(",
                                 error.Text(), ")"));
  }
  hooks_.data_lost(*this);
  // It fails again and again: no more files for it until a sync succeeds.
  if (failed_syncs_ > 1) {
    VolumeCondition bad = ConditionOf(Error{ErrorKind::kUnavailable, error.Text()}, root_);
    bad.uuid = condition_.uuid;
    bad.device = condition_.device;
    bad.space = condition_.space;
    Apply(std::move(bad));
  }
}

}  // namespace ronin
