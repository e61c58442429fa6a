// SPDX-License-Identifier: MIT
#include "sqlite/database.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "sqlite/sqlite_error.h"
#include "sqlite/transaction.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

class DatabaseTest : public ::testing::Test {
 protected:
  int64_t Int(const char* sql) {
    auto rows = database_.Prepare(sql);
    EXPECT_TRUE(rows) << rows.error().Text();
    auto row = rows->Step();
    EXPECT_TRUE(row && *row) << sql;
    return rows->Int(0);
  }

  testing::TempDir dir_;
  Database database_ = Database::Open(dir_ / "test.db").value();
};

TEST_F(DatabaseTest, IsOpenedForDurabilityAndDistrust) {
  EXPECT_EQ(Int("PRAGMA synchronous"), 2);
  EXPECT_EQ(Int("PRAGMA foreign_keys"), 1);
  EXPECT_EQ(Int("PRAGMA trusted_schema"), 0);
  EXPECT_EQ(Int("PRAGMA cell_size_check"), 1);
  EXPECT_EQ(Int("PRAGMA busy_timeout"), 250);
  EXPECT_EQ(Int("PRAGMA journal_size_limit"), 16 << 20);
  EXPECT_EQ(Int("SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
  EXPECT_FALSE(database_.Prepare("SELECT \"no such column\""));
}

TEST_F(DatabaseTest, KeepsItsFilesFromOtherUsers) {
  ASSERT_TRUE(database_.Execute("CREATE TABLE t (a)"));

  for (const char* name : {"test.db", "test.db-wal", "test.db-shm"}) {
    const auto mode = std::filesystem::status(dir_ / name).permissions();
    EXPECT_EQ(int(mode) & 077, 0) << name;
  }
}

TEST_F(DatabaseTest, TakesValuesOnlyAsParameters) {
  ASSERT_TRUE(database_.Execute("CREATE TABLE t (a INTEGER, b TEXT, c TEXT, d INTEGER) STRICT"));
  const std::string hostile = "x'); DROP TABLE t; --";
  ASSERT_TRUE(database_.Run("INSERT INTO t VALUES (?, ?, ?, ?)", INT64_MIN, hostile,
                            std::optional<std::string>(), true));

  auto rows = database_.Prepare("SELECT a, b, c, d FROM t WHERE b = ?");
  const auto row = rows->Bind(hostile).Step();

  ASSERT_TRUE(row && *row);
  EXPECT_EQ(rows->Int(0), INT64_MIN);
  EXPECT_EQ(rows->Text(1), hostile);
  EXPECT_EQ(rows->OptionalText(2), std::nullopt);
  EXPECT_EQ(rows->OptionalInt(3), 1);
}

TEST_F(DatabaseTest, KeepsAnEmptyTextApartFromNull) {
  ASSERT_TRUE(database_.Execute("CREATE TABLE t (a TEXT NOT NULL) STRICT"));

  EXPECT_TRUE(database_.Run("INSERT INTO t VALUES (?)", std::string_view()));
}

TEST_F(DatabaseTest, ATransactionInsideAnotherIsAPartOfIt) {
  ASSERT_TRUE(database_.Execute("CREATE TABLE t (a)"));
  const auto insert = [&](bool outer_commits, bool inner_commits) {
    auto outer = Transaction::Begin(database_);
    EXPECT_TRUE(outer);
    EXPECT_TRUE(database_.Execute("INSERT INTO t VALUES (1)"));
    {
      auto inner = Transaction::Begin(database_);
      EXPECT_TRUE(inner);
      EXPECT_TRUE(database_.Execute("INSERT INTO t VALUES (2)"));
      EXPECT_TRUE(!inner_commits || inner->Commit());
    }
    EXPECT_TRUE(!outer_commits || outer->Commit());
  };

  insert(false, true);
  EXPECT_EQ(Int("SELECT count(*) FROM t"), 0);
  insert(true, false);
  EXPECT_EQ(Int("SELECT sum(a) FROM t"), 1);
  insert(true, true);
  EXPECT_EQ(Int("SELECT sum(a) FROM t"), 4);
}

TEST_F(DatabaseTest, ForgetsATransactionThatIsNotCommitted) {
  ASSERT_TRUE(database_.Execute("CREATE TABLE t (a)"));
  {
    auto transaction = Transaction::Begin(database_);
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(database_.Execute("INSERT INTO t VALUES (1)"));
  }
  EXPECT_EQ(Int("SELECT count(*) FROM t"), 0);

  auto transaction = Transaction::Begin(database_);
  ASSERT_TRUE(database_.Execute("INSERT INTO t VALUES (1)"));
  ASSERT_TRUE(transaction->Commit());
  EXPECT_EQ(Int("SELECT count(*) FROM t"), 1);
}

TEST_F(DatabaseTest, SaysWhatKindOfConstraintIsViolated) {
  ASSERT_TRUE(database_.Execute("CREATE TABLE t (a INTEGER UNIQUE NOT NULL CHECK (a > 0)) STRICT"));
  ASSERT_TRUE(database_.Run("INSERT INTO t VALUES (?)", 1));

  EXPECT_EQ(database_.Run("INSERT INTO t VALUES (?)", 1).error().kind, ErrorKind::kConflict);
  EXPECT_EQ(database_.Run("INSERT INTO t VALUES (?)", 0).error().kind, ErrorKind::kInvalidArgument);
  EXPECT_EQ(database_.Run("INSERT INTO t VALUES (?)", "x").error().kind,
            ErrorKind::kInvalidArgument);
}

TEST_F(DatabaseTest, SaysThatTheDiskIsFull) {
  ASSERT_TRUE(database_.Execute("CREATE TABLE t (a); PRAGMA max_page_count = 3"));

  const auto done = database_.Run("INSERT INTO t VALUES (?)", std::string(100'000, 'x'));

  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::kNoSpace);
}

TEST(Database, RefusesAFileThatIsNone) {
  testing::TempDir dir;
  std::ofstream(dir / "test.db") << std::string(5000, 'x');

  const auto opened = Database::Open(dir / "test.db");

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::kCorrupt);
}

TEST(Database, SaysThatTheFolderIsMissing) {
  testing::TempDir dir;

  EXPECT_EQ(Database::Open(dir / "none/test.db").error().kind, ErrorKind::kNotFound);
}

TEST(Database, FindsDamageInItsMiddle) {
  testing::TempDir dir;
  {
    auto database = Database::Open(dir / "test.db").value();
    ASSERT_TRUE(database.Execute("CREATE TABLE t (a)"));
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(database.Run("INSERT INTO t VALUES (?)", std::string(1000, 'x')));
    }
    ASSERT_TRUE(database.QuickCheck());
  }
  {
    std::fstream file(dir / "test.db", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(2 * 4096);
    file << std::string(4096, '\xff');
  }
  auto database = Database::Open(dir / "test.db").value();

  const auto checked = database.QuickCheck();

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kCorrupt);
}

TEST(Database, FailsWithASentenceOnceItIsClosed) {
  testing::TempDir dir;
  auto database = Database::Open(dir / "test.db").value();

  database.Close();

  EXPECT_EQ(database.Prepare("SELECT 1").error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(database.Execute("SELECT 1").error().kind, ErrorKind::kUnavailable);
}

TEST(SqliteError, HasAKindForEveryCodeThatMatters) {
  const auto kind = [](int code) { return ErrorFromSqlite(code, nullptr, "x").kind; };
  EXPECT_EQ(kind(SQLITE_FULL), ErrorKind::kNoSpace);
  EXPECT_EQ(kind(SQLITE_CORRUPT_INDEX), ErrorKind::kCorrupt);
  EXPECT_EQ(kind(SQLITE_NOTADB), ErrorKind::kCorrupt);
  EXPECT_EQ(kind(SQLITE_BUSY_SNAPSHOT), ErrorKind::kUnavailable);
  EXPECT_EQ(kind(SQLITE_IOERR_WRITE), ErrorKind::kUnavailable);
  EXPECT_EQ(kind(SQLITE_INTERRUPT), ErrorKind::kUnavailable);
  EXPECT_EQ(kind(SQLITE_NOMEM), ErrorKind::kUnavailable);
  EXPECT_EQ(kind(SQLITE_READONLY), ErrorKind::kPermission);
  EXPECT_EQ(kind(SQLITE_CONSTRAINT_UNIQUE), ErrorKind::kConflict);
  EXPECT_EQ(kind(SQLITE_CONSTRAINT_CHECK), ErrorKind::kInvalidArgument);
  EXPECT_EQ(kind(SQLITE_TOOBIG), ErrorKind::kInvalidArgument);
  EXPECT_EQ(kind(SQLITE_MISUSE), ErrorKind::kInternal);
}

}  // namespace
}  // namespace ronin
