// SPDX-License-Identifier: MIT
#include "catalog/whole_check.h"

namespace ronin {
namespace {

Error Ended() { return {ErrorKind::kUnavailable, "the check of the catalog was ended"}; }

}  // namespace

Status WholeCheck::Run() {
  auto database = Database::OpenReadOnly(path_);
  if (!database) return Fail(std::move(database.error()));
  {
    std::lock_guard lock(mutex_);
    if (stopped_) return Fail(Ended());
    running_ = &*database;
  }
  auto done = database->QuickCheck();
  std::lock_guard lock(mutex_);
  running_ = nullptr;
  // What an interrupted check says of pages that it has not come to is not so.
  if (stopped_) return Fail(Ended());
  return done;
}

void WholeCheck::Stop() {
  std::lock_guard lock(mutex_);
  stopped_ = true;
  if (running_ != nullptr) running_->Interrupt();
}

}  // namespace ronin
