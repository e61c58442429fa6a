// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.h"
#include "secrets/master_key.h"

namespace ronin {

/// Where the master key of a data folder is kept. A value; any thread.
struct KeyFiles {
  std::string key;
  /// Where a new key waits until everything is sealed with it. Empty: the key is given from
  /// outside, and not ours to make or to change.
  std::string next;

  /// `$CREDENTIALS_DIRECTORY/ronin-nvr-master-key` when that exists, else `master.key` in `folder`.
  static KeyFiles In(const std::string& folder);

  bool given() const { return next.empty(); }
  /// Reads `key` or `next`. Errors: as MasterKey::Read.
  Result<MasterKey> Read(const std::string& path) const;
};

}  // namespace ronin
