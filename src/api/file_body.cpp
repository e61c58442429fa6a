// SPDX-License-Identifier: MIT
#include "api/file_body.h"

#include <utility>

namespace ronin::api {

void FileBody::Open(ServedFiles::Token file, Worker& worker,
                    std::function<void(Result<std::shared_ptr<FileBody>>)> opened) {
  // Shared with the answer under way. Held by its own question, so that it lives until the answer.
  std::shared_ptr<FileBody> body(new FileBody(std::move(file), worker));
  body->reader_.Open([body, opened = std::move(opened)](Result<uint64_t> size) {
    if (!size) {
      opened(tl::unexpected(size.error()));
      return;
    }
    body->size_ = int64_t(*size);
    opened(body);
  });
}

void FileBody::Read(int64_t offset, size_t length, Done done) {
  reader_.Read(uint64_t(offset), length, [done = std::move(done)](Result<std::string> bytes) {
    if (!bytes) {
      done(tl::unexpected(bytes.error()));
      return;
    }
    done(Adopt(g_bytes_new(bytes->data(), bytes->size())));
  });
}

}  // namespace ronin::api
