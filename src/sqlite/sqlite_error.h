// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "base/error.h"

struct sqlite3;

namespace ronin {

/// The error that SQLite's result `code` stands for, with the text `database` has for it.
/// `what` says what was tried. `database` may be null. This is the only place that knows codes.
Error ErrorFromSqlite(int code, sqlite3* database, std::string_view what);

}  // namespace ronin
