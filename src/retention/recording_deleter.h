// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>

#include "base/mailbox.h"
#include "base/worker.h"
#include "catalog/catalog.h"
#include "config/ledger_store.h"
#include "storage/volumes.h"

namespace ronin::retention {

/// Deletes a recording that somebody wants to be gone, in the two phases of the Sweeper, which
/// finishes what a crash cuts off. Thread: main; blocks never.
class RecordingDeleter {
 public:
  /// All of it outlives this.
  struct Context {
    Catalog& catalog;     ///< used on `database` only
    LedgerStore& ledger;  ///< used on `database` only
    Worker& database;
    Volumes& volumes;
  };

  explicit RecordingDeleter(const Context& context) : context_(context) {}

  /// `done` is called once, when the file is gone for good, or with the error: kNotFound; kConflict
  /// when it is protected, still written or moved; kUnavailable when its disk is away. What failed
  /// is as it was.
  void Delete(int64_t id, std::function<void(const Status&)> done);

 private:
  void Marked(const Segment& segment, std::function<void(const Status&)> done);
  void Forget(const Segment& segment, std::function<void(const Status&)> done);
  void Spare(int64_t id, const Error& error, std::function<void(const Status&)> done);

  const Context context_;
  Mailbox mailbox_;
};

}  // namespace ronin::retention
