// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3_stmt;

namespace ronin {

/// One SQL statement with its parameters. Values reach SQL only as bound parameters.
///
///   auto rows = database.Prepare("SELECT name FROM camera WHERE id = ?");
///   rows->Bind(id);
///   for (auto row = rows->Step(); row && *row; row = rows->Step()) Use(rows->Text(0));
///
/// Thread-bound, with its Database, which outlives it.
class Statement {
 public:
  /// Gives `?1`, `?2`, … their values: whole numbers, bool, text, or an optional of these.
  /// A value that SQLite refuses (too long) is reported by the next Step().
  template <typename... Values>
  Statement& Bind(const Values&... values) {
    Restart();
    int index = 0;
    (BindOne(++index, values), ...);
    return *this;
  }
  /// Gives one parameter its value, for lists whose length is known only at run time.
  Statement& BindAt(int index, int64_t value);

  /// True: there is a row to read. False: done; the next Step() starts again.
  Result<bool> Step();
  /// Runs it to its end, whatever rows it has.
  Status Run();

  bool IsNull(int column) const;
  int64_t Int(int column) const;
  std::string Text(int column) const;
  std::optional<int64_t> OptionalInt(int column) const;
  std::optional<std::string> OptionalText(int column) const;

 private:
  friend class Database;
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  void Restart();
  void Check(int code);
  void BindInt(int index, int64_t value);
  void BindText(int index, std::string_view value);
  void BindNull(int index);

  void BindOne(int index, std::integral auto value) { BindInt(index, int64_t(value)); }
  void BindOne(int index, std::string_view value) { BindText(index, value); }
  template <typename T>
  void BindOne(int index, const std::optional<T>& value) {
    if (value) {
      BindOne(index, *value);
    } else {
      BindNull(index);
    }
  }

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_error_ = 0;  // the first SQLite code of a Bind that failed
};

}  // namespace ronin
