// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <glib.h>

namespace ronin {

/// What kind of failure it is, in words that every layer shares. `api/` turns it into an HTTP
/// status, in one place.
enum class ErrorKind {
  kInvalidArgument,  ///< the caller's input is wrong
  kNotFound,         ///< the thing asked for does not exist
  kConflict,         ///< it exists already, or is in a state that forbids this
  kPermission,       ///< the operating system or a camera refused
  kUnavailable,      ///< not now: storage away, camera away, still starting
  kNoSpace,          ///< the disk is full
  kTimeout,          ///< nobody answered in time
  kCorrupt,          ///< stored data is damaged
  kUnsupported,      ///< understood, but not something we can do
  kInternal,         ///< everything else; a bug or an unforeseen failure of the system
};

std::string_view ToString(ErrorKind kind);

/// A failure that can happen in the field: what kind, a sentence for people, and the text of its
/// cause (errno, SQLite, GStreamer). Copyable; any thread.
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;
  std::string cause = {};

  /// The same failure with a context in front: "start segment: disk is full".
  Error In(std::string_view context) const;

  /// Message and cause in one line, for the log.
  std::string Text() const;
};

/// The error that `errno` value `number` stands for; `what` says what was tried, on what.
Error ErrorFromErrno(int number, std::string_view what);

/// The error in `error`, which stays the caller's. `what` says what was tried.
Error ErrorFromGError(const GError* error, std::string_view what);

}  // namespace ronin
