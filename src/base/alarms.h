// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace ronin {

/// What somebody must do something about. Of the same subject the first one here is the worst.
enum class AlarmKind {
  kVolumeError,     ///< the disk fails, does not answer, or is read-only
  kVolumeMissing,   ///< the folder is away, or it is not the disk that belongs there
  kVolumeFull,      ///< nothing can be written any more
  kCameraDown,      ///< a camera that is to be recorded is not
  kRetentionShort,  ///< footage goes before its time, because there is no room
  kRetentionStuck,  ///< deleting makes no room, or some recordings cannot be deleted
  kVolumeLow,       ///< less is free than retention keeps free
  kVolumeSlow,      ///< the disk hardly keeps up
  kRetentionHeld,   ///< nothing is deleted by age, until people have looked at the clock
  kCatalogDamaged,  ///< the list of recordings was damaged, and is being made anew from the files
};

/// All of them.
inline constexpr std::array kAlarmKinds = {AlarmKind::kVolumeError,    AlarmKind::kVolumeMissing,
                                           AlarmKind::kVolumeFull,     AlarmKind::kCameraDown,
                                           AlarmKind::kRetentionShort, AlarmKind::kRetentionStuck,
                                           AlarmKind::kVolumeLow,      AlarmKind::kVolumeSlow,
                                           AlarmKind::kRetentionHeld,  AlarmKind::kCatalogDamaged};

std::string_view ToString(AlarmKind kind);    ///< "volume_error", …
std::string_view SeverityOf(AlarmKind kind);  ///< "critical": footage is being lost; or "warning"

/// What an alarm is about: a camera, a volume, or, with nothing, the recorder as a whole. A value.
struct AlarmSubject {
  std::optional<int64_t> camera_id = {};
  std::optional<int64_t> volume_id = {};  ///< in the catalog
  std::string folder = {};                ///< of a volume that the catalog does not know yet
  auto operator<=>(const AlarmSubject&) const = default;
};

/// A value.
struct Alarm {
  AlarmKind kind{};
  AlarmSubject subject;
  WallTime since{};
  std::string sentence;    ///< what it is and what to do, for people
  std::string id() const;  ///< "volume_low:1"; of the recorder as a whole its kind alone
  bool operator==(const Alarm&) const = default;
};

/// What is wrong now, told by who knows it: once in the log when it begins and when it ends, and to
/// one listener whenever there is something else to show. Thread: main.
class Alarms {
 public:
  explicit Alarms(const Clock& clock) : clock_(clock) {}

  /// `changed` is called when items() has changed, from inside Set() and Clear(); empty: nobody is.
  void Tell(std::function<void()> changed) { changed_ = std::move(changed); }

  /// It is so. Repeating it is harmless; another sentence takes the place of the one before.
  void Set(AlarmKind kind, const AlarmSubject& subject, const std::string& sentence);
  /// It is not so, or not any more.
  void Clear(AlarmKind kind, const AlarmSubject& subject);
  /// There is no such subject any more.
  void ClearAll(const AlarmSubject& subject);
  /// Set() or Clear().
  void Put(bool on, AlarmKind kind, const AlarmSubject& subject, const std::string& sentence) {
    on ? Set(kind, subject, sentence) : Clear(kind, subject);
  }

  /// What to show, the worst first: of several alarms of one camera or volume only the worst.
  std::vector<Alarm> items() const;
  /// How many of items() are of this kind.
  size_t Count(AlarmKind kind) const;

 private:
  void TellIfOther(const std::vector<Alarm>& before);

  const Clock& clock_;
  std::function<void()> changed_;
  std::map<std::pair<AlarmSubject, AlarmKind>, Alarm> raised_;
};

}  // namespace ronin
