// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "sqlite/statement.h"

struct sqlite3;

namespace ronin {

/// One connection to an SQLite database: WAL, synchronous=FULL, foreign keys checked, nothing in
/// the file trusted, no memory mapping. Have only one that writes per file in the whole system:
/// SQLite before 3.51.3 can damage a WAL that two connections write.
///
/// Thread-bound: it and its statements belong to the thread that uses them first.
class Database {
 public:
  /// Opens the file, and creates it (readable by its owner only) if it does not exist.
  /// Errors: kCorrupt when it is no database, kNotFound when the folder does not exist, …
  static Result<Database> Open(const std::string& path);

  /// Opens a file that exists to look into it, also while another process writes it; every
  /// statement that would change something fails. Errors: kNotFound, kCorrupt when it is no
  /// database, …
  static Result<Database> OpenReadOnly(const std::string& path);

  /// Errors: kInternal for SQL that is wrong, which is a bug.
  Result<Statement> Prepare(const char* sql);

  /// Runs a script of constant SQL, never one that is put together from values.
  Status Execute(const char* script);

  /// Prepares, binds and runs a statement without result.
  template <typename... Values>
  Status Run(const char* sql, const Values&... values) {
    auto statement = Prepare(sql);
    if (!statement) return Fail(std::move(statement.error()));
    return statement->Bind(values...).Run();
  }

  /// Reads the whole file and checks its structure. Errors: kCorrupt with what was found,
  /// kUnavailable when it was interrupted.
  Status QuickCheck();

  /// Ends the statement that runs, with kUnavailable; one that is only about to begin runs to its
  /// end. Any thread, while the database lives and is open.
  void Interrupt() const;

  /// From now on everything fails with kUnavailable. No statement of it is left.
  void Close() { database_.reset(); }

  int64_t last_insert_id() const;  ///< of the last INSERT
  bool in_transaction() const;
  int64_t changes() const;  ///< rows the last INSERT, UPDATE or DELETE touched
  const std::string& path() const { return path_; }

 private:
  struct Closer {
    void operator()(sqlite3* database) const noexcept;
  };
  explicit Database(std::string path) : path_(std::move(path)) {}
  static Result<Database> OpenAs(const std::string& path, int flags, const char* pragmas);
  Status Configure(const char* pragmas);

  std::string path_;
  std::unique_ptr<sqlite3, Closer> database_;
};

}  // namespace ronin
