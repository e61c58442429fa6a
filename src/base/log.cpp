// SPDX-License-Identifier: MIT
#include "base/log.h"

#include <atomic>
#include <cstdio>
#include <vector>

#include <glib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/redact.h"
#include "base/time_text.h"

namespace ronin::log {
namespace {

std::atomic<int> threshold_level{int(Level::kInfo)};
std::atomic<const char*> tolerated = nullptr;

bool IsTolerated(std::string_view message) {
  const char* known = tolerated.load(std::memory_order_relaxed);
  return known != nullptr && message == known;
}

bool IsTolerated(const GLogField* fields, gsize count) {
  for (gsize i = 0; i < count; ++i) {
    if (std::string_view(fields[i].key) != "MESSAGE") continue;
    const auto* text = static_cast<const char*>(fields[i].value);
    return IsTolerated(fields[i].length < 0 ? text
                                            : std::string_view(text, size_t(fields[i].length)));
  }
  return false;
}

// GLib aborts on G_LOG_LEVEL_ERROR, so our "error" is its "critical".
GLogLevelFlags ToGlib(Level level) {
  switch (level) {
    case Level::kError:
      return G_LOG_LEVEL_CRITICAL;
    case Level::kWarning:
      return G_LOG_LEVEL_WARNING;
    case Level::kInfo:
      return G_LOG_LEVEL_INFO;
    case Level::kDebug:
      return G_LOG_LEVEL_DEBUG;
  }
  return G_LOG_LEVEL_DEBUG;
}

Level FromGlib(GLogLevelFlags flags) {
  if ((flags & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) != 0) return Level::kError;
  if ((flags & G_LOG_LEVEL_WARNING) != 0) return Level::kWarning;
  if ((flags & (G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO)) != 0) return Level::kInfo;
  return Level::kDebug;
}

const char* Word(Level level) {
  switch (level) {
    case Level::kError:
      return "error";
    case Level::kWarning:
      return "warning";
    case Level::kInfo:
      return "info";
    case Level::kDebug:
      return "debug";
  }
  return "debug";
}

std::string FieldText(const GLogField& field) {
  const auto* text = static_cast<const char*>(field.value);
  return field.length < 0 ? std::string(text) : std::string(text, size_t(field.length));
}

void WriteLine(Level level, const GLogField* fields, gsize count) {
  std::string message;
  std::string domain = "?";
  for (gsize i = 0; i < count; ++i) {
    const std::string_view key = fields[i].key;
    if (key == "MESSAGE") message = FieldText(fields[i]);
    if (key == "GLIB_DOMAIN") domain = FieldText(fields[i]);
  }
  const std::string line = FormatUtc(SystemClock().Now()) + " " + Word(level) + " " + domain +
                           ": " + Redact(message) + "\n";
  // One write per line, so that lines of several threads do not mix.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

GLogWriterOutput Writer(GLogLevelFlags flags, const GLogField* fields, gsize count,
                        gpointer) noexcept {
  const Level level = IsTolerated(fields, count) ? Level::kDebug : FromGlib(flags);
  if (int(level) > threshold_level.load(std::memory_order_relaxed)) return G_LOG_WRITER_HANDLED;
  static const bool journal = g_log_writer_is_journald(STDERR_FILENO) != FALSE;
  if (!journal) {
    WriteLine(level, fields, count);
    return G_LOG_WRITER_HANDLED;
  }
  std::vector<GLogField> copy(fields, fields + count);
  std::vector<std::string> texts;
  texts.reserve(count);
  for (GLogField& field : copy) {
    texts.push_back(Redact(FieldText(field)));
    field.value = texts.back().data();
    field.length = gssize(texts.back().size());
  }
  return g_log_writer_journald(flags, copy.data(), copy.size(), nullptr);
}

}  // namespace

void Write(Level level, const char* domain, std::string_view message, Fields fields) {
  if (int(level) > threshold_level.load(std::memory_order_relaxed)) return;
  static constexpr const char* kPriority[] = {"3", "4", "6", "7"};
  std::vector<GLogField> all;
  all.reserve(fields.size() + 3);
  all.push_back({"PRIORITY", kPriority[int(level)], -1});
  all.push_back({"GLIB_DOMAIN", domain, -1});
  all.push_back({"MESSAGE", message.data(), gssize(message.size())});
  for (const Field& field : fields) {
    all.push_back({field.key, field.value.data(), gssize(field.value.size())});
  }
  g_log_structured_array(ToGlib(level), all.data(), all.size());
}

Result<Level> ParseLevel(std::string_view text) {
  for (const Level level : {Level::kError, Level::kWarning, Level::kInfo, Level::kDebug}) {
    if (text == Word(level)) return level;
  }
  return Fail(ErrorKind::kInvalidArgument,
              "log level \"" + std::string(text) + "\" is not error, warning, info or debug");
}

void Install(Level threshold) {
  SetThreshold(threshold);
  g_log_set_writer_func(Writer, nullptr, nullptr);
}

void Tolerate(const char* message) {
  tolerated.store(message, std::memory_order_relaxed);
  g_test_log_set_fatal_handler(
      [](const gchar*, GLogLevelFlags, const gchar* text, gpointer) noexcept -> gboolean {
        return text == nullptr || !IsTolerated(text);
      },
      nullptr);
}

void SetThreshold(Level threshold) {
  threshold_level.store(int(threshold), std::memory_order_relaxed);
}

}  // namespace ronin::log
