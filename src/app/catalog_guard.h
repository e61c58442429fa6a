// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/alarms.h"
#include "base/clock.h"
#include "base/mailbox.h"
#include "base/source.h"
#include "base/worker.h"
#include "catalog/catalog.h"
#include "catalog/whole_check.h"

namespace ronin::app {

/// Finds damage in the catalog behind the running recorder, and puts an empty one in its place,
/// which is filled from the files; recording goes on. There is an alarm until it is filled.
/// Thread: main; blocks only in its destructor, for the page that is being read.
class CatalogGuard {
 public:
  /// All of it outlives this.
  struct Context {
    const Clock& clock;
    std::string path;  ///< of catalog.db
    Catalog& catalog;  ///< used on `database` only
    Worker& database;
    Alarms& alarms;
    std::function<void()> replaced;  ///< the catalog is empty now; whoever fills it begins
    std::function<bool()> filled;    ///< whether it says what is on the disks
  };

  explicit CatalogGuard(Context context) : context_(std::move(context)) {}
  ~CatalogGuard();

  /// Checks the whole catalog, on a thread of its own. It is put off when the catalog's log grows
  /// too long meanwhile.
  void Check();
  bool checking() const { return thread_ != nullptr; }
  /// The catalog is damaged. Repeating it is harmless.
  void Replace(const Error& damage);
  /// Begins nothing more, and ends the check; the database is about to close.
  void Stop();

 private:
  void LimitLog();
  void Checked(const Status& done);
  void BeginAnew();
  void Replaced(const Status& done);
  void AwaitFilled();

  const Context context_;
  std::shared_ptr<WholeCheck> check_;  // shared with the jobs that run it and stop it
  std::unique_ptr<Worker> thread_;     // only while it runs
  std::optional<Error> damage_;        // until the catalog is replaced
  std::optional<MonoTime> replaced_at_;
  bool stopped_ = false;
  Source watch_;  // the log while it is checked
  Source again_;
  Source filled_;
  Mailbox mailbox_;
};

}  // namespace ronin::app
