// SPDX-License-Identifier: MIT
#include "storage/volume_alarms.h"

#include <algorithm>

#include "base/text.h"

namespace ronin {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookEvery = 1s;
constexpr Micros kMinute = 60s;
constexpr Micros kOver = 10s;

HeldCondition ConditionFor(AlarmKind kind) {
  return HeldCondition(kind == AlarmKind::kVolumeLow ? kMinute : Micros(0), kOver);
}

std::string GibiBytes(uint64_t bytes) {
  const uint64_t tenths = bytes * 10 >> 30;
  return Concat(tenths / 10, ".", tenths % 10, " GiB");
}

std::string LowSentence(const VolumeAlarms::Facts& facts) {
  return Concat(
      "On ", facts.folder, " only ", GibiBytes(facts.space.free_bytes), " are free, although ",
      GibiBytes(facts.reserve_bytes),
      " are to be kept free and old recordings are deleted for that. Something else fills "
      "the disk, or nothing may be deleted; make room there.");
}

std::string SlowSentence(const std::string& folder) {
  return Concat(
      "The disk of ", folder,
      " hardly keeps up with what is recorded; pictures may be lost soon. Check the disk, "
      "or record fewer cameras to it.");
}

}  // namespace

VolumeAlarms::VolumeAlarms(Context context) : context_(std::move(context)) {
  timer_ = Source::Every(kLookEvery, [this] {
    std::vector<Facts> all;
    for (const auto& gate : context_.volumes.all()) {
      all.push_back({.folder = gate->root(),
                     .id = context_.volumes.CatalogId(*gate),
                     .state = gate->state(),
                     .sentence = gate->sentence(),
                     .space = gate->space(),
                     .reserve_bytes = context_.reserve(*gate),
                     .synced_s = gate->syncs().Read().sum_s});
    }
    Look(all);
  });
}

void VolumeAlarms::Look(const std::vector<Facts>& all) {
  std::erase_if(watched_, [&](const auto& item) {
    const bool there = std::ranges::find(all, item.first, &Facts::folder) != all.end();
    if (!there) context_.alarms.ClearAll(item.second.subject);
    return !there;
  });
  for (const Facts& facts : all) LookAt(watched_[facts.folder], facts);
}

void VolumeAlarms::LookAt(Watched& watched, const Facts& facts) {
  AlarmSubject subject{.volume_id = facts.id};
  if (!facts.id) subject.folder = facts.folder;
  if (subject != watched.subject) {
    // Nothing at all is the recorder as a whole, whose alarms are not ours.
    if (watched.subject != AlarmSubject()) context_.alarms.ClearAll(watched.subject);
    watched.subject = subject;
  }
  const bool failing = facts.state == VolumeState::kError || facts.state == VolumeState::kReadOnly;
  Put(watched, AlarmKind::kVolumeError, failing, facts.sentence);
  Put(watched, AlarmKind::kVolumeMissing, facts.state == VolumeState::kMissing, facts.sentence);
  Put(watched, AlarmKind::kVolumeFull, facts.state == VolumeState::kFull, facts.sentence);

  const auto raised = [&](AlarmKind kind) {
    const auto found = watched.conditions.find(kind);
    return found != watched.conditions.end() && found->second.counts();
  };
  // Less is asked of the end than of the beginning, or it would come and go.
  const uint64_t floor = facts.reserve_bytes / 20 * (raised(AlarmKind::kVolumeLow) ? 19 : 18);
  const bool low = facts.state == VolumeState::kOk && facts.space.free_bytes < floor;
  Put(watched, AlarmKind::kVolumeLow, low,
      raised(AlarmKind::kVolumeLow) ? watched.sentences[AlarmKind::kVolumeLow]
                                    : LowSentence(facts));
  const double most = raised(AlarmKind::kVolumeSlow) ? 0.5 : 2.0 / 3;
  Put(watched, AlarmKind::kVolumeSlow, BusyShare(watched, facts.synced_s) >= most,
      SlowSentence(facts.folder));
}

/// The share of the last minute that its syncs took; 0 before it was watched for one.
double VolumeAlarms::BusyShare(Watched& watched, double synced_s) const {
  const MonoTime now = context_.clock.Mono();
  auto& syncs = watched.syncs;
  syncs.emplace_back(now, synced_s);
  while (syncs.size() > 1 && now - syncs[1].first >= kMinute) syncs.pop_front();
  const Micros time = now - syncs.front().first;
  if (time < kMinute) return 0;
  return (synced_s - syncs.front().second) * 1e6 / double(time.count());
}

void VolumeAlarms::Put(Watched& watched, AlarmKind kind, bool holds, const std::string& sentence) {
  auto& condition = watched.conditions.try_emplace(kind, ConditionFor(kind)).first->second;
  const bool counts = condition.Look(holds, context_.clock.Mono());
  // What is over stays for a while with what was said of it.
  if (holds) watched.sentences[kind] = sentence;
  context_.alarms.Put(counts, kind, watched.subject, watched.sentences[kind]);
}

}  // namespace ronin
