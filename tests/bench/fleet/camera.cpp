// SPDX-License-Identifier: MIT
#include "fleet/camera.h"

#include <cerrno>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/text.h"
#include "demo/frame_sei.h"

namespace ronin::bench {
namespace {

constexpr size_t kStartCode = 4;
constexpr size_t kMostOver = 64;
constexpr int kBacklog = 16;

std::string Line(int camera, const SentCount& count, const char* state) {
  if (count.pictures == 0) return {};
  return Concat("connection ", camera, ' ', count.first, ' ', count.last, ' ', count.pictures, ' ',
                count.dropped, ' ', count.payload_bytes, ' ', state, '\n');
}

}  // namespace

Camera::Camera(int number, UniqueFd listener, RtpClip& clip, size_t shift)
    : number_(number), listener_(std::move(listener)), clip_(clip), shift_(shift) {}

Result<std::unique_ptr<Camera>> Camera::Listen(int number, uint16_t port, RtpClip& clip,
                                               size_t shift) {
  UniqueFd listener(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(listener.Get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener.Get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener.Get(), kBacklog) != 0) {
    return Fail(ErrorFromErrno(errno, Concat("listen on port ", port)));
  }
  return std::unique_ptr<Camera>(new Camera(number, std::move(listener), clip, shift));
}

Connection* Camera::Accept() {
  UniqueFd socket(accept4(fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket) return nullptr;
  const int on = 1;
  setsockopt(socket.Get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const uint32_t id = uint32_t(number_) + 1000 * accepted_++;
  connections_.push_back(std::make_unique<Connection>(std::move(socket), id, clip_, shift_));
  return connections_.back().get();
}

void Camera::SendNext(int64_t due_ns, int64_t utc_ns) {
  const uint64_t frame = next_++;
  if (connections_.empty()) return;
  const auto sei =
      demo::MakeFrameSei(demo::VideoCodec::kH264, {frame, uint64_t(due_ns), uint64_t(utc_ns)});
  const size_t size = sei.size() - kStartCode;
  stamp_.Clear();
  stamp_.Add(sei.data() + kStartCode, size, false);
  RtpPicture& picture = clip_.pictures[(frame + shift_) % clip_.pictures.size()];
  for (const auto& one : connections_) one->Send({picture, stamp_, size, frame, utc_ns});
}

void Camera::Sweep() {
  std::erase_if(connections_, [this](const auto& one) {
    if (one->over()) over_.push_back(one->count());
    return one->over();
  });
  while (over_.size() > kMostOver) over_.pop_front();
}

std::string Camera::Report() const {
  std::string out;
  for (const SentCount& count : over_) out += Line(number_, count, "over");
  for (const auto& one : connections_) out += Line(number_, one->count(), "open");
  return out;
}

}  // namespace ronin::bench
