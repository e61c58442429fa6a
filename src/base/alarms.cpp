// SPDX-License-Identifier: MIT
#include "base/alarms.h"

#include <algorithm>
#include <tuple>

#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"

namespace ronin {
namespace {

bool IsCritical(AlarmKind kind) { return kind <= AlarmKind::kCameraDown; }

/// What a volume is like its gate has in the log already, once for all.
bool IsLoggedElsewhere(AlarmKind kind) { return kind <= AlarmKind::kVolumeFull; }

void Log(const Alarm& alarm, bool begins) {
  if (IsLoggedElsewhere(alarm.kind)) return;
  const auto raised = IsCritical(alarm.kind) ? log::Level::kError : log::Level::kWarning;
  log::Write(begins ? raised : log::Level::kInfo, "alarm",
             Concat(begins ? "" : "over: ", alarm.sentence), {{"ALARM", alarm.id()}});
}

}  // namespace

std::string_view ToString(AlarmKind kind) {
  switch (kind) {
    case AlarmKind::kVolumeError:
      return "volume_error";
    case AlarmKind::kVolumeMissing:
      return "volume_missing";
    case AlarmKind::kVolumeFull:
      return "volume_full";
    case AlarmKind::kCameraDown:
      return "camera_down";
    case AlarmKind::kRetentionShort:
      return "retention_short";
    case AlarmKind::kRetentionStuck:
      return "retention_stuck";
    case AlarmKind::kVolumeLow:
      return "volume_low";
    case AlarmKind::kVolumeSlow:
      return "volume_slow";
    case AlarmKind::kRetentionHeld:
      return "retention_held";
    case AlarmKind::kCatalogDamaged:
      return "catalog_damaged";
  }
  return "";
}

std::string_view SeverityOf(AlarmKind kind) { return IsCritical(kind) ? "critical" : "warning"; }

std::string Alarm::id() const {
  std::string out(ToString(kind));
  if (const auto& number = subject.camera_id ? subject.camera_id : subject.volume_id) {
    return Concat(out, ":", *number);
  }
  return subject.folder.empty() ? out : Concat(out, ":", subject.folder);
}

void Alarms::Set(AlarmKind kind, const AlarmSubject& subject, const std::string& sentence) {
  RONIN_ASSERT_MAIN_THREAD();
  const auto found = raised_.find({subject, kind});
  if (found != raised_.end() && found->second.sentence == sentence) return;
  const auto before = items();
  if (found != raised_.end()) {
    found->second.sentence = sentence;
  } else {
    const Alarm alarm{kind, subject, clock_.Now(), sentence};
    Log(alarm, true);
    raised_[{subject, kind}] = alarm;
  }
  TellIfOther(before);
}

void Alarms::Clear(AlarmKind kind, const AlarmSubject& subject) {
  RONIN_ASSERT_MAIN_THREAD();
  const auto found = raised_.find({subject, kind});
  if (found == raised_.end()) return;
  const auto before = items();
  Log(found->second, false);
  raised_.erase(found);
  TellIfOther(before);
}

void Alarms::ClearAll(const AlarmSubject& subject) {
  for (const AlarmKind kind : kAlarmKinds) Clear(kind, subject);
}

void Alarms::TellIfOther(const std::vector<Alarm>& before) {
  if (changed_ && items() != before) changed_();
}

std::vector<Alarm> Alarms::items() const {
  std::vector<Alarm> out;
  // Alarms of one subject lie side by side, the worst one first.
  for (const auto& [key, alarm] : raised_) {
    const bool of_one = alarm.subject != AlarmSubject();
    if (of_one && !out.empty() && out.back().subject == alarm.subject) continue;
    out.push_back(alarm);
  }
  std::ranges::sort(out, [](const Alarm& a, const Alarm& b) {
    return std::tuple(!IsCritical(a.kind), a.since, a.id()) <
           std::tuple(!IsCritical(b.kind), b.since, b.id());
  });
  return out;
}

size_t Alarms::Count(AlarmKind kind) const {
  return size_t(std::ranges::count(items(), kind, &Alarm::kind));
}

}  // namespace ronin
