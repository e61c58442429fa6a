// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"

namespace ronin {

/// What the configuration file and the command line say. A value: load, then hand it on; nobody
/// changes it in place. Every key, its default and its range stand in setting_table.cpp.
struct Settings {
  std::vector<std::string> listen;   ///< "ADDR:PORT", "[ADDR6]:PORT"; at least one
  std::string data_dir;              ///< databases and keys
  std::vector<std::string> storage;  ///< folders for recordings, at least one
  log::Level log_level{};
  std::string time_zone;  ///< IANA name; empty: the system's
  bool allow_loopback_cameras{};
  std::chrono::seconds segment_duration{};
  std::chrono::milliseconds fragment{};
  std::chrono::seconds sync_interval{};
  std::chrono::seconds stall_timeout{};
  std::chrono::seconds status_poll{};
  std::chrono::seconds retention_interval{};
  std::chrono::seconds hls_idle_timeout{};

  /// Reads group [ronin-nvr] of the file at `path`, if there is a path; then lets `overrides`
  /// ("key=value", as given to --set; lists are separated by ';') win; the rest is default.
  /// Errors: kInvalidArgument with one sentence per bad key, each on its line; kNotFound and
  /// kPermission for the file. Reads a file: call it at start, or on a thread that may block.
  static Result<Settings> Load(const std::optional<std::string>& path,
                               const std::vector<std::string>& overrides);

  bool operator==(const Settings&) const = default;
};

/// A key that differs between two loads.
struct SettingChange {
  std::string_view key;
  bool needs_restart;  ///< the new value is used only after a restart
};

/// What SIGHUP brought: every key whose value differs.
std::vector<SettingChange> ChangedSettings(const Settings& before, const Settings& after);

/// One key, for --help and for the documentation's lint test.
struct SettingInfo {
  std::string_view key;
  std::string_view unit;           ///< "seconds", "list", "path", …
  std::string_view default_value;  ///< as it would be written in the file; empty: see doc
  int64_t min;                     ///< both 0: no range
  int64_t max;
  std::string_view doc;  ///< one sentence
};

std::span<const SettingInfo> AllSettings();

}  // namespace ronin
