// SPDX-License-Identifier: MIT
#include "support/kept_for_ever.h"

#include <string>

#include <glib.h>

// Null without LeakSanitizer.
extern "C" {
[[gnu::weak]] void __lsan_disable();
[[gnu::weak]] void __lsan_enable();
}

namespace ronin::testing {
namespace {

constexpr GQuark kQuarksOfABlock = 2048;  // glib/gquark.c

void Disable() {
  if (__lsan_disable != nullptr) __lsan_disable();
}

void Enable() {
  if (__lsan_enable != nullptr) __lsan_enable();
}

// Runs before the constructors of shared libraries.
using BeforeAll = void (*)(int, char**, char**);
[[gnu::section(".preinit_array"), gnu::used]] const BeforeAll kBeforeAll = [](int, char**, char**) {
  Disable();
};

}  // namespace

KeptForEver::KeptForEver() { Disable(); }
KeptForEver::~KeptForEver() { Enable(); }

void LibrariesAreLoaded() { Enable(); }

void MakeRoomForQuarks() {
  GQuark last = 0;
  for (int i = 0; last % kQuarksOfABlock != 1; ++i) {
    last = g_quark_from_string(("room " + std::to_string(i)).c_str());
  }
}

}  // namespace ronin::testing
