// SPDX-License-Identifier: MIT
#pragma once

namespace ronin::testing {

/// While this lives, LeakSanitizer does not look at what this thread allocates: what libraries set
/// up once and never free. In programs without it this is nothing. Source:
/// sanitizer/lsan_interface.h.
class KeptForEver {
 public:
  KeptForEver();
  ~KeptForEver();
  KeptForEver(const KeptForEver&) = delete;
  KeptForEver& operator=(const KeptForEver&) = delete;
};

/// To be called first in main(): what came before it, the constructors of libraries, was kept for
/// ever, too.
void LibrariesAreLoaded();

/// GLib leaves its table of quarks behind whenever that is full. Makes room in it for some
/// thousand, so that this does not happen in a test. Within a KeptForEver.
void MakeRoomForQuarks();

}  // namespace ronin::testing
