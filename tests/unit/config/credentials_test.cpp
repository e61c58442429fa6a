// SPDX-License-Identifier: MIT
#include "config/credentials.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/text.h"
#include "config/master_key_rotation.h"
#include "config/setting_store.h"
#include "config_migrations.h"
#include "support/temp_dir.h"
#include "unit/sqlite/schema_testing.h"

namespace ronin {
namespace {

namespace fs = std::filesystem;
using testing::KilledAt;
using testing::TempDir;
using testing::Tick;
using testing::TicksOf;

constexpr WallTime kNow{Micros(1'795'000'000'000'000)};

std::string BytesOfFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void PutFile(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
}

/// All files of a folder by name.
std::map<std::string, std::string> FilesOf(const fs::path& folder) {
  std::map<std::string, std::string> out;
  for (const auto& file : fs::directory_iterator(folder)) {
    out[file.path().filename()] = BytesOfFile(file.path());
  }
  return out;
}

/// Every stored credential begins with this in these tests.
constexpr std::string_view kCanary = "canary";

std::string FilesWithCanary(const fs::path& folder) {
  std::string out;
  for (const auto& [name, bytes] : FilesOf(folder)) {
    if (bytes.find(kCanary) != std::string::npos) out += name + " ";
  }
  return out;
}

CameraRecord Secret(const std::string& name) {
  CameraRecord out;
  out.name = name;
  out.url = "canary-url of " + name;
  out.sub_url = "canary-sub of " + name;
  out.onvif_url = "canary-onvif of " + name;
  out.username = "canary-user of " + name;
  out.password = "canary-password of " + name;
  return out;
}

void ExpectSecret(const CameraRecord& camera, bool has_onvif = true) {
  const CameraRecord wanted = Secret(camera.name);
  EXPECT_EQ(camera.url, wanted.url);
  EXPECT_EQ(camera.sub_url, wanted.sub_url);
  EXPECT_EQ(camera.onvif_url, has_onvif ? wanted.onvif_url : std::nullopt);
  EXPECT_EQ(camera.username, wanted.username);
  EXPECT_EQ(camera.password, wanted.password);
  EXPECT_TRUE(camera.unreadable.empty());
}

class CredentialsTest : public ::testing::Test {
 protected:
  std::string path() const { return dir_ / "config.db"; }
  std::string key() const { return dir_ / "master.key"; }

  /// Adds cameras; returns what OpenConfigStores() says.
  Status Add(const std::vector<std::string>& names) {
    const auto stores = OpenConfigStores(path());
    if (!stores) return Fail(stores.error());
    for (const std::string& name : names) {
      const auto added = stores->cameras->Insert(Secret(name), kNow);
      if (!added) return Fail(added.error());
    }
    return {};
  }

  std::vector<CameraRecord> List() {
    const auto stores = OpenConfigStores(path());
    EXPECT_TRUE(stores) << (stores ? "" : stores.error().Text());
    return stores ? stores->cameras->List().value() : std::vector<CameraRecord>();
  }

  Error OpenError() {
    const auto stores = OpenConfigStores(path());
    EXPECT_FALSE(stores);
    return stores ? Error() : stores.error();
  }

  void Sql(const char* script) {
    auto database = Database::Open(path()).value();
    const auto done = database.Execute(script);
    ASSERT_TRUE(done) << done.error().Text();
  }

  TempDir dir_;
};

TEST_F(CredentialsTest, NoneIsInPlainTextInAnyFile) {
  auto stores = OpenConfigStores(path()).value();
  CameraRecord yard = stores.cameras->Insert(Secret("Yard"), kNow).value();
  const CameraRecord gate = stores.cameras->Insert(Secret("Gate"), kNow).value();
  yard.password = "canary-other";
  ASSERT_TRUE(stores.cameras->Update(yard, kNow));
  ASSERT_TRUE(stores.cameras->Remove(gate.id));
  EXPECT_EQ(FilesWithCanary(dir_.path()), "") << "while it is open";

  stores = {};

  EXPECT_EQ(FilesWithCanary(dir_.path()), "");
  EXPECT_EQ(List().at(0).password, "canary-other");
}

TEST_F(CredentialsTest, TheKeyIsMadeAtTheFirstStartAndStays) {
  ASSERT_TRUE(Add({"Yard"}));
  const std::string made = BytesOfFile(key());

  ExpectSecret(List().at(0));

  EXPECT_EQ(made.size(), 32U);
  EXPECT_EQ(BytesOfFile(key()), made);
  struct stat info = {};
  ASSERT_EQ(stat(key().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST_F(CredentialsTest, ALostKeyIsSaidAndNothingIsChanged) {
  ASSERT_TRUE(Add({"Yard"}));
  const std::string right = BytesOfFile(key());
  fs::remove(key());
  const auto before = FilesOf(dir_.path());

  const Error error = OpenError();

  EXPECT_EQ(error.kind, ErrorKind::kNotFound);
  EXPECT_NE(error.message.find("master.key\" is not there; put it back from a backup"),
            std::string::npos)
      << error.message;
  EXPECT_EQ(FilesOf(dir_.path()), before);
  PutFile(key(), right);
  ExpectSecret(List().at(0));
}

TEST_F(CredentialsTest, AnotherKeyIsSaidAndNothingIsChanged) {
  ASSERT_TRUE(Add({"Yard"}));
  const std::string right = BytesOfFile(key());
  PutFile(key(), std::string(32, 'k'));
  const auto before = FilesOf(dir_.path());

  const Error error = OpenError();

  EXPECT_EQ(error.kind, ErrorKind::kConflict);
  EXPECT_NE(error.message.find("put the right one back"), std::string::npos) << error.message;
  EXPECT_EQ(FilesOf(dir_.path()), before);
  PutFile(key(), right);
  ExpectSecret(List().at(0));
}

TEST_F(CredentialsTest, ATornKeyIsSaidAndStaysAsItIs) {
  ASSERT_TRUE(Add({"Yard"}));
  const std::string right = BytesOfFile(key());
  PutFile(key(), right.substr(0, 10));

  EXPECT_EQ(OpenError().kind, ErrorKind::kInvalidArgument);

  EXPECT_EQ(BytesOfFile(key()), right.substr(0, 10));
  PutFile(key(), right);
  ASSERT_EQ(chmod(key().c_str(), 0644), 0);
  EXPECT_EQ(OpenError().kind, ErrorKind::kPermission);
  ASSERT_EQ(chmod(key().c_str(), 0600), 0);
  ExpectSecret(List().at(0));
}

TEST_F(CredentialsTest, ADamagedProofIsNotTakenForAnotherKey) {
  ASSERT_TRUE(Add({"Yard"}));
  Sql("UPDATE credential_key SET proof = substr(proof, 1, 50) || "
      "iif(substr(proof, 51, 1) = 'A', 'B', 'A') || substr(proof, 52)");

  EXPECT_EQ(OpenError().kind, ErrorKind::kCorrupt);
}

TEST_F(CredentialsTest, AKeyFromTheSystemIsUsedAndNeverChanged) {
  const TempDir credentials;
  setenv("CREDENTIALS_DIRECTORY", credentials.path().c_str(), 1);
  PutFile(credentials / "ronin-nvr-master-key", std::string(32, 'k'));

  EXPECT_TRUE(Add({"Yard"}));
  const auto rotated = RotateMasterKey(path());

  EXPECT_FALSE(fs::exists(key()));
  ASSERT_FALSE(rotated);
  EXPECT_EQ(rotated.error().kind, ErrorKind::kUnsupported);
  ExpectSecret(List().at(0));
  unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_EQ(OpenError().kind, ErrorKind::kNotFound);
  // The same bytes in the data folder are the same key.
  PutFile(key(), std::string(32, 'k'));
  ExpectSecret(List().at(0));
}

TEST_F(CredentialsTest, AValueInAnotherRowOrFieldIsNotRead) {
  ASSERT_TRUE(Add({"Yard", "Gate", "Shed"}));
  Sql("UPDATE camera SET password = (SELECT password FROM camera WHERE id = 2) WHERE id = 1;"
      "UPDATE camera SET url = sub_url WHERE id = 2");

  const auto cameras = List();

  EXPECT_EQ(cameras.at(0).unreadable, std::set<std::string>{"password"});
  EXPECT_EQ(cameras.at(0).password, "");
  EXPECT_EQ(cameras.at(0).url, Secret("Yard").url);
  EXPECT_FALSE(cameras.at(0).can_connect());
  EXPECT_EQ(cameras.at(1).unreadable, std::set<std::string>{"url"});
  ExpectSecret(cameras.at(2));
}

TEST_F(CredentialsTest, ADamagedValueStaysUntilItIsEnteredAgain) {
  ASSERT_TRUE(Add({"Yard"}));
  Sql("UPDATE camera SET url = 'damaged', sub_url = 'damaged', password = 'damaged'");
  auto stores = OpenConfigStores(path()).value();
  CameraRecord yard = stores.cameras->Get(1).value();
  EXPECT_EQ(yard.unreadable, (std::set<std::string>{"password", "sub_url", "url"}));

  yard.name = "Garden";
  yard = stores.cameras->Update(yard, kNow).value();
  EXPECT_EQ(yard.unreadable.size(), 3U);
  auto database = Database::Open(path()).value();
  EXPECT_EQ(testing::Dump(database, "SELECT url, sub_url, password FROM camera", 3),
            "damaged|damaged|damaged|\n");

  yard.url = "rtsp://192.0.2.1/";
  yard.sub_url.reset();
  yard.unreadable.erase("password");  // said to be empty
  yard = stores.cameras->Update(yard, kNow).value();
  EXPECT_TRUE(yard.unreadable.empty());
  EXPECT_EQ(yard.url, "rtsp://192.0.2.1/");
  EXPECT_EQ(yard.sub_url, std::nullopt);
  EXPECT_EQ(yard.password, "");
  EXPECT_EQ(yard.username, Secret("Yard").username);
}

TEST_F(CredentialsTest, ADamagedSubStreamOrOnvifAddressDoesNotStopTheMainStream) {
  ASSERT_TRUE(Add({"Yard"}));
  Sql("UPDATE camera SET sub_url = 'damaged', onvif_url = 'damaged'");

  EXPECT_TRUE(List().at(0).can_connect());
}

TEST_F(CredentialsTest, AreReadBesideARunningRecorder) {
  const auto stores = OpenConfigStores(path()).value();
  ASSERT_TRUE(stores.cameras->Insert(Secret("Yard"), kNow));

  ExpectSecret(ReadCamera(path(), 1).value());

  PutFile(key(), std::string(32, 'k'));
  EXPECT_EQ(ReadCamera(path(), 1).error().kind, ErrorKind::kConflict);
}

/// A database of the schema before, whose log and free pages hold plain secrets, too.
class PlainDatabaseTest : public CredentialsTest {
 protected:
  static constexpr size_t kPlainSchema = 4;
  static constexpr int kCameras = 12;

  void SetUp() override {
    // Ends without closing, as a kill does, so that the log stays.
    const pid_t child = fork();
    if (child == 0) {
      auto database = Database::Open(path()).value();
      _exit(Prepare(database) ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    template_ = FilesOf(dir_.path());
    ASSERT_NE(FilesWithCanary(dir_.path()).find("config.db "), std::string::npos);
    ASSERT_NE(FilesWithCanary(dir_.path()).find("config.db-wal "), std::string::npos);
  }

  virtual bool Prepare(Database& database) { return Fill(database); }

  static bool Fill(Database& database) {
    const std::span<const Migration> all = kConfigMigrations;
    if (!Migrate(database, all.first(kPlainSchema))) return false;
    return database
        .Execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) "
            "INSERT INTO camera_folder SELECT 'Yard ' || i, 'yard ' || i, "
            "printf('%08d-0000-0000-0000-000000000000', i) FROM n;"
            "INSERT INTO camera (uuid, name, name_key, url, sub_url, username, password, folder, "
            "transport, enabled, record, record_audio, created_us, updated_us) "
            "SELECT camera_uuid, folder, folder_key, 'canary-url of ' || folder, "
            "'canary-sub of ' || folder, 'canary-user of ' || folder, "
            "'canary-password of ' || folder, folder, 'auto', 1, 1, 0, 5, 6 FROM camera_folder;"
            "PRAGMA wal_checkpoint(TRUNCATE);"
            "DELETE FROM camera WHERE id > 12;"
            "UPDATE camera SET updated_us = 7")
        .has_value();
  }

  void Reset() {
    for (const auto& file : fs::directory_iterator(dir_.path())) fs::remove(file.path());
    for (const auto& [name, bytes] : template_) PutFile(dir_ / name, bytes);
  }

  void ExpectAllSealed() {
    const auto cameras = List();
    ASSERT_EQ(cameras.size(), size_t(kCameras));
    for (const CameraRecord& camera : cameras) ExpectSecret(camera, false);
    EXPECT_EQ(FilesWithCanary(dir_.path()), "");
  }

  std::map<std::string, std::string> template_;
};

TEST_F(PlainDatabaseTest, IsEncryptedAndKeepsNothingPlainInFreePagesAndLog) {
  const auto stores = OpenConfigStores(path());

  ASSERT_TRUE(stores) << stores.error().Text();
  EXPECT_EQ(FilesWithCanary(dir_.path()), "") << "while it is open";
  ExpectAllSealed();
}

TEST_F(PlainDatabaseTest, KeepsAllOtherValuesAndGivesNewFieldsTheirMeaningOfBefore) {
  const char* others =
      "SELECT id, uuid, name, name_key, folder, transport, enabled, record, record_sub, "
      "record_audio, schedule, retention_days, retention_bytes, created_us, updated_us FROM camera";
  Sql("UPDATE camera SET name = 'Küche', name_key = 'küche', transport = 'udp', enabled = 0, "
      "record = 0, record_sub = 1, record_audio = 1, schedule = "
      "'{\"mon\":[[\"08:00\",\"18:00\"]]}', "
      "retention_days = 7, retention_bytes = 8, created_us = 9, updated_us = 10 WHERE id = 1");
  std::string before;
  {
    auto database = Database::Open(path()).value();
    before = testing::Dump(database, others, 15);
  }

  const auto cameras = List();

  auto database = Database::Open(path()).value();
  EXPECT_EQ(testing::Dump(database, others, 15), before);
  ASSERT_EQ(cameras.size(), size_t(kCameras));
  const CameraRecord& first = cameras[0];
  EXPECT_EQ(first.name, "Küche");
  EXPECT_EQ(first.folder, "Yard 1");
  EXPECT_EQ(first.transport, Transport::kUdp);
  EXPECT_FALSE(first.enabled || first.record);
  EXPECT_TRUE(first.record_sub && first.record_audio && first.schedule);
  EXPECT_EQ(first.retention_days, 7);
  EXPECT_EQ(first.url, Secret("Yard 1").url);
  for (const CameraRecord& camera : cameras) {
    EXPECT_FALSE(camera.group || camera.onvif_url || camera.tls_fingerprint);
    EXPECT_TRUE(camera.tags.empty());
  }
}

TEST_F(PlainDatabaseTest, SurvivesAKillAtEveryStatement) {
  const auto open = [&] { return OpenConfigStores(path()).has_value(); };
  const int ticks = TicksOf(Tick::kStatement, open);
  ASSERT_GT(ticks, 30);
  for (int n = 1; n <= ticks && !HasFailure(); ++n) {
    Reset();
    EXPECT_TRUE(KilledAt(n, Tick::kStatement, open)) << n;
    ExpectAllSealed();
  }
  std::cout << "killed at " << ticks << " statements\n";
}

TEST_F(PlainDatabaseTest, SurvivesAKillAtManyInstructions) {
  const auto open = [&] { return OpenConfigStores(path()).has_value(); };
  const int ticks = TicksOf(Tick::kInstruction, open);
  int kills = 0;
  for (int n = 1; n <= ticks && !HasFailure(); n += std::max(1, ticks / 40), ++kills) {
    Reset();
    KilledAt(n, Tick::kInstruction, open);
    ExpectAllSealed();
  }
  std::cout << "killed at " << kills << " of " << ticks << " instructions\n";
}

TEST_F(PlainDatabaseTest, IsNotReadBesideBeforeARecorderEncryptedIt) {
  auto database = Database::Open(path()).value();
  ASSERT_TRUE(Migrate(database, kConfigMigrations));

  const auto read = ReadCamera(path(), 1);

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::kUnsupported);
  EXPECT_NE(read.error().message.find("start the recorder once"), std::string::npos);
}

TEST_F(PlainDatabaseTest, WhatARecorderCouldNotScrubItScrubsAtTheNextStart) {
  // Somebody reads, so that the log cannot be emptied.
  auto reader = Database::OpenReadOnly(path()).value();
  ASSERT_TRUE(reader.Execute("BEGIN; SELECT count(*) FROM camera"));

  ASSERT_TRUE(OpenConfigStores(path()));
  EXPECT_NE(FilesWithCanary(dir_.path()), "");
  ASSERT_TRUE(reader.Execute("COMMIT"));

  ExpectAllSealed();
}

/// A database of schema 7, which had all sealed but the addresses of ONVIF services.
class PlainOnvifTest : public PlainDatabaseTest {
 protected:
  static constexpr size_t kPlainOnvifSchema = 7;

  bool Prepare(Database& database) override {
    const std::span<const Migration> all = kConfigMigrations;
    return Fill(database) && Migrate(database, all.first(kPlainOnvifSchema)) &&
           UnlockCredentials(database, KeyFiles::In(dir_.path())) &&
           database.Execute(
               "UPDATE camera SET onvif_url = 'http://canary-onvif.example/' || id;"
               "PRAGMA wal_checkpoint(TRUNCATE);"
               "UPDATE camera SET onvif_url = NULL WHERE id > 6;"
               "UPDATE camera SET updated_us = 8");
  }

  void ExpectOnvifSealed() {
    const auto cameras = List();
    ASSERT_EQ(cameras.size(), size_t(kCameras));
    for (const CameraRecord& camera : cameras) {
      const std::string url = "http://canary-onvif.example/" + std::to_string(camera.id);
      EXPECT_EQ(camera.onvif_url, camera.id > 6 ? std::nullopt : std::optional(url));
      EXPECT_EQ(camera.password, Secret(camera.name).password);
      EXPECT_TRUE(camera.unreadable.empty());
    }
    EXPECT_EQ(FilesWithCanary(dir_.path()), "");
  }
};

TEST_F(PlainOnvifTest, IsEncryptedAndKeepsNothingPlainInFreePagesAndLog) {
  const auto stores = OpenConfigStores(path());

  ASSERT_TRUE(stores) << stores.error().Text();
  EXPECT_EQ(FilesWithCanary(dir_.path()), "") << "while it is open";
  ExpectOnvifSealed();
}

TEST_F(PlainOnvifTest, SurvivesAKillAtEveryStatement) {
  const auto open = [&] { return OpenConfigStores(path()).has_value(); };
  const int ticks = TicksOf(Tick::kStatement, open);
  ASSERT_GT(ticks, 10);
  for (int n = 1; n <= ticks && !HasFailure(); ++n) {
    Reset();
    EXPECT_TRUE(KilledAt(n, Tick::kStatement, open)) << n;
    ExpectOnvifSealed();
  }
}

class RotationTest : public CredentialsTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Add({"Yard", "Gate", "Shed"}));
    Sql("UPDATE camera SET password = 'damaged' WHERE id = 3");
    before_ = FilesOf(dir_.path());
  }

  void Reset() {
    for (const auto& file : fs::directory_iterator(dir_.path())) fs::remove(file.path());
    for (const auto& [name, bytes] : before_) PutFile(dir_ / name, bytes);
  }

  void ExpectAllThere() {
    const auto cameras = List();
    ASSERT_EQ(cameras.size(), 3U);
    ExpectSecret(cameras[0]);
    ExpectSecret(cameras[1]);
    EXPECT_EQ(cameras[2].unreadable, std::set<std::string>{"password"});
    EXPECT_EQ(cameras[2].url, Secret("Shed").url);
    EXPECT_FALSE(fs::exists(dir_ / "master.key.new"));
  }

  std::map<std::string, std::string> before_;
};

TEST_F(RotationTest, SealsAllWithAnotherKey) {
  ASSERT_TRUE(RotateMasterKey(path()));

  ExpectAllThere();
  EXPECT_NE(BytesOfFile(key()), before_["master.key"]);
  PutFile(key(), before_["master.key"]);
  EXPECT_EQ(OpenError().kind, ErrorKind::kConflict) << "the old key opens nothing any more";
}

TEST_F(RotationTest, LeavesNoOldTextInFreePagesAndLog) {
  std::vector<std::string> old;
  {
    auto database = Database::Open(path()).value();
    auto rows = database.Prepare("SELECT password FROM camera WHERE id < 3").value();
    while (rows.Step().value()) old.push_back(rows.Text(0));
  }
  ASSERT_EQ(old.size(), 2U);

  ASSERT_TRUE(RotateMasterKey(path()));

  for (const auto& [name, bytes] : FilesOf(dir_.path())) {
    for (const std::string& text : old) EXPECT_EQ(bytes.find(text), std::string::npos) << name;
  }
}

TEST_F(RotationTest, SurvivesAKillAtEveryStatement) {
  const auto rotate = [&] { return RotateMasterKey(path()).has_value(); };
  const int ticks = TicksOf(Tick::kStatement, rotate);
  ASSERT_GT(ticks, 20);
  bool before_seen = false;
  bool after_seen = false;
  for (int n = 1; n <= ticks && !HasFailure(); ++n) {
    Reset();
    EXPECT_TRUE(KilledAt(n, Tick::kStatement, rotate)) << n;
    ExpectAllThere();
    (BytesOfFile(key()) == before_["master.key"] ? before_seen : after_seen) = true;
  }
  EXPECT_TRUE(before_seen && after_seen);
  std::cout << "killed at " << ticks << " statements\n";
}

TEST_F(RotationTest, IsEndedByTheNextStartWhenTheNewKeyHasNotItsNameYet) {
  ASSERT_TRUE(RotateMasterKey(path()));
  fs::rename(key(), dir_ / "master.key.new");
  const std::string fresh = BytesOfFile(dir_ / "master.key.new");
  PutFile(key(), before_["master.key"]);
  ExpectSecret(ReadCamera(path(), 1).value());  // beside, nothing is settled

  ExpectAllThere();

  EXPECT_EQ(BytesOfFile(key()), fresh);
}

TEST_F(RotationTest, ANewKeyThatNothingIsSealedWithIsForgotten) {
  PutFile(dir_ / "master.key.new", std::string(32, 'n'));

  ExpectAllThere();

  EXPECT_EQ(BytesOfFile(key()), before_["master.key"]);
}

TEST_F(RotationTest, ChangesNothingWhenTheKeyDoesNotFit) {
  PutFile(key(), std::string(32, 'k'));
  const auto before = FilesOf(dir_.path());

  const auto rotated = RotateMasterKey(path());

  ASSERT_FALSE(rotated);
  EXPECT_EQ(rotated.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(FilesOf(dir_.path()), before);
}

}  // namespace
}  // namespace ronin
