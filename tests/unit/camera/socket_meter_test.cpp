// SPDX-License-Identifier: MIT
#include "camera/socket_meter.h"

#include <algorithm>
#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace ronin::camera {
namespace {

/// Two ends of a TCP connection.
class SocketMeterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const UniqueFd listener(socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    ASSERT_EQ(bind(listener.Get(), generic, size), 0);
    ASSERT_EQ(listen(listener.Get(), 1), 0);
    ASSERT_EQ(getsockname(listener.Get(), generic, &size), 0);
    camera_ = UniqueFd(socket(AF_INET, SOCK_STREAM, 0));
    ASSERT_EQ(connect(camera_.Get(), generic, size), 0);
    ours_ = UniqueFd(accept(listener.Get(), nullptr, nullptr));
    meter_.Follow(UniqueFd(dup(ours_.Get())));
  }

  void Send(size_t bytes) {
    const std::string text(bytes, 'x');
    ASSERT_EQ(send(camera_.Get(), text.data(), text.size(), 0), ssize_t(bytes));
  }
  void Read(size_t bytes) {
    std::string text(bytes, 0);
    ASSERT_EQ(recv(ours_.Get(), text.data(), text.size(), MSG_WAITALL), ssize_t(bytes));
  }
  void Pass(size_t bytes) {
    constexpr size_t kPart = 32 * 1024;
    for (; bytes > 0; bytes -= std::min(bytes, kPart)) {
      Send(std::min(bytes, kPart));
      Read(std::min(bytes, kPart));
    }
  }

  UniqueFd camera_;
  UniqueFd ours_;
  SocketMeter meter_;
};

TEST_F(SocketMeterTest, EndsAConnectionThatGivesNoWholeMessage) {
  EXPECT_FALSE(meter_.IsTooMuch(0));
  Pass(SocketMeter::kMost);
  EXPECT_FALSE(meter_.IsTooMuch(0));
  Pass(1);

  EXPECT_TRUE(meter_.IsTooMuch(0));
  meter_.End();

  char c = 0;
  EXPECT_EQ(recv(ours_.Get(), &c, 1, 0), 0) << "it is shut down";
  EXPECT_FALSE(meter_.IsTooMuch(0)) << "it is over";
}

TEST_F(SocketMeterTest, WholeMessagesMayGoOnForEver) {
  for (uint64_t messages = 1; messages < 20; ++messages) {
    Pass(SocketMeter::kMost / 2);
    EXPECT_FALSE(meter_.IsTooMuch(messages));
  }
}

TEST_F(SocketMeterTest, WhatNobodyHasReadYetIsNoMatter) {
  for (size_t sent = 0; sent < SocketMeter::kMost * 2; sent += 4096) {
    // As much as the kernel takes.
    const std::string text(4096, 'x');
    if (send(camera_.Get(), text.data(), text.size(), MSG_DONTWAIT) < 0) break;
  }
  EXPECT_FALSE(meter_.IsTooMuch(0));
}

TEST_F(SocketMeterTest, ANewConnectionBeginsAnew) {
  Pass(SocketMeter::kMost);
  meter_.Follow(UniqueFd(dup(ours_.Get())));
  Pass(SocketMeter::kMost);
  EXPECT_FALSE(meter_.IsTooMuch(0));
  meter_.Follow({});
  EXPECT_FALSE(meter_.IsTooMuch(0));
}

}  // namespace
}  // namespace ronin::camera
