// SPDX-License-Identifier: MIT
#include "fleet/connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include <sys/socket.h>

#include "base/text.h"

namespace ronin::bench {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr uint32_t kClockRate = 90'000;
constexpr uint64_t kReportSeconds = 5;
/// With this much unread, beside what the kernel holds, pictures are left out.
constexpr size_t kMostPending = 1U << 20U;
constexpr size_t kReadSize = 4096;
constexpr int64_t kNtpEpoch = 2'208'988'800;  // 1900 to 1970, seconds

iovec PartOf(const std::vector<uint8_t>& bytes) {
  return {const_cast<uint8_t*>(bytes.data()), bytes.size()};
}

/// "interleaved=2-3" asks for other channels than 0 and 1.
uint8_t ChannelOf(const std::string& transport) {
  int channel = 0;
  const size_t at = transport.find("interleaved=");
  if (at == std::string::npos) return 0;
  std::sscanf(transport.c_str() + at, "interleaved=%d", &channel);
  return uint8_t(channel);
}

void Append32(std::vector<uint8_t>* out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out->push_back(uint8_t(value >> unsigned(shift)));
}

}  // namespace

Connection::Connection(UniqueFd socket, uint32_t id, const RtpClip& clip, size_t shift)
    : socket_(std::move(socket)),
      clip_(clip),
      shift_(shift),
      sender_{0, uint16_t(id * 1000), 0, 0x52000000U + id},
      first_timestamp_(id * 1'000'003U) {}

uint32_t Connection::TimestampOf(uint64_t frame) const {
  return first_timestamp_ + uint32_t(frame * kClockRate / uint64_t(clip_.fps));
}

void Connection::OnReadable(uint64_t next) {
  std::array<char, kReadSize> buffer{};
  const ssize_t got = recv(fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got <= 0) {
    over_ = got == 0 || (errno != EAGAIN && errno != EINTR);
    return;
  }
  received_.append(buffer.data(), size_t(got));
  RtspRequest request;
  while (!over_) {
    const Taken taken = TakeRequest(received_, &request);
    if (taken == Taken::kNothing) return;
    if (taken == Taken::kGarbage) over_ = true;
    if (taken == Taken::kRequest) Answer(request, next);
  }
}

void Connection::Answer(const RtspRequest& request, uint64_t next) {
  std::string status = "200 OK";
  std::string headers;
  std::string body;
  if (request.method == "OPTIONS") {
    headers = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN\r\n";
  } else if (request.method == "DESCRIBE") {
    body = Concat(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=fleet\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
        "a=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 ",
        clip_.fmtp, "\r\na=framerate:", clip_.fps, "\r\na=control:track1\r\n");
    headers = Concat("Content-Base: ", request.url, "/\r\nContent-Type: application/sdp\r\n");
  } else if (request.method == "SETUP") {
    headers = Setup(request);
    if (headers.empty()) status = "461 Unsupported Transport";
  } else if (request.method == "PLAY") {
    headers = PlayInfo(request, next);
  } else if (request.method == "TEARDOWN") {
    over_ = true;
  } else if (request.method != "GET_PARAMETER" && request.method != "SET_PARAMETER") {
    status = "501 Not Implemented";
  }
  if (!body.empty()) headers += Concat("Content-Length: ", body.size(), "\r\n");
  const std::string text =
      Concat("RTSP/1.0 ", status, "\r\nCSeq: ", request.sequence, "\r\n", headers, "\r\n", body);
  std::array parts = {iovec{const_cast<char*>(text.data()), text.size()}};
  Write(parts);
  // Only now, since nothing goes before the answer.
  if (request.method == "PLAY") playing_ = true;
}

/// Empty when it shall not be over this connection.
std::string Connection::Setup(const RtspRequest& request) {
  if (request.transport.find("RTP/AVP/TCP") == std::string::npos) return {};
  sender_.channel = ChannelOf(request.transport);
  return Concat("Session: 1;timeout=60\r\nTransport: RTP/AVP/TCP;unicast;interleaved=",
                int(sender_.channel), '-', sender_.channel + 1, "\r\n");
}

std::string Connection::PlayInfo(const RtspRequest& request, uint64_t next) const {
  const uint64_t first = clip_.NextKeyframe(next + shift_) - shift_;
  return Concat("Session: 1;timeout=60\r\nRange: npt=now-\r\nRTP-Info: url=", request.url,
                "/track1;seq=", sender_.sequence, ";rtptime=", TimestampOf(first), "\r\n");
}

void Connection::Send(const NumberedPicture& picture) {
  if (!playing_ || over_ || !(started_ || picture.picture.keyframe)) return;
  if (!started_) count_.first = picture.frame;
  started_ = true;
  count_.last = picture.frame;
  if (pending_.size() - sent_ > kMostPending) {
    ++count_.dropped;
    return;
  }
  const std::array runs = {&picture.picture.head, &picture.number, &picture.picture.slices};
  sender_.timestamp = TimestampOf(picture.frame);
  std::array<iovec, runs.size()> parts{};
  for (size_t i = 0; i < runs.size(); ++i) {
    runs[i]->Patch(sender_);
    parts[i] = PartOf(runs[i]->bytes());
    packets_ += uint32_t(runs[i]->packets());
    octets_ += uint32_t(runs[i]->bytes().size());
  }
  Write(parts);
  if (count_.pictures++ % (kReportSeconds * uint64_t(clip_.fps)) == 0) SendReport(picture.utc_ns);
  count_.payload_bytes += picture.picture.payload_bytes + 4 + picture.number_bytes;
}

/// A sender report (RFC 3550, 6.4.1) of the picture that was just sent.
void Connection::SendReport(int64_t utc_ns) {
  constexpr uint16_t kSize = 28;
  std::vector<uint8_t> out = {'$', uint8_t(sender_.channel + 1), 0, kSize, 0x80, 200, 0, 6};
  Append32(&out, sender_.ssrc);
  Append32(&out, uint32_t(utc_ns / kSecond + kNtpEpoch));
  Append32(&out, uint32_t((uint64_t(utc_ns % kSecond) << 32U) / uint64_t(kSecond)));
  Append32(&out, sender_.timestamp);
  Append32(&out, packets_);
  Append32(&out, octets_);
  std::array parts = {PartOf(out)};
  Write(parts);
}

void Connection::OnWritable() {
  std::array parts = {iovec{}};
  Write(std::span(parts).first(0));
}

/// Sends what waits and then `parts`, or keeps what the socket does not take.
void Connection::Write(std::span<iovec> parts) {
  if (waiting()) {
    const ssize_t put =
        send(fd(), pending_.data() + sent_, pending_.size() - sent_, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (put > 0) sent_ += size_t(put);
    if (put < 0 && errno != EAGAIN && errno != EINTR) over_ = true;
  }
  if (sent_ > kMostPending) {  // who reads, but slowly, never empties it
    pending_.erase(pending_.begin(), pending_.begin() + ptrdiff_t(sent_));
    sent_ = 0;
  }
  size_t taken = 0;
  if (!waiting()) {
    pending_.clear();
    sent_ = 0;
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const ssize_t put = parts.empty() ? 0 : sendmsg(fd(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (put > 0) taken = size_t(put);
    if (put < 0 && errno != EAGAIN && errno != EINTR) over_ = true;
  }
  for (const iovec& part : parts) {
    const size_t skipped = std::min(taken, part.iov_len);
    taken -= skipped;
    const auto* bytes = static_cast<const uint8_t*>(part.iov_base);
    pending_.insert(pending_.end(), bytes + skipped, bytes + part.iov_len);
  }
}

}  // namespace ronin::bench
