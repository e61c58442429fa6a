// SPDX-License-Identifier: MIT
#include "sqlite/migration.h"

#include <filesystem>
#include <iostream>

#include "catalog_migrations.h"
#include "config_migrations.h"
#include "schema_testing.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

using testing::Dump;
using testing::DumpSchema;
using testing::KilledAt;
using testing::TempDir;
using testing::Tick;

/// A database of the product, with rows for its first schema.
struct Product {
  const char* name;
  std::span<const Migration> migrations;
  const char* fill;
  const char* rows;  // query that shows them, in every later schema too
  int columns;
};

const Product kProducts[] = {
    {"Config", kConfigMigrations,
     "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) "
     "INSERT INTO camera_folder SELECT 'Yard ' || i, 'yard ' || i, "
     "printf('%08d-0000-0000-0000-000000000000', i) FROM n;"
     "INSERT INTO camera (uuid, name, name_key, url, username, password, folder, transport, "
     "enabled, record, record_audio, retention_days, created_us, updated_us) "
     "SELECT camera_uuid, folder, folder_key, 'rtsp://192.0.2.1/', 'u', 'p', folder, 'auto', "
     "1, 1, 0, 30, 5, 6 FROM camera_folder;"
     "DELETE FROM camera WHERE id > 45",
     "SELECT c.id, c.uuid, c.name, c.url, c.password, c.retention_days, c.retention_bytes, "
     "f.folder_key FROM camera_folder f LEFT JOIN camera c USING (folder) ORDER BY f.rowid",
     8},
    {"Catalog", kCatalogMigrations,
     "INSERT INTO volume (path) VALUES ('/a'), ('/b');"
     "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) "
     "INSERT INTO segment (camera_id, stream, volume_id, rel_path, start_us, end_us, size_bytes, "
     "state, video_codec, width, height) SELECT i % 4 + 1, 'main', i % 2 + 1, 'x/' || i, i, "
     "iif(i % 50, i + 1, NULL), 7 * i, iif(i % 50, 'complete', 'recording'), 'h264', 640, 480 "
     "FROM n",
     "SELECT id, camera_id, volume_id, rel_path, start_us, end_us, size_bytes, state, width "
     "FROM segment ORDER BY id",
     9},
};

class MigrationTest : public ::testing::TestWithParam<Product> {
 protected:
  std::span<const Migration> Steps(size_t version) const {
    return GetParam().migrations.first(version);
  }

  // A new file with the schema of `version`, filled if that has tables.
  void Make(const std::string& path, size_t version) {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
    auto database = Database::Open(path).value();
    ASSERT_TRUE(Migrate(database, Steps(std::min<size_t>(version, 1))));
    if (version > 0) {
      const auto filled = database.Execute(GetParam().fill);
      ASSERT_TRUE(filled) << filled.error().Text();
    }
    ASSERT_TRUE(Migrate(database, Steps(version)));
  }

  std::string Rows(Database& database) {
    return Dump(database, GetParam().rows, GetParam().columns);
  }

  std::string SchemaOf(size_t version) {
    const std::string path = dir_ / "reference.db";
    Make(path, version);
    auto database = Database::Open(path).value();
    return DumpSchema(database);
  }

  // Kills the step from `from` at tick n; false when the step completed.
  bool KillAndCheck(size_t from, int n, Tick tick);
  int KillEverywhere(size_t from, Tick tick);

  TempDir dir_;
  std::vector<std::string> schemas_;
  std::string rows_before_;
};

bool MigrationTest::KillAndCheck(size_t from, int n, Tick tick) {
  const std::string path = dir_ / "killed.db";
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
  std::filesystem::copy_file(dir_ / "template.db", path);
  const bool killed = KilledAt(n, tick, [&] {
    auto database = Database::Open(path);
    return database && Migrate(*database, Steps(from + 1));
  });

  auto database = Database::Open(path).value();
  const auto version = SchemaVersion(database).value();
  EXPECT_TRUE(version == int64_t(from) || version == int64_t(from) + 1) << "at tick " << n;
  EXPECT_EQ(DumpSchema(database), schemas_[size_t(version)]) << "at tick " << n;
  EXPECT_TRUE(database.QuickCheck());
  if (from > 0) {
    EXPECT_EQ(Rows(database), rows_before_) << "at tick " << n;
  }
  EXPECT_TRUE(Migrate(database, GetParam().migrations)) << "at tick " << n;
  EXPECT_EQ(DumpSchema(database), schemas_.back());
  if (from > 0) {
    EXPECT_EQ(Rows(database), rows_before_);
  }
  return killed;
}

// Returns how often it was killed.
int MigrationTest::KillEverywhere(size_t from, Tick tick) {
  schemas_.clear();
  for (size_t v = 0; v <= GetParam().migrations.size(); ++v) schemas_.push_back(SchemaOf(v));
  Make(dir_ / "template.db", from);
  {
    auto database = Database::Open(dir_ / "template.db").value();
    if (from > 0) rows_before_ = Rows(database);
  }
  int kills = 0;
  // Each of the first, then ever fewer: filling a table takes thousands of instructions.
  for (int n = 1; KillAndCheck(from, n, tick) && !HasFailure(); ++kills) {
    n += tick == Tick::kStatement ? 1 : 1 + n / 30;
  }
  std::cout << GetParam().name << " from schema " << from << ": killed at " << kills
            << (tick == Tick::kStatement ? " statements\n" : " instructions\n");
  return kills;
}

TEST_P(MigrationTest, SurvivesAKillAtEveryStatementFromEverySchema) {
  for (size_t from = 0; from < GetParam().migrations.size(); ++from) {
    EXPECT_GT(KillEverywhere(from, Tick::kStatement), 10);
  }
}

TEST_P(MigrationTest, SurvivesAKillAtManyInstructionsFromEverySchema) {
  for (size_t from = 0; from < GetParam().migrations.size(); ++from) {
    EXPECT_GT(KillEverywhere(from, Tick::kInstruction), 50);
  }
}

TEST_P(MigrationTest, RunsOnlyOnce) {
  Make(dir_ / "a.db", GetParam().migrations.size());
  auto database = Database::Open(dir_ / "a.db").value();
  const std::string before = DumpSchema(database) + Rows(database);

  ASSERT_TRUE(Migrate(database, GetParam().migrations));

  EXPECT_EQ(DumpSchema(database) + Rows(database), before);
}

TEST_P(MigrationTest, RefusesASchemaFromTheFuture) {
  Make(dir_ / "a.db", GetParam().migrations.size());
  auto database = Database::Open(dir_ / "a.db").value();
  ASSERT_TRUE(database.Execute("PRAGMA user_version = 1000"));

  const auto migrated = Migrate(database, GetParam().migrations);

  ASSERT_FALSE(migrated);
  EXPECT_EQ(migrated.error().kind, ErrorKind::kUnsupported);
  EXPECT_NE(migrated.error().message.find("written by a newer version"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Product, MigrationTest, ::testing::ValuesIn(kProducts),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Migration, LeavesNothingOfAStepThatFails) {
  TempDir dir;
  auto database = Database::Open(dir / "a.db").value();
  const Migration steps[] = {{1, "0001-good.sql", "CREATE TABLE a (x)"},
                             {2, "0002-bad.sql", "CREATE TABLE b (x); CREATE TABLE a (x)"}};

  const auto migrated = Migrate(database, steps);

  ASSERT_FALSE(migrated);
  EXPECT_NE(migrated.error().message.find("0002-bad.sql"), std::string::npos);
  EXPECT_EQ(SchemaVersion(database).value(), 1);
  EXPECT_EQ(Dump(database, "SELECT name FROM sqlite_schema", 1), "a|\n");
}

}  // namespace
}  // namespace ronin
