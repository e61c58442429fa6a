// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/log.h"
#include "base/result.h"

namespace ronin {

/// What the configuration file and the command line say. A value: load, then hand it on; nobody
/// changes it in place. Every key, its default and its range stand in setting_table.cpp.
struct Settings {
  std::vector<std::string> listen;   ///< "ADDR:PORT", "[ADDR6]:PORT"; at least one
  std::string data_dir;              ///< databases and keys; absolute
  std::vector<std::string> storage;  ///< folders for recordings, at least one; absolute
  log::Level log_level{};
  std::string time_zone;  ///< IANA name; empty: the system's
  bool allow_loopback_cameras{};
  std::chrono::seconds segment_duration{};
  std::chrono::milliseconds fragment{};
  std::chrono::seconds sync_interval{};
  std::chrono::seconds stall_timeout{};
  std::chrono::seconds status_poll{};
  std::chrono::seconds retention_interval{};
  int64_t move_kib_s{};  ///< 0: half of what the disks can
  std::chrono::seconds undo{};
  std::chrono::seconds hls_idle_timeout{};
  std::chrono::seconds live_linger{};
  int64_t camera_memory_mib{};
  std::string restream_listen;  ///< "ADDR:PORT"; empty: there is no restream
  std::string restream_user;
  std::string restream_password;  ///< empty: none is asked for

  /// Reads group [ronin-nvr] of the file at `path`, if there is a path; then lets `overrides`
  /// ("key=value", as given to --set; lists are separated by ';') win; the rest is default. Folders
  /// become absolute, seen from the working directory.
  /// Errors: kInvalidArgument with one sentence per bad key, each on its line; kNotFound and
  /// kPermission for the file. Reads a file: call it at start, or on a thread that may block.
  static Result<Settings> Load(const std::optional<std::string>& path,
                               const std::vector<std::string>& overrides);

  /// Most media of one camera in memory.
  uint64_t camera_memory_bytes() const { return uint64_t(camera_memory_mib) << 20; }

  bool operator==(const Settings&) const = default;
};

/// A key that differs between two loads.
struct SettingChange {
  std::string_view key;
  bool needs_restart;  ///< the new value is used only after a restart
};

/// What SIGHUP brought: every key whose value differs.
std::vector<SettingChange> ChangedSettings(const Settings& before, const Settings& after);

/// The IANA name of the site's time zone, which may be the system's.
std::string SiteTimeZone(const Settings& settings);

/// Where a key's value is kept; says its type, too.
using SettingField =
    std::variant<bool Settings::*, std::string Settings::*, std::vector<std::string> Settings::*,
                 log::Level Settings::*, std::chrono::seconds Settings::*,
                 std::chrono::milliseconds Settings::*, int64_t Settings::*>;

/// One key, for --help and for the documentation's lint test.
struct SettingInfo {
  std::string_view key;
  SettingField field;
  std::string_view unit;           ///< "seconds", "list", "path", …
  std::string_view default_value;  ///< as it would be written in the file; empty: see doc
  int64_t min;                     ///< of a number; both 0: no range
  int64_t max;
  bool needs_restart;    ///< a changed value waits for a restart
  std::string_view doc;  ///< one sentence
};

/// Every key, in the order of data/config.example.conf.
std::span<const SettingInfo> AllSettings();

}  // namespace ronin
