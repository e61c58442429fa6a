// SPDX-License-Identifier: MIT
#include "api/onvif_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ronin::api {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

template <typename Read>
std::vector<std::string> BadNames(const char* body, Read read) {
  FieldErrors errors;
  read(*JsonValue::Parse(body), &errors);
  std::vector<std::string> out;
  for (const auto& error : errors) out.push_back(error.field);
  return out;
}

const auto kDevice = [](const JsonValue& body, FieldErrors* errors) {
  return ReadDeviceQuery(body, false, errors);
};

TEST(DeviceQuery, TakesAnAddressAndWhoAsks) {
  FieldErrors errors;
  const auto body = JsonValue::Parse(R"({"xaddr":"192.0.2.1","username":"a","password":"b"})");

  const DeviceQuery query = kDevice(*body, &errors);

  EXPECT_THAT(errors, IsEmpty());
  EXPECT_EQ(query.url.url, "http://192.0.2.1/onvif/device_service");
  EXPECT_EQ(query.credentials.username, "a");
  EXPECT_EQ(query.credentials.password, "b");
}

TEST(DeviceQuery, RefusesTheRecorderItselfAndWhatIsNoAddress) {
  EXPECT_THAT(BadNames("{}", kDevice), ElementsAre("xaddr"));
  EXPECT_THAT(BadNames(R"({"xaddr":"http://127.0.0.1/"})", kDevice), ElementsAre("xaddr"));
  EXPECT_THAT(BadNames(R"({"xaddr":"http://[::1]/"})", kDevice), ElementsAre("xaddr"));
  EXPECT_THAT(BadNames(R"({"xaddr":"file:///etc/passwd"})", kDevice), ElementsAre("xaddr"));
  EXPECT_THAT(BadNames(R"({"xaddr":7,"username":8,"password":9,"x":1})", kDevice),
              UnorderedElementsAre("xaddr", "username", "password", "x"));
}

TEST(PtzCommand, IsOneOfThree) {
  EXPECT_THAT(BadNames(R"({"move":{"pan":-1,"tilt":0.5,"timeout_s":2}})", ReadPtzCommand),
              IsEmpty());
  EXPECT_THAT(BadNames(R"({"stop":true})", ReadPtzCommand), IsEmpty());
  EXPECT_THAT(BadNames(R"({"preset":"1"})", ReadPtzCommand), IsEmpty());
  EXPECT_THAT(BadNames("{}", ReadPtzCommand), ElementsAre("move"));
  EXPECT_THAT(BadNames(R"({"stop":false})", ReadPtzCommand), ElementsAre("move"));
  EXPECT_THAT(BadNames(R"({"stop":true,"preset":"1"})", ReadPtzCommand), ElementsAre("move"));
}

TEST(PtzCommand, RefusesBadNumbers) {
  EXPECT_THAT(
      BadNames(R"({"move":{"pan":1.1,"tilt":"x","zoom":-2,"timeout_s":11,"y":1}})", ReadPtzCommand),
      UnorderedElementsAre("move.pan", "move.tilt", "move.zoom", "move.timeout_s", "move.y"));
  EXPECT_THAT(BadNames(R"({"move":{}})", ReadPtzCommand), ElementsAre("move"));
  EXPECT_THAT(BadNames(R"({"move":3,"stop":1,"preset":[]})", ReadPtzCommand),
              UnorderedElementsAre("move", "stop", "preset"));
}

TEST(ApplyCommand, TakesAWish) {
  FieldErrors errors;
  const auto body = JsonValue::Parse(
      R"({"stream":"sub","codec":"h264","width":640,"height":360,"fps":12.5,
          "keyframe_interval_s":1,"bitrate_bps":512000,"set_clock":true})");

  const ApplyCommand command = ReadApplyCommand(*body, &errors);

  EXPECT_THAT(errors, IsEmpty());
  EXPECT_TRUE(command.sub_stream);
  EXPECT_TRUE(command.set_clock);
  EXPECT_EQ(command.wish.bitrate_kbit, 512);
  EXPECT_EQ(command.wish.fps, 12.5);
}

TEST(ApplyCommand, RefusesBadFields) {
  EXPECT_THAT(BadNames(R"({"stream":"x","codec":"vp9","width":1,"height":0,"fps":0,
                           "keyframe_interval_s":0,"bitrate_bps":1,"set_clock":1,"y":1})",
                       ReadApplyCommand),
              UnorderedElementsAre("stream", "codec", "width", "height", "fps",
                                   "keyframe_interval_s", "bitrate_bps", "set_clock", "y"));
  EXPECT_THAT(BadNames(R"({"width":640})", ReadApplyCommand), ElementsAre("width"));
  EXPECT_THAT(BadNames("{}", ReadApplyCommand), ElementsAre("stream"));
}

}  // namespace
}  // namespace ronin::api
