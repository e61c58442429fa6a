// SPDX-License-Identifier: MIT
#include "fleet/fleet.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <iostream>
#include <utility>

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/text.h"

namespace ronin::bench {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;
/// Cameras that send at the same moment cost one wake-up together.
constexpr size_t kMostSlots = 20;

int64_t NowOf(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return now.tv_sec * kNsPerSecond + now.tv_nsec;
}

}  // namespace

Result<std::unique_ptr<Fleet>> Fleet::Open(int cameras, uint16_t port, RtpClip clip) {
  auto out = std::unique_ptr<Fleet>(new Fleet(std::move(clip)));
  out->epoll_ = UniqueFd(epoll_create1(EPOLL_CLOEXEC));
  out->timer_ = UniqueFd(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!out->epoll_ || !out->timer_) return Fail(ErrorFromErrno(errno, "make a timer"));
  const size_t pictures = out->clip_.pictures.size();
  for (int i = 0; i < cameras; ++i) {
    const size_t shift = size_t(i) * pictures / size_t(cameras);
    auto camera = Camera::Listen(i + 1, uint16_t(port + i), out->clip_, shift);
    if (!camera) return Fail(camera.error());
    out->listeners_[(*camera)->fd()] = camera->get();
    out->cameras_.push_back(std::move(*camera));
    if (!out->Watch(out->cameras_.back()->fd(), EPOLLIN, EPOLL_CTL_ADD)) {
      return Fail(ErrorFromErrno(errno, "watch a port"));
    }
  }
  out->slots_ = std::min(out->cameras_.size(), kMostSlots);
  return out;
}

bool Fleet::Watch(int fd, uint32_t events, int how) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  return epoll_ctl(epoll_.Get(), how, fd, &event) == 0;
}

int64_t Fleet::DueAt(uint64_t tick) const {
  return origin_ns_ + int64_t(tick * uint64_t(kNsPerSecond) / (uint64_t(clip_.fps) * slots_));
}

void Fleet::SetTimer() {
  const int64_t due = DueAt(tick_);
  itimerspec when{};
  when.it_value = {due / kNsPerSecond, due % kNsPerSecond};
  timerfd_settime(timer_.Get(), TFD_TIMER_ABSTIME, &when, nullptr);
}

void Fleet::Run() {
  origin_ns_ = NowOf(CLOCK_MONOTONIC);
  Watch(timer_.Get(), EPOLLIN, EPOLL_CTL_ADD);
  Watch(STDIN_FILENO, EPOLLIN, EPOLL_CTL_ADD);
  SetTimer();
  std::array<epoll_event, 64> events{};
  for (;;) {
    const int count = epoll_wait(epoll_.Get(), events.data(), int(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[size_t(i)].data.fd;
      if (fd == STDIN_FILENO && !ReadCommands()) return;
      if (fd == timer_.Get()) SendDue();
      if (fd != STDIN_FILENO && fd != timer_.Get()) OnEvent(fd, events[size_t(i)].events);
    }
  }
}

void Fleet::SendDue() {
  for (int64_t due = DueAt(tick_); due <= NowOf(CLOCK_MONOTONIC); due = DueAt(++tick_)) {
    worst_late_ns_ = std::max(worst_late_ns_, NowOf(CLOCK_MONOTONIC) - due);
    for (size_t i = tick_ % slots_; i < cameras_.size(); i += slots_) {
      cameras_[i]->SendNext(due, NowOf(CLOCK_REALTIME));
      AfterWrites(*cameras_[i]);
    }
  }
  SetTimer();
}

void Fleet::OnEvent(int fd, uint32_t events) {
  if (const auto listener = listeners_.find(fd); listener != listeners_.end()) {
    Accept(*listener->second);
    return;
  }
  const auto client = clients_.find(fd);
  if (client == clients_.end()) return;  // it ended in this round
  Camera& camera = *client->second.camera;
  Connection& connection = *client->second.connection;
  if ((events & EPOLLOUT) != 0) connection.OnWritable();
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) connection.OnReadable(camera.next());
  AfterWrites(camera);
}

void Fleet::Accept(Camera& camera) {
  Connection* connection = camera.Accept();
  if (connection == nullptr) return;
  clients_[connection->fd()] = {&camera, connection, false};
  Watch(connection->fd(), EPOLLIN, EPOLL_CTL_ADD);
}

/// Forgets who is gone, and waits for those whose socket is full.
void Fleet::AfterWrites(Camera& camera) {
  bool any_over = false;
  for (const auto& one : camera.connections()) {
    Client& client = clients_.at(one->fd());
    any_over = any_over || one->over();
    if (one->over()) {
      clients_.erase(one->fd());
    } else if (one->waiting() != client.wants_write) {
      client.wants_write = one->waiting();
      Watch(one->fd(), client.wants_write ? EPOLLIN | EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
    }
  }
  if (any_over) camera.Sweep();  // closing takes them off the epoll
}

bool Fleet::ReadCommands() {
  std::array<char, 256> buffer{};
  const ssize_t got = read(STDIN_FILENO, buffer.data(), buffer.size());
  if (got <= 0) return false;
  commands_.append(buffer.data(), size_t(got));
  for (size_t end; (end = commands_.find('\n')) != std::string::npos;) {
    Obey(commands_.substr(0, end));
    commands_.erase(0, end + 1);
  }
  return true;
}

void Fleet::Obey(const std::string& line) {
  std::string out;
  if (line == "report") {
    for (const auto& camera : cameras_) out += camera->Report();
    out += Concat("late ", std::exchange(worst_late_ns_, 0) / 1000, '\n');
  } else {
    out = Concat("there is no command \"", line, "\"\n");
  }
  std::cout << out << "end\n" << std::flush;
}

}  // namespace ronin::bench
