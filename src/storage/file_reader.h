// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/mailbox.h"
#include "base/result.h"
#include "base/worker.h"

namespace ronin {

/// Ranged reads of one file, done by the read thread of its volume. The descriptor stays open, so
/// that a file can be deleted while it is read.
///
/// Thread: main; nothing here blocks. Answers come in the order of the questions, on main, never
/// before the question has returned, and not at all once the reader is destroyed.
class FileReader {
 public:
  /// @param worker  the volume's read thread; outlives the reader
  FileReader(std::string path, Worker& worker);
  ~FileReader();
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  /// Opens the file, once, before the first Read. `done` gets its size in bytes at that moment; a
  /// file that grows is still read up to there only.
  /// Errors: kNotFound, kInvalidArgument (no regular file), kPermission, kUnavailable (ending).
  void Open(std::function<void(Result<uint64_t>)> done);

  /// `done` gets the bytes at [offset, offset + length), fewer only where the file ended when it
  /// was opened. Errors: kInvalidArgument behind that end, kCorrupt when the file has shrunk
  /// since, kUnavailable when it is not open or the disk failed.
  void Read(uint64_t offset, size_t length, std::function<void(Result<std::string>)> done);

 private:
  struct File;
  std::shared_ptr<File> file_;  // shared: jobs under way may outlive the reader
  Worker& worker_;
  Mailbox mailbox_;
};

}  // namespace ronin
