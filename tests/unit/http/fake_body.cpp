// SPDX-License-Identifier: MIT
#include <algorithm>

#include "unit/http/server_fixture.h"

namespace ronin::http::testing {
namespace {

struct Piece {
  std::string data;
  int* alive;
};

}  // namespace

void FakeBody::Read(int64_t offset, size_t length, Done done) {
  if (ends_at >= 0) length = size_t(std::min<int64_t>(int64_t(length), ends_at - offset));
  mailbox_.Post([this, offset, length, done = std::move(done)] {
    if (fails_at >= 0 && offset >= fails_at) return done(Fail(ErrorKind::kCorrupt, "bad disk"));
    auto* piece = new Piece{std::string(length, '\0'), &alive_pieces};
    for (size_t i = 0; i < length; ++i) piece->data[i] = At(offset + int64_t(i));
    most_pieces = std::max(most_pieces, ++alive_pieces);
    read_bytes += int64_t(length);
    done(Adopt(g_bytes_new_with_free_func(
        piece->data.data(), length,
        [](gpointer data) noexcept {
          auto* old = static_cast<Piece*>(data);
          --*old->alive;
          delete old;
        },
        piece)));
  });
}

}  // namespace ronin::http::testing
