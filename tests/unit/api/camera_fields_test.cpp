// SPDX-License-Identifier: MIT
#include "api/camera_fields.h"

#include <map>
#include <string>

#include <gtest/gtest.h>

namespace ronin::api {
namespace {

CameraFields Read(const std::string& body, bool allow_loopback = false) {
  return ReadCameraFields(*JsonValue::Parse(body), allow_loopback);
}

std::map<std::string, int> BadFields(const std::string& body) {
  std::map<std::string, int> out;
  for (const auto& error : Read(body).errors) ++out[error.field];
  return out;
}

using Count = std::map<std::string, int>;

TEST(CameraFields, TakesACameraAndFillsInTheRest) {
  const auto fields = Read(R"({"name":" Door ","url":"rtsp://192.0.2.1/s","retention_days":7})");

  EXPECT_TRUE(fields.errors.empty());
  EXPECT_EQ(fields.record.name, "Door");
  EXPECT_EQ(fields.record.url, "rtsp://192.0.2.1/s");
  EXPECT_EQ(fields.record.retention_days, 7);
  EXPECT_FALSE(fields.record.sub_url);
  EXPECT_TRUE(fields.record.enabled);
}

TEST(CameraFields, ListsEveryBadFieldOnce) {
  EXPECT_EQ(BadFields(R"({"name":3,"url":"http://192.0.2.1/","sub_url":5,"transport":"pigeon",
                          "enabled":"yes","record":1,"retention_days":0,"retention_bytes":1.5})"),
            (Count{{"name", 1},
                   {"url", 1},
                   {"sub_url", 1},
                   {"transport", 1},
                   {"enabled", 1},
                   {"record", 1},
                   {"retention_days", 1},
                   {"retention_bytes", 1}}));
}

TEST(CameraFields, NameAndUrlAreNeeded) {
  EXPECT_EQ(BadFields("{}"), (Count{{"name", 1}, {"url", 1}}));
}

TEST(CameraFields, ANameThatIsTooLongIsOneError) {
  EXPECT_EQ(BadFields(R"({"url":"rtsp://192.0.2.1/","name":")" + std::string(101, 'x') + "\"}"),
            (Count{{"name", 1}}));
}

TEST(CameraFields, ANameMayHaveAHundredCharactersOfAnyAlphabet) {
  std::string name;
  for (int i = 0; i < 100; ++i) name += "門";

  EXPECT_EQ(BadFields(R"({"url":"rtsp://192.0.2.1/","name":")" + name + "\"}"), Count());
  EXPECT_EQ(BadFields(R"({"url":"rtsp://192.0.2.1/","name":"a\u0007"})"), (Count{{"name", 1}}));
  EXPECT_EQ(BadFields(R"({"url":"rtsp://192.0.2.1/","name":" \u3000 "})"), (Count{{"name", 1}}));
}

TEST(CameraFields, TakesAGroupAndTags) {
  const auto fields = Read(R"({"name":"a","url":"rtsp://192.0.2.1/","group":" Yard ",
                               "tags":["outside"," Night ","OUTSIDE"]})");

  EXPECT_TRUE(fields.errors.empty());
  EXPECT_EQ(fields.record.group, "Yard");
  EXPECT_EQ(fields.record.tags, (std::vector<std::string>{"outside", "Night"}));
  const auto none = Read(R"({"name":"a","url":"rtsp://192.0.2.1/","group":null,"tags":null})");
  EXPECT_TRUE(none.errors.empty());
  EXPECT_FALSE(none.record.group);
}

TEST(CameraFields, SaysWhatIsWrongWithAGroupOrATag) {
  const auto bad = [](const std::string& more) {
    return BadFields(R"({"name":"a","url":"rtsp://192.0.2.1/",)" + more + "}");
  };
  for (const char* group : {"7", "[]", R"("a\nb")"}) {
    EXPECT_EQ(bad(std::string("\"group\":") + group), (Count{{"group", 1}})) << group;
  }
  EXPECT_EQ(bad("\"group\":\"" + std::string(101, 'x') + "\""), (Count{{"group", 1}}));
  std::string many = "\"a0\"";
  for (int i = 1; i < 21; ++i) many += ",\"a" + std::to_string(i) + "\"";
  for (const std::string& tags : {std::string("7"), std::string("\"a\""), std::string("[7,8]"),
                                  std::string("[\"\"]"), "[" + many + "]"}) {
    EXPECT_EQ(bad("\"tags\":" + tags), (Count{{"tags", 1}})) << tags;
  }
}

TEST(CameraFields, ReadOnlyFieldsAreAcceptedAndUnknownOnesRefused) {
  EXPECT_EQ(BadFields(R"({"name":"a","url":"rtsp://192.0.2.1/","id":7,"status":"online",
                          "stream":{},"colour":"red"})"),
            (Count{{"colour", 1}}));
}

std::string MessageOf(const std::string& field, const std::string& value) {
  const auto errors =
      Read(R"({"name":"a","url":"rtsp://192.0.2.1/",")" + field + "\":" + value + "}").errors;
  return errors.size() == 1 && errors[0].field == field ? errors[0].message : "";
}

TEST(CameraFields, SaysWhatTheStoreWouldRefuse) {
  EXPECT_EQ(MessageOf("retention_days", "36501"),
            "must be a whole number from 1 to 36500, or null");
  EXPECT_EQ(MessageOf("retention_bytes", "0"), "must be a whole number from 1, or null");
  EXPECT_EQ(MessageOf("record_sub", "true"),
            "needs a sub_url; give the address of the smaller stream");
  EXPECT_EQ(BadFields(R"({"name":"a","url":"rtsp://192.0.2.1/","retention_days":36500,
                          "retention_bytes":9223372036854775807,
                          "sub_url":"rtsp://192.0.2.1/2","record_sub":true})"),
            Count());
  EXPECT_EQ(BadFields(R"({"name":"a","url":"rtsp://192.0.2.1/","sub_url":"x","record_sub":true})"),
            (Count{{"sub_url", 1}}))
      << "one mistake, told once";
}

TEST(CameraFields, TakesAFingerprintInOneForm) {
  std::string form = "00";
  for (int i = 1; i < 32; ++i) form += ":AB";
  const auto of = [](const std::string& value) {
    return Read(R"({"name":"a","url":"rtsps://192.0.2.1/","tls_fingerprint":)" + value + "}")
        .record.tls_fingerprint;
  };
  std::string plain = "00";
  for (int i = 1; i < 32; ++i) plain += "aB";

  EXPECT_EQ(of('"' + form + '"'), form);
  EXPECT_EQ(of('"' + plain + '"'), form);
  EXPECT_EQ(of("null"), std::nullopt);
  EXPECT_EQ(of("\"\""), std::nullopt);
  for (const char* wrong : {"7", "[]", "\"00:AB\"", "\"sha256\""}) {
    EXPECT_NE(MessageOf("tls_fingerprint", wrong), "") << wrong;
  }
}

TEST(CameraFields, TakesAVolumeThatThereIs) {
  const std::map<int64_t, std::string> volumes{{2, "uuid-2"}};
  CameraRecord stored;
  stored.volume_uuid = "before";
  const auto of = [&](const std::string& value, const std::map<int64_t, std::string>* known) {
    return ReadCameraFields(*JsonValue::Parse(R"({"volume_id":)" + value + "}"), false, &stored,
                            known);
  };

  EXPECT_EQ(of("2", &volumes).record.volume_uuid, "uuid-2");
  EXPECT_EQ(of("null", &volumes).record.volume_uuid, std::nullopt);
  EXPECT_EQ(ReadCameraFields(*JsonValue::Parse("{}"), false, &stored, &volumes).record.volume_uuid,
            "before");
  for (const char* wrong : {"3", "0", "1.5", "\"2\"", "true"}) {
    EXPECT_EQ(of(wrong, &volumes).errors.size(), 1U) << wrong;
  }
  // Of another recorder.
  EXPECT_EQ(of("3", nullptr).record.volume_uuid, "before");
  EXPECT_TRUE(of("3", nullptr).errors.empty());
}

TEST(CameraFields, TakesAScheduleAndSaysWhatIsWrongWithOne) {
  const auto fields =
      Read(R"({"name":"a","url":"rtsp://192.0.2.1/","schedule":{"mon":[["08:00","18:00"]]}})");

  EXPECT_TRUE(fields.errors.empty());
  EXPECT_EQ(fields.record.schedule, Schedule::FromText(R"({"mon":[["08:00","18:00"]]})").value());
  EXPECT_NE(MessageOf("schedule", "[]").find("must be an object"), std::string::npos);
  EXPECT_NE(MessageOf("schedule", R"({"mon":[["9:00","10:00"]]})").find("pairs of times"),
            std::string::npos);
}

CameraRecord Stored() {
  CameraRecord out;
  out.id = 7;
  out.name = "Door";
  out.url = "rtsp://192.0.2.1/s";
  out.sub_url = "rtsp://192.0.2.1/2";
  out.username = "admin";
  out.password = "hunter2";
  out.record = false;
  out.schedule = Schedule::FromText("{}").value();
  out.retention_days = 7;
  return out;
}

CameraRecord Changed(const std::string& body) {
  const CameraRecord stored = Stored();
  const auto fields = ReadCameraFields(*JsonValue::Parse(body), false, &stored);
  EXPECT_TRUE(fields.errors.empty()) << body;
  return fields.record;
}

TEST(CameraFields, ASecretThatAnAnswerHidIsPutBack) {
  CameraRecord stored = Stored();
  stored.url = "rtsp://192.0.2.1/s?channel=1&token=hunter3";
  stored.sub_url = "rtsp://192.0.2.1/2?token=hunter4";
  stored.onvif_url = "http://192.0.2.1/onvif?token=hunter5";
  const auto read = [&](const std::string& body) {
    return ReadCameraFields(*JsonValue::Parse(body), false, &stored);
  };

  const auto same = read(R"({"url":"rtsp://192.0.2.1/s?channel=1&token=***",
                             "sub_url":"rtsp://192.0.2.1/2?token=***",
                             "onvif_url":"http://192.0.2.1/onvif?token=***"})");
  EXPECT_TRUE(same.errors.empty());
  EXPECT_EQ(same.record.url, stored.url);
  EXPECT_EQ(same.record.sub_url, stored.sub_url);
  EXPECT_EQ(same.record.onvif_url, stored.onvif_url);
  EXPECT_EQ(read(R"({"url":"rtsp://192.0.2.9/s?channel=2&token=***"})").record.url,
            "rtsp://192.0.2.9/s?channel=2&token=hunter3");

  const auto unknown = read(R"({"url":"rtsp://192.0.2.1/s?key=***"})");
  ASSERT_EQ(unknown.errors.size(), 1U);
  EXPECT_EQ(unknown.errors[0].field, "url");
  EXPECT_EQ(BadFields(R"({"name":"a","url":"rtsp://192.0.2.1/s?token=***"})"), (Count{{"url", 1}}));
}

TEST(CameraFields, AFieldThatWasDamagedIsNoMoreOnceItIsGiven) {
  CameraRecord stored = Stored();
  stored.unreadable = {"password", "username"};

  const auto fields = ReadCameraFields(*JsonValue::Parse(R"({"password":""})"), false, &stored);

  EXPECT_EQ(fields.record.unreadable, std::set<std::string>{"username"});
}

TEST(CameraFields, AChangeLeavesAloneWhatItDoesNotName) {
  const CameraRecord same = Changed("{}");
  EXPECT_EQ(same.id, 7);
  EXPECT_EQ(same.name, "Door");
  EXPECT_EQ(same.url, "rtsp://192.0.2.1/s");
  EXPECT_EQ(same.sub_url, "rtsp://192.0.2.1/2");
  EXPECT_EQ(same.password, "hunter2");
  EXPECT_FALSE(same.record);
  EXPECT_TRUE(same.schedule);
  EXPECT_EQ(same.retention_days, 7);

  const CameraRecord other = Changed(R"({"record":true,"name":"Gate"})");
  EXPECT_TRUE(other.record);
  EXPECT_EQ(other.name, "Gate");
  EXPECT_EQ(other.username, "admin");
}

TEST(CameraFields, AChangeToNullSetsAFieldBack) {
  const CameraRecord changed =
      Changed(R"({"schedule":null,"retention_days":null,"sub_url":null,"password":null})");

  EXPECT_FALSE(changed.schedule);
  EXPECT_FALSE(changed.retention_days);
  EXPECT_FALSE(changed.sub_url);
  EXPECT_EQ(changed.password, "");
  EXPECT_EQ(changed.username, "admin");
}

TEST(CameraFields, ANewAddressBringsItsCredentialsOrKeepsThose) {
  EXPECT_EQ(Changed(R"({"url":"rtsp://192.0.2.9/s"})").password, "hunter2");
  EXPECT_EQ(Changed(R"({"url":"rtsp://bob:other@192.0.2.9/s"})").username, "bob");
  EXPECT_EQ(Changed(R"({"url":"rtsp://bob:other@192.0.2.9/s"})").password, "other");
  EXPECT_EQ(Changed(R"({"sub_url":"rtsp://bob:other@192.0.2.9/s"})").username, "admin");
}

TEST(CameraFields, AChangeIsCheckedLikeANewCamera) {
  const CameraRecord stored = Stored();
  const auto fields = ReadCameraFields(
      *JsonValue::Parse(R"({"name":"","url":null,"record":1,"colour":"red"})"), false, &stored);

  std::map<std::string, int> bad;
  for (const auto& error : fields.errors) ++bad[error.field];
  EXPECT_EQ(bad, (Count{{"colour", 1}, {"name", 1}, {"record", 1}, {"url", 1}}));
}

TEST(CameraFields, MovesCredentialsOutOfTheUrl) {
  const auto fields = Read(R"({"name":"a","url":"rtsp://admin:hunter2@192.0.2.1/s"})");

  EXPECT_EQ(fields.record.url, "rtsp://192.0.2.1/s");
  EXPECT_EQ(fields.record.username, "admin");
  EXPECT_EQ(fields.record.password, "hunter2");
}

TEST(CameraFields, TheFieldsCredentialsAreStronger) {
  const auto fields =
      Read(R"({"name":"a","url":"rtsp://u:p@192.0.2.1/s","username":"x","password":"y"})");

  EXPECT_EQ(fields.record.url, "rtsp://192.0.2.1/s");
  EXPECT_EQ(fields.record.username, "x");
  EXPECT_EQ(fields.record.password, "y");
}

TEST(CameraFields, APasswordGoesWithTheUserOfTheUrl) {
  const auto fields = Read(R"({"name":"a","url":"rtsp://admin@192.0.2.1/s","password":"y"})");

  EXPECT_EQ(fields.record.username, "admin");
  EXPECT_EQ(fields.record.password, "y");
}

TEST(CameraFields, RefusesThisMachineUnlessItIsAllowed) {
  const std::string body = R"({"name":"a","url":"rtsp://127.1/s","sub_url":"rtsp://[::1]/s"})";

  EXPECT_EQ(BadFields(body), (Count{{"url", 1}, {"sub_url", 1}}));
  EXPECT_TRUE(Read(body, true).errors.empty());
}

TEST(CameraFields, ACameraCannotKeepMoreAtLeastThanAtMost) {
  EXPECT_EQ(BadFields(R"({"name":"a","url":"rtsp://192.0.2.1/","retention_days":3,
                          "retention_min_days":4})"),
            (Count{{"retention_min_days", 1}}));
  const auto good = Read(R"({"name":"a","url":"rtsp://192.0.2.1/","retention_days":3,
                             "retention_min_days":3,"sub_retention_days":9,
                             "sub_retention_bytes":1})");
  EXPECT_TRUE(good.errors.empty());
  EXPECT_EQ(good.record.retention_min_days, 3);
  EXPECT_EQ(good.record.sub_retention_days, 9);
  EXPECT_EQ(good.record.sub_retention_bytes, 1);
}

}  // namespace
}  // namespace ronin::api
