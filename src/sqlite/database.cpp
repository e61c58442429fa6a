// SPDX-License-Identifier: MIT
#include "sqlite/database.h"

#include <filesystem>
#include <fstream>

#include <sqlite3.h>

#include "sqlite/sqlite_error.h"

namespace ronin {
namespace {

// Before SQLite writes into it, so that nobody else can read a password even for a moment. The
// files of the WAL get the same mode from SQLite.
void CreatePrivate(const std::string& path) {
  std::error_code ignored;  // what matters is said by the opening that follows
  if (std::filesystem::exists(path, ignored)) return;
  std::ofstream create(path, std::ios::app);
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
}

constexpr const char* kPragmas =
    "PRAGMA busy_timeout = 5000;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA journal_size_limit = 16777216;"
    // Opening waits for a process that is just ending. Later only a stranger can hold the lock, for
    // however long; who asks gets an answer, and the recorder keeps its rows until it is gone.
    "PRAGMA busy_timeout = 250;";

// A reader changes neither the journal mode nor anything else of the file.
constexpr const char* kReaderPragmas =
    "PRAGMA busy_timeout = 5000;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA query_only = ON;";

Error IsClosed(const std::string& path) {
  return {ErrorKind::kUnavailable, "database \"" + path + "\" is closed"};
}

}  // namespace

void Database::Closer::operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }

Result<Database> Database::Open(const std::string& path) {
  CreatePrivate(path);
  return OpenAs(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, kPragmas);
}

Result<Database> Database::OpenReadOnly(const std::string& path) {
  std::error_code ignored;  // SQLite says only that it cannot open it
  if (!std::filesystem::exists(path, ignored)) {
    return Fail(ErrorKind::kNotFound, "there is no database \"" + path + "\"");
  }
  return OpenAs(path, SQLITE_OPEN_READONLY, kReaderPragmas);
}

Result<Database> Database::OpenAs(const std::string& path, int flags, const char* pragmas) {
  Database out(path);
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw,
                                   flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  out.database_.reset(raw);  // there is one to close even after most failures
  if (code != SQLITE_OK) {
    return Fail(ErrorFromSqlite(code, raw, "cannot open database \"" + path + "\""));
  }
  if (auto done = out.Configure(pragmas); !done) {
    return Fail(done.error().In("database \"" + path + "\""));
  }
  return out;
}

Status Database::Configure(const char* pragmas) {
  for (const int option : {SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_DQS_DML}) {
    sqlite3_db_config(database_.get(), option, 0, nullptr);
  }
  sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return Execute(pragmas);
}

Result<Statement> Database::Prepare(const char* sql) {
  if (!database_) return Fail(IsClosed(path_));
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql, -1, 0, &raw, nullptr);
  if (code != SQLITE_OK) {
    return Fail(ErrorFromSqlite(code, database_.get(), "the database cannot read a statement"));
  }
  return Statement(raw);
}

Status Database::Execute(const char* script) {
  if (!database_) return Fail(IsClosed(path_));
  const int code = sqlite3_exec(database_.get(), script, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  return Fail(ErrorFromSqlite(code, database_.get(), "the database refused a script"));
}

Status Database::QuickCheck() {
  auto check = Prepare("PRAGMA quick_check(10)");
  if (!check) return Fail(std::move(check.error()));
  std::string found;
  auto row = check->Step();
  for (; row && *row; row = check->Step()) {
    if (const std::string text = check->Text(0); text != "ok") found += text + "; ";
  }
  if (!row) return Fail(std::move(row.error()));
  if (found.empty()) return {};
  return Fail(ErrorKind::kCorrupt, "database \"" + path_ + "\" is damaged", found);
}

void Database::Interrupt() const { sqlite3_interrupt(database_.get()); }

int64_t Database::last_insert_id() const { return sqlite3_last_insert_rowid(database_.get()); }

bool Database::in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

int64_t Database::changes() const { return sqlite3_changes64(database_.get()); }

}  // namespace ronin
