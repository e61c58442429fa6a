// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/mailbox.h"
#include "http/server.h"
#include "support/main_loop.h"
#include "unit/http/raw_client.h"

namespace ronin::http::testing {

using ronin::testing::PumpUntil;

/// A server on a free loopback port.
class ServerTest : public ::testing::Test {
 protected:
  void Start(Server::Options options = {}) {
    server_ = std::move(*Server::Create(std::move(options)));
    url_ = *server_->Listen("127.0.0.1:0");
    server_->router().Add(Method::kGet, "/hello", [](const RequestPtr&, const Responder& to) {
      to.Send(Response::Text(200, "hello"));
    });
    server_->router().Add(Method::kPost, "/echo", [](const RequestPtr& request, Responder to) {
      to.Send(Response::Text(200, std::string(request->body())));
    });
  }

  bool NoConnectionLeft() {
    return PumpUntil([&] { return server_->stats().connections == 0; });
  }

  std::unique_ptr<Server> server_;
  std::string url_;
};

/// `size` bytes that differ from place to place, read later; counts what is under way.
class FakeBody : public BodySource {
 public:
  explicit FakeBody(int64_t size) : size_(size) {}
  int64_t size() const override { return size_; }
  void Read(int64_t offset, size_t length, Done done) override;
  void Cancel() override { cancelled = true; }

  /// What the whole body holds at `offset`.
  static char At(int64_t offset) { return char((offset * 31 + (offset >> 16)) & 0xff); }

  int64_t fails_at = -1;  ///< a read from there on is an error
  int64_t ends_at = -1;   ///< for an unknown size
  bool cancelled = false;
  int64_t read_bytes = 0;
  int alive_pieces = 0;  ///< not yet freed by the server
  int most_pieces = 0;

 private:
  int64_t size_;
  Mailbox mailbox_;
};

}  // namespace ronin::http::testing
