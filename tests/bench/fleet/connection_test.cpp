// SPDX-License-Identifier: MIT
#include "fleet/connection.h"

#include <string>

#include <gtest/gtest.h>
#include <sys/socket.h>

namespace ronin::bench {
namespace {

RtpClip ThreePictures() {
  RtpClip out;
  out.fps = 25;
  out.fmtp = "packetization-mode=1";
  for (const int type : {5, 1, 1}) {
    std::vector<uint8_t> unit(20'000, uint8_t(0x60 | type));
    RtpPicture picture;
    picture.keyframe = type == 5;
    picture.payload_bytes = 4 + unit.size();
    picture.slices.Add(unit.data(), unit.size(), true);
    out.pictures.push_back(std::move(picture));
  }
  return out;
}

/// A connection, and the other end of its socket.
class FleetConnection : public ::testing::Test {
 protected:
  FleetConnection() {
    int pair[2] = {-1, -1};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    client_ = UniqueFd(pair[0]);
    connection_ = std::make_unique<Connection>(UniqueFd(pair[1]), 7, clip_, 0);
  }

  void Play() {
    const std::string text = "PLAY rtsp://a/ RTSP/1.0\r\nCSeq: 1\r\n\r\n";
    ASSERT_EQ(write(client_.Get(), text.data(), text.size()), ssize_t(text.size()));
    connection_->OnReadable(0);
    ASSERT_TRUE(connection_->playing());
  }

  void Send(uint64_t frame) {
    PacketRun number;
    connection_->Send({clip_.pictures[frame % 3], number, 0, frame, 0});
  }

  /// All that was sent so far.
  std::string ReadAll() {
    std::string out;
    std::vector<char> buffer(1 << 16);
    for (;;) {
      const ssize_t got = recv(client_.Get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (got <= 0) return out;
      out.append(buffer.data(), size_t(got));
      connection_->OnWritable();
    }
  }

  RtpClip clip_ = ThreePictures();
  UniqueFd client_;
  std::unique_ptr<Connection> connection_;
};

/// Sequence numbers of the RTP packets in there, each of which must be whole.
std::vector<int> SequencesIn(const std::string& sent, size_t* pictures) {
  std::vector<int> out;
  const auto byte = [&sent](size_t at) { return int(uint8_t(sent[at])); };
  for (size_t at = sent.find('$'); at < sent.size();) {
    if (at + 16 > sent.size() || sent[at] != '$') return {};
    if (sent[at + 1] == 0) {
      out.push_back(byte(at + 6) << 8 | byte(at + 7));
      *pictures += size_t(byte(at + 5) >> 7);  // the marker
    }
    at += 4 + size_t(byte(at + 2) << 8 | byte(at + 3));
    if (at > sent.size()) return {};
  }
  return out;
}

TEST_F(FleetConnection, BeginsWithAKeyframe) {
  Play();
  Send(1);
  EXPECT_EQ(connection_->count().pictures, 0U);

  Send(3);

  EXPECT_EQ(connection_->count().first, 3U);
  EXPECT_EQ(connection_->count().pictures, 1U);
}

TEST_F(FleetConnection, LeavesWholePicturesOutForWhoDoesNotRead) {
  Play();
  for (uint64_t frame = 0; frame < 300; ++frame) Send(frame);

  const SentCount count = connection_->count();
  EXPECT_GT(count.dropped, 0U);
  EXPECT_EQ(count.pictures + count.dropped, 300U);
  size_t pictures = 0;
  const std::vector<int> sequences = SequencesIn(ReadAll(), &pictures);
  EXPECT_EQ(pictures, count.pictures);
  for (size_t i = 1; i < sequences.size(); ++i) ASSERT_EQ(sequences[i], sequences[i - 1] + 1);
}

TEST_F(FleetConnection, EndsWhenTheClientTalksGarbage) {
  const std::string text = "GET / HTTP/1.1\r\n\r\n";
  ASSERT_EQ(write(client_.Get(), text.data(), text.size()), ssize_t(text.size()));

  connection_->OnReadable(0);

  EXPECT_TRUE(connection_->over());
}

TEST_F(FleetConnection, EndsWhenTheClientIsGone) {
  client_.Reset();

  connection_->OnReadable(0);

  EXPECT_TRUE(connection_->over());
}

TEST(FleetRequest, IsTakenWhenItIsWhole) {
  std::string received = "SETUP rtsp://a/b RTSP/1.0\r\ncseq: 3\r\nTransport: RTP/AVP/TCP\r\n";
  RtspRequest request;
  EXPECT_EQ(TakeRequest(received, &request), Taken::kNothing);

  received += std::string("\r\n$\1\0\2ab", 8) + "OPTIONS";

  EXPECT_EQ(TakeRequest(received, &request), Taken::kRequest);
  EXPECT_EQ(request.method, "SETUP");
  EXPECT_EQ(request.url, "rtsp://a/b");
  EXPECT_EQ(request.sequence, "3");
  EXPECT_EQ(request.transport, "RTP/AVP/TCP");
  EXPECT_EQ(TakeRequest(received, &request), Taken::kPacket);
  EXPECT_EQ(TakeRequest(received, &request), Taken::kNothing);
  EXPECT_EQ(received, "OPTIONS");
}

TEST(FleetRequest, IsRefusedWhenItsBodyIsTooLarge) {
  std::string received = "SET_PARAMETER rtsp://a RTSP/1.0\r\nContent-Length: 99999999\r\n\r\n";
  RtspRequest request;

  EXPECT_EQ(TakeRequest(received, &request), Taken::kGarbage);
}

}  // namespace
}  // namespace ronin::bench
