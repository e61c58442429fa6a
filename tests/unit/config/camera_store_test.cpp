// SPDX-License-Identifier: MIT
#include "config/camera_store.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/text.h"
#include "config/setting_store.h"
#include "config_migrations.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

constexpr WallTime kMonday{Micros(1'795'000'000'000'000)};
constexpr WallTime kTuesday = kMonday + std::chrono::hours(24);

constexpr const char* kFingerprint =
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:"
    "FF";

CameraRecord Named(const std::string& name) {
  CameraRecord out;
  out.name = name;
  out.url = "rtsp://192.0.2.10/1";
  return out;
}

class CameraStoreTest : public ::testing::Test {
 protected:
  testing::TempDir dir_;
  std::unique_ptr<CameraStore> store_ = OpenCameraStore(dir_ / "config.db").value();
};

TEST_F(CameraStoreTest, GivesBackWhatWasInserted) {
  CameraRecord camera = Named("Front door");
  camera.sub_url = "rtsp://192.0.2.10/2";
  camera.onvif_url = "http://192.0.2.10/onvif/device_service";
  camera.username = "admin";
  camera.password = "s'e\"cret";
  camera.transport = Transport::kUdp;
  camera.tls_fingerprint = kFingerprint;
  camera.enabled = false;
  camera.record_sub = true;
  camera.record_audio = false;
  camera.schedule = Schedule::FromText(R"({"mon":[["08:00","18:00"]]})").value();
  camera.retention_days = 30;
  camera.retention_bytes = 1'000'000'000'000;
  camera.retention_min_days = 3;
  camera.sub_retention_days = 60;
  camera.sub_retention_bytes = 5'000;

  const auto inserted = store_->Insert(camera, kMonday);

  ASSERT_TRUE(inserted) << inserted.error().Text();
  store_ = nullptr;
  store_ = OpenCameraStore(dir_ / "config.db").value();
  const auto got = store_->Get(inserted->id);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->id, 1);
  EXPECT_EQ(got->uuid.size(), 36U);
  EXPECT_EQ(got->name, "Front door");
  EXPECT_EQ(got->folder, "Front door");
  EXPECT_EQ(got->sub_url, camera.sub_url);
  EXPECT_EQ(got->onvif_url, camera.onvif_url);
  EXPECT_EQ(got->password, camera.password);
  EXPECT_EQ(got->transport, Transport::kUdp);
  EXPECT_EQ(got->tls_fingerprint, kFingerprint);
  EXPECT_FALSE(got->enabled);
  EXPECT_TRUE(got->record);
  EXPECT_TRUE(got->record_sub);
  EXPECT_FALSE(got->record_audio);
  EXPECT_EQ(got->schedule, camera.schedule);
  EXPECT_EQ(got->retention_days, 30);
  EXPECT_EQ(got->retention_bytes, 1'000'000'000'000);
  EXPECT_EQ(got->retention_min_days, 3);
  EXPECT_EQ(got->sub_retention_days, 60);
  EXPECT_EQ(got->sub_retention_bytes, 5'000);
  EXPECT_EQ(got->created, kMonday);
  EXPECT_EQ(got->updated, kMonday);
}

TEST_F(CameraStoreTest, RefusesANameThatDiffersInCaseOnly) {
  ASSERT_TRUE(store_->Insert(Named("Küche"), kMonday));

  const auto second = store_->Insert(Named("KÜCHE"), kMonday);

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(store_->List()->size(), 1U);
}

TEST_F(CameraStoreTest, NeverGivesAFolderOrAnIdToAnotherCamera) {
  const auto first = store_->Insert(Named("Yard"), kMonday);
  ASSERT_TRUE(store_->Remove(first->id));

  const auto second = store_->Insert(Named("yard"), kTuesday);

  ASSERT_TRUE(second);
  EXPECT_EQ(second->folder, "yard 2");
  EXPECT_NE(second->id, first->id);
  EXPECT_NE(second->uuid, first->uuid);
}

TEST_F(CameraStoreTest, KeepsTheFolderWhenTheNameChanges) {
  CameraRecord camera = store_->Insert(Named("Yard"), kMonday).value();
  camera.name = "Garden";
  camera.folder = "ignored";
  camera.uuid = "ignored";

  const auto updated = store_->Update(camera, kTuesday);

  ASSERT_TRUE(updated);
  EXPECT_EQ(updated->name, "Garden");
  EXPECT_EQ(updated->folder, "Yard");
  EXPECT_EQ(updated->created, kMonday);
  EXPECT_EQ(updated->updated, kTuesday);
  EXPECT_EQ(store_->Insert(Named("Yard"), kTuesday)->folder, "Yard 2");
}

TEST_F(CameraStoreTest, LetsACameraKeepItsOwnNameButNotTakeAnothers) {
  CameraRecord yard = store_->Insert(Named("Yard"), kMonday).value();
  ASSERT_TRUE(store_->Insert(Named("Gate"), kMonday));

  yard.name = "YARD";
  EXPECT_TRUE(store_->Update(yard, kTuesday));
  yard.name = "gate";
  EXPECT_EQ(store_->Update(yard, kTuesday).error().kind, ErrorKind::kConflict);
}

TEST_F(CameraStoreTest, AcceptsAClockThatWasSetBack) {
  const CameraRecord camera = store_->Insert(Named("Yard"), kTuesday).value();

  EXPECT_TRUE(store_->Update(camera, kMonday));
}

TEST_F(CameraStoreTest, SaysWhichCameraIsMissing) {
  CameraRecord camera = Named("Yard");
  camera.id = 7;
  EXPECT_EQ(store_->Get(7).error().message, "there is no camera 7");
  EXPECT_EQ(store_->Update(camera, kMonday).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(store_->Remove(7).error().kind, ErrorKind::kNotFound);
}

TEST_F(CameraStoreTest, RefusesBadValuesInWords) {
  const auto refusal = [&](auto change) {
    CameraRecord camera = Named("Yard");
    change(camera);
    const auto inserted = store_->Insert(camera, kMonday);
    EXPECT_FALSE(inserted);
    if (inserted) return std::string();
    EXPECT_EQ(inserted.error().kind, ErrorKind::kInvalidArgument);
    return inserted.error().message;
  };
  EXPECT_EQ(refusal([](auto& c) { c.name = " "; }), "name must have 1 to 200 characters");
  EXPECT_EQ(refusal([](auto& c) { c.name = "\xff"; }), "name must have 1 to 200 characters");
  EXPECT_EQ(refusal([](auto& c) { c.url = ""; }), "url must have 1 to 3000 characters");
  EXPECT_EQ(refusal([](auto& c) { c.record_sub = true; }), "record_sub needs a sub_url");
  EXPECT_EQ(refusal([](auto& c) { c.retention_days = 0; }),
            "retention_days must be from 1 to 36500, or null");
  EXPECT_EQ(refusal([](auto& c) { c.retention_min_days = 36501; }),
            "retention_min_days must be from 1 to 36500, or null");
  EXPECT_EQ(refusal([](auto& c) { c.sub_retention_days = -1; }),
            "sub_retention_days must be from 1 to 36500, or null");
  EXPECT_EQ(refusal([](auto& c) { c.retention_bytes = 0; }),
            "retention_bytes must be more than 0, or null");
  EXPECT_EQ(refusal([](auto& c) { c.sub_retention_bytes = 0; }),
            "sub_retention_bytes must be more than 0, or null");
  EXPECT_TRUE(store_->List()->empty());
}

TEST_F(CameraStoreTest, ReadsOneCameraBesideTheWriter) {
  const int64_t id = store_->Insert(Named("Yard"), kMonday)->id;

  const auto camera = ReadCamera(dir_ / "config.db", id);

  ASSERT_TRUE(camera) << camera.error().Text();
  EXPECT_EQ(camera->name, "Yard");
  EXPECT_EQ(ReadCamera(dir_ / "config.db", id + 1).error().kind, ErrorKind::kNotFound);
  EXPECT_TRUE(store_->Insert(Named("Shed"), kMonday)) << "the writer goes on";
}

TEST(ReadCamera, MakesNoDatabase) {
  testing::TempDir dir;

  const auto camera = ReadCamera(dir / "config.db", 1);

  ASSERT_FALSE(camera);
  EXPECT_EQ(camera.error().kind, ErrorKind::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(dir / "config.db"));
}

TEST(ReadCamera, LeavesADatabaseOfAnotherVersionAsItIs) {
  for (const auto& [version, writer] : {std::pair{1, "an older"}, std::pair{99, "a newer"}}) {
    testing::TempDir dir;
    const std::string path = dir / "config.db";
    auto database = Database::Open(path).value();
    ASSERT_TRUE(database.Execute(Concat("PRAGMA user_version = ", version).c_str()));

    const auto camera = ReadCamera(path, 1);

    ASSERT_FALSE(camera);
    EXPECT_EQ(camera.error().kind, ErrorKind::kUnsupported);
    EXPECT_EQ(
        camera.error().message,
        Concat("database \"", path, "\" was written by ", writer, " version of RoninNVR (schema ",
               version, ", this program reads ", std::size(kConfigMigrations),
               "); use the program that the recorder was started with last"));
    EXPECT_EQ(SchemaVersion(database).value(), version);
  }
}

TEST(OpenReadOnly, LetsNothingBeChanged) {
  testing::TempDir dir;
  auto writer = Database::Open(dir / "a.db").value();
  ASSERT_TRUE(writer.Execute("CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (7)"));

  auto reader = Database::OpenReadOnly(dir / "a.db").value();

  EXPECT_FALSE(reader.Execute("INSERT INTO t VALUES (8)"));
  auto rows = reader.Prepare("SELECT x FROM t").value();
  ASSERT_TRUE(rows.Step().value());
  EXPECT_EQ(rows.Int(0), 7);
}

TEST(SettingStore, KeepsTheLastTextUnderAKey) {
  testing::TempDir dir;
  const auto stores = OpenConfigStores(dir / "config.db");
  ASSERT_TRUE(stores);
  EXPECT_EQ(stores->settings->Get("storage.policy").value(), std::nullopt);

  ASSERT_TRUE(stores->settings->Set("storage.policy", "{}", kMonday));
  ASSERT_TRUE(stores->settings->Set("storage.policy", "{\"a\":1}", kTuesday));

  EXPECT_EQ(stores->settings->Get("storage.policy").value(), "{\"a\":1}");
  EXPECT_EQ(stores->settings->Set("", "x", kMonday).error().kind, ErrorKind::kInvalidArgument);
}

TEST(VolumeStore, RemembersEachDiskAndWhereItWasSeenLast) {
  testing::TempDir dir;
  const auto stores = OpenConfigStores(dir / "config.db");
  ASSERT_TRUE(stores);
  const std::string a = "00000000-0000-0000-0000-00000000000a";
  const std::string b = "00000000-0000-0000-0000-00000000000b";
  const int64_t first = stores->volumes->Seen(a, "/srv/a", kMonday).value();

  EXPECT_EQ(stores->volumes->Seen(a, "/srv/b", kTuesday).value(), first);
  const int64_t second = stores->volumes->Seen(b, "/srv/b", kTuesday).value();

  EXPECT_EQ(stores->volumes->List().value(),
            (std::vector<VolumeRecord>{{first, a, "/srv/b"}, {second, b, "/srv/b"}}));
  EXPECT_EQ(stores->volumes->Seen(a, "b", kMonday).error().kind, ErrorKind::kInvalidArgument);
}

TEST(VolumeStore, KeepsWhatADiskIsUsedForAndGivesItToTheOneThatTakesItsPlace) {
  testing::TempDir dir;
  const auto stores = OpenConfigStores(dir / "config.db");
  ASSERT_TRUE(stores);
  const std::string a = "00000000-0000-0000-0000-00000000000a";
  const std::string b = "00000000-0000-0000-0000-00000000000b";
  const VolumeUse archive{.weight = 3, .role = VolumeRole::kArchive, .move_after_days = 7};
  ASSERT_TRUE(stores->volumes->Seen(a, "/srv/a", kMonday));
  EXPECT_EQ(stores->volumes->List()->front().use, VolumeUse());

  ASSERT_TRUE(stores->volumes->SetUse(a, archive));
  ASSERT_TRUE(stores->volumes->SetAdded("/srv/a", true));
  ASSERT_TRUE(stores->volumes->Seen(b, "/srv/a", kTuesday));

  const auto volumes = stores->volumes->List().value();
  ASSERT_EQ(volumes.size(), 2U);
  for (const VolumeRecord& one : volumes) {
    EXPECT_EQ(one.use, archive) << one.uuid;
    EXPECT_TRUE(one.added) << one.uuid;
  }
  ASSERT_TRUE(stores->volumes->SetAdded("/srv/a", false));
  EXPECT_FALSE(stores->volumes->List()->back().added);
  EXPECT_EQ(stores->volumes->SetUse("none", archive).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(stores->volumes->SetUse(a, {.weight = 101}).error().kind, ErrorKind::kInvalidArgument);
}

TEST(CameraStore, KeepsTheVolumeThatACameraIsAssignedToAndTheOneThatIsItsOwn) {
  testing::TempDir dir;
  const auto stores = OpenConfigStores(dir / "config.db");
  ASSERT_TRUE(stores);
  const std::string a = "00000000-0000-0000-0000-00000000000a";
  const std::string b = "00000000-0000-0000-0000-00000000000b";
  CameraRecord camera;
  camera.name = "Yard";
  camera.url = "rtsp://192.0.2.1/";
  camera.volume_uuid = a;
  auto stored = stores->cameras->Insert(camera, kMonday);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->volume_uuid, a);
  EXPECT_TRUE(stores->cameras->Homes()->empty());

  ASSERT_TRUE(stores->cameras->SetHome(stored->uuid, b));
  stored->volume_uuid.reset();
  EXPECT_EQ(stores->cameras->Update(*stored, kTuesday)->volume_uuid, std::nullopt);

  EXPECT_EQ(stores->cameras->Homes().value(),
            (std::map<std::string, std::string>{{stored->uuid, b}}));
  ASSERT_TRUE(stores->cameras->Remove(stored->id));
  EXPECT_TRUE(stores->cameras->Homes()->empty());
}

TEST(ReadConfigStores, LooksIntoTheDatabaseOfARunningRecorder) {
  testing::TempDir dir;
  const auto stores = OpenConfigStores(dir / "config.db");
  ASSERT_TRUE(stores);

  const auto reader = ReadConfigStores(dir / "config.db");

  ASSERT_TRUE(reader) << reader.error().Text();
  EXPECT_TRUE(reader->cameras->List().value().empty());
  EXPECT_FALSE(reader->settings->Set("a", "b", kMonday));
}

TEST(OpenCameraStore, LeavesADamagedDatabaseAlone) {
  testing::TempDir dir;
  const std::string damaged(9000, 'x');
  std::ofstream(dir / "config.db") << damaged;

  const auto opened = OpenCameraStore(dir / "config.db");

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::kCorrupt);
  std::ifstream file(dir / "config.db");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), damaged);
}

}  // namespace
}  // namespace ronin
