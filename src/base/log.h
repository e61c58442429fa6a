// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"

/// Structured logging over GLib's: level, folder as domain, fields (CAMERA=, SEGMENT=) that the
/// journal can filter by. Say what happened, to what, and what happens next. Any thread.
///
///   error    footage is or may be lost, or someone must act
///   warning  something odd that was handled
///   info     a handful per camera and hour
///   debug    the rest
namespace ronin::log {

enum class Level { kError, kWarning, kInfo, kDebug };

struct Field {
  const char* key;  ///< upper case, as the journal wants it: "CAMERA"
  std::string value;
};

using Fields = std::initializer_list<Field>;

void Write(Level level, const char* domain, std::string_view message, Fields fields = {});

inline void Error(const char* domain, std::string_view message, Fields fields = {}) {
  Write(Level::kError, domain, message, fields);
}
inline void Warning(const char* domain, std::string_view message, Fields fields = {}) {
  Write(Level::kWarning, domain, message, fields);
}
inline void Info(const char* domain, std::string_view message, Fields fields = {}) {
  Write(Level::kInfo, domain, message, fields);
}
inline void Debug(const char* domain, std::string_view message, Fields fields = {}) {
  Write(Level::kDebug, domain, message, fields);
}

/// "error", "warning", "info" or "debug".
Result<Level> ParseLevel(std::string_view text);

/// Makes this program's log go to the journal when standard error is connected to it, else to
/// standard error as lines; drops what is below `threshold`; redacts credentials in URLs, in
/// messages of libraries too. Call before threads start; SetThreshold at any time.
void Install(Level threshold);

/// A complaint of a library that is known to do no harm: it is told as debug only, and does not end
/// programs for which complaints are fatal (G_DEBUG). Call before threads start, once.
/// @param message  the whole text; lives as long as the program
void Tolerate(const char* message);
void SetThreshold(Level threshold);

}  // namespace ronin::log
