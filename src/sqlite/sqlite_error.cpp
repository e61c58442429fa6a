// SPDX-License-Identifier: MIT
#include "sqlite/sqlite_error.h"

#include <sqlite3.h>

namespace ronin {
namespace {

ErrorKind KindOfConstraint(int extended) {
  switch (extended) {
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_NOTNULL:
    case SQLITE_CONSTRAINT_DATATYPE:
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return ErrorKind::kInvalidArgument;
    default:
      return ErrorKind::kConflict;
  }
}

ErrorKind KindOf(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return ErrorKind::kNoSpace;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorKind::kCorrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
    case SQLITE_NOMEM:
    case SQLITE_IOERR:
      return ErrorKind::kUnavailable;
    case SQLITE_CONSTRAINT:
      return KindOfConstraint(code);
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
      return ErrorKind::kPermission;
    case SQLITE_CANTOPEN:
      return ErrorKind::kNotFound;
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
      return ErrorKind::kInvalidArgument;
    default:
      return ErrorKind::kInternal;
  }
}

}  // namespace

Error ErrorFromSqlite(int code, sqlite3* database, std::string_view what) {
  const char* text = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  return Error{KindOf(code), std::string(what), text};
}

}  // namespace ronin
