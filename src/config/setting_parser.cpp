// SPDX-License-Identifier: MIT
#include "config/setting_parser.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <vector>

#include "base/g_ref.h"
#include "base/text.h"

namespace ronin {
namespace {

using StringList = std::unique_ptr<char*, FreeWith<g_strfreev>>;

struct Source {
  GKeyFile* file;
  const char* group;
  const SettingInfo& info;

  std::string Text() const {
    const GCharPtr text(g_key_file_get_string(file, group, std::string(info.key).c_str(), nullptr));
    return text ? std::string(Trim(text.get())) : std::string();
  }
};

tl::unexpected<Error> Bad(const Source& source, std::string_view value, std::string_view must) {
  return Fail(ErrorKind::kInvalidArgument,
              Concat(source.info.key, " = ", value, ": must be ", must));
}

Result<int64_t> ReadNumber(const Source& source) {
  const std::string text = source.Text();
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (whole && value >= source.info.min && value <= source.info.max) return value;
  return Bad(source, text,
             Concat("a whole number of ", source.info.unit, " from ", source.info.min, " to ",
                    source.info.max));
}

bool IsListenAddress(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size()) return false;
  if (host.front() == '[') return host.size() > 2 && host.back() == ']';
  return host.find_first_of(": /[]") == std::string_view::npos;
}

Status Read(const Source& source, bool& out) {
  const std::string text = source.Text();
  if (text != "true" && text != "false") return Bad(source, text, "true or false");
  out = text == "true";
  return {};
}

Status Read(const Source& source, std::string& out) {
  out = source.Text();
  if (source.info.unit == "path" && out.empty()) return Bad(source, out, "a folder");
  if (source.info.key == "time_zone" && !out.empty()) {
    GTimeZone* zone = g_time_zone_new_identifier(out.c_str());
    if (zone == nullptr) return Bad(source, out, "the name of a time zone, like Europe/Berlin");
    g_time_zone_unref(zone);
  }
  return {};
}

Status Read(const Source& source, std::vector<std::string>& out) {
  const StringList list(g_key_file_get_string_list(
      source.file, source.group, std::string(source.info.key).c_str(), nullptr, nullptr));
  out.clear();
  for (char** item = list.get(); item != nullptr && *item != nullptr; ++item) {
    if (const std::string_view text = Trim(*item); !text.empty()) out.emplace_back(text);
  }
  if (source.info.key != "listen") return {};
  const auto bad = std::find_if_not(out.begin(), out.end(), IsListenAddress);
  if (bad == out.end() && !out.empty()) return {};
  return Bad(source, bad == out.end() ? "" : *bad, "ADDRESS:PORT, such as 127.0.0.1:8080");
}

Status Read(const Source& source, log::Level& out) {
  const std::string text = source.Text();
  const auto level = log::ParseLevel(text);
  if (!level) return Bad(source, text, "error, warning, info or debug");
  out = *level;
  return {};
}

Status Read(const Source& source, int64_t& out) {
  const auto number = ReadNumber(source);
  if (!number) return Fail(number.error());
  out = *number;
  return {};
}

template <typename Period>
Status Read(const Source& source, std::chrono::duration<int64_t, Period>& out) {
  const auto number = ReadNumber(source);
  if (!number) return Fail(number.error());
  out = std::chrono::duration<int64_t, Period>(*number);
  return {};
}

// Levenshtein's distance: letters to change, add or drop.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({changed, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row.back();
}

}  // namespace

Status ReadSetting(GKeyFile* file, const char* group, const SettingInfo& info, Settings& out) {
  const Source source{file, group, info};
  return std::visit([&](auto field) { return Read(source, out.*field); }, info.field);
}

std::string_view NearestKey(std::string_view key) {
  if (key.size() > 64) return {};
  size_t best = key.size() / 3 + 2;
  std::string_view found;
  for (const SettingInfo& info : AllSettings()) {
    // A key without its unit is the likeliest slip.
    if (key.size() >= 4 && info.key.starts_with(key)) return info.key;
    if (const size_t distance = Distance(key, info.key); distance < best) {
      best = distance;
      found = info.key;
    }
  }
  return found;
}

}  // namespace ronin
