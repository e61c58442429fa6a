// SPDX-License-Identifier: MIT
#include "config/settings.h"

#include <algorithm>
#include <filesystem>
#include <memory>

#include <glib.h>

#include "base/g_ref.h"
#include "base/text.h"
#include "config/setting_parser.h"

namespace ronin {
namespace {

constexpr const char* kGroup = "ronin-nvr";

using KeyFile = std::unique_ptr<GKeyFile, FreeWith<g_key_file_free>>;
using StringList = std::unique_ptr<char*, FreeWith<g_strfreev>>;

/// Sentences about everything that is wrong, so that people can mend it in one go.
class Complaints {
 public:
  void Add(std::string_view sentence) {
    if (!text_.empty()) text_ += '\n';
    text_ += sentence;
  }
  Status AsStatus() const {
    if (text_.empty()) return {};
    return Fail(ErrorKind::kInvalidArgument, text_);
  }

 private:
  std::string text_;
};

Status LoadFile(GKeyFile* file, const std::string& path) {
  GErrorPtr error;
  if (g_key_file_load_from_file(file, path.c_str(), G_KEY_FILE_NONE, Out(error))) return {};
  Error out = ErrorFromGError(error.get(), "cannot read configuration file \"" + path + "\"");
  if (g_error_matches(error.get(), G_FILE_ERROR, G_FILE_ERROR_ACCES)) {
    out.kind = ErrorKind::kPermission;
  } else if (error->domain == G_KEY_FILE_ERROR) {
    out.kind = ErrorKind::kInvalidArgument;
  }
  return Fail(std::move(out));
}

void ApplyOverrides(GKeyFile* file, const std::vector<std::string>& overrides,
                    Complaints& complaints) {
  for (const std::string& text : overrides) {
    const size_t equals = text.find('=');
    const std::string key(Trim(std::string_view(text).substr(0, equals)));
    if (equals == std::string::npos || key.empty()) {
      complaints.Add(Concat("--set ", text, ": must be key=value"));
      continue;
    }
    g_key_file_set_value(file, kGroup, key.c_str(), text.c_str() + equals + 1);
  }
}

void FindUnknown(GKeyFile* file, Complaints& complaints) {
  const StringList groups(g_key_file_get_groups(file, nullptr));
  for (char** group = groups.get(); *group != nullptr; ++group) {
    if (std::string_view(*group) == kGroup) continue;
    complaints.Add(Concat("group [", *group, "] is unknown; all keys belong in [", kGroup, "]"));
  }
  const StringList keys(g_key_file_get_keys(file, kGroup, nullptr, nullptr));
  for (char** key = keys.get(); key != nullptr && *key != nullptr; ++key) {
    const auto same = [&](const SettingInfo& info) { return info.key == *key; };
    if (std::ranges::any_of(AllSettings(), same)) continue;
    const std::string_view near = NearestKey(*key);
    complaints.Add(near.empty() ? Concat(*key, ": there is no such key")
                                : Concat(*key, ": there is no such key; did you mean ", near, "?"));
  }
}

/// Databases and catalog name folders by their whole path, and the same one each time.
void MakeAbsolute(std::string& folder, const char* key, Complaints& complaints) {
  if (folder.empty() || folder.front() == '/') return;
  std::error_code failed;
  const auto here = std::filesystem::current_path(failed);
  if (failed) {
    complaints.Add(Concat(key, " = ", folder,
                          ": must be an absolute path, since the working directory is gone"));
    return;
  }
  folder = (here / folder).lexically_normal().string();
  if (folder.size() > 1 && folder.back() == '/') folder.pop_back();
}

}  // namespace

Result<Settings> Settings::Load(const std::optional<std::string>& path,
                                const std::vector<std::string>& overrides) {
  const KeyFile file(g_key_file_new());
  if (path) {
    if (auto loaded = LoadFile(file.get(), *path); !loaded) return Fail(std::move(loaded.error()));
  }
  Complaints complaints;
  ApplyOverrides(file.get(), overrides, complaints);
  FindUnknown(file.get(), complaints);
  Settings out;
  for (const SettingInfo& info : AllSettings()) {
    const std::string key(info.key);
    if (!g_key_file_has_key(file.get(), kGroup, key.c_str(), nullptr)) {
      g_key_file_set_value(file.get(), kGroup, key.c_str(),
                           std::string(info.default_value).c_str());
    }
    if (auto read = ReadSetting(file.get(), kGroup, info, out); !read) {
      complaints.Add(read.error().message);
    }
  }
  MakeAbsolute(out.data_dir, "data_dir", complaints);
  for (std::string& folder : out.storage) MakeAbsolute(folder, "storage", complaints);
  if (auto good = complaints.AsStatus(); !good) return Fail(std::move(good.error()));
  if (out.storage.empty()) out.storage.push_back(out.data_dir + "/recordings");
  return out;
}

std::string SiteTimeZone(const Settings& settings) {
  if (!settings.time_zone.empty()) return settings.time_zone;
  GTimeZone* zone = g_time_zone_new_local();
  std::string name = g_time_zone_get_identifier(zone);
  g_time_zone_unref(zone);
  return name.find('/') == std::string::npos ? "UTC" : name;
}

std::vector<SettingChange> ChangedSettings(const Settings& before, const Settings& after) {
  std::vector<SettingChange> out;
  for (const SettingInfo& info : AllSettings()) {
    const bool same =
        std::visit([&](auto field) { return before.*field == after.*field; }, info.field);
    if (!same) out.push_back({info.key, info.needs_restart});
  }
  return out;
}

}  // namespace ronin
