// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "http/body_source.h"
#include "storage/file_reader.h"
#include "storage/served_files.h"

namespace ronin::api {

/// A file on a volume as the body of an answer, read on the volume's read thread. Thread: main.
class FileBody final : public http::BodySource {
 public:
  /// Opens the file; `opened` gets the body, or why there is none. While the body lives, the file
  /// counts as being served.
  static void Open(ServedFiles::Token file, Worker& worker,
                   std::function<void(Result<std::shared_ptr<FileBody>>)> opened);

  int64_t size() const override { return size_; }
  void Read(int64_t offset, size_t length, Done done) override;

 private:
  FileBody(ServedFiles::Token file, Worker& worker)
      : file_(std::move(file)), reader_(*file_, worker) {}

  const ServedFiles::Token file_;
  FileReader reader_;
  int64_t size_ = 0;
};

}  // namespace ronin::api
