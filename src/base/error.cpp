// SPDX-License-Identifier: MIT
#include "base/error.h"

#include <cerrno>
#include <cstring>

#include <gio/gio.h>

namespace ronin {

std::string_view ToString(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidArgument:
      return "invalid argument";
    case ErrorKind::kNotFound:
      return "not found";
    case ErrorKind::kConflict:
      return "conflict";
    case ErrorKind::kPermission:
      return "permission denied";
    case ErrorKind::kUnavailable:
      return "unavailable";
    case ErrorKind::kNoSpace:
      return "no space";
    case ErrorKind::kTimeout:
      return "timeout";
    case ErrorKind::kCorrupt:
      return "corrupt";
    case ErrorKind::kUnsupported:
      return "unsupported";
    case ErrorKind::kInternal:
      return "internal";
  }
  return "internal";
}

Error Error::In(std::string_view context) const {
  Error out = *this;
  out.message = std::string(context) + ": " + message;
  return out;
}

std::string Error::Text() const { return cause.empty() ? message : message + " (" + cause + ")"; }

namespace {

ErrorKind KindFromErrno(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorKind::kNotFound;
    case EEXIST:
      return ErrorKind::kConflict;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorKind::kPermission;
    case ENOSPC:
    case EDQUOT:
      return ErrorKind::kNoSpace;
    case ETIMEDOUT:
      return ErrorKind::kTimeout;
    case EIO:
    case EBUSY:
    case EAGAIN:
    case ENODEV:
    case ENXIO:
      return ErrorKind::kUnavailable;
    case EINVAL:
    case ENAMETOOLONG:
      return ErrorKind::kInvalidArgument;
    default:
      return ErrorKind::kInternal;
  }
}

}  // namespace

Error ErrorFromErrno(int number, std::string_view what) {
  return Error{KindFromErrno(number), std::string(what), g_strerror(number)};
}

Error ErrorFromGError(const GError* error, std::string_view what) {
  if (error == nullptr) return Error{ErrorKind::kInternal, std::string(what)};
  ErrorKind kind = ErrorKind::kInternal;
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
      g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
    kind = ErrorKind::kNotFound;
  } else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE)) {
    kind = ErrorKind::kConflict;
  } else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)) {
    kind = ErrorKind::kPermission;
  } else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) {
    kind = ErrorKind::kTimeout;
  }
  return Error{kind, std::string(what), error->message};
}

}  // namespace ronin
