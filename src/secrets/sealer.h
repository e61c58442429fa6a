// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "secrets/master_key.h"

namespace ronin {

/// Seals short texts for the place they are kept in, and opens them there again. See README.md for
/// the form. Any thread.
class Sealer {
 public:
  /// One value of a database; no part holds a zero byte.
  struct Place {
    std::string_view table;
    std::string_view row;
    std::string_view field;
  };

  explicit Sealer(MasterKey key) : key_(std::move(key)) {}

  /// Never the same twice, whatever the text.
  std::string Seal(const Place& place, std::string_view plain) const;

  /// Errors: kConflict when it was sealed with another key; kCorrupt when it is damaged, no sealed
  /// text at all, or sealed for another place.
  Result<std::string> Open(const Place& place, std::string_view sealed) const;

 private:
  MasterKey key_;
};

}  // namespace ronin
