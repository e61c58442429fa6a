// SPDX-License-Identifier: MIT
#include "config/schedule.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include <glib.h>

#include "base/text.h"

namespace ronin {
namespace {

constexpr std::array<const char*, 7> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr size_t kMaxHoursPerDay = 24;
constexpr int kMinutesPerDay = 24 * 60;

/// "08:00" as minutes since midnight; "24:00" is the end of the day.
std::optional<int> ParseMinute(const std::optional<std::string>& text) {
  const auto digit = [&](size_t i) { return g_ascii_isdigit((*text)[i]) != FALSE; };
  if (!text || text->size() != 5 || (*text)[2] != ':') return std::nullopt;
  if (!digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  int hour = 0;
  int minute = 0;
  std::from_chars(text->data(), text->data() + 2, hour);
  std::from_chars(text->data() + 3, text->data() + 5, minute);
  const int out = hour * 60 + minute;
  if (minute > 59 || out > kMinutesPerDay) return std::nullopt;
  return out;
}

std::string MinuteText(int minute) {
  char out[16];
  std::snprintf(out, sizeof out, "%02d:%02d", minute / 60, minute % 60);
  return out;
}

tl::unexpected<Error> Bad(const std::string& day, const char* what) {
  return Fail(ErrorKind::kInvalidArgument, Concat("\"", day.substr(0, 16), "\" ", what,
                                                  R"(; write it as {"mon":[["08:00","18:00"]]})"));
}

}  // namespace

Result<std::vector<Schedule::Hours>> Schedule::ParseDay(const std::string& day,
                                                        const JsonValue& value) {
  if (!value.IsArray()) return Bad(day, "must be a list of hours");
  std::vector<Hours> out;
  for (const JsonValue& pair : value.Elements()) {
    const auto ends = pair.Elements();
    const auto from = ends.size() == 2 ? ParseMinute(ends[0].AsString()) : std::nullopt;
    const auto to = ends.size() == 2 ? ParseMinute(ends[1].AsString()) : std::nullopt;
    if (!from || !to) return Bad(day, "must be a list of pairs of times, 00:00 to 24:00");
    if (*from >= *to) {
      return Bad(day, "has hours that end before they begin (for a night, give both days a part)");
    }
    out.push_back({*from, *to});
  }
  if (out.size() > kMaxHoursPerDay) return Bad(day, "has more than 24 hours");
  std::sort(out.begin(), out.end(), [](const Hours& a, const Hours& b) { return a.from < b.from; });
  for (size_t i = 1; i < out.size(); ++i) {
    if (out[i].from < out[i - 1].to) return Bad(day, "has hours that overlap");
  }
  return out;
}

Result<Schedule> Schedule::Parse(const JsonValue& value) {
  if (!value.IsObject()) return Bad("schedule", "must be an object with a list for each day");
  Schedule out;
  for (const std::string& day : value.MemberNames()) {
    const auto known = std::find(kDays.begin(), kDays.end(), day);
    if (known == kDays.end())
      return Bad(day, "is no day; days are mon, tue, wed, thu, fri, sat, sun");
    auto hours = ParseDay(day, *value.Member(day.c_str()));
    if (!hours) return Fail(std::move(hours.error()));
    out.days_[size_t(known - kDays.begin())] = std::move(*hours);
  }
  return out;
}

Result<Schedule> Schedule::FromText(const std::string& text) {
  const auto value = JsonValue::Parse(text);
  if (!value) return Fail(value.error());
  return Parse(*value);
}

std::string Schedule::ToText() const {
  JsonWriter json;
  Write(json);
  return json.Text();
}

void Schedule::Write(JsonWriter& json) const {
  json.Object();
  for (size_t day = 0; day < kDays.size(); ++day) {
    if (days_[day].empty()) continue;
    json.Key(kDays[day]).Array();
    for (const Hours& hours : days_[day]) {
      json.Array().String(MinuteText(hours.from)).String(MinuteText(hours.to)).End();
    }
    json.End();
  }
  json.End();
}

bool Schedule::Wants(WallTime time, const std::string& zone) const {
  GTimeZone* known = g_time_zone_new_identifier(zone.c_str());
  GTimeZone* site = known != nullptr ? known : g_time_zone_new_utc();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  const gint interval = g_time_zone_find_interval(site, G_TIME_TYPE_UNIVERSAL, seconds);
  const int64_t local = seconds + g_time_zone_get_offset(site, interval);
  g_time_zone_unref(site);
  const int64_t days = local >= 0 ? local / 86400 : (local - 86399) / 86400;
  const auto weekday = size_t(((days + 3) % 7 + 7) % 7);  // the first of January 1970: a Thursday
  const auto minute = int((local - days * 86400) / 60);
  return std::any_of(days_[weekday].begin(), days_[weekday].end(),
                     [&](const Hours& hours) { return minute >= hours.from && minute < hours.to; });
}

}  // namespace ronin
