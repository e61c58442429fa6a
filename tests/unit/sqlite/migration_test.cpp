// SPDX-License-Identifier: MIT
#include "sqlite/migration.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <ostream>
#include <set>

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
using testing::TicksOf;

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

/// A product's database as a step finds it: as new, or with rows.
struct Found {
  const Product* product;
  bool filled;
};

std::string NameOf(const Found& found) {
  return std::string(found.product->name) + (found.filled ? "WithRows" : "Empty");
}

void PrintTo(const Found& found, std::ostream* out) { *out << NameOf(found); }

const Found kFound[] = {
    {&kProducts[0], false}, {&kProducts[0], true}, {&kProducts[1], false}, {&kProducts[1], true}};

class MigrationTest : public ::testing::TestWithParam<Found> {
 protected:
  const Product& product() const { return *GetParam().product; }
  std::span<const Migration> Steps(size_t version) const {
    return product().migrations.first(version);
  }
  // Schema 0 has no tables, so it is always empty.
  size_t First() const { return GetParam().filled ? 1 : 0; }

  // A new file with the schema of `version`, with rows if it should have them.
  void Make(const std::string& path, size_t version) {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
    auto database = Database::Open(path).value();
    ASSERT_TRUE(Migrate(database, Steps(std::min<size_t>(version, 1))));
    if (version > 0 && GetParam().filled) {
      const auto filled = database.Execute(product().fill);
      ASSERT_TRUE(filled) << filled.error().Text();
    }
    ASSERT_TRUE(Migrate(database, Steps(version)));
  }

  std::string Rows(Database& database) { return Dump(database, product().rows, product().columns); }

  std::string SchemaOf(size_t version) {
    const std::string path = dir_ / "reference.db";
    Make(path, version);
    auto database = Database::Open(path).value();
    return DumpSchema(database);
  }

  bool Step(const std::string& path, size_t from) const {
    auto database = Database::Open(path);
    return database && Migrate(*database, Steps(from + 1));
  }

  // Kills the step from `from` at tick n; false when the step completed.
  bool KillAndCheck(size_t from, int n, Tick tick);
  void CheckWhatIsLeft(size_t from, int n);
  int KillEverywhere(size_t from, Tick tick);

  TempDir dir_;
  std::vector<std::string> schemas_;
  std::string rows_before_;
  std::set<std::string> checked_;  // bytes of the files that kills left
};

std::string BytesOf(const std::string& path) {
  std::string out;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::ifstream file(path + suffix, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    out += suffix + std::to_string(bytes.size()) + " " + bytes;
  }
  return out;
}

bool MigrationTest::KillAndCheck(size_t from, int n, Tick tick) {
  const std::string path = dir_ / "killed.db";
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
  std::filesystem::copy_file(dir_ / "template.db", path);
  const bool killed = KilledAt(n, tick, [&] { return Step(path, from); });

  // Most kills leave the same bytes as another, and the same bytes are opened the same way.
  if (checked_.insert(BytesOf(path)).second) CheckWhatIsLeft(from, n);
  return killed;
}

void MigrationTest::CheckWhatIsLeft(size_t from, int n) {
  auto database = Database::Open(dir_ / "killed.db").value();
  const auto version = SchemaVersion(database).value();
  EXPECT_TRUE(version == int64_t(from) || version == int64_t(from) + 1) << "at tick " << n;
  EXPECT_EQ(DumpSchema(database), schemas_[size_t(version)]) << "at tick " << n;
  EXPECT_TRUE(database.QuickCheck());
  if (from > 0) {
    EXPECT_EQ(Rows(database), rows_before_) << "at tick " << n;
  }
  EXPECT_TRUE(Migrate(database, product().migrations)) << "at tick " << n;
  EXPECT_EQ(DumpSchema(database), schemas_.back());
  if (from > 0) {
    EXPECT_EQ(Rows(database), rows_before_);
  }
}

// Returns how often it was killed.
int MigrationTest::KillEverywhere(size_t from, Tick tick) {
  schemas_.clear();
  checked_.clear();
  for (size_t v = 0; v <= product().migrations.size(); ++v) schemas_.push_back(SchemaOf(v));
  Make(dir_ / "template.db", from);
  {
    auto database = Database::Open(dir_ / "template.db").value();
    if (from > 0) rows_before_ = Rows(database);
  }
  std::filesystem::copy_file(dir_ / "template.db", dir_ / "whole.db",
                             std::filesystem::copy_options::overwrite_existing);
  const int ticks = TicksOf(tick, [&] { return Step(dir_ / "whole.db", from); });
  // Each of the first and of the last, where the files change, and some between: filling a table
  // takes thousands of instructions.
  const int ends = tick == Tick::kStatement ? ticks : 20;
  int kills = 0;
  for (int n = 1; n <= ticks && !HasFailure(); ++kills) {
    EXPECT_TRUE(KillAndCheck(from, n, tick)) << "at tick " << n;
    n += n < ends || n >= ticks - ends ? 1 : std::clamp(ticks / 20, 1, ticks - ends - n);
  }
  EXPECT_FALSE(KillAndCheck(from, ticks + 1, tick));
  std::cout << NameOf(GetParam()) << " from schema " << from << ": killed at " << kills
            << (tick == Tick::kStatement ? " statements" : " instructions") << ", which left "
            << checked_.size() << " different databases\n";
  return kills;
}

TEST_P(MigrationTest, SurvivesAKillAtEveryStatementFromEverySchema) {
  for (size_t from = First(); from < product().migrations.size(); ++from) {
    EXPECT_GT(KillEverywhere(from, Tick::kStatement), 10);
  }
}

TEST_P(MigrationTest, SurvivesAKillAtManyInstructionsFromEverySchema) {
  // What a step does to empty tables it also does to those with rows; only the first has none.
  const size_t end = GetParam().filled ? product().migrations.size() : 1;
  for (size_t from = First(); from < end; ++from) {
    EXPECT_GT(KillEverywhere(from, Tick::kInstruction), 50);
  }
}

TEST_P(MigrationTest, RunsOnlyOnce) {
  Make(dir_ / "a.db", product().migrations.size());
  auto database = Database::Open(dir_ / "a.db").value();
  const std::string before = DumpSchema(database) + Rows(database);

  ASSERT_TRUE(Migrate(database, product().migrations));

  EXPECT_EQ(DumpSchema(database) + Rows(database), before);
}

TEST_P(MigrationTest, RefusesASchemaFromTheFuture) {
  Make(dir_ / "a.db", product().migrations.size());
  auto database = Database::Open(dir_ / "a.db").value();
  ASSERT_TRUE(database.Execute("PRAGMA user_version = 1000"));

  const auto migrated = Migrate(database, product().migrations);

  ASSERT_FALSE(migrated);
  EXPECT_EQ(migrated.error().kind, ErrorKind::kUnsupported);
  EXPECT_NE(migrated.error().message.find("written by a newer version"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Product, MigrationTest, ::testing::ValuesIn(kFound),
                         [](const auto& test) { return NameOf(test.param); });

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
