// SPDX-License-Identifier: MIT
#include <gst/gst.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "base/main_thread.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  gst_init(&argc, &argv);
  ronin::SetMainThread();
  ronin::log::Install(ronin::log::Level::kWarning);
  return RUN_ALL_TESTS();
}
