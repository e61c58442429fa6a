// SPDX-License-Identifier: MIT
#include "base/time_text.h"

#include <charconv>
#include <cstdio>

#include <glib.h>

namespace ronin {
namespace {

struct Civil {
  std::chrono::year_month_day day;
  std::chrono::hh_mm_ss<Micros> time;
};

Civil ToCivil(WallTime t) {
  const auto days = std::chrono::floor<std::chrono::days>(t);
  return {std::chrono::year_month_day(days), std::chrono::hh_mm_ss<Micros>(t - days)};
}

Error BadTime(std::string_view text) {
  return Error{ErrorKind::kInvalidArgument,
               "\"" + std::string(text.substr(0, 64)) +
                   "\" is not a time; write it as 2026-11-23T02:14:05Z or as milliseconds since "
                   "1970"};
}

}  // namespace

std::string FormatUtc(WallTime t) {
  const Civil c = ToCivil(t);
  char out[40];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(c.day.year()),
                unsigned(c.day.month()), unsigned(c.day.day()), int(c.time.hours().count()),
                int(c.time.minutes().count()), int(c.time.seconds().count()),
                int(c.time.subseconds().count() / 1000));
  return out;
}

std::string FormatUtcDay(WallTime t) {
  const Civil c = ToCivil(t);
  char out[32];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", int(c.day.year()), unsigned(c.day.month()),
                unsigned(c.day.day()));
  return out;
}

std::string FormatUtcTimeOfDay(WallTime t) {
  const Civil c = ToCivil(t);
  char out[32];
  std::snprintf(out, sizeof out, "%02d-%02d-%02d", int(c.time.hours().count()),
                int(c.time.minutes().count()), int(c.time.seconds().count()));
  return out;
}

std::string FormatHttpDate(WallTime t) {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Civil c = ToCivil(t);
  const std::chrono::weekday day(std::chrono::sys_days(c.day));
  char out[64];
  std::snprintf(out, sizeof out, "%s, %02u %s %04d %02d:%02d:%02d GMT", kDays[day.c_encoding()],
                unsigned(c.day.day()), kMonths[unsigned(c.day.month()) - 1], int(c.day.year()),
                int(c.time.hours().count()), int(c.time.minutes().count()),
                int(c.time.seconds().count()));
  return out;
}

Result<WallTime> ParseTime(std::string_view text) {
  int64_t millis = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), millis);
  if (error == std::errc() && end == text.data() + text.size()) {
    constexpr int64_t kYear9999 = 253402300800000;
    if (millis < 0 || millis >= kYear9999) return Fail(BadTime(text));
    return FromMicros(millis * 1000);
  }
  const bool has_zone = text.find_first_of("Zz+", 10) != std::string_view::npos ||
                        (text.size() > 19 && text.find('-', 19) != std::string_view::npos);
  if (text.size() < 20 || text.size() > 40 || !has_zone) return Fail(BadTime(text));
  GDateTime* parsed = g_date_time_new_from_iso8601(std::string(text).c_str(), nullptr);
  if (parsed == nullptr) return Fail(BadTime(text));
  const int64_t us = g_date_time_to_unix(parsed) * 1'000'000 + g_date_time_get_microsecond(parsed);
  g_date_time_unref(parsed);
  return FromMicros(us);
}

}  // namespace ronin
