// SPDX-License-Identifier: MIT
#include "api/camera_import.h"

#include <gtest/gtest.h>

#include "secrets/passphrase_box.h"
#include "support/temp_dir.h"

namespace ronin::api {
namespace {

constexpr WallTime kImported{Micros(1'795'000'000'000'000)};

class CameraImportTest : public ::testing::Test {
 protected:
  static CameraImport ReadBody(const std::string& body, const std::string& query = "") {
    return ReadImport(http::Request({.query = query, .body = body}), false).value();
  }
  ImportResult Import(const std::string& body, const std::string& query = "") {
    CameraImport import = ReadBody(body, query);
    EXPECT_TRUE(import.errors.empty()) << import.errors.at(0).field;
    if (!import.sealed.empty()) OpenSecrets(&import);
    return StoreImport(import, *store_, kImported);
  }
  std::vector<std::string> Names() {
    std::vector<std::string> out;
    const auto stored = store_->List();
    for (const auto& camera : *stored) out.push_back(camera.name);
    return out;
  }
  static std::vector<std::string> FieldsOf(const std::vector<http::FieldError>& errors) {
    std::vector<std::string> out;
    for (const auto& error : errors) out.push_back(error.field);
    return out;
  }

  using Texts = std::vector<std::string>;
  testing::TempDir dir_;
  std::unique_ptr<CameraStore> store_ = OpenCameraStore(dir_ / "config.db").value();
};

constexpr const char* kTwo = R"({"cameras":[{"name":"Yard","url":"rtsp://192.0.2.1/","tags":["a"]},
                                            {"name":"Gate","url":"rtsp://192.0.2.2/"}]})";

TEST_F(CameraImportTest, AddsAllCameras) {
  const auto result = Import(kTwo);

  EXPECT_EQ(result.status, 200) << result.failure;
  ASSERT_EQ(result.items.size(), 2U);
  EXPECT_EQ(result.items[1].camera.name, "Gate");
  EXPECT_GT(result.items[1].camera.id, 0);
  EXPECT_EQ(Names(), (Texts{"Yard", "Gate"}));
}

TEST_F(CameraImportTest, ListsTheBadFieldsOfAllCamerasAndStoresNone) {
  const auto result = Import(R"({"cameras":[{"name":"Yard","url":"rtsp://192.0.2.1/"}, 7,
      {"name":"","url":"http://x/"}, {"url":"rtsp://192.0.2.1/","colour":"red"},
      {"name":"yard","url":"rtsp://192.0.2.1/"}]})");

  EXPECT_EQ(result.status, 422);
  EXPECT_EQ(FieldsOf(result.errors),
            (Texts{"cameras[1]", "cameras[2].name", "cameras[2].url", "cameras[3].colour",
                   "cameras[3].name", "cameras[4].name"}));
  EXPECT_TRUE(Names().empty());
}

TEST_F(CameraImportTest, NamesThatAreTakenAreRefusedSkippedOrUpdated) {
  ASSERT_EQ(Import(kTwo).status, 200);
  const std::string again = R"({"cameras":[{"name":"YARD","url":"rtsp://192.0.2.9/"},
                                           {"name":"Shed","url":"rtsp://192.0.2.3/"}]})";

  const auto refused = Import(again);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(FieldsOf(refused.errors), (Texts{"cameras[0].name"}));
  EXPECT_EQ(Names(), (Texts{"Yard", "Gate"}));

  const auto skipped = Import(again, "on_conflict=skip");
  EXPECT_EQ(skipped.status, 200);
  EXPECT_EQ(skipped.items[0].fate, ImportResult::Fate::kSkipped);
  EXPECT_EQ(store_->Get(1)->url, "rtsp://192.0.2.1/");
  EXPECT_EQ(Names(), (Texts{"Yard", "Gate", "Shed"}));

  const auto updated = Import(again, "on_conflict=update");
  EXPECT_EQ(updated.items[0].fate, ImportResult::Fate::kUpdated);
  EXPECT_EQ(store_->Get(1)->url, "rtsp://192.0.2.9/");
  EXPECT_EQ(store_->Get(1)->name, "YARD");
  EXPECT_EQ(store_->Get(1)->tags, (Texts{"a"})) << "what the file leaves away stays";
}

TEST_F(CameraImportTest, ADryRunSaysWhatWouldComeOfItAndStoresNothing) {
  ASSERT_EQ(Import(kTwo).status, 200);
  const std::string more = R"({"cameras":[{"name":"yard","url":"rtsp://192.0.2.9/"},
                                          {"name":"Shed","url":"rtsp://192.0.2.3/"}]})";

  const auto planned = Import(more, "on_conflict=update&dry_run=true");
  EXPECT_EQ(planned.status, 200);
  EXPECT_TRUE(planned.dry_run);
  ASSERT_EQ(planned.items.size(), 2U);
  EXPECT_EQ(planned.items[0].fate, ImportResult::Fate::kUpdated);
  EXPECT_EQ(planned.items[1].fate, ImportResult::Fate::kAdded);
  EXPECT_EQ(planned.items[1].camera.id, 0);
  EXPECT_EQ(Import(R"({"cameras":[{"name":""}]})", "dry_run=true").status, 422);
  EXPECT_EQ(FieldsOf(ReadBody(more, "dry_run=1").errors), (Texts{"dry_run"}));

  EXPECT_EQ(Names(), (Texts{"Yard", "Gate"}));
  EXPECT_EQ(store_->Get(1)->url, "rtsp://192.0.2.1/");
}

TEST_F(CameraImportTest, ARemovedCameraStillHasItsName) {
  ASSERT_EQ(Import(kTwo).status, 200);
  ASSERT_TRUE(store_->Hide(1, false, kImported));

  const auto result = Import(R"({"cameras":[{"name":"New","url":"rtsp://192.0.2.1/"},
                                            {"name":"Yard","url":"rtsp://192.0.2.1/"}]})");

  EXPECT_EQ(result.status, 409);
  EXPECT_EQ(Names(), (Texts{"Gate"})) << "all or none";
}

TEST_F(CameraImportTest, SecretsComeBackWithTheirPassphrase) {
  CameraRecord camera;
  camera.name = "Yard";
  camera.url = "rtsp://192.0.2.1/";
  camera.onvif_url = "http://192.0.2.1/onvif?token=hunter3";
  camera.password = "hunter2";
  const std::string sealed = SealWithPassphrase(SecretsOf({camera}), "correct horse").value();
  const std::string body = R"({"cameras":[{"name":"yard","url":"rtsp://192.0.2.1/",
      "onvif_url":"http://192.0.2.1/onvif?token=***"}],"secrets":")" +
                           sealed + R"(","passphrase":")";

  CameraImport wrong = ReadBody(body + "other horse\"}");
  OpenSecrets(&wrong);
  EXPECT_EQ(FieldsOf(wrong.errors), (Texts{"passphrase"}));

  ASSERT_EQ(Import(body + "correct horse\"}").status, 200);
  EXPECT_EQ(store_->Get(1)->password, "hunter2");
  EXPECT_EQ(store_->Get(1)->onvif_url, camera.onvif_url);
}

TEST_F(CameraImportTest, SaysWhatIsWrongWithTheFile) {
  const std::pair<const char*, Texts> cases[] = {
      {"{}", {"cameras"}},
      {R"({"cameras":{}})", {"cameras"}},
      {R"({"cameras":[],"format":"other"})", {"format"}},
      {R"({"cameras":[],"colour":1})", {"colour"}},
      {R"({"cameras":[],"secrets":"x"})", {"passphrase"}},
      {R"({"cameras":[],"passphrase":"x"})", {"passphrase"}},
      {R"({"cameras":[],"secrets":7})", {"secrets"}},
  };
  for (const auto& [body, fields] : cases)
    EXPECT_EQ(FieldsOf(ReadBody(body).errors), fields) << body;
  EXPECT_EQ(FieldsOf(ReadBody(R"({"cameras":[]})", "on_conflict=maybe&x=1").errors),
            (Texts{"x", "on_conflict"}));
  std::string many = "{}";
  for (int i = 0; i < 1000; ++i) many += ",{}";
  EXPECT_EQ(FieldsOf(ReadBody("{\"cameras\":[" + many + "]}").errors), (Texts{"cameras"}));
  EXPECT_FALSE(ReadImport(http::Request({.body = "[]"}), false));
}

}  // namespace
}  // namespace ronin::api
