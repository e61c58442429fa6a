// SPDX-License-Identifier: MIT
#include "api/live_messages.h"

#include <string>

#include <gtest/gtest.h>

#include "base/json.h"

namespace ronin::api {
namespace {

LiveError ErrorOf(std::string_view text) {
  const auto request = ReadLiveRequest(text);
  const auto* error = std::get_if<LiveError>(&request);
  EXPECT_NE(error, nullptr) << text;
  return error != nullptr ? *error : LiveError{};
}

std::string Text(const GRef<GBytes>& bytes) {
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(bytes.Get(), &size));
  return {data, size};
}

GRef<GBytes> Bytes(const std::string& text) { return Adopt(g_bytes_new(text.data(), text.size())); }

TEST(LiveRequest, SubscribesToTheMainStreamUnlessItSaysSub) {
  const auto main = ReadLiveRequest(R"({"subscribe":{"channel":7,"camera_id":3}})");
  const auto sub =
      ReadLiveRequest(R"({"subscribe":{"channel":4294967295,"camera_id":3,"stream":"sub"}})");

  ASSERT_TRUE(std::holds_alternative<LiveSubscribe>(main));
  EXPECT_EQ(std::get<LiveSubscribe>(main).channel, 7U);
  EXPECT_EQ(std::get<LiveSubscribe>(main).stream, StreamId(3));
  ASSERT_TRUE(std::holds_alternative<LiveSubscribe>(sub));
  EXPECT_EQ(std::get<LiveSubscribe>(sub).channel, 4294967295U);
  EXPECT_EQ(std::get<LiveSubscribe>(sub).stream, StreamId(3, StreamKind::kSub));
}

TEST(LiveRequest, AcknowledgesHoweverItIsWritten) {
  for (const char* text : {R"({"ack":{"channel":7,"bytes":123456789012}})",
                           R"( { "ack" : { "bytes" : 123456789012, "channel" : 7 } } )"}) {
    const auto request = ReadLiveRequest(text);

    ASSERT_TRUE(std::holds_alternative<LiveAck>(request)) << text;
    EXPECT_EQ(std::get<LiveAck>(request).channel, 7U);
    EXPECT_EQ(std::get<LiveAck>(request).bytes, 123456789012U);
  }
}

TEST(LiveRequest, UnsubscribesAChannel) {
  const auto request = ReadLiveRequest(R"({"unsubscribe":{"channel":0}})");

  ASSERT_TRUE(std::holds_alternative<LiveUnsubscribe>(request));
}

TEST(LiveRequest, AsksWhetherAnybodyIsThere) {
  const auto request = ReadLiveRequest(R"({"ping":{"channel":7}})");

  ASSERT_TRUE(std::holds_alternative<LivePing>(request));
  EXPECT_EQ(PongText(std::get<LivePing>(request).channel), R"({"channel":7,"pong":{}})");
}

TEST(LiveRequest, SaysWhatIsWrongWithIt) {
  EXPECT_EQ(ErrorOf("").code, "bad_json");
  EXPECT_EQ(ErrorOf("{").code, "bad_json");
  EXPECT_EQ(ErrorOf("[]").code, "unknown_message");
  EXPECT_EQ(ErrorOf("7").code, "unknown_message");
  EXPECT_EQ(ErrorOf("{}").code, "unknown_message");
  EXPECT_EQ(ErrorOf(R"({"hello":{"channel":1}})").code, "unknown_message");
  EXPECT_EQ(ErrorOf(R"({"ack":7})").code, "unknown_message");
  EXPECT_EQ(ErrorOf(R"({"ack":{"channel":1,"bytes":1},"more":{}})").code, "unknown_message");
  EXPECT_EQ(ErrorOf(R"({"ack":{"channel":-1,"bytes":1}})").code, "bad_request");
  EXPECT_EQ(ErrorOf(R"({"ack":{"channel":4294967296,"bytes":1}})").code, "bad_request");
  EXPECT_EQ(ErrorOf(R"({"ack":{"channel":1,"bytes":-1}})").code, "bad_request");
  EXPECT_EQ(ErrorOf(R"({"ack":{"channel":1}})").code, "bad_request");
  EXPECT_EQ(ErrorOf(R"({"subscribe":{"channel":1}})").code, "bad_request");
  EXPECT_EQ(ErrorOf(R"({"subscribe":{"channel":1,"camera_id":1,"stream":"x"}})").code,
            "bad_request");
  EXPECT_EQ(ErrorOf(R"({"subscribe":{"channel":1,"camera_id":1,"colour":"x"}})").code,
            "bad_request");
  EXPECT_EQ(ErrorOf(R"({"subscribe":{"camera_id":1}})").channel, std::nullopt);
  EXPECT_EQ(ErrorOf(R"({"subscribe":{"channel":1}})").channel, 1U);
}

TEST(LiveText, SaysWhatIsInAnInitSegment) {
  const live::Init init{.bytes = Bytes("x"),
                        .mime = "video/mp4; codecs=\"avc1.4d0028\"",
                        .video_codec = "avc1.4d0028",
                        .width = 640,
                        .height = 360};

  const auto json = JsonValue::Parse(InitText(7, {3, StreamKind::kSub}, init, FromMicros(0)));

  ASSERT_TRUE(json);
  EXPECT_EQ(json->Member("channel")->AsInt(), 7);
  const auto said = json->Member("init");
  EXPECT_EQ(said->Member("camera_id")->AsInt(), 3);
  EXPECT_EQ(said->Member("stream")->AsString(), "sub");
  EXPECT_EQ(said->Member("mime")->AsString(), init.mime);
  EXPECT_EQ(said->Member("width")->AsInt(), 640);
  EXPECT_EQ(said->Member("height")->AsInt(), 360);
  EXPECT_EQ(said->Member("audio")->AsBool(), false);
  EXPECT_EQ(said->Member("now")->AsString(), "1970-01-01T00:00:00.000Z");
}

TEST(LiveText, SaysAnErrorWithoutAChannelWhereNoneIsKnown) {
  EXPECT_EQ(ErrorText({"bad_json", "no"}), R"({"error":{"code":"bad_json","detail":"no"}})");
  EXPECT_EQ(ErrorText({"not_found", "no", 7}),
            R"({"channel":7,"error":{"code":"not_found","detail":"no"}})");
}

TEST(ChannelMessages, PutTheChannelInFrontAndAreMadeOnceForEach) {
  ChannelMessages messages;
  const std::vector<GRef<GBytes>> one{Bytes("abc")};

  const auto first = messages.Make(0x01020304, one);
  const auto other = messages.Make(1, one);

  EXPECT_EQ(Text(first),
            "\x01\x02\x03\x04"
            "abc");
  EXPECT_EQ(Text(other), std::string("\0\0\0\x01"
                                     "abc",
                                     7));
  EXPECT_EQ(messages.Make(0x01020304, one).Get(), first.Get());
}

TEST(ChannelMessages, JoinSeveralParts) {
  ChannelMessages messages;
  const std::vector<GRef<GBytes>> two{Bytes("abc"), Bytes("def")};

  EXPECT_EQ(Text(messages.Make(1, two)), std::string("\0\0\0\x01"
                                                     "abcdef",
                                                     10));
}

TEST(ChannelMessages, OfOtherPartsAreOthers) {
  ChannelMessages messages;
  const std::vector<GRef<GBytes>> one{Bytes("abc")};
  const std::vector<GRef<GBytes>> other{Bytes("def")};
  (void)messages.Make(1, one);

  EXPECT_EQ(Text(messages.Make(1, other)), std::string("\0\0\0\x01"
                                                       "def",
                                                       7));
}

}  // namespace
}  // namespace ronin::api
