// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.h"

namespace ronin {

/// Bytes of the data folder that nobody else gets, for the day on which a stranger fills its disk:
/// nothing is deleted before the databases have noted it, so without any room for them there would
/// never be room again. A value; blocks; any thread.
class SpareRoom {
 public:
  explicit SpareRoom(const std::string& folder) : path_(folder + "/.spare-room") {}

  /// Takes them, as long as that leaves plenty to others; does nothing while it has them.
  /// Errors: what the disk brings.
  Status Keep() const;
  /// Lets the databases have them. False: there are none.
  bool GiveUp() const;

 private:
  std::string path_;
};

}  // namespace ronin
