// SPDX-License-Identifier: MIT
#include "support/kept_for_ever.h"

#include <cstdint>
#include <string>
#include <vector>

#include <glib-object.h>
#include <gtest/gtest.h>

// Null without LeakSanitizer.
extern "C" [[gnu::weak]] int __lsan_do_recoverable_leak_check();

namespace ronin::testing {
namespace {

/// Objects that nothing points to, until they are let go of. Many, since a register or the stack
/// may still point to one.
class Lost {
 public:
  void Make() {
    for (int i = 0; i < 100; ++i) {
      hidden_.push_back(~reinterpret_cast<uintptr_t>(g_object_new(G_TYPE_OBJECT, nullptr)));
    }
  }
  ~Lost() {
    for (const uintptr_t one : hidden_) g_object_unref(reinterpret_cast<void*>(~one));
  }

 private:
  std::vector<uintptr_t> hidden_;
};

class KeptForEverTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (__lsan_do_recoverable_leak_check == nullptr) GTEST_SKIP() << "there is no LeakSanitizer";
  }
};

TEST_F(KeptForEverTest, WhatATestForgetsIsALeak) {
  Lost lost;
  lost.Make();

  EXPECT_EQ(__lsan_do_recoverable_leak_check(), 1);
}

TEST_F(KeptForEverTest, WhatLibrariesKeepIsNone) {
  Lost lost;
  {
    const KeptForEver objects;
    lost.Make();
  }

  EXPECT_EQ(__lsan_do_recoverable_leak_check(), 0);
}

TEST_F(KeptForEverTest, AThousandNewQuarksAreNone) {
  for (int i = 0; i < 1000; ++i) g_quark_from_string(("new " + std::to_string(i)).c_str());

  EXPECT_EQ(__lsan_do_recoverable_leak_check(), 0);
}

}  // namespace
}  // namespace ronin::testing
