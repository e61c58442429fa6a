// SPDX-License-Identifier: MIT
#include "config/preferences.h"

#include <charconv>

#include "base/text.h"

namespace ronin {
namespace {

// The version, a line feed and the text: one value, so that a crash cannot part them.
constexpr std::string_view kKey = "preferences.local";

}  // namespace

Result<Preferences> ReadPreferences(SettingStore& settings) {
  auto stored = settings.Get(kKey);
  if (!stored) return Fail(std::move(stored.error()));
  if (!*stored) return Preferences{};
  const std::string_view value = **stored;
  const size_t line = value.find('\n');
  if (line == std::string_view::npos) return Preferences{};
  int64_t version = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + line, version);
  if (error != std::errc() || end != value.data() + line || version < 1) return Preferences{};
  return Preferences{version, std::string(value.substr(line + 1))};
}

Result<Preferences> ReplacePreferences(SettingStore& settings, const Preferences& before,
                                       std::string_view text, WallTime now) {
  if (text.size() > kMostPreferences) {
    return Fail(ErrorKind::kInvalidArgument,
                Concat("Preferences have at most ", kMostPreferences, " bytes."));
  }
  if (before.version > 0 && before.text == text) return before;
  Preferences after{before.version + 1, std::string(text)};
  auto stored = settings.Set(kKey, Concat(after.version, '\n', text), now);
  if (!stored) return Fail(std::move(stored.error()));
  return after;
}

}  // namespace ronin
