// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>

#include "app/options.h"
#include "base/result.h"
#include "config/settings.h"

namespace ronin::app {

/// The recorder: makes everything, starts it in order, ends it in order. Thread: main.
class Daemon {
 public:
  /// Makes folders and databases. Blocks on the disk; nothing runs yet.
  /// Errors: of every kind, with a sentence for the user.
  static Result<std::unique_ptr<Daemon>> Create(const Options& options, const Settings& settings);
  ~Daemon();

  /// Serves, starts the cameras, checks the recordings behind them, prints "ready …" on standard
  /// output.
  /// @param ended  called once when it has stopped; Close() follows
  /// Errors: the addresses cannot be listened on.
  Status Start(std::function<void()> ended);

  /// Closes all files and then calls `ended`. Repeating it changes nothing. From here on there are
  /// 4 s: then the process ends with what is closed by then, see ExitGuard.
  void Stop();

  /// Ends all threads and closes the databases. Blocks; the main loop must not run any more.
  /// @return the program's exit code: 0 only when it was told to stop, and all files are closed
  ///         and in the catalog
  int Close();

 private:
  struct Parts;
  explicit Daemon(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace ronin::app
