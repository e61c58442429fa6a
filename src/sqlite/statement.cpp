// SPDX-License-Identifier: MIT
#include "sqlite/statement.h"

#include <sqlite3.h>

#include "sqlite/sqlite_error.h"

namespace ronin {

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

void Statement::Restart() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  bind_error_ = SQLITE_OK;
}

void Statement::Check(int code) {
  if (bind_error_ == SQLITE_OK) bind_error_ = code;
}

Statement& Statement::BindAt(int index, int64_t value) {
  BindInt(index, value);
  return *this;
}

void Statement::BindInt(int index, int64_t value) {
  Check(sqlite3_bind_int64(statement_.get(), index, value));
}

void Statement::BindText(int index, std::string_view value) {
  // A null pointer would bind NULL instead of an empty text.
  const char* text = value.empty() ? "" : value.data();
  Check(sqlite3_bind_text64(statement_.get(), index, text, value.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8));
}

void Statement::BindNull(int index) { Check(sqlite3_bind_null(statement_.get(), index)); }

Result<bool> Statement::Step() {
  if (bind_error_ != SQLITE_OK) {
    return Fail(ErrorFromSqlite(bind_error_, nullptr, "a value does not fit the database"));
  }
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  sqlite3* database = sqlite3_db_handle(statement_.get());
  if (code != SQLITE_DONE) {
    auto failed = Fail(ErrorFromSqlite(code, database, "the database refused a statement"));
    sqlite3_reset(statement_.get());
    return failed;
  }
  sqlite3_reset(statement_.get());
  return false;
}

Status Statement::Run() {
  while (true) {
    auto row = Step();
    if (!row) return Fail(std::move(row.error()));
    if (!*row) return {};
  }
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

int64_t Statement::Int(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string Statement::Text(int column) const {
  const auto* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          size_t(sqlite3_column_bytes(statement_.get(), column))};
}

std::optional<int64_t> Statement::OptionalInt(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Int(column);
}

std::optional<std::string> Statement::OptionalText(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Text(column);
}

}  // namespace ronin
